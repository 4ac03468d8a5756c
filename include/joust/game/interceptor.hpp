//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/game/call.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <variant>

namespace joust::game {

struct method_description;

/// What is done around each call of a JSON method: limits, caches, checks, logs. A method that serves a whole stream is
/// one call.
///
/// Interceptors stand in lists: those of the server, of the service, and of the method, in this order; the first is the
/// outermost. `before` runs first to last, `after` and `on_error` last to first. Each `before` that was called is
/// followed by exactly one of `after` and `on_error`, whatever it returned, unless the execution context is destroyed.
///
/// Hooks must not block. An exception that leaves one is as an exception of the method. Around a plain method, hooks
/// that do not wait cost no coroutine.
///
/// *Thread safety*: the hooks of one call run one at a time, on its executor; those of different calls may run
/// concurrently.
class interceptor {
public:
    virtual ~interceptor() = default;

    /// Before the method. An error refuses the call; after `c.set_answer` the method is not asked. In both cases the
    /// interceptors further in do not hear of the call.
    virtual status before(call& /*c*/) { return {}; }

    /// The call was answered, `c.answer()`. An error makes it one that failed.
    virtual status after(call& /*c*/) { return {}; }

    /// The call failed: in an interceptor, in the method, or because nobody waits any more. `error` may be changed, and
    /// be made OK: then `c.answer()`, nothing unless set, is the answer.
    virtual void on_error(call& /*c*/, status& /*error*/) {}

    /// A request that a method which serves a whole stream reads (`server_stream`), after the first, which is what
    /// `before` hears of; may be changed. An error answers it, and the method does not see it. First to last.
    virtual status on_read(call& /*c*/, buffer& /*arguments*/) { return {}; }

    /// An answer that the method pushes or writes (`responses`, `server_stream`), on its way to the client; may be
    /// changed. An error is what the method's push completes with.
    virtual status on_push(call& /*c*/, buffer& /*answer*/) { return {}; }

    /// Changes what `services::describe` says of a method that this is around. First to last.
    virtual void describe(method_description& /*m*/) const {}
};

/// The same with coroutines, which are cancelled with the call but for `after` and `on_error`.
class async_interceptor {
public:
    virtual ~async_interceptor() = default;

    virtual boost::asio::awaitable<status> before(call& /*c*/) { co_return status(); }
    virtual boost::asio::awaitable<status> after(call& /*c*/) { co_return status(); }
    virtual boost::asio::awaitable<void> on_error(call& /*c*/, status& /*error*/) { co_return; }
    virtual status on_read(call& /*c*/, buffer& /*arguments*/) { return {}; }
    virtual status on_push(call& /*c*/, buffer& /*answer*/) { return {}; }
    virtual void describe(method_description& /*m*/) const {}
};

using any_interceptor = std::variant<std::shared_ptr<interceptor>, std::shared_ptr<async_interceptor>>;

} // namespace joust::game
