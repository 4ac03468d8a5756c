//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// How the pool ends: shut down, when nobody is left to make calls, or with its execution context.

#include "client/pool.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace joust::client {

void pool::do_shut_down() {
    if (std::exchange(shut_down_, true))
        return;
    auto const keep = shared_from_this();
    to_.source.reset();
    for (auto const& e : std::vector(endpoints_))
        e->close_all();
    fail_all(status(status_code::unavailable, "the channel to " + to_.name + " was shut down"));
    maintain();
}

void pool::shut_down_if_retired() {
    if (retired_)
        drop_ended();
    auto const calls = [](auto const& e) { return e->load().calls_in_flight != 0; }; // which may be made again
    if (retired_ && !shut_down_ && queue_.empty() && delayed_.empty() && hedged_ == 0 &&
        std::none_of(endpoints_.begin(), endpoints_.end(), calls))
        do_shut_down();
}

// Calls that wait may own the channel, and by that this object, which owns them.
void pool::abandon() noexcept {
    auto const keep = shared_from_this();
    keep_.reset();
    call_timers_ = {};
    forget_refusals();
    auto const waiting = std::exchange(queue_, {});
    auto const delayed = std::exchange(delayed_, {});
    auto waiters = std::exchange(state_waiters_, {});
    for (auto const& call : waiting)
        call->abandon();
    for (auto const& call : delayed)
        call->abandon();
    for (state_waiter& each : waiters)
        each.waiter.abandon();
    for (auto const& e : std::vector(endpoints_))
        e->on_abandoned();
}

} // namespace joust::client
