//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/header_list.hpp"

#include "wire/raw_encoding.hpp"

#include <algorithm>
#include <array>

namespace joust::wire {

namespace {

constexpr std::array<std::string_view, 17> status_numbers = {
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
};

std::string_view status_number(status_code code) noexcept {
    auto const i = static_cast<std::size_t>(code);
    return status_numbers[i < status_numbers.size() ? i : static_cast<std::size_t>(status_code::unknown)];
}

std::string_view between(char const* begin, char const* end) noexcept {
    return {begin, static_cast<std::size_t>(end - begin)};
}

} // namespace

void header_list::add(std::string_view name, std::string_view value) {
    char* const text = grow_text(value.size());
    std::copy(value.begin(), value.end(), text);
    fields_.push_back({name, {text, value.size()}, false});
}

void header_list::add_unique(std::string_view name, std::string_view value) {
    add(name, value);
    fields_.back().never_indexed = true;
}

void header_list::add_metadata(metadata const& m) {
    for (auto const& [key, value] : m) {
        bool const binary = is_binary_key(key);
        char* const text = grow_text(key.size() + (binary ? base64_encoded_size(value.size()) : value.size()));
        char* const middle = std::copy(key.begin(), key.end(), text);
        char* const end = binary ? base64_encode_to(value, middle) : std::copy(value.begin(), value.end(), middle);
        fields_.push_back({between(text, middle), between(middle, end), false});
    }
}

void header_list::add_status(status const& s) {
    add_static("grpc-status", status_number(s.code()));
    if (std::string_view const message = s.message(); !message.empty()) {
        char* const text = grow_text(percent_encoded_bound(message.size()));
        fields_.push_back({"grpc-message", between(text, percent_encode_to(message, text)), false});
    }
    if (std::string_view const details = s.details(); !details.empty()) {
        char* const text = grow_text(base64_encoded_size(details.size()));
        fields_.push_back({"grpc-status-details-bin", between(text, base64_encode_to(details, text)), false});
    }
}

char* header_list::grow_text(std::size_t n) {
    if (text_.capacity() - text_.size() <= n)
        move_text(text_.size() + n + 1); // one to spare, so that no view is null
    return reinterpret_cast<char*>(text_.grow(n));
}

void header_list::move_text(std::size_t capacity) {
    constexpr std::size_t smallest = 256;
    buffer larger;
    larger.reserve(std::max({smallest, capacity, 2 * text_.capacity()}));
    larger.append(text_.view());
    auto const follow = [&](std::string_view& text) {
        if (text.empty())
            text = ""; // may lie behind the content, which `contains` does not see
        else if (text_.contains(text))
            text = larger.view().substr(static_cast<std::size_t>(text.data() - text_.view().data()), text.size());
    };
    for (header_field& field : fields_) {
        follow(field.name);
        follow(field.value);
    }
    text_.swap(larger);
}

} // namespace joust::wire
