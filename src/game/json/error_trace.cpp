//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json/error_trace.hpp"

#include "game/json/utf8.hpp"

#include <algorithm>
#include <utility>

namespace joust::json {

namespace {

constexpr std::size_t longest_quote = 64;

bool is_identifier(std::string_view text) noexcept {
    auto const letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    auto const letter_or_digit = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    return !text.empty() && text.size() <= longest_quote && letter(text[0]) &&
           std::all_of(text.begin(), text.end(), letter_or_digit);
}

} // namespace

bool error_trace::set(std::string what) {
    what_ = std::move(what);
    return false;
}

bool error_trace::in_field(std::string_view name) {
    if (!path_.empty() && path_.front() != '[')
        path_.insert(path_.begin(), '.');
    path_.insert(0, name);
    return false;
}

bool error_trace::in_element(std::size_t index) {
    if (!path_.empty() && path_.front() != '[')
        path_.insert(path_.begin(), '.');
    path_.insert(0, "[" + std::to_string(index) + "]");
    return false;
}

bool error_trace::in_key(std::string_view key) {
    if (is_identifier(key))
        return in_field(key);
    if (!path_.empty() && path_.front() != '[')
        path_.insert(path_.begin(), '.');
    path_.insert(0, "[" + quoted(key) + "]");
    return false;
}

std::string error_trace::text() const {
    return path_.empty() ? what_ : path_ + ": " + what_;
}

std::string quoted(std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    bool const cut = text.size() > longest_quote;
    if (cut) {
        std::size_t end = longest_quote;
        while (end != 0 && (text[end] & '\xc0') == '\x80') // not within a character
            --end;
        text = text.substr(0, end);
    }
    bool const readable = is_utf8(text);
    std::string out = "\"";
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !readable)) {
            out += byte >= 0x80 ? "\\x" : "\\u00";
            out += hex[byte >> 4];
            out += hex[byte & 15];
        } else {
            if (c == '"')
                out += '\\';
            out += c;
        }
    }
    out += cut ? "\"..." : "\"";
    return out;
}

} // namespace joust::json
