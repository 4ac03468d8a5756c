//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/strand.hpp"
#include "rpc/client_hooks.hpp"
#include "rpc/completion.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace joust::rpc {

/// A coroutine whose result goes to a completion handler, whose slot cancels it.
template <class Result>
struct launched {
    completion<Result> done;
    boost::asio::cancellation_signal cancel;
};

template <class Result>
boost::asio::awaitable<void> run_launched(std::shared_ptr<launched<Result>> l, boost::asio::awaitable<Result> body) {
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_total_cancellation());
    Result r = co_await std::move(body);
    l->done.post(std::move(r));
}

/// Runs a coroutine for an operation of a client, on a strand.
template <class Result>
void launch(boost::asio::any_io_executor const& executor, boost::asio::any_completion_handler<void(Result)> handler,
            boost::asio::awaitable<Result> body) {
    namespace asio = boost::asio;
    auto const strand = net::make_strand(executor);
    auto const l = std::make_shared<launched<Result>>();
    l->done = completion<Result>(std::move(handler), executor);
    if (auto slot = l->done.slot(); slot.is_connected())
        slot.assign([strand, weak = std::weak_ptr(l)](asio::cancellation_type type) {
            asio::post(strand, [weak, type] {
                if (auto const self = weak.lock())
                    self->cancel.emit(type);
            });
        });
    asio::co_spawn(strand, run_launched(l, std::move(body)),
                   asio::bind_cancellation_slot(l->cancel.slot(), [l](std::exception_ptr e) {
                       if (e)
                           l->done.post(status_of(std::move(e)));
                   }));
}

} // namespace joust::rpc
