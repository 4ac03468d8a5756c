//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/encoding.hpp"

#include "wire/raw_encoding.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace joust::wire {

namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t no_letter = 0x80; // above all values of letters, and seen through `|`

constexpr std::array<std::uint8_t, 256> values = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(no_letter);
    for (std::size_t i = 0; i < letters.size(); ++i)
        table[static_cast<std::uint8_t>(letters[i])] = static_cast<std::uint8_t>(i);
    return table;
}();

constexpr int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

/// Appends what `code` makes of `text`, at most `bound` bytes; nothing, and false, when it fails.
bool append(std::string_view text, std::string& out, std::size_t bound, char* code(std::string_view, char*) noexcept) {
    std::size_t const before = out.size();
    out.resize(before + bound);
    char const* const end = code(text, out.data() + before);
    out.resize(end == nullptr ? before : static_cast<std::size_t>(end - out.data()));
    return end != nullptr;
}

std::uint32_t byte_at(std::string_view bytes, std::size_t i) noexcept {
    return static_cast<std::uint8_t>(bytes[i]);
}

std::uint32_t value_at(std::string_view text, std::size_t i) noexcept {
    return values[static_cast<std::uint8_t>(text[i])];
}

} // namespace

char* percent_encode_to(std::string_view text, char* out) noexcept {
    for (std::size_t i = 0; i != text.size(); ++i) {
        char const c = text[i];
        bool const at_end = i == 0 || i + 1 == text.size();
        if ((c > 0x20 && c <= 0x7e && c != '%') || (c == ' ' && !at_end)) {
            *out++ = c;
        } else {
            auto const byte = static_cast<std::uint8_t>(c);
            *out++ = '%';
            *out++ = hex_digits[byte >> 4];
            *out++ = hex_digits[byte & 15];
        }
    }
    return out;
}

void percent_encode(std::string_view text, std::string& out) {
    append(text, out, percent_encoded_bound(text.size()), percent_encode_to);
}

std::string percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        int const high = text[i] == '%' && text.size() - i > 2 ? hex_value(text[i + 1]) : -1;
        int const low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low >= 0) {
            out.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

char* base64_encode_to(std::string_view bytes, char* out) noexcept {
    std::size_t i = 0;
    for (; bytes.size() - i >= 3; i += 3) {
        std::uint32_t const group = byte_at(bytes, i) << 16 | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2);
        *out++ = letters[group >> 18];
        *out++ = letters[group >> 12 & 63];
        *out++ = letters[group >> 6 & 63];
        *out++ = letters[group & 63];
    }
    std::size_t const rest = bytes.size() - i;
    if (rest == 0)
        return out;
    std::uint32_t const group = byte_at(bytes, i) << 16 | (rest == 2 ? byte_at(bytes, i + 1) << 8 : 0);
    *out++ = letters[group >> 18];
    *out++ = letters[group >> 12 & 63];
    if (rest == 2)
        *out++ = letters[group >> 6 & 63];
    return out;
}

void base64_encode(std::string_view bytes, std::string& out) {
    append(bytes, out, base64_encoded_size(bytes.size()), base64_encode_to);
}

char* base64_decode_to(std::string_view text, char* out) noexcept {
    if (text.size() % 4 == 0)
        for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
            text.remove_suffix(1);
    std::size_t const rest = text.size() % 4;
    if (rest == 1)
        return nullptr;
    std::uint32_t seen = 0;
    std::size_t i = 0;
    for (; text.size() - i >= 4; i += 4) {
        std::uint32_t const a = value_at(text, i), b = value_at(text, i + 1);
        std::uint32_t const c = value_at(text, i + 2), d = value_at(text, i + 3);
        seen |= a | b | c | d;
        *out++ = static_cast<char>(a << 2 | b >> 4);
        *out++ = static_cast<char>(b << 4 | c >> 2);
        *out++ = static_cast<char>(c << 6 | d);
    }
    if (rest != 0) {
        std::uint32_t const a = value_at(text, i), b = value_at(text, i + 1);
        std::uint32_t const c = rest == 3 ? value_at(text, i + 2) : 0;
        seen |= a | b | c;
        *out++ = static_cast<char>(a << 2 | b >> 4);
        if (rest == 3)
            *out++ = static_cast<char>(b << 4 | c >> 2);
    }
    return (seen & no_letter) == 0 ? out : nullptr;
}

bool base64_decode(std::string_view text, std::string& out) {
    return append(text, out, base64_decoded_bound(text.size()), base64_decode_to);
}

} // namespace joust::wire
