//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The pool's calls: where they go, and whether they are made again. pool_queue.cpp has how they wait.

#include "client/hedged_call.hpp"
#include "client/pool.hpp"
#include "joust/core/connection_error.hpp"

#include <boost/asio/dispatch.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace joust::client {

namespace asio = boost::asio;

/// What has become of the attempts of one call so far. There is none before the first has failed.
class pool::call_attempts final : public rpc::attempt_history {
public:
    retry_state state;
    std::uint32_t most;
    std::uint32_t made = 1;
    std::shared_ptr<tried_endpoints> tried;
    std::string last;             // failure, and whose
    hedged_call* hedge = nullptr; // of which this call is an attempt

    call_attempts(retry_policy const* policy, bool idempotent, time_point deadline)
        : state(policy, idempotent, deadline),
          most(policy != nullptr ? std::min(policy->max_attempts, most_attempts) : 1),
          tried(std::make_shared<tried_endpoints>()) {}
    explicit call_attempts(hedged_call& of)
        : state(nullptr, false, time_point::max()), most(1), tried(of.tried()), hedge(&of) {}

    static call_attempts* of(rpc::pending_call& call) noexcept {
        return static_cast<call_attempts*>(call.history().get());
    }
};

void pool::submit(std::shared_ptr<rpc::pending_call> call) {
    asio::dispatch(io_,
                   [self = shared_from_this(), call = std::move(call)]() mutable { self->do_submit(std::move(call)); });
}

void pool::do_submit(std::shared_ptr<rpc::pending_call> call) {
    method_config const* const config = config_of(*call);
    if (config != nullptr)
        apply(*config, *call);
    auto const& own_policy = options_->retry;
    if (auto const* const retry = retry_of(config); retry != nullptr && retry->per_attempt_timeout)
        if (retry != (own_policy ? &*own_policy : nullptr) || call->options().idempotent)
            call->set_attempt_timeout(*retry->per_attempt_timeout);
    if (status const bad = call->check(); !bad.ok())
        return call->fail(bad);
    if (shut_down_)
        return call->fail(status(status_code::unavailable, "the channel to " + to_.name + " was shut down"));
    if (!resolving_)
        start_resolving();
    if (auto const* const hedging = hedging_of(config, *call); hedging != nullptr && call->repeatable())
        std::make_shared<hedged_call>(shared_from_this(), std::move(call), *hedging)->start();
    else
        submit_checked(std::move(call));
}

void pool::launch(std::shared_ptr<rpc::pending_call> attempt, hedged_call& of) {
    attempt->history() = std::make_unique<call_attempts>(of);
    if (shut_down_)
        return attempt->fail(status(status_code::unavailable, "the channel to " + to_.name + " was shut down"));
    submit_checked(std::move(attempt));
}

void pool::on_hedging_ended() {
    --hedged_;
    shut_down_if_retired();
}

method_config const* pool::config_of(rpc::pending_call const& call) const noexcept {
    return config_ ? config_->find(call.path()) : nullptr;
}

void pool::apply(method_config const& config, rpc::pending_call& call) {
    if (config.timeout)
        call.limit_timeout(*config.timeout);
    call.limit_messages(config.max_request_message_size, config.max_response_message_size);
}

/// A method's policy, of either kind, goes before both of the channel's.
retry_policy const* pool::retry_of(method_config const* config) const noexcept {
    bool const configured = config != nullptr && (config->retry || config->hedging);
    auto const& policy = configured ? config->retry : options_->retry;
    return policy ? &*policy : nullptr;
}

hedging_policy const* pool::hedging_of(method_config const* config, rpc::pending_call const& call) const noexcept {
    bool const configured = config != nullptr && (config->retry || config->hedging);
    auto const& policy = configured ? config->hedging : options_->hedging;
    return policy && (configured || call.options().idempotent) ? &*policy : nullptr;
}

bool pool::waits_for_ready(rpc::pending_call const& call) const noexcept {
    if (auto const chosen = call.options().wait_for_ready)
        return *chosen;
    auto const* const config = config_of(call);
    return config != nullptr && config->wait_for_ready.value_or(false);
}

void pool::submit_checked(std::shared_ptr<rpc::pending_call> call) {
    if (queue_.size() == refused_) { // nobody waits for a stream
        auto const picked = try_start(*call);
        if (picked == pick_result::started)
            return;
        if (picked == pick_result::refused && !waits_for_ready(*call))
            return refuse(*call);
    }
    if (state_ == connectivity_state::transient_failure) {
        update_state(std::chrono::steady_clock::now()); // the pause may be over
        if (state_ == connectivity_state::transient_failure && !waits_for_ready(*call))
            return fail(*call, unavailable());
    }
    enqueue(std::move(call));
}

pool::pick_result pool::try_start(rpc::pending_call& call) {
    constexpr std::size_t most_picks = 16;
    if (!picker_)
        return pick_result::wait;
    std::array<endpoint_load const*, most_picks + most_attempts> tried;
    std::size_t n = 0;
    std::shared_ptr<tried_endpoints> hedged; // the call may be over when it has started
    if (auto const* const before = call_attempts::of(call)) {
        auto const list = before->tried->list();
        n = static_cast<std::size_t>(std::copy(list.begin(), list.end(), tried.begin()) - tried.begin());
        if (before->hedge != nullptr)
            hedged = before->tried;
    }
    pick_arguments arguments;
    arguments.method = call.path();
    if (auto const& key = call.options().hash_key)
        arguments.hash_key = std::string_view(reinterpret_cast<char const*>(&*key), sizeof *key);
    bool refused = false;
    bool full = false;
    auto until = time_point::max();
    for (std::size_t left = std::min(ready_.size(), most_picks); left != 0 && picker_; --left) {
        arguments.tried = std::span(tried).first(n);
        auto const i = picker_->pick(arguments, random01());
        if (!i || *i >= ready_.size())
            break;
        endpoint& e = *ready_[*i];
        switch (e.try_start(call, refusal_)) {
        case endpoint::start_result::started:
            if (hedged)
                hedged->add(e.load());
            return pick_result::started;
        case endpoint::start_result::refused:
            refused = true;
            until = std::min(until, refusal_.until);
            break;
        case endpoint::start_result::full: full = true; break;
        }
        tried[n++] = &e.load();
    }
    refusal_.until = until;
    return refused && !full ? pick_result::refused : pick_result::wait;
}

/// Of a call that got no connection, or none in time: what became of the attempts before is told, too.
void pool::fail(rpc::pending_call& call, status why) {
    if (auto const* const before = call_attempts::of(call); before != nullptr && !before->last.empty())
        why.set_message(why.message() + " (attempt " + std::to_string(before->made) +
                        "; the one before: " + before->last + ")");
    call.fail(std::move(why));
}

namespace {

std::string_view why_not_again(retry_stop reason) noexcept {
    switch (reason) {
    case retry_stop::pushback: return "; not made again, as the server asks";
    case retry_stop::throttled: return "; not made again, as too many calls fail";
    case retry_stop::deadline: return "; not made again, as the deadline is near";
    default: return {};
    }
}

} // namespace

/// Says to whom an attempt went, and which it was, if that is of interest.
void pool::explain(endpoint const& e, rpc::pending_call& call, status& outcome, retry_stop reason) {
    auto const* const attempts = call_attempts::of(call);
    std::string text = outcome.message();
    if (outcome.origin() == status_origin::local) { // the deadline
        text += " while waiting for the answer of " + e.name();
        if (attempts != nullptr && !attempts->last.empty())
            text += " (attempt " + std::to_string(attempts->made) + "; the one before: " + attempts->last + ")";
        return outcome.set_message(std::move(text));
    }
    auto const made = attempts->state.previous_attempts() + 1;
    auto const why = why_not_again(reason);
    if (made == 1 && why.empty())
        return;
    text += " (attempt " + std::to_string(made) + " of " + std::to_string(attempts->most) + ", to " + e.name();
    outcome.set_message(text.append(why) + ")");
}

status pool::refused() const {
    return status(status_code::unavailable, refusal_.text, status_origin::local, connection_error::circuit_open);
}

/// As all breakers do.
void pool::refuse(rpc::pending_call& call) {
    pool_counters::add(counters_->breaker_rejections);
    fail(call, refused());
}

status pool::unavailable() const {
    if (endpoints_.empty())
        return resolve_failure_.ok() ? status(status_code::unavailable, "there is no address of " + to_.name)
                                     : resolve_failure_;
    if (endpoints_.size() == 1)
        return last_failure_;
    return status(status_code::unavailable,
                  "none of the " + std::to_string(endpoints_.size()) + " addresses of " + to_.name +
                      " can be reached; the last failure: " + last_failure_.message(),
                  status_origin::network, last_failure_.cause());
}

bool pool::on_attempt_end(endpoint& e, rpc::pending_call& call, rpc::attempt_end const& how) {
    if (retired_)
        maintain_soon(); // it may have been the last call
    bool const ok = how.outcome.ok();
    bool const cancelled = how.outcome.origin() == status_origin::local && how.outcome.code() == status_code::cancelled;
    if (outliers_ && !cancelled) // which tells nothing of the server
        outliers_->record(e.outlier(), ok);
    if (ok) {
        if (throttle_)
            throttle_->on_success();
        return false;
    }
    if (how.outcome.origin() == status_origin::local && how.outcome.code() == status_code::deadline_exceeded)
        explain(e, call, how.outcome, retry_stop::none);
    if (how.outcome.origin() == status_origin::local || shut_down_)
        return false; // cancelled, too late, or over a limit of this side
    auto* attempts = call_attempts::of(call);
    if (attempts == nullptr) {
        auto const* const config = config_of(call);
        bool const configured = config != nullptr && config->retry;
        call.history() = std::make_unique<call_attempts>(retry_of(config), configured || call.options().idempotent,
                                                         call.deadline().value_or(time_point::max()));
        attempts = call_attempts::of(call);
    }
    failed_attempt failed;
    failed.code = how.outcome.code();
    failed.fate = how.never_sent && !how.committed                          ? attempt_fate::never_sent
                  : how.committed                                           ? attempt_fate::committed
                  : how.outcome.cause() == connection_error::refused_stream ? attempt_fate::refused
                                                                            : attempt_fate::may_have_run;
    failed.timed_out = how.outcome.cause() == connection_error::attempt_timeout;
    failed.pushback = how.trailing_metadata.get("grpc-retry-pushback-ms");
    if (attempts->hedge != nullptr) {
        if (!attempts->hedge->on_attempt_end(call, failed, how.now))
            return false;
        submit_checked(call.shared_from_this());
        return true;
    }
    auto const decision = attempts->state.on_failure(failed, how.now, random01(), throttle_ ? &*throttle_ : nullptr);
    if (decision.action == retry_action::give_up) {
        explain(e, call, how.outcome, decision.reason);
        return false;
    }
    attempts->tried->add(e.load());
    ++attempts->made;
    pool_counters::add(counters_->retries);
    attempts->last = how.outcome.to_string() + ", from " + e.name();
    if (options_->observer)
        options_->observer->call_retried(call.path(), e.name(), how.outcome, attempts->made);
    auto const again = call.shared_from_this();
    if (auto const before = attempts->state.previous_attempts(); before != 0)
        call.set_previous_attempts(before);
    if (decision.action == retry_action::retry_now) {
        submit_checked(again);
        return true;
    }
    delayed_.push_back(again);
    call_timers_.add(*again, decision.when);
    maintain_soon();
    return true;
}

} // namespace joust::client
