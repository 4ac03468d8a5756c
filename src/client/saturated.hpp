//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>

namespace joust::client {

using duration = std::chrono::steady_clock::duration;
using time_point = std::chrono::steady_clock::time_point;

/// `d` (not negative) times `by`; the longest duration when that is out of range.
constexpr duration scaled(duration d, double by) noexcept {
    double const ticks = static_cast<double>(d.count()) * by;
    // Written so that not-a-number, from 0 times infinity, ends here, too.
    if (!(ticks < static_cast<double>(duration::max().count())))
        return duration::max();
    return duration(static_cast<duration::rep>(ticks));
}

/// `from + d` (not negative), or the latest time there is when that is out of range.
constexpr time_point later(time_point from, duration d) noexcept {
    return d < time_point::max() - from ? from + d : time_point::max();
}

} // namespace joust::client
