//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/circuit_breaker_options.hpp"

namespace joust {

namespace {

using duration = std::chrono::steady_clock::duration;

bool is_share(double d) noexcept {
    return d > 0 && d <= 1;
}

} // namespace

std::string_view to_string(circuit_state state) noexcept {
    switch (state) {
    case circuit_state::closed: return "closed";
    case circuit_state::open: return "open";
    case circuit_state::half_open: return "half_open";
    case circuit_state::forced_open: return "forced_open";
    case circuit_state::forced_closed: return "forced_closed";
    }
    return "unknown";
}

std::string_view to_string(circuit_reason reason) noexcept {
    switch (reason) {
    case circuit_reason::consecutive_failures: return "consecutive_failures";
    case circuit_reason::failure_rate: return "failure_rate";
    case circuit_reason::slow_call_rate: return "slow_call_rate";
    case circuit_reason::open_time_over: return "open_time_over";
    case circuit_reason::trial_failed: return "trial_failed";
    case circuit_reason::trials_succeeded: return "trials_succeeded";
    case circuit_reason::manual: return "manual";
    }
    return "unknown";
}

std::optional<std::string> validate(circuit_breaker_options const& o) {
    constexpr std::uint32_t largest_window = 1'000'000; // a byte for each call
    if (o.failure_rate && !is_share(*o.failure_rate))
        return "failure_rate must be above 0 and at most 1";
    if (o.slow_call_duration && *o.slow_call_duration <= duration::zero())
        return "slow_call_duration must be positive";
    if (!is_share(o.slow_call_rate))
        return "slow_call_rate must be above 0 and at most 1";
    if (o.minimum_calls == 0)
        return "minimum_calls must be at least 1";
    if (o.window_size == 0 || o.window_size > largest_window)
        return "window_size must be from 1 to 1000000";
    if (!o.window_time && o.minimum_calls > o.window_size && (o.failure_rate || o.slow_call_duration))
        return "minimum_calls must be at most window_size";
    if (o.window_time && *o.window_time < std::chrono::milliseconds(10))
        return "window_time must be at least 10ms";
    if (o.open_time <= duration::zero())
        return "open_time must be positive";
    if (o.half_open_trials == 0)
        return "half_open_trials must be at least 1";
    if (o.success_threshold == 0)
        return "success_threshold must be at least 1";
    return std::nullopt;
}

} // namespace joust
