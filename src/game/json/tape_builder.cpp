//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json/tape_builder.hpp"

#include "game/json/utf8.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace joust::json {

namespace {

constexpr std::size_t longest_tape = 0xffff'0000; // indices have 32 bits
constexpr std::size_t longest_string = 0xffff'fff0;
constexpr std::size_t padding = 16; // `document` promises so many readable bytes

} // namespace

void tape_builder::restart(std::size_t max_depth) noexcept {
    tape_.clear();
    open_.clear();
    strings_.clear();
    error_.clear();
    max_depth_ = std::clamp<std::size_t>(max_depth, 1, decode_options::deepest);
}

bool tape_builder::refuse(std::string_view why) {
    if (error_.empty())
        error_ = why;
    return false;
}

bool tape_builder::begin_item(container& in) {
    // As in a text: an empty array or object within the deepest level is fine.
    if (in.size == 0 && open_.size() > max_depth_)
        return refuse("nested deeper than " + std::to_string(max_depth_));
    ++in.size;
    return true;
}

bool tape_builder::begin_value() {
    if (!error_.empty())
        return false;
    if (tape_.size() > longest_tape)
        return refuse("too many values");
    if (open_.empty())
        return tape_.empty() || refuse("more than one value");
    container& in = open_.back();
    if (in.bracket == '[')
        return begin_item(in);
    if (in.wants_key)
        return refuse("a key that is no string");
    in.wants_key = true;
    return true;
}

bool tape_builder::null() {
    if (!begin_value())
        return false;
    word('n');
    return true;
}

bool tape_builder::boolean(bool b) {
    if (!begin_value())
        return false;
    word(b ? 't' : 'f');
    return true;
}

bool tape_builder::integer(std::int64_t i) {
    if (!begin_value())
        return false;
    word('l');
    tape_.push_back(static_cast<std::uint64_t>(i));
    return true;
}

bool tape_builder::integer(std::uint64_t i) {
    if (!begin_value())
        return false;
    word(i > std::uint64_t{std::numeric_limits<std::int64_t>::max()} ? 'u' : 'l');
    tape_.push_back(i);
    return true;
}

bool tape_builder::real(double d) {
    if (!std::isfinite(d))
        return null();
    if (!begin_value())
        return false;
    word('d');
    tape_.push_back(std::bit_cast<std::uint64_t>(d));
    return true;
}

bool tape_builder::string(std::string_view s) {
    bool const is_key = !open_.empty() && open_.back().wants_key;
    if (is_key) {
        if (!error_.empty() || !begin_item(open_.back()))
            return false;
        open_.back().wants_key = false;
    } else if (!begin_value()) {
        return false;
    }
    if (s.size() > longest_string)
        return refuse("a string of more than 4 GiB");
    if (!is_utf8(s))
        return refuse(is_key ? "a key that is not UTF-8" : "a string that is not UTF-8");
    word('"', strings_.size());
    auto const size = static_cast<std::uint32_t>(s.size());
    std::uint8_t* const at = strings_.grow(sizeof size + s.size() + 1);
    std::memcpy(at, &size, sizeof size);
    std::copy(s.begin(), s.end(), at + sizeof size);
    at[sizeof size + s.size()] = 0;
    return true;
}

bool tape_builder::begin(char bracket) {
    if (!begin_value())
        return false;
    open_.push_back({.at = tape_.size(), .bracket = bracket, .wants_key = bracket == '{'});
    word(bracket);
    return true;
}

bool tape_builder::end(char bracket) {
    if (!error_.empty())
        return false;
    if (open_.empty() || open_.back().bracket != bracket)
        return refuse(bracket == '[' ? "the end of an array that has not begun"
                                     : "the end of an object that has not begun");
    container const ended = open_.back();
    if (bracket == '{' && !ended.wants_key)
        return refuse("a key without a value");
    open_.pop_back();
    word(bracket == '[' ? ']' : '}', ended.at);
    std::uint64_t const size = std::min<std::uint64_t>(ended.size, 0xff'ffff);
    tape_[ended.at] |= size << 32 | tape_.size();
    return true;
}

result<value_view> tape_builder::finish() {
    if (!error_.empty())
        return status(status_code::invalid_argument, error_);
    if (tape_.empty() || !open_.empty())
        return status(status_code::invalid_argument, tape_.empty() ? "no value" : "only a part of a value");
    std::size_t const size = strings_.size();
    strings_.grow(padding);
    strings_.truncate(size);
    built_ = {tape_.data(), strings_.data()};
    return value_view(built_, built_.tape);
}

void tape_builder::shrink(std::size_t most) noexcept {
    if (tape_.capacity() * sizeof(std::uint64_t) + strings_.capacity() <= most)
        return;
    restart(max_depth_);
    std::vector<std::uint64_t>().swap(tape_);
    buffer().swap(strings_);
}

} // namespace joust::json
