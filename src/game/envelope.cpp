//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/envelope.hpp"

#include "game/json/utf8.hpp"
#include "game/protobuf_reader.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

namespace joust::game {

namespace {

using pair = std::pair<std::string_view, std::string_view>;

constexpr std::string_view request_name = "game.grpc.RpcRequest";
constexpr std::string_view response_name = "game.grpc.RpcResponse";

constexpr std::uint32_t text_tag(std::uint32_t field) {
    return field << 3 | 2;
}
constexpr std::uint32_t varint_tag(std::uint32_t field) {
    return field << 3;
}

status refuse(std::string_view message, std::string_view why) {
    std::string text(message);
    text += ": ";
    text += why;
    return status(status_code::internal, std::move(text));
}

status malformed(std::string_view message, protobuf_reader const& in) {
    return refuse(message, std::string(in.error()) + ", at offset " + std::to_string(in.offset()));
}

bool take_entry(protobuf_reader& in, pair& entry) {
    std::uint32_t tag;
    while (!in.at_end() && in.take_tag(tag)) {
        bool const ok = tag == text_tag(1)   ? in.take_text(entry.first, "a key is not UTF-8")
                        : tag == text_tag(2) ? in.take_text(entry.second, "a value is not UTF-8")
                                             : in.skip(tag);
        if (!ok)
            break;
    }
    return in.error() == nullptr;
}

/// Leaves one pair for each key, the last. Neither slow nor different for a peer that sends a million.
void keep_last(std::vector<pair>& entries) {
    constexpr std::size_t few = 16;
    auto const same_key = [](pair const& a, pair const& b) { return a.first == b.first; };
    auto kept = entries.begin();
    if (entries.size() <= few) {
        for (auto at = entries.begin(); at != entries.end(); ++at)
            if (std::none_of(at + 1, entries.end(), [&](pair const& later) { return same_key(*at, later); }))
                *kept++ = *at;
    } else {
        std::stable_sort(entries.begin(), entries.end(),
                         [](pair const& a, pair const& b) { return a.first < b.first; });
        for (auto at = entries.begin(); at != entries.end(); ++at)
            if (at + 1 == entries.end() || !same_key(*at, at[1]))
                *kept++ = *at;
    }
    entries.erase(kept, entries.end());
}

std::size_t varint_size(std::uint64_t value) noexcept {
    return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

/// Puts fields into room that has been measured.
class protobuf_writer {
public:
    explicit protobuf_writer(std::uint8_t* at) noexcept : at_(at) {}

    static std::size_t text_size(std::string_view text) noexcept { return 1 + varint_size(text.size()) + text.size(); }

    void varint(std::uint64_t value) noexcept {
        for (; value >= 0x80; value >>= 7)
            *at_++ = static_cast<std::uint8_t>(value | 0x80);
        *at_++ = static_cast<std::uint8_t>(value);
    }
    void text(std::uint32_t field, std::string_view text) noexcept {
        varint(text_tag(field));
        varint(text.size());
        if (!text.empty())
            std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
    }
    void text_unless_empty(std::uint32_t field, std::string_view value) noexcept {
        if (!value.empty())
            text(field, value);
    }

private:
    std::uint8_t* at_;
};

std::size_t field_size(std::string_view text) noexcept {
    return text.empty() ? 0 : protobuf_writer::text_size(text);
}

/// Entries of a map are messages, and have both fields even if these are empty.
std::size_t entry_size(pair const& entry) noexcept {
    return protobuf_writer::text_size(entry.first) + protobuf_writer::text_size(entry.second);
}

} // namespace

std::optional<std::string_view> request_view::find_metadata(std::string_view key) const noexcept {
    auto const at =
        std::find_if(metadata.begin(), metadata.end(), [&](pair const& entry) { return entry.first == key; });
    return at == metadata.end() ? std::nullopt : std::optional(at->second);
}

void request_view::clear() noexcept {
    service_name = method_name = payload = {};
    metadata.clear();
}

status decode_request(std::string_view bytes, request_view& out) {
    out.clear();
    protobuf_reader in(bytes);
    std::uint32_t tag;
    while (!in.at_end() && in.take_tag(tag)) {
        bool ok;
        if (tag == text_tag(1)) {
            ok = in.take_text(out.service_name, "service_name is not UTF-8");
        } else if (tag == text_tag(2)) {
            ok = in.take_text(out.method_name, "method_name is not UTF-8");
        } else if (tag == text_tag(3)) {
            ok = in.take_bytes(out.payload);
        } else if (tag == text_tag(4)) {
            std::string_view entry;
            ok = in.take_bytes(entry);
            protobuf_reader entry_in(entry);
            if (ok && !take_entry(entry_in, out.metadata.emplace_back()))
                return malformed("game.grpc.RpcRequest.metadata", entry_in);
        } else {
            ok = in.skip(tag);
        }
        if (!ok)
            break;
    }
    if (in.error() != nullptr)
        return malformed(request_name, in);
    if (out.metadata.size() > 1)
        keep_last(out.metadata);
    return {};
}

status decode_response(std::string_view bytes, response_view& out) {
    out = {};
    protobuf_reader in(bytes);
    std::uint32_t tag;
    while (!in.at_end() && in.take_tag(tag)) {
        bool ok;
        if (tag == varint_tag(1)) {
            std::uint64_t code = 0;
            ok = in.take_varint(code);
            out.code = static_cast<std::int32_t>(static_cast<std::uint32_t>(code));
        } else if (tag == text_tag(2)) {
            ok = in.take_text(out.message, "message is not UTF-8");
        } else if (tag == text_tag(3)) {
            ok = in.take_bytes(out.payload);
        } else {
            ok = in.skip(tag);
        }
        if (!ok)
            break;
    }
    return in.error() == nullptr ? status() : malformed(response_name, in);
}

status encode_request(buffer& out, request_view const& request) {
    if (!json::is_utf8(request.service_name))
        return refuse(request_name, "service_name is not UTF-8");
    if (!json::is_utf8(request.method_name))
        return refuse(request_name, "method_name is not UTF-8");
    std::size_t size = field_size(request.service_name) + field_size(request.method_name) + field_size(request.payload);
    for (pair const& entry : request.metadata) {
        if (!json::is_utf8(entry.first) || !json::is_utf8(entry.second))
            return refuse(request_name, "metadata is not UTF-8");
        size += 1 + varint_size(entry_size(entry)) + entry_size(entry);
    }

    protobuf_writer to(out.grow(size));
    to.text_unless_empty(1, request.service_name);
    to.text_unless_empty(2, request.method_name);
    to.text_unless_empty(3, request.payload);
    for (pair const& entry : request.metadata) {
        to.varint(text_tag(4));
        to.varint(entry_size(entry));
        to.text(1, entry.first);
        to.text(2, entry.second);
    }
    return {};
}

status encode_response(buffer& out, response_view const& response) {
    if (!json::is_utf8(response.message))
        return refuse(response_name, "message is not UTF-8");
    // A negative int32 is written as the 64-bit number that it is, in ten bytes.
    auto const code = static_cast<std::uint64_t>(static_cast<std::int64_t>(response.code));
    std::size_t const size =
        (code == 0 ? 0 : 1 + varint_size(code)) + field_size(response.message) + field_size(response.payload);

    protobuf_writer to(out.grow(size));
    if (code != 0) {
        to.varint(varint_tag(1));
        to.varint(code);
    }
    to.text_unless_empty(2, response.message);
    to.text_unless_empty(3, response.payload);
    return {};
}

} // namespace joust::game
