//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/middleware/log_record.hpp"

#include "game/json/utf8.hpp"

namespace joust::game {

namespace {

/// `"2026-01-31T23:59:59.123Z"`
std::string utc_text(std::chrono::system_clock::time_point time) {
    auto const ms = std::chrono::floor<std::chrono::milliseconds>(time);
    auto const day = std::chrono::floor<std::chrono::days>(ms);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const clock(ms - day);
    std::string text;
    auto const append = [&](long long number, std::size_t digits, char end) {
        std::string const plain = std::to_string(number);
        text.append(digits > plain.size() ? digits - plain.size() : 0, '0').append(plain).push_back(end);
    };
    append(int{date.year()}, 4, '-');
    append(unsigned{date.month()}, 2, '-');
    append(unsigned{date.day()}, 2, 'T');
    append(clock.hours().count(), 2, ':');
    append(clock.minutes().count(), 2, ':');
    append(clock.seconds().count(), 2, '.');
    append(clock.subseconds().count(), 3, 'Z');
    return text;
}

/// `"12.345"`: milliseconds with three digits.
std::string ms_text(std::chrono::steady_clock::duration d) {
    auto const us = std::chrono::duration_cast<std::chrono::microseconds>(d).count();
    std::string fraction = std::to_string(us % 1000);
    fraction.insert(0, 3 - fraction.size(), '0');
    return std::to_string(us / 1000) + "." + fraction;
}

void append_quoted(std::string& line, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    bool const utf8 = json::is_utf8(text);
    line.push_back('"');
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            line.append({'\\', c});
        else if (c == '\n')
            line.append("\\n");
        else if (byte < 0x20 || byte == 0x7f)
            line.append("\\u00").append({hex[byte >> 4], hex[byte & 15]});
        else
            line.push_back(byte >= 0x80 && !utf8 ? '?' : c);
    }
    line.push_back('"');
}

bool is_plain(std::string_view text) noexcept {
    for (char const c : text)
        if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f || static_cast<unsigned char>(c) >= 0x80)
            return false;
    return !text.empty();
}

/// Fields of a line, in either format.
class line_writer {
public:
    explicit line_writer(log_format format) : json_(format == log_format::json) {
        if (json_)
            line_.push_back('{');
    }

    void text(std::string_view key, std::string_view value) {
        name(key);
        if (!json_ && is_plain(value))
            line_.append(value);
        else
            append_quoted(line_, value);
    }
    void number(std::string_view key, std::string const& digits) {
        name(key);
        line_.append(digits);
    }
    std::string finish() && {
        if (json_)
            line_.push_back('}');
        return std::move(line_);
    }

private:
    void name(std::string_view key) {
        if (line_.size() > 1)
            line_.push_back(json_ ? ',' : ' ');
        if (json_)
            line_.append("\"").append(key).append("\":");
        else
            line_.append(key).append("=");
    }

    bool json_;
    std::string line_;
};

} // namespace

std::string to_line(log_record const& r, log_format format) {
    line_writer line(format);
    line.text("time", utc_text(r.time));
    line.text("level", r.level);
    line.text("call", r.call_id);
    line.text("method", r.method);
    line.text("peer", r.peer);
    if (!r.identity.empty())
        line.text("identity", r.identity);
    line.number("code", std::to_string(r.code));
    line.number("ms", ms_text(r.took));
    line.number("arguments_bytes", std::to_string(r.arguments_bytes));
    line.number("answer_bytes", std::to_string(r.answer_bytes));
    if (!r.error.empty())
        line.text("error", r.error);
    if (r.arguments)
        line.text("arguments", *r.arguments);
    if (r.answer)
        line.text("answer", *r.answer);
    return std::move(line).finish();
}

} // namespace joust::game
