//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json/writer.hpp"

#include "game/json/utf8.hpp"
#include "joust/game/json/encode.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace joust::json {

namespace {

constexpr std::size_t longest_number = 32; // "-2.2250738585072014e-308" has 24

/// How a byte is written in a string: as it is (0), by a letter behind a backslash, or as \u00xx ('u').
constexpr std::array<char, 256> escapes = [] {
    std::array<char, 256> table{};
    for (std::size_t c = 0; c != 0x20; ++c)
        table[c] = 'u';
    table['\b'] = 'b';
    table['\t'] = 't';
    table['\n'] = 'n';
    table['\f'] = 'f';
    table['\r'] = 'r';
    table['"'] = '"';
    table['\\'] = '\\';
    return table;
}();

char escape_of(char c) noexcept {
    return escapes[static_cast<unsigned char>(c)];
}

constexpr std::uint64_t every(std::uint64_t byte) noexcept {
    return byte * 0x0101'0101'0101'0101;
}

/// Whether any of eight bytes is not printable ASCII, or is a quote or a backslash. May be wrong the safe way.
bool is_special(std::uint64_t bytes) noexcept {
    auto const has_zero = [](std::uint64_t x) { return (x - every(1)) & ~x; };
    std::uint64_t const control = bytes - every(0x20);
    return ((control | bytes | has_zero(bytes ^ every('"')) | has_zero(bytes ^ every('\\'))) & every(0x80)) != 0;
}

/// Copies as much of the text as is plain ASCII without escapes, roughly; returns how much.
std::size_t copy_plain(char* to, std::string_view text) noexcept {
    std::size_t i = 0;
#if defined(__SSE2__)
    for (; i + 16 <= text.size(); i += 16) {
        __m128i const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(text.data() + i));
        // Signed: bytes from 0x80 on are negative, so below 0x20 as well.
        __m128i const special = _mm_or_si128(
            _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
            _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
        if (_mm_movemask_epi8(special) != 0)
            return i;
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), bytes);
    }
#endif
    std::uint64_t bytes;
    for (; i + 8 <= text.size(); i += 8) {
        std::memcpy(&bytes, text.data() + i, 8);
        if (is_special(bytes))
            return i;
        std::memcpy(to + i, &bytes, 8);
    }
    for (; i != text.size(); ++i) {
        if (static_cast<unsigned char>(text[i]) >= 0x80 || escape_of(text[i]) != 0)
            return i;
        to[i] = text[i];
    }
    return i;
}

/// Writes a number as Python's repr does: fixed notation for exponents from -4 to 15. `text` is d[.ddd]e[+-]dd.
char* write_scientific(char* to, std::string_view text) {
    if (text.front() == '-') {
        *to++ = '-';
        text.remove_prefix(1);
    }
    std::size_t const e = text.find('e');
    int exponent = 0;
    std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(), exponent);
    if (exponent < -4 || exponent >= 16)
        return std::copy(text.begin(), text.end(), to);

    char digits[longest_number];
    digits[0] = text[0];
    std::size_t const size = e == 1 ? 1 : e - 1; // without the point
    std::copy(text.begin() + std::min<std::size_t>(e, 2), text.begin() + e, digits + 1);
    if (exponent < 0) {
        *to++ = '0';
        *to++ = '.';
        to = std::fill_n(to, -exponent - 1, '0');
        return std::copy_n(digits, size, to);
    }
    std::size_t const whole = static_cast<std::size_t>(exponent) + 1;
    to = std::copy_n(digits, std::min(size, whole), to);
    if (whole > size)
        to = std::fill_n(to, whole - size, '0');
    *to++ = '.';
    if (whole >= size) {
        *to++ = '0';
        return to;
    }
    return std::copy(digits + whole, digits + size, to);
}

/// Writes a number with at most four decimals, which most are; null for the others.
///
/// A decimal of up to 15 digits is told apart from all others by the double next to it, and a quotient of two exact
/// numbers is that double: so if the quotient is the number, these are its shortest digits.
char* write_short(char* to, double d) noexcept {
    if (!(std::fabs(d) < 1e11))
        return nullptr;
    auto const scaled = static_cast<std::int64_t>(d * 1e4 + (d < 0 ? -0.5 : 0.5));
    if (static_cast<double>(scaled) / 1e4 != d)
        return nullptr;
    if (std::signbit(d))
        *to++ = '-';
    std::int64_t const magnitude = scaled < 0 ? -scaled : scaled;
    to = std::to_chars(to, to + longest_number, magnitude / 10000).ptr;
    *to++ = '.';
    auto decimals = static_cast<int>(magnitude % 10000);
    do {
        *to++ = static_cast<char>('0' + decimals / 1000);
        decimals = decimals % 1000 * 10;
    } while (decimals != 0);
    return to;
}

template <class Real>
char* write_real(char* to, Real r) {
    char text[longest_number];
    char const* const end = std::to_chars(text, text + sizeof text, r, std::chars_format::scientific).ptr;
    return write_scientific(to, {text, static_cast<std::size_t>(end - text)});
}

} // namespace

writer::writer(buffer& out, encode_options const& with) : options(with), out_(out), start_(out.size()) {
    out_.grow(out_.capacity() - out_.size());
    at_ = begin() + start_;
    end_ = begin() + out_.size();
}

void writer::grow(std::size_t n) {
    std::size_t const size = used();
    out_.truncate(size);
    out_.grow(n);
    out_.grow(out_.capacity() - out_.size());
    at_ = begin() + size;
    end_ = begin() + out_.size();
}

void writer::integer(std::int64_t i) {
    ensure(longest_number);
    at_ = std::to_chars(at_, end_, i).ptr;
}

void writer::integer(std::uint64_t i) {
    ensure(longest_number);
    at_ = std::to_chars(at_, end_, i).ptr;
}

void writer::real(double d) {
    if (!std::isfinite(d))
        return null();
    ensure(longest_number);
    char* const end = write_short(at_, d);
    at_ = end != nullptr ? end : write_real(at_, d);
}

void writer::real(float f) {
    if (!std::isfinite(f))
        return null();
    ensure(longest_number);
    at_ = write_real(at_, f);
}

bool writer::string(std::string_view s) {
    ensure(s.size() + 2);
    *at_++ = '"';
    std::size_t const plain = copy_plain(at_, s);
    at_ += plain;
    if (plain != s.size() && !escaped(s.substr(plain)))
        return false;
    raw('"');
    return true;
}

/// The rest of a string, from something special on.
bool writer::escaped(std::string_view s) {
    static constexpr char hex[] = "0123456789abcdef";
    if (!is_utf8(s))
        return trace.set("invalid UTF-8");
    while (true) {
        std::size_t run = 0;
        while (run != s.size() && escape_of(s[run]) == 0)
            ++run;
        raw(s.substr(0, run));
        if (run == s.size())
            return true;
        char const letter = escape_of(s[run]);
        raw('\\');
        raw(letter);
        if (letter == 'u') {
            auto const byte = static_cast<unsigned char>(s[run]);
            raw("00");
            raw(hex[byte >> 4]);
            raw(hex[byte & 15]);
        }
        s.remove_prefix(run + 1);
    }
}

namespace detail {

status encode_error(error_trace const& trace) {
    return status(status_code::internal, trace.text());
}

} // namespace detail

} // namespace joust::json
