//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/middleware/concurrency_limit.hpp"

#include <chrono>
#include <cstddef>

namespace joust::game {

/// Finds how many calls at a time a service takes without queueing, by how long they take. Time is an argument.
///
/// At the end of each window the mean time of its calls is compared with the usual one:
/// `limit' = limit * min(1, tolerance * usual / mean) + sqrt(limit)`, smoothed. The root is the queue that may be: the
/// limit grows while nothing is slow, and settles where `1 - gradient = 1 / sqrt(limit)`.
///
/// Calls that are slower than usual while the limit is reached may be so because of it. Then nothing is learned; but
/// now and then the limit is lowered so far that nothing can queue, for long enough to see what calls take.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class adaptive_limit {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    /// `options` are valid.
    explicit adaptive_limit(adaptive_limit_options const& options) noexcept;

    /// How many calls may be under way.
    std::size_t limit() const noexcept;

    /// A call was answered; `in_flight` counts it, too.
    void on_answer(time_point now, duration took, std::size_t in_flight) noexcept;
    /// A call found that there is too much to do. Of several in a window one counts.
    void on_overload(time_point now, std::size_t in_flight) noexcept;

private:
    struct window {
        time_point end{};
        double seconds = 0;
        std::size_t answers = 0;
        std::size_t calls = 0;
        std::size_t most_in_flight = 0;
        bool overload = false;
    };

    void count(time_point now, std::size_t in_flight) noexcept;
    void close_window() noexcept;
    void learn_usual(double mean, bool saturated) noexcept;
    double mean() const noexcept;

    adaptive_limit_options options_;
    double limit_;
    double usual_ = 0;          // seconds; 0 before the first window
    int saturated_windows_ = 0; // since the last probe
    int probe_windows_ = 0;     // that are left of this probe
    window window_;
};

} // namespace joust::game
