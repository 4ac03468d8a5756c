//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/server_chain.hpp"

#include <boost/asio/this_coro.hpp>

#include <ranges>
#include <utility>

namespace joust::rpc {

namespace asio = boost::asio;

namespace {

using synchronous_hooks = std::shared_ptr<server_interceptor>;
using coroutine_hooks = std::shared_ptr<async_server_interceptor>;

// A call may end while a hook runs; from then on that is its outcome.
void prefer_real_outcome(call_context const& context, status& outcome) {
    if (status const* const ended = context.outcome())
        outcome = *ended;
}

void finish_one(server_interceptor& i, call_context& context, status& outcome) {
    prefer_real_outcome(context, outcome);
    try {
        i.on_finish(context, outcome);
    } catch (...) {
        outcome = outcome_of(context, std::current_exception());
    }
}

} // namespace

server_chain::server_chain(std::vector<any_server_interceptor> const& all) {
    for (any_server_interceptor const& each : all) {
        bool const sees = std::visit([](auto const& p) { return p->sees_messages(); }, each);
        entries_.push_back({each, sees});
        sees_messages_ = sees_messages_ || sees;
        synchronous_ = synchronous_ && std::holds_alternative<synchronous_hooks>(each);
    }
}

status server_chain::start(call_context& context, std::size_t& started) const {
    for (entry const& e : entries_) {
        ++started;
        if (status s = std::get<synchronous_hooks>(e.interceptor)->on_start(context); !s.ok())
            return s;
    }
    return {};
}

status server_chain::on_request(call_context& context, buffer& message) const {
    for (entry const& e : entries_)
        if (e.sees_messages)
            if (status s = std::get<synchronous_hooks>(e.interceptor)->on_request(context, message); !s.ok())
                return s;
    return {};
}

status server_chain::on_response(call_context& context, buffer& message) const {
    for (entry const& e : entries_ | std::views::reverse)
        if (e.sees_messages)
            if (status s = std::get<synchronous_hooks>(e.interceptor)->on_response(context, message); !s.ok())
                return s;
    return {};
}

void server_chain::finish(call_context& context, std::size_t started, status& outcome) const {
    while (started-- != 0)
        finish_one(*std::get<synchronous_hooks>(entries_[started].interceptor), context, outcome);
}

asio::awaitable<status> server_chain::async_start(call_context& context, std::size_t& started) const {
    for (entry const& e : entries_) {
        ++started;
        status s;
        if (auto const* const plain = std::get_if<synchronous_hooks>(&e.interceptor)) {
            s = (*plain)->on_start(context);
        } else {
            auto hook = std::get<coroutine_hooks>(e.interceptor)->on_start(context);
            s = co_await std::move(hook);
        }
        if (!s.ok())
            co_return s;
    }
    co_return status();
}

asio::awaitable<status> server_chain::async_on_request(call_context& context, buffer& message) const {
    for (entry const& e : entries_) {
        if (!e.sees_messages)
            continue;
        status s;
        if (auto const* const plain = std::get_if<synchronous_hooks>(&e.interceptor)) {
            s = (*plain)->on_request(context, message);
        } else {
            auto hook = std::get<coroutine_hooks>(e.interceptor)->on_request(context, message);
            s = co_await std::move(hook);
        }
        if (!s.ok())
            co_return s;
    }
    co_return status();
}

asio::awaitable<status> server_chain::async_on_response(call_context& context, buffer& message) const {
    for (std::size_t i = entries_.size(); i-- != 0;) {
        entry const& e = entries_[i];
        if (!e.sees_messages)
            continue;
        status s;
        if (auto const* const plain = std::get_if<synchronous_hooks>(&e.interceptor)) {
            s = (*plain)->on_response(context, message);
        } else {
            auto hook = std::get<coroutine_hooks>(e.interceptor)->on_response(context, message);
            s = co_await std::move(hook);
        }
        if (!s.ok())
            co_return s;
    }
    co_return status();
}

asio::awaitable<void> server_chain::async_finish(call_context& context, std::size_t started, status& outcome) const {
    while (started-- != 0) {
        entry const& e = entries_[started];
        if (auto const* const plain = std::get_if<synchronous_hooks>(&e.interceptor)) {
            finish_one(**plain, context, outcome);
            continue;
        }
        prefer_real_outcome(context, outcome);
        std::exception_ptr failed;
        try {
            auto hook = std::get<coroutine_hooks>(e.interceptor)->on_finish(context, outcome);
            co_await std::move(hook);
        } catch (...) {
            failed = std::current_exception();
        }
        co_await asio::this_coro::reset_cancellation_state();
        if (failed)
            outcome = outcome_of(context, std::move(failed));
    }
    prefer_real_outcome(context, outcome);
}

status outcome_of(call_context& context, std::exception_ptr e) {
    if (status const* const ended = context.outcome())
        return *ended;
    return context.failure(std::move(e));
}

void intercept(router& routes, std::vector<any_server_interceptor> const& interceptors) {
    auto const chain = std::make_shared<server_chain const>(interceptors);
    routes.replace_handlers([&](router::handler h) {
        return std::visit([&](auto& inner) { return router::handler(intercept(std::move(inner), chain)); }, h);
    });
}

} // namespace joust::rpc
