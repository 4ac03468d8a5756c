//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/router.hpp"
#include "joust/rpc/server_interceptor.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <vector>

namespace joust::rpc {

/// A server's interceptors, in order. The hooks that begin a call count in `started` whose `on_finish` is due.
///
/// *Thread safety*: safe, as the interceptors are.
class server_chain {
public:
    explicit server_chain(std::vector<any_server_interceptor> const& all);

    bool synchronous() const noexcept { return synchronous_; }
    bool sees_messages() const noexcept { return sees_messages_; }

    // Precondition: synchronous()
    status start(call_context& context, std::size_t& started) const;
    status on_request(call_context& context, buffer& message) const;
    status on_response(call_context& context, buffer& message) const;
    void finish(call_context& context, std::size_t started, status& outcome) const;

    // For all.
    boost::asio::awaitable<status> async_start(call_context& context, std::size_t& started) const;
    boost::asio::awaitable<status> async_on_request(call_context& context, buffer& message) const;
    boost::asio::awaitable<status> async_on_response(call_context& context, buffer& message) const;
    /// Resets the cancellation state of the coroutine that awaits it: the end of a call is no reason not to hear of it.
    /// That coroutine has done so itself before, or it would be thrown out of its `co_await`.
    boost::asio::awaitable<void> async_finish(call_context& context, std::size_t started, status& outcome) const;

private:
    struct entry {
        any_server_interceptor interceptor;
        bool sees_messages;
    };

    std::vector<entry> entries_;
    bool synchronous_ = true;
    bool sees_messages_ = false;
};

/// What an exception makes of a call: nothing of one that has ended already, whose coroutines are cancelled.
status outcome_of(call_context& context, std::exception_ptr e);

/// Puts these interceptors around all handlers.
void intercept(router& routes, std::vector<any_server_interceptor> const& interceptors);

std::unique_ptr<unary_handler> intercept(std::unique_ptr<unary_handler> inner,
                                         std::shared_ptr<server_chain const> chain);
std::unique_ptr<stream_handler> intercept(std::unique_ptr<stream_handler> inner,
                                          std::shared_ptr<server_chain const> chain);

} // namespace joust::rpc
