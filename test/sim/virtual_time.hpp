//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>
#include <cstdint>

namespace joust::sim {

using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

/// While it lives, the process's monotonic clock stands still but for `advance`, the timers of Asio follow it, and
/// `std::random_device` gives numbers that the seed decides.
///
/// The functions of the C library that Asio and the standard library get time and timers from are replaced in this
/// program (virtual_time.cpp), so that what is simulated is the very code that users link, object file by object file.
/// There may be one of these and one execution context at a time.
class virtual_time {
public:
    explicit virtual_time(std::uint64_t seed);
    virtual_time(virtual_time const&) = delete;
    virtual_time& operator=(virtual_time const&) = delete;
    ~virtual_time();

    /// To the earliest timer of the execution context; false: there is none.
    bool advance();
};

inline time_point now() {
    return std::chrono::steady_clock::now();
}

} // namespace joust::sim
