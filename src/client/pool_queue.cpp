//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The pool's calls that wait: for a connection, a stream, a breaker, or the time of their next attempt.

#include "client/pool.hpp"
#include "joust/core/connection_error.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace joust::client {

void pool::enqueue(std::shared_ptr<rpc::pending_call> call) {
    if (queue_.size() >= options_->max_queued_calls) {
        drop_ended();
        if (queue_.size() >= options_->max_queued_calls)
            return call->fail(status(status_code::resource_exhausted,
                                     "more than max_queued_calls = " + std::to_string(options_->max_queued_calls) +
                                         " calls wait for a connection to " + to_.name,
                                     status_origin::local, connection_error::queue_full));
    }
    if (auto const deadline = call->deadline())
        call_timers_.add(*call, *deadline);
    queue_.push_back(std::move(call));
    if (queue_.size() == 1 && !picker_)
        maintain();
    else
        maintain_soon(); // by then a stream may be free again
}

/// Those that a breaker has refused, and that can wait, stay at the front: the others pass them, and they are only
/// tried again when a breaker may have changed its mind.
void pool::forget_refusals() noexcept {
    refused_ = 0;
    refused_until_ = time_point::max();
}

void pool::on_breakers_moved() {
    if (refused_ == 0)
        return;
    breakers_moved_ = true;
    maintain_soon();
}

void pool::serve_queue() {
    if (queue_.empty() || std::exchange(serving_queue_, true))
        return;
    auto const keep = shared_from_this();
    std::size_t const before = queue_.size();
    std::size_t const refused_before = refused_;
    if (std::exchange(breakers_moved_, false))
        forget_refusals();
    while (refused_ < queue_.size()) {
        auto const first = [this] { return queue_.begin() + static_cast<std::ptrdiff_t>(refused_); };
        auto const call = std::move(*first());
        queue_.erase(first());
        auto const picked = call->ended() ? pick_result::started : try_start(*call);
        bool const patient = picked == pick_result::refused && waits_for_ready(*call);
        if (picked == pick_result::wait || patient)
            queue_.insert(first(), call);
        if (picked == pick_result::wait)
            break;
        if (patient) {
            ++refused_;
            refused_until_ = std::min(refused_until_, refusal_.until);
            continue;
        }
        call_timers_.remove(*call);
        if (picked == pick_result::refused)
            refuse(*call);
    }
    serving_queue_ = false;
    if (queue_.size() != before || refused_ != refused_before || breakers_moved_)
        maintain_soon(); // more connections may be needed now; or no timer, lest it keep the user's loop from ending
}

void pool::expire_calls(time_point now) {
    while (net::timed* const due = call_timers_.pop_due(now)) {
        auto& call = static_cast<rpc::pending_call&>(*due);
        auto const delayed =
            std::find_if(delayed_.begin(), delayed_.end(), [&](auto const& each) { return each.get() == &call; });
        if (delayed != delayed_.end()) {
            auto const again = std::move(*delayed);
            delayed_.erase(delayed);
            if (!again->ended())
                submit_checked(again);
            continue;
        }
        fail(call, status(status_code::deadline_exceeded, why_late(call)));
    }
    drop_ended();
}

std::string pool::why_late(rpc::pending_call const& call) const {
    auto const refused_ones = queue_.begin() + static_cast<std::ptrdiff_t>(refused_);
    if (std::any_of(queue_.begin(), refused_ones, [&](auto const& each) { return each.get() == &call; }))
        return "the deadline passed while waiting for a server: " + refusal_.text;
    std::string text = "the deadline passed while waiting for a connection to " + to_.name;
    if (!last_failure_.ok())
        text += "; the last failure: " + last_failure_.message();
    return text;
}

/// Those that their users have cancelled.
void pool::drop_ended() {
    auto const ended = [](auto const& call) { return call->ended(); };
    auto const refused_ones = queue_.begin() + static_cast<std::ptrdiff_t>(refused_);
    refused_ -= static_cast<std::size_t>(std::count_if(queue_.begin(), refused_ones, ended));
    std::erase_if(queue_, [this](auto const& call) {
        if (call->ended())
            call_timers_.remove(*call);
        return call->ended();
    });
}

void pool::fail_hasty(status const& why) {
    if (std::all_of(queue_.begin(), queue_.end(), [this](auto const& call) { return waits_for_ready(*call); }))
        return;
    std::deque<std::shared_ptr<rpc::pending_call>> patient;
    forget_refusals();
    for (auto const& call : std::exchange(queue_, {})) {
        if (waits_for_ready(*call)) {
            patient.push_back(call);
            continue;
        }
        call_timers_.remove(*call);
        fail(*call, why);
    }
    queue_.insert(queue_.begin(), patient.begin(), patient.end());
}

void pool::fail_all(status const& why) {
    forget_refusals();
    auto const waiting = std::exchange(queue_, {});
    auto const delayed = std::exchange(delayed_, {});
    for (auto const& call : waiting) {
        call_timers_.remove(*call);
        call->fail(why);
    }
    for (auto const& call : delayed) {
        call_timers_.remove(*call);
        call->fail(why);
    }
}

} // namespace joust::client
