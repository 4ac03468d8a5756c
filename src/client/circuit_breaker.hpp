//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "client/outcome_window.hpp"
#include "client/saturated.hpp"
#include "joust/client/circuit_breaker_options.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace joust::client {

/// Leave to make one call; goes back by `circuit_breaker::record` or `release`.
struct circuit_permit {
    std::uint64_t generation = 0;
};

struct circuit_answer {
    std::optional<circuit_permit> permit; ///< or the call must not be made
    duration retry_after{};               ///< until calls may be made again; the longest duration: nobody knows
};

/// The outcome in the eyes of these options.
health_opinion opinion(circuit_breaker_options const& options, status const& outcome);

/// Keeps calls away from a server that fails. Time is an argument.
///
///     closed --a threshold is reached--> open --open_time--> half open --success_threshold trials succeed--> closed
///                                         ^                       |
///                                         +----- a trial fails ---+
///
/// Each change of state begins a generation; an answer of an older one is late and changes nothing. So does a half-open
/// state whose trials have not been answered within `open_time`: a call that hangs cannot keep it so for ever.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class circuit_breaker {
public:
    /// `options` are valid. The names are those of the events; `method` is empty for a breaker of all methods.
    circuit_breaker(std::shared_ptr<circuit_breaker_options const> options, std::string address, std::string method);

    /// Whether a call may be made. Allocates nothing.
    circuit_answer try_acquire(time_point now);
    /// The call with this permit had this outcome, `latency` after it was made. Allocates nothing.
    void record(circuit_permit permit, health_opinion outcome, duration latency, time_point now);
    /// The call with this permit was not made.
    void release(circuit_permit permit, time_point now) { record(permit, health_opinion::none, {}, now); }

    /// By hand, until another of the three is called: no calls; all calls.
    void force_open(time_point now) { change(circuit_state::forced_open, circuit_reason::manual, now); }
    void force_closed(time_point now) { change(circuit_state::forced_closed, circuit_reason::manual, now); }
    /// Closed, with all outcomes forgotten.
    void reset(time_point now) { change(circuit_state::closed, circuit_reason::manual, now); }

    /// Open until the first call after `open_time`: that one makes it half open.
    circuit_state state() const noexcept { return state_; }

private:
    circuit_answer try_trial(time_point now);
    void record_trial(health_opinion outcome, bool slow, time_point now);
    std::optional<circuit_reason> reason_to_open() const noexcept;
    void change(circuit_state to, circuit_reason why, time_point now);
    bool is_slow(duration latency) const noexcept;

    std::shared_ptr<circuit_breaker_options const> options_;
    std::string address_;
    std::string method_;
    circuit_state state_ = circuit_state::closed;
    std::uint64_t generation_ = 0;
    time_point since_{};            // open: when it opened; half open: when its trials began
    std::uint32_t consecutive_ = 0; // failures, while closed
    outcome_window window_;
    std::uint32_t trials_ = 0;    // under way, while half open
    std::uint32_t successes_ = 0; // of trials
};

} // namespace joust::client
