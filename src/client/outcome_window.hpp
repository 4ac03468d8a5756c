//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "client/saturated.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace joust::client {

/// The outcomes of the last so many calls, or of the calls of the last so long, and their sums.
///
/// Memory is taken by the constructor only.
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class outcome_window {
public:
    struct sums {
        std::uint64_t calls = 0;
        std::uint64_t failed = 0;
        std::uint64_t slow = 0;
    };

    /// The last `size` calls.
    explicit outcome_window(std::uint32_t size) : ring_(size) {}
    /// The calls of the last `length`; they are forgotten a tenth of it at a time, so that of a call between nine and
    /// ten tenths old it is not told whether it counts.
    explicit outcome_window(duration length) noexcept;

    void add(bool failed, bool slow, time_point now) noexcept;
    void clear() noexcept;

    /// As of the last `add`.
    sums const& total() const noexcept { return total_; }

private:
    void add_to_ring(bool failed, bool slow) noexcept;
    void forget_until(std::int64_t step) noexcept;

    sums total_;
    // By count: an element for each call, the oldest at next_ once it is full.
    std::vector<std::uint8_t> ring_;
    std::size_t next_ = 0;
    // By time: the sums of ten steps, that of step n at n modulo ten.
    std::array<sums, 10> steps_{};
    duration step_length_{};
    std::int64_t newest_ = 0;
};

} // namespace joust::client
