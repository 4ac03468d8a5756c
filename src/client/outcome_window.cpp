//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/outcome_window.hpp"

#include <algorithm>

namespace joust::client {

namespace {

constexpr std::uint8_t failed_bit = 1;
constexpr std::uint8_t slow_bit = 2;

} // namespace

outcome_window::outcome_window(duration length) noexcept : step_length_(std::max(length / 10, duration(1))) {}

void outcome_window::add(bool failed, bool slow, time_point now) noexcept {
    if (ring_.empty()) {
        std::int64_t const step = now.time_since_epoch() / step_length_;
        forget_until(step);
        sums& s = steps_[static_cast<std::size_t>(newest_) % steps_.size()];
        ++s.calls;
        s.failed += failed;
        s.slow += slow;
    } else {
        add_to_ring(failed, slow);
    }
    ++total_.calls;
    total_.failed += failed;
    total_.slow += slow;
}

void outcome_window::add_to_ring(bool failed, bool slow) noexcept {
    std::uint8_t& place = ring_[next_];
    if (total_.calls == ring_.size()) {
        --total_.calls;
        total_.failed -= (place & failed_bit) != 0;
        total_.slow -= (place & slow_bit) != 0;
    }
    place = static_cast<std::uint8_t>((failed ? failed_bit : 0) | (slow ? slow_bit : 0));
    next_ = next_ + 1 == ring_.size() ? 0 : next_ + 1;
}

void outcome_window::forget_until(std::int64_t step) noexcept {
    auto const count = static_cast<std::int64_t>(steps_.size());
    if (step - newest_ >= count) {
        clear();
        newest_ = step;
    }
    while (newest_ < step) {
        ++newest_;
        sums& s = steps_[static_cast<std::size_t>(newest_) % steps_.size()];
        total_.calls -= s.calls;
        total_.failed -= s.failed;
        total_.slow -= s.slow;
        s = sums();
    }
}

void outcome_window::clear() noexcept {
    total_ = sums();
    next_ = 0;
    steps_.fill(sums());
}

} // namespace joust::client
