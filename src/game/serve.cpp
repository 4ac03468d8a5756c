//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/serve.hpp"

#include "game/chain.hpp"
#include "rpc/time_limit.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <string>
#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

status timed_out(call const& c) {
    std::string text = std::to_string(std::chrono::duration<double>(c.timeout()).count());
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.push_back('0');
    return c.named(status(status_code::deadline_exceeded, "timed out after " + text + " s"));
}

status check_size(call const& c, std::string_view what, std::size_t size, std::size_t limit, status_code code) {
    if (limit == 0 || size <= limit)
        return {};
    return c.named(status(code, std::string(what) + " of " + std::to_string(size) + " bytes, the limit is " +
                                    std::to_string(limit)));
}

status check_answer(call const& c) {
    return check_size(c, "an answer", c.answer().size(), c.options().max_answer_size, status_code::internal);
}

status invoke(registered_method const& m, call& c) {
    status outcome = check_arguments(c, c.arguments().size());
    c.set_asked();
    try {
        if (outcome.ok())
            outcome = m.code->invoke(c);
    } catch (...) {
        outcome = c.context().failure(std::current_exception(), c.name());
    }
    return outcome.ok() ? check_answer(c) : outcome;
}

/// Takes what a method pushes through the interceptors.
class intercepting_sink final : public answer_sink {
public:
    intercepting_sink(chain const& around, call& c, answer_sink& inner) noexcept
        : around_(around), call_(c), inner_(inner) {}

    void push(result<buffer> json, handler_type handler) override {
        if (json.has_value()) {
            try {
                if (status refused = around_.on_push(call_, *json); !refused.ok())
                    json = std::move(refused);
            } catch (...) {
                json = outcome_of(call_, std::current_exception());
            }
        }
        inner_.push(std::move(json), std::move(handler));
    }

private:
    chain const& around_;
    call& call_;
    answer_sink& inner_;
};

/// Starts a coroutine method. When its time is up it is cancelled, and its end awaited.
asio::awaitable<status> start_limited(registered_method const& m, call& c, answer_sink& pushed) {
    if (status refused = check_arguments(c, c.arguments().size()); !refused.ok())
        co_return refused;
    auto const state = co_await asio::this_coro::cancellation_state;
    rpc::time_limit& limit = rpc::time_limit::of(c.context());
    limit.set(c.timeout());
    c.set_asked();
    status outcome;
    try {
        auto running = m.code->start(c, pushed);
        outcome = co_await std::move(running);
    } catch (boost::system::system_error const& e) {
        // The client is gone, or the time is up: no failure of the handler, and nobody sees this.
        if (e.code() == asio::error::operation_aborted && state.cancelled() != asio::cancellation_type::none)
            outcome = c.named(status(status_code::cancelled, "cancelled"));
        else
            outcome = c.context().failure(std::current_exception(), c.name());
    } catch (...) {
        outcome = c.context().failure(std::current_exception(), c.name());
    }
    limit.clear();
    if (limit.reached() && !c.context().cancelled()) {
        co_await asio::this_coro::reset_cancellation_state();
        co_return timed_out(c);
    }
    co_return outcome.ok() ? check_answer(c) : std::move(outcome);
}

asio::awaitable<status> start_plain(registered_method const& m, call& c) {
    co_return invoke(m, c);
}

asio::awaitable<status> start(registered_method const& m, call& c, answer_sink& pushed) {
    return m.code->is_coroutine() ? start_limited(m, c, pushed) : start_plain(m, c);
}

asio::awaitable<status> start_intercepted(registered_method const& m, call& c, answer_sink& pushed,
                                          std::size_t& started) {
    auto beginning = m.around->async_before(c, started);
    status const refused = co_await std::move(beginning);
    if (!refused.ok() || c.answered())
        co_return refused;
    intercepting_sink sink(*m.around, c, pushed);
    auto running = start(m, c, sink);
    co_return co_await std::move(running);
}

asio::awaitable<status> serve_intercepted(registered_method const& m, call& c, answer_sink& pushed) {
    std::size_t started = 0;
    status outcome;
    std::exception_ptr failed;
    try {
        auto running = start_intercepted(m, c, pushed, started);
        outcome = co_await std::move(running);
    } catch (...) {
        failed = std::current_exception();
    }
    co_await asio::this_coro::reset_cancellation_state();
    if (failed)
        outcome = outcome_of(c, std::move(failed));
    if (status const* const ended = c.context().outcome(); ended != nullptr && !outcome.ok())
        outcome = *ended;
    if (!outcome.ok())
        c.drop_answer();
    auto finishing = m.around->async_finish(c, started, outcome);
    co_await std::move(finishing);
    co_return outcome;
}

} // namespace

status call::named(status s) const {
    s.set_message(method_.name + ": " + s.message());
    return s;
}

status check_arguments(call const& c, std::size_t size) {
    return check_size(c, "arguments", size, c.options().max_arguments_size, status_code::invalid_argument);
}

bool needs_coroutine(registered_method const& m) noexcept {
    return m.code->is_coroutine() || !m.around->synchronous();
}

status serve_at_once(registered_method const& m, call& c) {
    if (m.around->empty())
        return invoke(m, c);
    std::size_t started = 0;
    status outcome = m.around->before(c, started);
    if (outcome.ok() && !c.answered())
        outcome = invoke(m, c);
    if (!outcome.ok())
        c.drop_answer();
    m.around->finish(c, started, outcome);
    return outcome;
}

asio::awaitable<status> serve(registered_method const& m, call& c, answer_sink& pushed) {
    return m.around->empty() ? start(m, c, pushed) : serve_intercepted(m, c, pushed);
}

} // namespace joust::game
