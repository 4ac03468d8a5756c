//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/call_handler.hpp"

#include "game/collecting_sink.hpp"
#include "game/response.hpp"
#include "joust/game/json/error_trace.hpp"
#include "joust/game/name.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <string>
#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

status timed_out(method const& m) {
    std::string text = std::to_string(std::chrono::duration<double>(m.options.timeout).count());
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.push_back('0');
    return status(status_code::deadline_exceeded, m.name + ": timed out after " + text + " s");
}

asio::awaitable<status> start_guarded(services::registry const& in, target const& t, call_context& context,
                                      answer_sink& pushed, buffer& answer) {
    auto const state = co_await asio::this_coro::cancellation_state;
    try {
        auto running = t.method->start(context, t.request.payload, in.options.arguments, pushed, answer);
        co_return co_await std::move(running);
    } catch (boost::system::system_error const& e) {
        // The client is gone, or the time is up: no failure of the handler, and nobody sees this.
        if (e.code() == asio::error::operation_aborted && state.cancelled() != asio::cancellation_type::none)
            co_return status(status_code::cancelled, t.method->name + ": cancelled");
        co_return context.failure(std::current_exception(), t.method->name);
    } catch (...) {
        co_return context.failure(std::current_exception(), t.method->name);
    }
}

class call_handler final : public unary_handler {
public:
    explicit call_handler(std::shared_ptr<services::registry const> in) : in_(std::move(in)) {}

    std::optional<status> invoke(call_context& context, std::string_view bytes, buffer& response) override {
        target t;
        if (status bad = decode_request(bytes, t.request); !bad.ok())
            return bad;
        if (status const unknown = find_target(*in_, t); !unknown.ok()) {
            append_response(response, unknown, {}, {});
            return status();
        }
        if (t.method->is_coroutine())
            return std::nullopt;
        serve_plain(*in_, t, context, response);
        return status();
    }

    asio::awaitable<status> start(call_context& context, std::string_view bytes, buffer& response) override {
        target t;
        // `invoke` has seen that these go well.
        (void)decode_request(bytes, t.request);
        (void)find_target(*in_, t);
        collecting_sink pushed(context.get_executor());
        buffer returned;
        if (t.method->pushes()) {
            auto running = run_coroutine(*in_, t, context, pushed, returned);
            status const outcome = co_await std::move(running);
            buffer const all = std::move(pushed).answer(std::move(returned));
            append_response(response, outcome, t.method->name, all.view());
        } else {
            response_in_place around(response);
            auto running = run_coroutine(*in_, t, context, pushed, response);
            status const outcome = co_await std::move(running);
            around.end(outcome, t.method->name);
        }
        co_return status();
    }

private:
    std::shared_ptr<services::registry const> in_;
};

} // namespace

status find_target(services::registry const& in, target& t) {
    method_name const name = received_name(t.request.service_name, t.request.method_name);
    auto const not_found = [&](std::string const& what) {
        std::string const full = std::string(name.service) + "." + std::string(name.method);
        return status(status_code::not_found, json::quoted(full) + ": " + what);
    };
    auto const s = in.by_name.find(name.service);
    if (s == in.by_name.end())
        return not_found("unknown service " + json::quoted(name.service));
    t.method = s->second.find(name.method);
    if (t.method == nullptr)
        return not_found("service " + json::quoted(name.service) + " has no method " + json::quoted(name.method));
    return status();
}

void serve_plain(services::registry const& in, target const& t, call_context& context, buffer& response) {
    response_in_place around(response);
    status outcome;
    try {
        outcome = t.method->invoke(context, t.request.payload, in.options.arguments, response);
    } catch (...) {
        outcome = context.failure(std::current_exception(), t.method->name);
    }
    around.end(outcome, t.method->name);
}

asio::awaitable<status> run_coroutine(services::registry const& in, target const& t, call_context& context,
                                      answer_sink& pushed, buffer& answer) {
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer limit(co_await asio::this_coro::executor, t.method->options.timeout);
    auto race = start_guarded(in, t, context, pushed, answer) || limit.async_wait(asio::use_awaitable);
    auto first = co_await std::move(race);
    if (first.index() == 1)
        co_return timed_out(*t.method);
    co_return std::get<0>(std::move(first));
}

std::unique_ptr<unary_handler> make_call_handler(std::shared_ptr<services::registry const> in) {
    return std::make_unique<call_handler>(std::move(in));
}

} // namespace joust::game
