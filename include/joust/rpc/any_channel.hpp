//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/channel_base.hpp"
#include "joust/rpc/client_call.hpp"

#include <memory>
#include <utility>

namespace joust {

/// The typed face of whatever makes calls. A cheap handle: copies share the connection.
///
/// *Thread safety*: safe; a call may be made from any thread.
class any_channel {
public:
    explicit any_channel(std::shared_ptr<channel_base> impl) noexcept : impl_(std::move(impl)) {}

    boost::asio::any_io_executor get_executor() const { return impl_->get_executor(); }
    std::shared_ptr<channel_base> const& base() const noexcept { return impl_; }
    /// The connections by state, and what has been counted so far.
    channel_statistics statistics() const { return impl_->statistics(); }

    /// Makes a unary call. The request is encoded before this returns.
    ///
    /// *Completion*: `void(result<Response>)` on the handler's executor, else the channel's.
    /// *Cancellation*: `terminal` and `partial` cancel the call: it completes with CANCELLED and the server is told;
    /// `total` while nothing was sent.
    /// *Errors*: the call's status: the server's, or one of this side (deadline, limit, codec, lost connection).
    template <message Request, message Response, class Token = boost::asio::deferred_t>
    auto async_call(unary_method<Request, Response> method, Request const& request, call_options options = {},
                    Token&& token = {}) const {
        return boost::asio::async_initiate<Token, void(result<Response>)>(
            [](auto handler, std::shared_ptr<channel_base> via, std::string path, result<buffer> framed,
               call_options o) {
                via->start_unary(path, std::move(framed), std::move(o),
                                 detail::converting_handler{std::move(handler), detail::decode_message<Response>()});
            },
            token, impl_, std::string(method.path), encode_framed(request), std::move(options));
    }

    /// Opens a client-streaming or bidirectional call.
    ///
    /// *Completion*: `void(result<client_call<...>>)`, as soon as the call has a stream on a connection.
    /// *Cancellation*, *Errors*: as `async_call`.
    template <message Request, message Response, call_kind Kind, class Token = boost::asio::deferred_t>
        requires(Kind == call_kind::client_streaming || Kind == call_kind::bidi_streaming)
    auto async_open(basic_method<Request, Response, Kind> method, call_options options = {}, Token&& token = {}) const {
        using call_type = client_call<Request, Response, Kind>;
        return boost::asio::async_initiate<Token, void(result<call_type>)>(
            [](auto handler, std::shared_ptr<channel_base> via, std::string path, call_options o) {
                via->start_stream(path, std::move(o),
                                  detail::converting_handler{std::move(handler), wrap<call_type>()});
            },
            token, impl_, std::string(method.path), std::move(options));
    }

    /// Opens a server-streaming call and sends its request.
    ///
    /// *Completion*: `void(result<client_call<...>>)`. *Cancellation*, *Errors*: as `async_call`.
    template <message Request, message Response, class Token = boost::asio::deferred_t>
    auto async_open(server_streaming_method<Request, Response> method, Request const& request,
                    call_options options = {}, Token&& token = {}) const {
        using call_type = client_call<Request, Response, call_kind::server_streaming>;
        return boost::asio::async_initiate<Token, void(result<call_type>)>(
            [](auto handler, std::shared_ptr<channel_base> via, std::string path, result<buffer> framed,
               call_options o) {
                via->start_server_streaming(path, std::move(framed), std::move(o),
                                            detail::converting_handler{std::move(handler), wrap<call_type>()});
            },
            token, impl_, std::string(method.path), encode_framed(request), std::move(options));
    }

private:
    template <class Call>
    struct wrap {
        result<Call> operator()(result<std::shared_ptr<client_messages>> r) const {
            if (r.has_error())
                return std::move(r).error();
            return Call(std::move(*r));
        }
    };

    std::shared_ptr<channel_base> impl_;
};

} // namespace joust
