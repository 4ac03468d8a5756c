//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/hedged_call.hpp"

#include "client/pool.hpp"

#include <boost/asio/bind_executor.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace joust::client {

namespace asio = boost::asio;
using std::chrono::steady_clock;

hedged_call::hedged_call(std::shared_ptr<pool> by, std::shared_ptr<rpc::pending_call> call,
                         hedging_policy const& policy)
    : pool_(std::move(by)), call_(std::move(call)),
      state_(policy, steady_clock::now(), call_->deadline().value_or(time_point::max())), timer_(pool_->get_executor()),
      last_(status_code::deadline_exceeded, "the deadline passed before the call was sent") {
    call_->entrust(this);
    pool_->on_hedging_begun();
}

// Only without an outcome when the execution context is being destroyed.
hedged_call::~hedged_call() {
    if (call_)
        call_->entrust(nullptr);
}

bool hedged_call::begun() const noexcept {
    return std::any_of(attempts_.begin(), attempts_.end(),
                       [](attempt const& a) { return a.decided || (a.call && a.call->started()); });
}

/// Starts all attempts that are due.
void hedged_call::launch_due() {
    auto const keep = shared_from_this();
    while (call_ && state_.try_start(steady_clock::now(), pool_->throttle()))
        launch();
    if (!call_)
        return;
    if (state_.exhausted())
        finish(last_, std::move(last_info_));
    else
        arm();
}

void hedged_call::launch() {
    std::uint32_t const before = state_.started() - 1;
    attempt& a = attempts_[before];
    a.call = call_->make_attempt(
        call_->options().info != nullptr ? &a.info : nullptr,
        asio::bind_executor(pool_->get_executor(), [self = shared_from_this(), &a](result<buffer> outcome) {
            self->on_done(a, std::move(outcome));
        }));
    if (before != 0) {
        a.call->set_previous_attempts(before);
        pool_counters::add(pool_->counters()->hedges);
        if (auto const& watcher = pool_->options().observer)
            watcher->call_hedged(call_->path(), before + 1);
    }
    auto const call = a.call; // it may be over when it has been launched
    pool_->launch(call, *this);
}

bool hedged_call::on_attempt_end(rpc::pending_call const& call, failed_attempt const& how, time_point now) {
    auto const which =
        std::find_if(attempts_.begin(), attempts_.end(), [&](attempt const& a) { return a.call.get() == &call; });
    if (!call_ || which == attempts_.end())
        return false; // cancelled
    auto const action = state_.on_failure(how, now, pool_->throttle());
    if (action == hedging_action::restart)
        return true;
    which->decided = action;
    return false;
}

void hedged_call::on_done(attempt& which, result<buffer> outcome) {
    auto const attempted = std::exchange(which.call, nullptr);
    if (!call_)
        return;
    if (outcome.has_value()) {
        state_.on_answer();
        return finish(std::move(outcome), std::move(which.info));
    }
    auto const action = which.decided ? *which.decided : judge(*attempted, outcome.error());
    if (action == hedging_action::finish)
        return finish(std::move(outcome), std::move(which.info));
    last_ = outcome.error();
    last_info_ = std::move(which.info);
    launch_due();
}

/// Of what this side ended: a deadline or a limit, which are the call's, or no connection could be made.
hedging_action hedged_call::judge(rpc::pending_call const& call, status const& why) {
    if (call.started() || why.code() == status_code::deadline_exceeded)
        return hedging_action::finish;
    failed_attempt how;
    how.code = why.code();
    how.fate = attempt_fate::unreachable;
    return state_.on_failure(how, steady_clock::now(), pool_->throttle());
}

void hedged_call::arm() {
    if (state_.next() == hedging_state::never) {
        timer_.cancel();
        return;
    }
    if (timer_.expiry() == state_.next())
        return;
    timer_.expires_at(state_.next());
    timer_.async_wait([self = shared_from_this()](error_code ec) {
        if (!ec && self->call_)
            self->launch_due();
    });
}

void hedged_call::finish(result<buffer> outcome, response_info info) {
    auto const call = call_;
    if (auto const made = state_.started(); outcome.has_error() && made > 1) {
        status why = outcome.error();
        why.set_message(why.message() + " (hedged, " + std::to_string(made) + " attempts)");
        outcome = std::move(why);
    }
    info.attempts = state_.started();
    end();
    call->settle(std::move(outcome), std::move(info));
}

void hedged_call::on_failed() {
    end();
}

void hedged_call::end() {
    auto const keep = shared_from_this(); // the last attempt to be cancelled would take it along
    auto const call = std::exchange(call_, nullptr);
    call->entrust(nullptr);
    timer_.cancel();
    for (attempt& each : attempts_)
        if (auto const other = std::exchange(each.call, nullptr))
            other->cancel();
    pool_->on_hedging_ended();
}

} // namespace joust::client
