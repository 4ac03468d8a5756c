//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/metadata.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace joust {

namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The capitals among eight bytes lowered.
constexpr std::uint64_t lower_eight(std::uint64_t x) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101;
    std::uint64_t const low = x & (0x7f * ones);
    std::uint64_t const from_a = low + (0x80 - 'A') * ones;       // top bit set: 'A' or above
    std::uint64_t const beyond_z = low + (0x80 - 'Z' - 1) * ones; // top bit set: above 'Z'
    return x | ((from_a & ~beyond_z & ~x & (0x80 * ones)) >> 2);
}

// A server adds `user-agent` in every call, hence by words.
void copy_lowered(std::string_view from, std::uint8_t* to) noexcept {
    std::uint64_t word = 0;
    for (; from.size() >= sizeof word; from.remove_prefix(sizeof word), to += sizeof word) {
        std::memcpy(&word, from.data(), sizeof word);
        word = lower_eight(word);
        std::memcpy(to, &word, sizeof word);
    }
    for (char const c : from)
        *to++ = static_cast<std::uint8_t>(lower(c));
}

bool equal_key(std::string_view stored, std::string_view key) noexcept {
    return stored.size() == key.size() &&
           std::equal(stored.begin(), stored.end(), key.begin(), [](char a, char b) { return a == lower(b); });
}

// Connection-specific fields may not be sent over HTTP/2 (RFC 9113, 8.2.2), the others are gRPC's own.
constexpr std::array<std::string_view, 11> reserved = {
    "te",         "content-type",     "content-length",    "user-agent", "host",    "connection",
    "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",    "trailer",
};

} // namespace

metadata::metadata(std::initializer_list<value_type> entries) {
    for (auto const& [key, value] : entries)
        add(key, value);
}

void metadata::add(std::string_view key, std::string_view value) {
    if (text_.contains(key) || text_.contains(value))
        return add(std::string(key), std::string(value)); // text_ may move while it grows
    // Values of one key in a row share its text: a peer that joins many by commas shall not take far more than it sent.
    bool const again = !entries_.empty() && equal_key((*this)[entries_.size() - 1].first, key);
    std::size_t const key_at = again ? entries_.back().key : text_.size();
    if (!again)
        copy_lowered(key, text_.grow(key.size()));
    std::size_t const value_at = text_.size();
    text_.append(value);
    entries_.push_back({static_cast<std::uint32_t>(key_at), static_cast<std::uint32_t>(key.size()),
                        static_cast<std::uint32_t>(value_at), static_cast<std::uint32_t>(value.size())});
}

void metadata::set(std::string_view key, std::string_view value) {
    std::string const own_key(key), own_value(value); // `erase` moves the text that both may view
    erase(own_key);
    add(own_key, own_value);
}

std::size_t metadata::erase(std::string_view key) {
    std::size_t const erased =
        std::erase_if(entries_, [&](entry const& e) { return equal_key(text_.view().substr(e.key, e.key_size), key); });
    if (erased != 0)
        compact();
    return erased;
}

std::optional<std::string_view> metadata::get(std::string_view key) const noexcept {
    for (auto const& [k, v] : *this)
        if (equal_key(k, key))
            return v;
    return std::nullopt;
}

std::vector<std::string_view> metadata::get_all(std::string_view key) const {
    std::vector<std::string_view> values;
    for (auto const& [k, v] : *this)
        if (equal_key(k, key))
            values.push_back(v);
    return values;
}

void metadata::clear() noexcept {
    text_.clear();
    entries_.clear();
}

metadata::value_type metadata::operator[](std::size_t i) const noexcept {
    entry const& e = entries_[i];
    std::string_view const text = text_.view();
    return {text.substr(e.key, e.key_size), text.substr(e.value, e.value_size)};
}

metadata::const_iterator metadata::begin() const noexcept {
    return {this, 0};
}

metadata::const_iterator metadata::end() const noexcept {
    return {this, entries_.size()};
}

void metadata::compact() {
    metadata kept;
    for (auto const& [key, value] : *this)
        kept.add(key, value);
    *this = std::move(kept);
}

bool operator==(metadata const& a, metadata const& b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

bool is_binary_key(std::string_view key) noexcept {
    return key.ends_with("-bin");
}

std::optional<std::string> validate(std::string_view key, std::string_view value) {
    if (key.empty())
        return "metadata key is empty";
    auto const allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '_' || c == '-' || c == '.';
    };
    std::string const name(key);
    if (!std::all_of(key.begin(), key.end(), allowed))
        return "metadata key '" + name + "' may hold only 0-9 a-z _ - .";
    // A server's handler asks by it when to try again, or not to (gRFC A6).
    bool const own = key.starts_with("grpc-") && key != "grpc-retry-pushback-ms";
    if (own || std::find(reserved.begin(), reserved.end(), key) != reserved.end())
        return "metadata key '" + name + "' is reserved";
    if (!is_binary_key(key)) {
        if (!std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7e; }))
            return "the value of metadata '" + name + "' is not printable ASCII; bytes need a key that ends in -bin";
        if (!value.empty() && (value.front() == ' ' || value.back() == ' '))
            return "the value of metadata '" + name + "' begins or ends with a space";
    }
    return std::nullopt;
}

std::optional<std::string> validate(metadata const& m) {
    for (auto const& [key, value] : m)
        if (auto complaint = validate(key, value))
            return complaint;
    return std::nullopt;
}

} // namespace joust
