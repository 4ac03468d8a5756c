//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/json/diagnose.hpp"

#include "joust/game/json/error_trace.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>

namespace joust::json {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Characters that people write as one word, to show it whole.
bool is_word(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '+' || c == '-' ||
           c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

/// The bytes of the UTF-8 character that the text begins with; 0 if it begins with none (RFC 3629, section 4).
std::size_t utf8_length(std::string_view text) noexcept {
    auto const byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    auto const follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
        return byte(i) >= low && byte(i) <= high;
    };
    unsigned const first = byte(0);
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return follows(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef)
        return follows(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf) && follows(2) ? 3 : 0;
    if (first >= 0xf0 && first <= 0xf4)
        return follows(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf) && follows(2) && follows(3) ? 4 : 0;
    return 0;
}

/// Reads a text and remembers the first complaint. All functions return false once there is one.
class reader {
public:
    reader(std::string_view text, std::size_t max_depth) : text_(text), max_depth_(max_depth) {}

    std::string run() {
        if (text_.starts_with("\xef\xbb\xbf"))
            complain(0, "a byte order mark");
        else if (values()) {
            skip_space();
            if (at_ != text_.size())
                unexpected("the end of the text");
        }
        return complaint_;
    }

private:
    bool complain(std::size_t offset, std::string_view what) {
        complaint_ = "at offset " + std::to_string(offset) + ": ";
        complaint_ += what;
        return false;
    }
    bool unexpected(std::string_view wanted) {
        if (at_ == text_.size())
            return complain(at_, "the text ends, wanted " + std::string(wanted));
        std::size_t end = at_;
        while (end != text_.size() && is_word(text_[end]))
            ++end;
        std::string const found = quoted(text_.substr(at_, std::max<std::size_t>(end - at_, 1)));
        return complain(at_, "found " + found + ", wanted " + std::string(wanted));
    }

    char peek() const noexcept { return at_ == text_.size() ? '\0' : text_[at_]; }
    bool take(char c) noexcept {
        if (at_ == text_.size() || text_[at_] != c)
            return false;
        ++at_;
        return true;
    }
    void skip_space() noexcept {
        while (at_ != text_.size() && is_space(text_[at_]))
            ++at_;
    }

    bool values();
    bool value(bool& opened);
    void close_containers();
    bool next_item();
    bool key();
    bool literal(std::string_view word);
    bool string();
    bool escape();
    bool surrogate_pair(std::size_t start, unsigned first);
    std::optional<unsigned> hex4();
    bool number();
    std::size_t digits();
    bool fits(std::string_view number, bool real, std::size_t start);

    std::string_view text_;
    std::size_t max_depth_;
    std::size_t at_ = 0;
    std::string open_; ///< the closing brackets of the open containers: this, not the stack, grows with the depth
    std::string complaint_;
};

/// One value with all that is in it.
bool reader::values() {
    while (true) {
        bool opened = false;
        if (!value(opened))
            return false;
        if (opened)
            continue;
        close_containers();
        if (open_.empty())
            return true;
        if (!next_item())
            return false;
    }
}

/// A scalar, an empty container, or the beginning of one that holds something.
bool reader::value(bool& opened) {
    skip_space();
    char const c = peek();
    if (c == '"')
        return string();
    if (c == '-' || is_digit(c))
        return number();
    if (c == 't' || c == 'f' || c == 'n')
        return literal(c == 't' ? "true" : c == 'f' ? "false" : "null");
    if (c != '{' && c != '[')
        return unexpected("a value");

    std::size_t const start = at_++;
    char const close = c == '{' ? '}' : ']';
    skip_space();
    if (take(close))
        return true;
    if (open_.size() == max_depth_)
        return complain(start, "nested deeper than " + std::to_string(max_depth_) + " levels");
    open_.push_back(close);
    opened = true;
    return close == ']' || key();
}

void reader::close_containers() {
    while (!open_.empty()) {
        skip_space();
        if (!take(open_.back()))
            return;
        open_.pop_back();
    }
}

bool reader::next_item() {
    if (!take(','))
        return unexpected(open_.back() == '}' ? "',' or '}'" : "',' or ']'");
    return open_.back() == ']' || key();
}

bool reader::key() {
    skip_space();
    if (peek() != '"')
        return unexpected("a key in double quotes");
    if (!string())
        return false;
    skip_space();
    return take(':') || unexpected("':'");
}

bool reader::literal(std::string_view word) {
    std::string_view const rest = text_.substr(at_);
    if (!rest.starts_with(word) || (rest.size() != word.size() && is_word(rest[word.size()])))
        return unexpected("a value");
    at_ += word.size();
    return true;
}

bool reader::string() {
    std::size_t const start = at_++;
    while (at_ != text_.size()) {
        auto const c = static_cast<unsigned char>(text_[at_]);
        if (c == '"') {
            ++at_;
            return true;
        }
        if (c == '\\') {
            if (!escape())
                return false;
            continue;
        }
        if (c < 0x20)
            return complain(at_, "control character " + quoted(text_.substr(at_, 1)) + " in a string, unescaped");
        std::size_t const length = utf8_length(text_.substr(at_));
        if (length == 0)
            return complain(at_, "invalid UTF-8");
        at_ += length;
    }
    return complain(at_, "the text ends within the string that begins at offset " + std::to_string(start));
}

bool reader::escape() {
    std::size_t const start = at_++;
    if (at_ == text_.size())
        return complain(at_, "the text ends within an escape sequence");
    char const c = text_[at_++];
    if (std::string_view(R"("\/bfnrt)").find(c) != std::string_view::npos)
        return true;
    if (c != 'u')
        return complain(start, "unknown escape sequence " + quoted(text_.substr(start, 2)));
    std::optional<unsigned> const unit = hex4();
    if (!unit)
        return complain(start, "bad escape sequence " + quoted(text_.substr(start, 6)));
    return (*unit & 0xf800) != 0xd800 || surrogate_pair(start, *unit);
}

bool reader::surrogate_pair(std::size_t start, unsigned first) {
    std::size_t const after = at_;
    if (first < 0xdc00 && take('\\') && take('u')) {
        std::optional<unsigned> const second = hex4();
        if (second && (*second & 0xfc00) == 0xdc00)
            return true;
    }
    return complain(start, "unpaired surrogate " + quoted(text_.substr(start, after - start)));
}

std::optional<unsigned> reader::hex4() {
    std::string_view const hex = text_.substr(at_, 4);
    unsigned value = 0;
    auto const [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
    if (error != std::errc() || end != hex.data() + 4)
        return std::nullopt;
    at_ += 4;
    return value;
}

std::size_t reader::digits() {
    std::size_t const start = at_;
    while (is_digit(peek()))
        ++at_;
    return at_ - start;
}

bool reader::number() {
    std::size_t const start = at_;
    take('-');
    bool good = take('0') || digits() != 0;
    bool real = false;
    if (good && take('.')) {
        real = true;
        good = digits() != 0;
    }
    if (good && (peek() == 'e' || peek() == 'E')) {
        real = true;
        ++at_;
        if (!take('-'))
            take('+');
        good = digits() != 0;
    }
    if (!good || is_word(peek())) {
        while (is_word(peek()))
            ++at_;
        return complain(start, "bad number " + quoted(text_.substr(start, at_ - start)));
    }
    return fits(text_.substr(start, at_ - start), real, start);
}

/// Whether a number is at least 1: to `from_chars` the largest and the smallest are out of range alike.
bool is_large(std::string_view number) noexcept {
    std::string_view mantissa = number.substr(0, number.find_first_of("eE"));
    std::string_view exponent = number.substr(std::min(mantissa.size() + 1, number.size()));
    mantissa.remove_prefix(mantissa.starts_with('-') ? 1 : 0);
    std::size_t const leading = mantissa.find_first_of("123456789"); // 0 unless the number begins with "0."
    if (exponent.starts_with('-') || leading == std::string_view::npos)
        return false;
    exponent.remove_prefix(exponent.starts_with('+') ? 1 : 0);
    std::uint64_t power = 0;
    auto const read = std::from_chars(exponent.data(), exponent.data() + exponent.size(), power);
    return read.ec == std::errc::result_out_of_range || power >= leading;
}

bool reader::fits(std::string_view number, bool real, std::size_t start) {
    char const* const end = number.data() + number.size();
    std::errc error;
    if (real) {
        double d;
        error = std::from_chars(number.data(), end, d).ec;
        return error != std::errc::result_out_of_range || !is_large(number) ||
               complain(start, "number " + quoted(number) + " is beyond the range of a double");
    }
    if (number.front() == '-') {
        std::int64_t n;
        error = std::from_chars(number.data(), end, n).ec;
    } else {
        std::uint64_t n;
        error = std::from_chars(number.data(), end, n).ec;
    }
    return error == std::errc() || complain(start, "integer " + quoted(number) + " does not fit in 64 bits");
}

} // namespace

std::string diagnose(std::string_view text, std::size_t max_depth) {
    return reader(text, max_depth).run();
}

} // namespace joust::json
