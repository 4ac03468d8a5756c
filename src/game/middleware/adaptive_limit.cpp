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

namespace {

/// After so many windows in which the limit was reached ...
constexpr int windows_between_probes = 100;
/// ... it is lowered for these: in the first, calls that came before are still under way.
constexpr int windows_of_a_probe = 2;

} // namespace

adaptive_limit::adaptive_limit(adaptive_limit_options const& options) noexcept
    : options_(options), limit_(static_cast<double>(options.initial_limit)) {}

std::size_t adaptive_limit::limit() const noexcept {
    if (probe_windows_ == 0)
        return static_cast<std::size_t>(limit_);
    // The limit settles at about `tolerance` times what the service takes.
    return std::max(static_cast<std::size_t>(limit_ / (2 * options_.tolerance)), options_.min_limit);
}

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

double adaptive_limit::mean() const noexcept {
    constexpr double shortest = 1e-6; // clocks have steps
    return std::max(window_.seconds / static_cast<double>(window_.answers), shortest);
}

void adaptive_limit::close_window() noexcept {
    double const most = static_cast<double>(window_.most_in_flight);
    double next = limit_;
    if (window_.overload) {
        probe_windows_ = 0;
        next = limit_ * options_.backoff;
    } else if (probe_windows_ != 0) {
        if (--probe_windows_ == 0)
            usual_ = mean();
        return;
    } else {
        learn_usual(mean(), most >= 0.9 * limit_);
        double const gradient = std::clamp(options_.tolerance * usual_ / mean(), 0.5, 1.0);
        // A limit that is far away is not made better by going further.
        if (gradient == 1 && most < limit_ / 2)
            return;
        next = limit_ + options_.smoothing * (limit_ * gradient + std::sqrt(limit_) - limit_);
    }
    limit_ = std::clamp(next, static_cast<double>(options_.min_limit), static_cast<double>(options_.max_limit));
}

void adaptive_limit::learn_usual(double mean, bool saturated) noexcept {
    if (saturated && ++saturated_windows_ == windows_between_probes) {
        saturated_windows_ = 0;
        probe_windows_ = windows_of_a_probe;
    }
    if (usual_ == 0)
        usual_ = mean;
    else if (mean < usual_ || !saturated)
        usual_ += 0.2 * (mean - usual_);
}

} // namespace joust::game
