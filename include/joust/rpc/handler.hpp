//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/result.hpp"
#include "joust/rpc/call_context.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string_view>

namespace joust {

/// A unary method with its types erased: bytes in, bytes out.
///
/// *Thread safety*: called concurrently for calls on different connections.
class unary_handler {
public:
    virtual ~unary_handler() = default;

    /// Answers at once: appends the response's message to `response` and returns how the call ends. Nothing when this
    /// call needs a coroutine: then `start` is called for it.
    virtual std::optional<status> invoke(call_context& context, std::string_view request, buffer& response) = 0;

    /// True when `invoke` never returns nothing, so that what is done around it needs no coroutine either.
    virtual bool answers_at_once() const noexcept { return false; }

    /// Answers later. All arguments live until the coroutine is done. It is cancelled when nobody waits any more.
    virtual boost::asio::awaitable<status> start(call_context& context, std::string_view request, buffer& response) = 0;
};

/// The messages of a streaming call on a server, as bytes. One read and one write may be under way at a time.
class server_messages {
public:
    using read_handler = boost::asio::any_completion_handler<void(result<std::optional<buffer>>)>;
    using write_handler = boost::asio::any_completion_handler<void(result<void>)>;

    virtual boost::asio::any_io_executor get_executor() const = 0;
    /// The next message, nothing when the client sends no more, or why there is none. Cancelling loses no message.
    virtual void read(read_handler handler) = 0;
    /// Sends a message that begins with its prefix (`wire::begin_message`); completes when the send queue has room.
    /// An error instead of a message is passed on.
    virtual void write(result<buffer> framed, write_handler handler) = 0;

protected:
    ~server_messages() = default;
};

/// A streaming method of any kind with its types erased.
class stream_handler {
public:
    virtual ~stream_handler() = default;

    /// Runs the call; what it returns is the call's status. Arguments live until it is done.
    virtual boost::asio::awaitable<status> start(call_context& context, server_messages& messages) = 0;
};

} // namespace joust
