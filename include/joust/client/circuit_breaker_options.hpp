//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"
#include "joust/core/status_code_set.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace joust {

/// What one outcome tells of the server.
enum class health_opinion : std::uint8_t {
    healthy,   ///< it answered, be it with NOT_FOUND
    unhealthy, ///< it failed
    none,      ///< nothing: the call ended by this process's doing
};

enum class circuit_state : std::uint8_t {
    closed,        ///< calls are made, their outcomes watched
    open,          ///< calls fail at once
    half_open,     ///< a few trial calls are made
    forced_open,   ///< by hand: calls fail at once, until told otherwise
    forced_closed, ///< by hand: calls are made, their outcomes ignored
};

/// Why a circuit breaker changed its state.
enum class circuit_reason : std::uint8_t {
    consecutive_failures,
    failure_rate,
    slow_call_rate,
    open_time_over,
    trial_failed,
    trials_succeeded,
    manual,
};

/// The name in words: `"half_open"`, `"failure_rate"`.
std::string_view to_string(circuit_state state) noexcept;
std::string_view to_string(circuit_reason reason) noexcept;

/// A change of state, told to `circuit_breaker_options::on_event`.
struct circuit_event {
    std::string_view address; ///< these two name the breaker, and are valid during the call
    std::string_view method;  ///< empty: of all methods
    circuit_state from;
    circuit_state to;
    circuit_reason reason;
    std::chrono::steady_clock::time_point when;
};

/// When calls to a server that fails are not made any more, and how its recovery is found out.
///
/// A breaker is *closed* at first. It *opens* when one of the thresholds is reached; calls then fail with UNAVAILABLE,
/// without a network, for `open_time`. After that it is *half open*: a few calls are made as trials. One that fails, or
/// that is too slow, opens it again; `success_threshold` good ones close it.
struct circuit_breaker_options {
    /// That many failures without a success between them; 0: not looked at. A lost connection is one, however many
    /// calls it takes along.
    std::uint32_t consecutive_failures = 5;
    /// This share of the calls in the window failed, from above 0 to 1; none: not looked at.
    std::optional<double> failure_rate = {};
    /// A call that takes at least this long is slow, whatever its status; none: no call is.
    std::optional<std::chrono::steady_clock::duration> slow_call_duration = {};
    /// This share of the calls in the window was slow, from above 0 to 1.
    double slow_call_rate = 1;
    /// The shares are only looked at when the window holds as many calls.
    std::uint32_t minimum_calls = 10;
    /// The window: the last so many calls ...
    std::uint32_t window_size = 100;
    /// ... or, if this is set, all calls of so long, forgotten in ten steps.
    std::optional<std::chrono::steady_clock::duration> window_time = {};
    std::chrono::steady_clock::duration open_time = std::chrono::seconds(30);
    /// Trials that may be under way at the same time. One without an answer after `open_time` does not block others.
    std::uint32_t half_open_trials = 3;
    /// Successful trials that close the breaker.
    std::uint32_t success_threshold = 3;
    /// One breaker for each method of an address, or else one for each address.
    bool per_method = false;
    /// The codes that count as failures. Those made by this process do not count, but for DEADLINE_EXCEEDED.
    status_code_set failure_codes = {status_code::unavailable, status_code::deadline_exceeded, status_code::internal,
                                     status_code::resource_exhausted};
    /// Judges outcomes instead of `failure_codes`; called on the channel's executor, must not throw.
    std::function<health_opinion(status const&)> classifier = {};
    /// Called on the channel's executor after each change of state; must not throw.
    std::function<void(circuit_event const&)> on_event = {};
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(circuit_breaker_options const& options);

} // namespace joust
