//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/circuit_breaker.hpp"

#include <algorithm>
#include <utility>

namespace joust::client {

namespace {

outcome_window make_window(circuit_breaker_options const& o) {
    if (o.window_time)
        return outcome_window(*o.window_time);
    // Without a share to look at, one place is enough.
    return outcome_window(o.failure_rate || o.slow_call_duration ? o.window_size : 1);
}

/// How much of `length` is left; `since` may be later than `now`, by another thread's clock reading.
duration left(duration length, time_point since, time_point now) noexcept {
    duration const gone = now - since;
    return gone >= length ? duration::zero() : length - std::max(gone, duration::zero());
}

} // namespace

health_opinion opinion(circuit_breaker_options const& o, status const& outcome) {
    if (o.classifier)
        return o.classifier(outcome);
    if (outcome.ok())
        return health_opinion::healthy;
    // A full queue, a codec, a cancellation here say nothing about the server; a deadline that ran out does.
    if (outcome.origin() == status_origin::local && outcome.code() != status_code::deadline_exceeded)
        return health_opinion::none;
    return o.failure_codes.contains(outcome.code()) ? health_opinion::unhealthy : health_opinion::healthy;
}

circuit_breaker::circuit_breaker(std::shared_ptr<circuit_breaker_options const> options, std::string address,
                                 std::string method)
    : options_(std::move(options)), address_(std::move(address)), method_(std::move(method)),
      window_(make_window(*options_)) {}

circuit_answer circuit_breaker::try_acquire(time_point now) {
    switch (state_) {
    case circuit_state::closed:
    case circuit_state::forced_closed: return {.permit = circuit_permit{generation_}};
    case circuit_state::forced_open: return {.permit = std::nullopt, .retry_after = duration::max()};
    case circuit_state::half_open: return try_trial(now);
    case circuit_state::open: break;
    }
    if (duration const wait = left(options_->open_time, since_, now); wait > duration::zero())
        return {.permit = std::nullopt, .retry_after = wait};
    change(circuit_state::half_open, circuit_reason::open_time_over, now);
    // The callback may have forced another state.
    return state_ == circuit_state::half_open ? try_trial(now) : try_acquire(now);
}

circuit_answer circuit_breaker::try_trial(time_point now) {
    duration const patience = left(options_->open_time, since_, now);
    if (trials_ >= options_->half_open_trials) {
        if (patience > duration::zero())
            return {.permit = std::nullopt, .retry_after = patience};
        ++generation_; // those under way are given up; what has succeeded still counts
        trials_ = 0;
    }
    if (trials_++ == 0)
        since_ = now;
    return {.permit = circuit_permit{generation_}};
}

void circuit_breaker::record(circuit_permit permit, health_opinion outcome, duration latency, time_point now) {
    if (permit.generation != generation_)
        return;
    bool const slow = is_slow(latency);
    if (state_ == circuit_state::half_open)
        return record_trial(outcome, slow, now);
    if (state_ != circuit_state::closed || outcome == health_opinion::none)
        return;
    bool const failed = outcome == health_opinion::unhealthy;
    consecutive_ = failed ? consecutive_ + 1 : 0;
    window_.add(failed, slow, now);
    if (auto const why = reason_to_open())
        change(circuit_state::open, *why, now);
}

void circuit_breaker::record_trial(health_opinion outcome, bool slow, time_point now) {
    --trials_;
    if (outcome == health_opinion::none)
        return;
    if (outcome == health_opinion::unhealthy || slow)
        change(circuit_state::open, circuit_reason::trial_failed, now);
    else if (++successes_ >= options_->success_threshold)
        change(circuit_state::closed, circuit_reason::trials_succeeded, now);
}

std::optional<circuit_reason> circuit_breaker::reason_to_open() const noexcept {
    circuit_breaker_options const& o = *options_;
    if (o.consecutive_failures != 0 && consecutive_ >= o.consecutive_failures)
        return circuit_reason::consecutive_failures;
    outcome_window::sums const& seen = window_.total();
    if (seen.calls < o.minimum_calls)
        return std::nullopt;
    auto const calls = static_cast<double>(seen.calls);
    if (o.failure_rate && static_cast<double>(seen.failed) >= *o.failure_rate * calls)
        return circuit_reason::failure_rate;
    if (o.slow_call_duration && static_cast<double>(seen.slow) >= o.slow_call_rate * calls)
        return circuit_reason::slow_call_rate;
    return std::nullopt;
}

void circuit_breaker::change(circuit_state to, circuit_reason why, time_point now) {
    circuit_state const from = std::exchange(state_, to);
    ++generation_;
    since_ = now;
    consecutive_ = 0;
    trials_ = 0;
    successes_ = 0;
    window_.clear();
    if (from == to || !options_->on_event)
        return;
    circuit_event const event = {
        .address = address_, .method = method_, .from = from, .to = to, .reason = why, .when = now};
    options_->on_event(event);
}

bool circuit_breaker::is_slow(duration latency) const noexcept {
    auto const& least = options_->slow_call_duration;
    return least && latency >= *least;
}

} // namespace joust::client
