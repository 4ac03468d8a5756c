//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/retry_state.hpp"

#include <algorithm>
#include <cmath>

namespace joust::client {

namespace {

retry_decision give_up(retry_stop why) noexcept {
    return {.action = retry_action::give_up, .reason = why};
}

} // namespace

retry_state::retry_state(retry_policy const* policy, bool idempotent, time_point deadline) noexcept
    : policy_(policy ? *policy : retry_policy()), deadline_(deadline),
      max_attempts_(policy ? std::min(policy->max_attempts, most_attempts) : 1), idempotent_(idempotent) {}

retry_decision retry_state::on_failure(failed_attempt const& a, time_point now, double random01,
                                       retry_throttle* throttle) noexcept {
    if (a.fate == attempt_fate::committed)
        return give_up(retry_stop::committed);
    if (now >= deadline_)
        return give_up(retry_stop::deadline);
    bool const transparent = a.fate == attempt_fate::never_sent || (a.fate == attempt_fate::refused && !refused_);
    refused_ = refused_ || a.fate == attempt_fate::refused;
    if (transparent)
        return {.action = retry_action::retry_now, .when = now};
    return retry_by_policy(a, now, random01, throttle);
}

retry_decision retry_state::retry_by_policy(failed_attempt const& a, time_point now, double random01,
                                            retry_throttle* throttle) noexcept {
    bool const retryable = max_attempts_ > 1 && (a.timed_out || policy_.retryable_status_codes.contains(a.code));
    auto const pushback = a.pushback ? parse_pushback(*a.pushback) : std::nullopt;
    bool const pushed_off = a.pushback && !pushback;
    // Whatever else forbids this retry, the failure tells of the server's load.
    if (throttle && (retryable || pushed_off))
        throttle->on_failure();

    if (!retryable)
        return give_up(retry_stop::not_retryable);
    if (!idempotent_ && a.fate == attempt_fate::may_have_run)
        return give_up(retry_stop::not_idempotent);
    if (pushed_off)
        return give_up(retry_stop::pushback);
    if (throttle && !throttle->allowed())
        return give_up(retry_stop::throttled);
    if (retries_ + 1 >= max_attempts_)
        return give_up(retry_stop::attempts);

    duration const pause = pushback ? *pushback : backoff(random01);
    if (pause >= deadline_ - now)
        return give_up(retry_stop::deadline);
    retries_since_pushback_ = pushback ? 0 : retries_since_pushback_ + 1;
    ++retries_;
    return {.action = retry_action::retry_at, .when = now + pause};
}

duration retry_state::backoff(double random01) const noexcept {
    duration const grown =
        scaled(policy_.initial_backoff, std::pow(policy_.backoff_multiplier, retries_since_pushback_));
    return scaled(std::min(grown, policy_.max_backoff), 0.8 + 0.4 * random01);
}

} // namespace joust::client
