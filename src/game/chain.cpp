//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/chain.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

using plain_hooks = std::shared_ptr<interceptor>;
using coroutine_hooks = std::shared_ptr<async_interceptor>;

/// The outcome is now this.
void settle(call& c, status& outcome, status now) {
    outcome = std::move(now);
    if (!outcome.ok())
        c.drop_answer();
}

void finish_one(interceptor& i, call& c, status& outcome) {
    try {
        if (!outcome.ok())
            i.on_error(c, outcome);
        else
            settle(c, outcome, i.after(c));
    } catch (...) {
        settle(c, outcome, outcome_of(c, std::current_exception()));
    }
}

asio::awaitable<void> finish_one(async_interceptor& i, call& c, status& outcome) {
    if (!outcome.ok()) {
        auto hook = i.on_error(c, outcome);
        co_await std::move(hook);
    } else {
        auto hook = i.after(c);
        status now = co_await std::move(hook);
        settle(c, outcome, std::move(now));
    }
}

} // namespace

chain::chain(std::vector<any_interceptor> all) : all_(std::move(all)) {
    for (any_interceptor const& each : all_)
        synchronous_ = synchronous_ && std::holds_alternative<plain_hooks>(each);
}

status chain::before(call& c, std::size_t& started) const {
    try {
        for (any_interceptor const& each : all_) {
            ++started;
            if (status s = std::get<plain_hooks>(each)->before(c); !s.ok() || c.answered())
                return s;
        }
    } catch (...) {
        return outcome_of(c, std::current_exception());
    }
    return {};
}

void chain::finish(call& c, std::size_t started, status& outcome) const {
    while (started-- != 0)
        finish_one(*std::get<plain_hooks>(all_[started]), c, outcome);
}

asio::awaitable<status> chain::async_before(call& c, std::size_t& started) const {
    for (any_interceptor const& each : all_) {
        ++started;
        status s;
        if (auto const* const plain = std::get_if<plain_hooks>(&each)) {
            s = (*plain)->before(c);
        } else {
            auto hook = std::get<coroutine_hooks>(each)->before(c);
            s = co_await std::move(hook);
        }
        if (!s.ok() || c.answered())
            co_return s;
    }
    co_return status();
}

asio::awaitable<void> chain::async_finish(call& c, std::size_t started, status& outcome) const {
    while (started-- != 0) {
        any_interceptor const& each = all_[started];
        if (auto const* const plain = std::get_if<plain_hooks>(&each)) {
            finish_one(**plain, c, outcome);
            continue;
        }
        std::exception_ptr failed;
        try {
            auto finishing = finish_one(*std::get<coroutine_hooks>(each), c, outcome);
            co_await std::move(finishing);
        } catch (...) {
            failed = std::current_exception();
        }
        co_await asio::this_coro::reset_cancellation_state();
        if (failed)
            settle(c, outcome, outcome_of(c, std::move(failed)));
    }
}

status chain::on_read(call& c, buffer& arguments) const {
    for (any_interceptor const& each : all_)
        if (status s = std::visit([&](auto const& hooks) { return hooks->on_read(c, arguments); }, each); !s.ok())
            return s;
    return {};
}

status chain::on_push(call& c, buffer& answer) const {
    for (std::size_t i = all_.size(); i-- != 0;)
        if (status s = std::visit([&](auto const& hooks) { return hooks->on_push(c, answer); }, all_[i]); !s.ok())
            return s;
    return {};
}

void chain::describe(method_description& m) const {
    for (any_interceptor const& each : all_)
        std::visit([&](auto const& hooks) { hooks->describe(m); }, each);
}

status outcome_of(call& c, std::exception_ptr e) {
    // The client is gone, or the time is up: no failure of the method, and nobody sees this.
    if (c.context().cancelled()) {
        try {
            std::rethrow_exception(e);
        } catch (boost::system::system_error const& aborted) {
            if (aborted.code() == asio::error::operation_aborted)
                return c.named(status(status_code::cancelled, "cancelled"));
        } catch (...) { // whatever else it is
        }
    }
    return c.context().failure(std::move(e), c.name());
}

} // namespace joust::game
