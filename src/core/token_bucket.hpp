//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>

namespace joust {

/// Lets through `rate` things a second, and as many as `burst` at once. Time is an argument.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class token_bucket {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    token_bucket(double rate, double burst) noexcept : rate_(rate), burst_(burst), tokens_(burst) {}

    /// False when there is one too many.
    bool take(time_point now) noexcept {
        fill(now);
        if (tokens_ < 1)
            return false;
        tokens_ -= 1;
        return true;
    }

    /// How long after the last `take` there is something to take; zero when there is.
    duration wait() const noexcept {
        if (tokens_ >= 1)
            return duration::zero();
        // Rounded up, and by a little more: what is asked for then is there.
        std::chrono::duration<double, duration::period> const exact =
            std::chrono::duration<double>((1 - tokens_) / rate_);
        constexpr double longest = 1e18;
        return duration(static_cast<duration::rep>(std::min(std::ceil(exact.count()) + 1, longest)));
    }

    /// True when it is as a new one.
    bool full(time_point now) noexcept {
        fill(now);
        return tokens_ >= burst_;
    }

private:
    void fill(time_point now) noexcept {
        if (now <= last_) // of two threads, one may come with an earlier time
            return;
        std::chrono::duration<double> const passed = now - last_;
        last_ = now;
        tokens_ = std::min(burst_, tokens_ + passed.count() * rate_);
    }

    double rate_;
    double burst_;
    double tokens_;
    time_point last_{};
};

} // namespace joust
