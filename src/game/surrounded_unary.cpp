//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/call_handler.hpp"
#include "game/surrounded_call.hpp"
#include "joust/rpc/converting_handler.hpp"
#include "rpc/completion.hpp"
#include "rpc/launch.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

/// An `async_call` under way.
struct surrounded_unary {
    surrounded_call around;
    answer_origin* origin;
    response_info* users;

    surrounded_unary(std::shared_ptr<surroundings const> with, buffer framed, joust::call_options options,
                     answer_origin* o)
        : around(std::move(with), std::move(framed), std::move(options), false), origin(o),
          users(std::exchange(around.call().options().info, nullptr)) {}

    joust::call_options options() {
        joust::call_options o = around.call().options();
        o.info = &around.info();
        return o;
    }

    result<buffer> conclude() {
        if (origin != nullptr)
            *origin = around.call().origin();
        if (users != nullptr)
            *users = std::move(around.info());
        return around.conclude();
    }
};

using unary_ptr = std::unique_ptr<surrounded_unary>;

/// Ends a call whose hooks are plain.
struct end_plain {
    unary_ptr call;

    result<buffer> operator()(result<buffer> answer) {
        call->around.take(std::move(answer));
        if (call->around.wants_fallback())
            call->around.degrade();
        call->around.after();
        return call->conclude();
    }
};

void start_plain(unary_ptr call, channel_base& via, channel_base::unary_handler_type handler) {
    if (call->around.before()) {
        status const ready = call->around.prepare();
        result<buffer> framed = ready.ok() ? call->around.request() : ready;
        if (framed.has_value()) {
            joust::call_options options = call->options();
            return via.start_unary(call_path, std::move(framed), std::move(options),
                                   joust::detail::converting_handler{std::move(handler), end_plain{std::move(call)}});
        }
        call->around.fail(framed.error());
        if (call->around.wants_fallback())
            call->around.degrade();
    }
    call->around.after();
    rpc::post_completion(std::move(handler), via.get_executor(), call->conclude());
}

asio::awaitable<void> ask(surrounded_unary& call, channel_base& via) {
    status const ready = call.around.prepare();
    result<buffer> framed = ready.ok() ? call.around.request() : ready;
    if (framed.has_value()) {
        struct making {
            channel_base& via;
            result<buffer> framed;
            joust::call_options options;
        };
        making m{via, std::move(framed), call.options()};
        auto calling = asio::async_initiate<asio::deferred_t const, void(result<buffer>)>(
            [](auto handler, making* of) {
                of->via.start_unary(call_path, std::move(of->framed), std::move(of->options), std::move(handler));
            },
            asio::deferred, &m);
        result<buffer> answer = co_await std::move(calling);
        call.around.take(std::move(answer));
    } else {
        call.around.fail(framed.error());
    }
    // A result beats a cancel; one that comes from now on is for the fallback.
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    if (!call.around.wants_fallback())
        co_return;
    auto degrading = call.around.async_degrade();
    co_await std::move(degrading);
    auto const state = co_await asio::this_coro::cancellation_state;
    if (!call.around.outcome().ok() && state.cancelled() != asio::cancellation_type::none)
        call.around.fail(status(status_code::cancelled, "the call was cancelled"));
}

asio::awaitable<result<buffer>> run(unary_ptr call, std::shared_ptr<channel_base> via) {
    auto beginning = call->around.async_before();
    if (co_await std::move(beginning)) {
        std::exception_ptr failed;
        try {
            auto asking = ask(*call, *via);
            co_await std::move(asking);
        } catch (...) {
            failed = std::current_exception();
        }
        if (failed)
            call->around.fail(rpc::status_of(std::move(failed)));
    }
    co_await asio::this_coro::reset_cancellation_state();
    auto ending = call->around.async_after();
    co_await std::move(ending);
    co_return call->conclude();
}

} // namespace

void start_surrounded(std::shared_ptr<surroundings const> around, std::shared_ptr<channel_base> via,
                      result<buffer> framed, joust::call_options options, answer_origin* origin,
                      channel_base::unary_handler_type handler) {
    if (framed.has_error()) // there is nothing to be seen
        return rpc::post_completion(std::move(handler), via->get_executor(), std::move(framed));
    auto call = std::make_unique<surrounded_unary>(std::move(around), std::move(*framed), std::move(options), origin);
    if (call->around.synchronous())
        return start_plain(std::move(call), *via, std::move(handler));
    auto const executor = via->get_executor();
    rpc::launch(executor, std::move(handler), run(std::move(call), std::move(via)));
}

} // namespace joust::game
