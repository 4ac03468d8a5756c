//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>

namespace joust::net {

using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

inline constexpr time_point never = time_point::max();

/// `from + d`, or never when that is out of range.
constexpr time_point after(time_point from, duration d) noexcept {
    return d < never - from ? from + d : never;
}

} // namespace joust::net
