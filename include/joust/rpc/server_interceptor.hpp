//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/rpc/call_context.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <variant>

namespace joust {

/// What is done around every handler of a server: logging, authentication, limits. Derive and override what you need.
///
/// The first in `server_options::interceptors` is the outermost: its `on_start` and `on_request` come first, its
/// `on_response` and `on_finish` last. A hook that returns an error refuses: nothing further in is asked, the call ends
/// with this status. A hook that throws acts as a handler that throws.
///
/// One object serves all calls; `call_context::set_value` keeps what belongs to one of them.
///
/// *Thread safety*: the hooks of one call run on its connection's executor, one at a time; those of calls on different
/// connections may run concurrently. They must not block.
class server_interceptor {
public:
    virtual ~server_interceptor() = default;

    /// Before the handler. The request of a unary call has arrived as a whole.
    virtual status on_start(call_context&) { return {}; }

    /// Whether `on_request` and `on_response` are to be called, which costs a copy of every message. Asked once, when
    /// the server begins to listen.
    virtual bool sees_messages() const { return false; }
    /// A message on its way to the handler, as bytes; may be changed.
    virtual status on_request(call_context&, buffer&) { return {}; }
    /// A message on its way to the client, as bytes; may be changed.
    virtual status on_response(call_context&, buffer&) { return {}; }

    /// After the handler; called exactly once if `on_start` was, whatever that returned and however the call went on,
    /// unless the execution context is destroyed. `outcome` may be changed as long as the call has not ended by itself
    /// (`call_context::outcome`). A unary call's error cannot become OK, as there is no message.
    virtual void on_finish(call_context&, status& /*outcome*/) {}
};

/// The same with coroutines. Those of `on_start`, `on_request` and `on_response` are cancelled with the call; that of
/// `on_finish` is not, unless the call ends while it runs. In a stream, `on_request` of one message and `on_response`
/// of another may be under way at the same time.
class async_server_interceptor {
public:
    virtual ~async_server_interceptor() = default;

    virtual boost::asio::awaitable<status> on_start(call_context&) { co_return status(); }
    virtual bool sees_messages() const { return false; }
    virtual boost::asio::awaitable<status> on_request(call_context&, buffer&) { co_return status(); }
    virtual boost::asio::awaitable<status> on_response(call_context&, buffer&) { co_return status(); }
    virtual boost::asio::awaitable<void> on_finish(call_context&, status& /*outcome*/) { co_return; }
};

/// Either. A server whose interceptors are all synchronous runs its plain handlers without a coroutine.
using any_server_interceptor =
    std::variant<std::shared_ptr<server_interceptor>, std::shared_ptr<async_server_interceptor>>;

} // namespace joust
