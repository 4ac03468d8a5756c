//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/converting_handler.hpp"
#include "joust/rpc/framing.hpp"
#include "joust/rpc/handler.hpp"
#include "joust/rpc/method.hpp"

#include <boost/asio/deferred.hpp>

#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

namespace joust {

namespace detail {

/// Tells a token from the options that may stand in its place.
template <class T>
concept completion_token = !std::same_as<std::remove_cvref_t<T>, write_options>;

template <message T>
struct decode_optional {
    result<std::optional<T>> operator()(result<std::optional<buffer>> r) const {
        if (r.has_error())
            return std::move(r).error();
        if (!r->has_value())
            return std::optional<T>();
        T m;
        // NOLINTNEXTLINE(bugprone-unchecked-optional-access): looked at above
        if (status s = codec<T>::decode((*r)->view(), m); !s.ok())
            return s;
        return std::optional<T>(std::move(m));
    }
};

} // namespace detail

/// The messages that a client streams to a handler.
template <message Request>
class server_reader {
public:
    explicit server_reader(server_messages& m) noexcept : messages_(m) {}

    /// Reads the next message.
    ///
    /// *Completion*: `void(result<std::optional<Request>>)` on the handler's executor, else the call's. Empty when the
    /// client sends no more.
    /// *Cancellation*: all types; stops the wait only, no message is lost.
    /// *Errors*: what ended the call, or the codec's complaint.
    template <class Token = boost::asio::deferred_t>
    auto async_read(Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(result<std::optional<Request>>)>(
            [](auto handler, server_messages* m) {
                m->read(detail::converting_handler{std::move(handler), detail::decode_optional<Request>()});
            },
            token, &messages_);
    }

protected:
    server_messages& messages_;
};

/// The messages that a handler streams to a client.
template <message Response>
class server_writer {
public:
    explicit server_writer(server_messages& m) noexcept : writer_(m) {}

    /// Sends a message. It is encoded before this returns.
    ///
    /// *Completion*: `void(result<void>)`, when the send queue has room for another message.
    /// *Cancellation*: all types; stops the wait only, the message is sent.
    /// *Errors*: what ended the call, RESOURCE_EXHAUSTED for a message over the limit, or the codec's complaint.
    template <detail::completion_token Token = boost::asio::deferred_t>
    auto async_write(Response const& m, Token&& token = {}) {
        return async_write(m, write_options(), std::forward<Token>(token));
    }
    template <class Token = boost::asio::deferred_t>
    auto async_write(Response const& m, write_options how, Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(result<void>)>(
            [](auto handler, server_messages* to, result<buffer> framed) {
                to->write(std::move(framed), std::move(handler));
            },
            token, &writer_, encode_framed(m, how));
    }

private:
    server_messages& writer_;
};

/// The messages of a bidirectional stream, as its handler sees them.
template <message Request, message Response>
class server_stream : public server_reader<Request>, public server_writer<Response> {
public:
    explicit server_stream(server_messages& m) noexcept : server_reader<Request>(m), server_writer<Response>(m) {}
};

} // namespace joust
