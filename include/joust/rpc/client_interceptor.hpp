//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/metadata.hpp"
#include "joust/core/status.hpp"
#include "joust/rpc/any_channel.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

namespace joust {

/// What is done around the calls of a channel: logging, credentials, deadlines. Derive and override what you need.
///
/// The first in the list is the outermost: its `on_start` and `on_request` come first, its `on_headers`, `on_response`
/// and `on_finish` last. A hook that returns an error refuses: nothing further is asked, the call is cancelled or not
/// made at all, and ends with this status. A hook that throws refuses, too: with the status of an `rpc_error`, else
/// with INTERNAL.
///
/// *Thread safety*: the hooks of one call run one at a time, but for `on_request` of one message beside `on_response`
/// of another in a stream; those of different calls may run concurrently. Those of a unary call run on the thread that
/// makes it and on the executor that its handler runs on, those of a stream on a strand of the channel's executor.
class client_interceptor {
public:
    virtual ~client_interceptor() = default;

    /// Before the call is made. The options may be changed; timeouts count from then on.
    virtual status on_start(std::string_view /*path*/, call_options&) { return {}; }

    /// Whether `on_request` and `on_response` are to be called. Asked once per call.
    virtual bool sees_messages() const { return false; }
    /// A message on its way to the server, as bytes; may be changed.
    virtual status on_request(buffer&) { return {}; }
    /// The server has answered; empty when it did with a status only.
    virtual void on_headers(metadata const& /*initial*/) {}
    /// A message on its way to the caller, as bytes; may be changed.
    virtual status on_response(buffer&) { return {}; }

    /// After the call; called exactly once if `on_start` was, whatever that returned and however the call went on,
    /// unless the execution context is destroyed. `outcome` may be changed, but a missing message stays an error.
    virtual void on_finish(status& /*outcome*/, metadata const& /*trailing*/) {}
};

/// The same with coroutines. All but that of `on_finish` are cancelled when the caller cancels the call. `parent` of
/// the options is resolved into the deadline before `on_start`, as the handler may not wait for it.
class async_client_interceptor {
public:
    virtual ~async_client_interceptor() = default;

    virtual boost::asio::awaitable<status> on_start(std::string_view /*path*/, call_options&) { co_return status(); }
    virtual bool sees_messages() const { return false; }
    virtual boost::asio::awaitable<status> on_request(buffer&) { co_return status(); }
    virtual boost::asio::awaitable<void> on_headers(metadata const& /*initial*/) { co_return; }
    virtual boost::asio::awaitable<status> on_response(buffer&) { co_return status(); }
    virtual boost::asio::awaitable<void> on_finish(status& /*outcome*/, metadata const& /*trailing*/) { co_return; }
};

/// Either: an object for all calls, or a function that makes one for each, which may keep what belongs to its call.
using any_client_interceptor =
    std::variant<std::shared_ptr<client_interceptor>, std::shared_ptr<async_client_interceptor>,
                 std::function<std::shared_ptr<client_interceptor>()>,
                 std::function<std::shared_ptr<async_client_interceptor>()>>;

/// A channel that makes its calls through `channel`, with these interceptors around them, the first outermost.
/// Everything that is promised of calls holds for its calls, too.
///
/// *Errors*: throws `std::invalid_argument` when an interceptor is null.
any_channel intercept(any_channel const& channel, std::vector<any_client_interceptor> interceptors);

} // namespace joust
