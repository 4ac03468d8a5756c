//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/surrounded_call.hpp"

#include "game/response.hpp"
#include "joust/game/answer.hpp"
#include "joust/rpc/framing.hpp"
#include "rpc/client_hooks.hpp"
#include "rpc/outgoing_message.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <utility>
#include <variant>

namespace joust::game {

namespace asio = boost::asio;

namespace {

using plain = std::shared_ptr<client_interceptor>;
using coroutines = std::shared_ptr<async_client_interceptor>;

/// The earliest of all that limit the call. The handler's context that it is made for may be gone when it is looked at
/// next, so that it becomes part of the deadline.
std::optional<std::chrono::steady_clock::time_point> deadline_of(joust::call_options const& o) {
    auto earliest = o.deadline;
    auto const limit = [&](std::chrono::steady_clock::time_point at) {
        earliest = std::min(earliest.value_or(at), at);
    };
    if (o.timeout) {
        auto const now = std::chrono::steady_clock::now();
        auto const most = std::chrono::steady_clock::time_point::max() - now;
        limit(now + std::min(*o.timeout, most));
    }
    if (o.parent != nullptr)
        if (auto const inherited = o.parent->deadline())
            limit(*inherited);
    return earliest;
}

} // namespace

surrounded_call::surrounded_call(std::shared_ptr<surroundings const> around, buffer framed, joust::call_options options,
                                 bool in_stream)
    : around_(std::move(around)), call_(std::move(options), in_stream) {
    rpc::outgoing_message message(std::move(framed));
    plain_ = message.plain;
    call_.message_.swap(message.bytes);
    outcome_ = decode_request(call_.message_.view(), call_.request_); // ours: OK
    if (!in_stream)
        fallback_ = around_->fallback_of(call_.service(), call_.method());
    call_.options_.deadline = deadline_of(call_.options_);
    call_.options_.timeout.reset();
    call_.options_.parent = nullptr;
}

bool surrounded_call::synchronous() const noexcept {
    return around_->synchronous() && (fallback_ == nullptr || fallback_->synchronous());
}

// -- before

bool surrounded_call::judge_before(status s) {
    if (!s.ok())
        outcome_ = std::move(s);
    else if (call_.answered_)
        call_.origin_.source = answer_source::interceptor;
    return outcome_.ok() && !call_.answered_;
}

bool surrounded_call::before() {
    for (any_client_interceptor const& each : around_->interceptors()) {
        ++started_;
        if (!judge_before(rpc::guarded([&] { return std::get<plain>(each)->before(call_); })))
            return false;
    }
    return outcome_.ok();
}

asio::awaitable<bool> surrounded_call::async_before() {
    for (any_client_interceptor const& each : around_->interceptors()) {
        ++started_;
        status s;
        std::exception_ptr failed;
        try {
            if (auto const* const p = std::get_if<plain>(&each)) {
                s = (*p)->before(call_);
            } else {
                auto hook = std::get<coroutines>(each)->before(call_);
                s = co_await std::move(hook);
            }
        } catch (...) {
            failed = std::current_exception();
        }
        if (failed)
            s = rpc::status_of(std::move(failed));
        if (!judge_before(std::move(s)))
            co_return false;
    }
    co_return outcome_.ok();
}

// -- the call

status surrounded_call::prepare() {
    return rpc::guarded([&] {
        if (fallback_ == nullptr)
            return status();
        keys_ = fallback_->keys_of(call_);
        deadline_ = deadline_of(call_.options_);
        call_.options_.timeout.reset();
        call_.options_.deadline = deadline_;
        auto const reserve = fallback_->rule().reserve();
        if (!deadline_ || reserve == std::chrono::steady_clock::duration::zero())
            return status();
        auto const now = std::chrono::steady_clock::now();
        if (*deadline_ - now <= reserve)
            return status(status_code::deadline_exceeded, "less time is left than the reserve of the fallback");
        call_.options_.deadline = *deadline_ - reserve;
        return status();
    });
}

result<buffer> surrounded_call::request() const {
    result<buffer> framed = make_framed([&](buffer& out) {
        if (call_.changed_)
            return encode_request(out, call_.request_);
        out.append(call_.message_.view());
        return status();
    });
    if (plain_ && framed.has_value())
        wire::keep_plain(*framed);
    return framed;
}

void surrounded_call::take(result<buffer> answer) {
    call_.info_ = call_.in_stream_ ? nullptr : &info_;
    if (answer.has_error()) {
        outcome_ = answer.error();
        return;
    }
    call_.received_.swap(*answer);
    auto const payload = detail::open_envelope(call_.received_.view());
    if (payload.has_error()) {
        outcome_ = payload.error();
        return;
    }
    from_server_ = true;
    call_.answered_ = true;
    call_.answer_ = *payload;
    if (fallback_ != nullptr && !keys_.empty())
        fallback_->keep(std::move(keys_), call_, *payload);
}

buffer surrounded_call::push(std::string_view payload) {
    buffer answer(payload);
    auto const& all = around_->interceptors();
    for (std::size_t i = all.size(); i-- != 0;)
        std::visit([&](auto const& p) { p->on_push(call_, answer); }, all[i]);
    buffer message;
    append_more_response(message, answer.view());
    return message;
}

bool surrounded_call::wants_fallback() const {
    return fallback_ != nullptr && fallback_->rule().applies_to(outcome_);
}

void surrounded_call::degrade() {
    accept(fallback_->answer(call_, keys_));
}

asio::awaitable<void> surrounded_call::async_degrade() {
    auto running = fallback_->async_answer(call_, keys_, deadline_);
    std::optional<kept_fallback::given> given = co_await std::move(running);
    accept(std::move(given));
}

void surrounded_call::accept(std::optional<kept_fallback::given> given) {
    if (!given)
        return;
    call_.set_answer(given->payload.view());
    call_.origin_.source = given->source;
    call_.origin_.age = given->age;
    call_.origin_.cause = std::exchange(outcome_, status());
}

void surrounded_call::fail(status why) {
    outcome_ = std::move(why);
}

// -- after

void surrounded_call::start_end(bool failed) {
    if (failed)
        call_.answered_ = false;
}

void surrounded_call::end_one(status const& hook, bool failed) {
    if (!hook.ok()) {
        outcome_ = hook;
    } else if (failed && outcome_.ok()) { // made OK
        if (!call_.answered_)
            call_.set_answer({});
        call_.origin_.source = answer_source::interceptor;
    }
}

void surrounded_call::after() {
    for (std::size_t left = std::exchange(started_, 0); left-- != 0;) {
        client_interceptor& each = *std::get<plain>(around_->interceptors()[left]);
        bool const failed = !outcome_.ok();
        start_end(failed);
        status const hook = rpc::guarded([&] {
            if (!failed)
                return each.after(call_);
            each.on_error(call_, outcome_);
            return status();
        });
        end_one(hook, failed);
    }
}

asio::awaitable<void> surrounded_call::async_after() {
    for (std::size_t left = std::exchange(started_, 0); left-- != 0;) {
        any_client_interceptor const& each = around_->interceptors()[left];
        bool const failed = !outcome_.ok();
        start_end(failed);
        status hook;
        std::exception_ptr thrown;
        try {
            if (auto const* const p = std::get_if<plain>(&each)) {
                if (failed)
                    (*p)->on_error(call_, outcome_);
                else
                    hook = (*p)->after(call_);
            } else if (failed) {
                auto running = std::get<coroutines>(each)->on_error(call_, outcome_);
                co_await std::move(running);
            } else {
                auto running = std::get<coroutines>(each)->after(call_);
                hook = co_await std::move(running);
            }
        } catch (...) {
            thrown = std::current_exception();
        }
        co_await asio::this_coro::reset_cancellation_state();
        if (thrown)
            hook = rpc::status_of(std::move(thrown));
        end_one(hook, failed);
    }
}

result<buffer> surrounded_call::conclude() {
    if (!outcome_.ok())
        return outcome_;
    return conclude_message();
}

buffer surrounded_call::conclude_message() {
    if (outcome_.ok() && from_server_ && !call_.answer_changed_)
        return std::move(call_.received_);
    buffer message;
    append_response(message, outcome_, std::string(call_.service()).append(".").append(call_.method()), call_.answer());
    return message;
}

} // namespace joust::game
