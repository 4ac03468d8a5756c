//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/timeout.hpp"

#include <algorithm>
#include <charconv>

namespace joust::wire {

namespace {

using std::chrono::nanoseconds;

constexpr std::size_t max_digits = 8;
constexpr nanoseconds::rep max_value = 99'999'999;

struct unit {
    char letter;
    nanoseconds::rep size;
};

template <class Duration>
constexpr unit make_unit(char letter) {
    return {letter, nanoseconds(Duration(1)).count()};
}

// From fine to coarse. Eight digits of hours hold every nanosecond count.
constexpr std::array<unit, 6> units = {
    make_unit<std::chrono::nanoseconds>('n'),  make_unit<std::chrono::microseconds>('u'),
    make_unit<std::chrono::milliseconds>('m'), make_unit<std::chrono::seconds>('S'),
    make_unit<std::chrono::minutes>('M'),      make_unit<std::chrono::hours>('H'),
};
constexpr nanoseconds::rep max_hours = std::chrono::duration_cast<std::chrono::hours>(nanoseconds::max()).count();
static_assert(max_hours < max_value);

constexpr nanoseconds::rep divide_rounding_up(nanoseconds::rep a, nanoseconds::rep b) noexcept {
    return a / b + (a % b != 0 ? 1 : 0);
}

} // namespace

timeout_text::timeout_text(nanoseconds timeout) noexcept {
    nanoseconds::rep const count = std::max<nanoseconds::rep>(timeout.count(), 1);
    auto const fits = [&](unit const& u) { return divide_rounding_up(count, u.size) <= max_value; };
    unit const& u = *std::find_if(units.begin(), units.end(), fits);
    char* const end = std::to_chars(text_.data(), text_.data() + max_digits, divide_rounding_up(count, u.size)).ptr;
    *end = u.letter;
    size_ = static_cast<std::uint8_t>(end + 1 - text_.data());
}

std::optional<nanoseconds> parse_timeout(std::string_view text) noexcept {
    if (text.size() < 2 || text.size() > max_digits + 1)
        return std::nullopt;
    char const letter = text.back();
    text.remove_suffix(1);
    nanoseconds::rep value = 0;
    for (char const c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    switch (letter) {
    case 'n': return nanoseconds(value);
    case 'u': return std::chrono::microseconds(value);
    case 'm': return std::chrono::milliseconds(value);
    case 'S': return std::chrono::seconds(value);
    case 'M': return std::chrono::minutes(value);
    case 'H': return value <= max_hours ? std::chrono::hours(value) : nanoseconds::max();
    default: return std::nullopt;
    }
}

} // namespace joust::wire
