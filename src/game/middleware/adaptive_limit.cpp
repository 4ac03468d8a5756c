//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/middleware/adaptive_limit.hpp"

#include <algorithm>
#include <cmath>

namespace joust::game {

adaptive_limit::adaptive_limit(adaptive_limit_options const& options) noexcept
    : options_(options), limit_(static_cast<double>(options.initial_limit)) {}

void adaptive_limit::on_answer(time_point now, duration took, std::size_t in_flight) noexcept {
    window_.seconds += std::max(0.0, std::chrono::duration<double>(took).count());
    ++window_.answers;
    count(now, in_flight);
}

void adaptive_limit::on_overload(time_point now, std::size_t in_flight) noexcept {
    window_.overload = true;
    count(now, in_flight);
}

void adaptive_limit::count(time_point now, std::size_t in_flight) noexcept {
    if (window_.calls == 0)
        window_.end = now + options_.window;
    ++window_.calls;
    window_.most_in_flight = std::max(window_.most_in_flight, in_flight);
    if (now < window_.end || window_.calls < options_.window_calls)
        return;
    close_window();
    window_ = window();
}

void adaptive_limit::close_window() noexcept {
    double next = limit_;
    if (window_.overload) {
        next = limit_ * options_.backoff;
    } else {
        constexpr double shortest = 1e-6; // clocks have steps
        double const mean = std::max(window_.seconds / static_cast<double>(window_.answers), shortest);
        learn_usual(mean);
        double const gradient = std::clamp(options_.tolerance * usual_ / mean, 0.5, 1.0);
        // A limit that is far away is not made better by going further.
        if (gradient == 1 && static_cast<double>(window_.most_in_flight) < limit_ / 2)
            return;
        next = limit_ + options_.smoothing * (limit_ * gradient + std::sqrt(limit_) - limit_);
    }
    limit_ = std::clamp(next, static_cast<double>(options_.min_limit), static_cast<double>(options_.max_limit));
}

void adaptive_limit::learn_usual(double mean) noexcept {
    // What is quicker is believed soon, what is slower only in the long run: else a queue that stays would become
    // usual.
    constexpr double down = 0.2;
    constexpr double up = 0.002;
    if (usual_ == 0)
        usual_ = mean;
    else
        usual_ += (mean < usual_ ? down : up) * (mean - usual_);
}

} // namespace joust::game
