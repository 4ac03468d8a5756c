//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/hedging_state.hpp"

#include <algorithm>

namespace joust::client {

hedging_state::hedging_state(hedging_policy const& policy, time_point now, time_point deadline) noexcept
    : policy_(policy), deadline_(deadline), next_(now), max_attempts_(std::min(policy.max_attempts, most_attempts)) {}

bool hedging_state::try_start(time_point now, retry_throttle const* throttle) noexcept {
    if (next_ == never || now < next_)
        return false;
    if (now >= deadline_ || (started_ != 0 && throttle && !throttle->allowed())) {
        next_ = never;
        return false;
    }
    ++started_;
    ++under_way_;
    plan(now, policy_.hedging_delay);
    return true;
}

hedging_action hedging_state::on_failure(failed_attempt const& a, time_point now, retry_throttle* throttle) noexcept {
    if (a.fate == attempt_fate::committed)
        return end(hedging_action::finish);
    bool const transparent = a.fate == attempt_fate::never_sent || (a.fate == attempt_fate::refused && !refused_);
    refused_ = refused_ || a.fate == attempt_fate::refused;
    if (transparent && now < deadline_)
        return hedging_action::restart;

    // One that got no connection says nothing of what becomes of those that have one.
    bool const spare = a.fate == attempt_fate::unreachable && under_way_ > 1;
    if (spare) {
        --under_way_;
        return hedging_action::wait;
    }
    bool const fatal = !policy_.non_fatal_status_codes.contains(a.code);
    auto const pushback = a.pushback ? parse_pushback(*a.pushback) : duration::zero();
    if (throttle && (!fatal || !pushback))
        throttle->on_failure();
    if (fatal)
        return end(hedging_action::finish);

    --under_way_;
    if (!pushback || (throttle && !throttle->allowed()))
        next_ = never; // those under way may still succeed
    else if (next_ != never)
        plan(now, *pushback);
    return exhausted() ? hedging_action::finish : hedging_action::wait;
}

hedging_action hedging_state::end(hedging_action action) noexcept {
    next_ = never;
    under_way_ = 0;
    return action;
}

void hedging_state::plan(time_point now, duration pause) noexcept {
    next_ = started_ < max_attempts_ && pause < deadline_ - now ? now + pause : never;
}

} // namespace joust::client
