//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/game/outgoing_call.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <variant>

namespace joust::game {

/// What is done around each call that a client makes: tokens, logs, caches. The counterpart of `interceptor`, which is
/// the server's.
///
/// The first in `client_options::interceptors` is the outermost. `before` runs first to last, `after` and `on_error`
/// last to first. Each `before` that was called is followed by exactly one of `after` and `on_error`, whatever it
/// returned and however the call ended, unless the execution context is destroyed. Fallbacks lie further in than all
/// interceptors: what one answers comes to `after`, and `c.origin()` says so.
///
/// Hooks must not block. One that throws fails the call: with the status of an `rpc_error`, else with INTERNAL.
///
/// *Thread safety*: the hooks of one call run one at a time; those of different calls may run concurrently. Those of an
/// `async_call` run on the thread that makes it and on the executor that its handler runs on, all others on a strand
/// of the client's executor.
class client_interceptor {
public:
    virtual ~client_interceptor() = default;

    /// Before the request is sent. An error refuses it; after `c.set_answer` it is not sent. In both cases the
    /// interceptors further in do not hear of the call. In a stream, the outcome is read in its turn, as if the server
    /// had answered so.
    virtual status before(outgoing_call& /*c*/) { return {}; }

    /// The call was answered, `c.answer()`. An error makes it one that failed.
    virtual status after(outgoing_call& /*c*/) { return {}; }

    /// The call failed: in an interceptor, on its way, or in the method; or nobody waits for it any more. `error` may
    /// be changed, and be made OK: then `c.answer()`, nothing unless set, is the answer. In a stream that has ended
    /// nobody reads what becomes of it.
    virtual void on_error(outgoing_call& /*c*/, status& /*error*/) {}

    /// In a stream that has many answers to a request (`call_options::many_answers`), each but the last; may be
    /// changed. To throw ends the stream.
    virtual void on_push(outgoing_call& /*c*/, buffer& /*answer*/) {}
};

/// The same with coroutines. `before` is cancelled when the caller cancels the call or the stream.
class async_client_interceptor {
public:
    virtual ~async_client_interceptor() = default;

    virtual boost::asio::awaitable<status> before(outgoing_call& /*c*/) { co_return status(); }
    virtual boost::asio::awaitable<status> after(outgoing_call& /*c*/) { co_return status(); }
    virtual boost::asio::awaitable<void> on_error(outgoing_call& /*c*/, status& /*error*/) { co_return; }
    virtual void on_push(outgoing_call& /*c*/, buffer& /*answer*/) {}
};

using any_client_interceptor =
    std::variant<std::shared_ptr<client_interceptor>, std::shared_ptr<async_client_interceptor>>;

} // namespace joust::game
