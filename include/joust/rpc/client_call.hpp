//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/channel_base.hpp"
#include "joust/rpc/server_stream.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace joust {

namespace detail {

/// The one message of a call that must have one.
template <message Response>
struct decode_message {
    result<Response> operator()(result<buffer> r) const {
        if (r.has_error())
            return std::move(r).error();
        Response m;
        if (status s = codec<Response>::decode(r->view(), m); !s.ok())
            return s;
        return m;
    }
};

} // namespace detail

/// A streaming call on the client's side, of any kind: a kind's missing operations do not compile.
///
///     auto call = co_await channel.async_open(chat, options);       // result<client_call<...>>
///     co_await call->async_write(line);
///     auto answer = co_await call->async_read();                    // result<std::optional<Response>>
///     co_await call->async_writes_done();
///     auto outcome = co_await call->async_finish();                 // result<void>
///
/// One read, one write and one finish may be under way at a time.
///
/// *Lifetime*: destroying it cancels the call.
/// *Thread safety*: distinct objects safe, shared objects unsafe.
template <message Request, message Response, call_kind Kind>
class client_call {
    static constexpr bool writes = Kind != call_kind::server_streaming;
    static constexpr bool reads = Kind != call_kind::client_streaming;

public:
    explicit client_call(std::shared_ptr<client_messages> messages) noexcept : messages_(std::move(messages)) {}
    client_call(client_call&&) noexcept = default;
    client_call& operator=(client_call&& other) noexcept {
        std::swap(messages_, other.messages_);
        return *this;
    }
    ~client_call() {
        if (messages_)
            messages_->cancel();
    }

    boost::asio::any_io_executor get_executor() const { return messages_->get_executor(); }

    /// Sends a message. It is encoded before this returns.
    ///
    /// *Completion*: `void(result<void>)`, when the send queue has room for another message.
    /// *Cancellation*: all types; stops the wait only, the message is sent.
    /// *Errors*: the call's status when it has ended, RESOURCE_EXHAUSTED for a message over the limit, the codec's.
    template <detail::completion_token Token = boost::asio::deferred_t>
    auto async_write(Request const& m, Token&& token = {})
        requires writes
    {
        return async_write(m, write_options(), std::forward<Token>(token));
    }
    template <class Token = boost::asio::deferred_t>
    auto async_write(Request const& m, write_options how, Token&& token = {})
        requires writes
    {
        return boost::asio::async_initiate<Token, void(result<void>)>(
            [](auto handler, std::shared_ptr<client_messages> to, result<buffer> framed) {
                to->write(std::move(framed), std::move(handler));
            },
            token, messages_, encode_framed(m, how));
    }

    /// Says that no more messages follow.
    ///
    /// *Completion*: `void(result<void>)`. *Cancellation*: none. *Errors*: the call's status when it has ended.
    template <class Token = boost::asio::deferred_t>
    auto async_writes_done(Token&& token = {})
        requires writes
    {
        return boost::asio::async_initiate<Token, void(result<void>)>(
            [](auto handler, std::shared_ptr<client_messages> to) { to->writes_done(std::move(handler)); }, token,
            messages_);
    }

    /// Reads the next message.
    ///
    /// *Completion*: `void(result<std::optional<Response>>)`: empty when the call has ended with OK.
    /// *Cancellation*: all types; stops the wait only, no message is lost: `read || timer` is safe.
    /// *Errors*: the call's status, once all messages have been read; the codec's complaint.
    template <class Token = boost::asio::deferred_t>
    auto async_read(Token&& token = {})
        requires reads
    {
        return boost::asio::async_initiate<Token, void(result<std::optional<Response>>)>(
            [](auto handler, std::shared_ptr<client_messages> from) {
                from->read(detail::converting_handler{std::move(handler), detail::decode_optional<Response>()});
            },
            token, messages_);
    }

    /// Waits for the server's initial metadata.
    ///
    /// *Completion*: `void(result<metadata>)`; empty when the server answered with a status only.
    /// *Cancellation*: all types; stops the wait only.
    template <class Token = boost::asio::deferred_t>
    auto async_read_initial_metadata(Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(result<metadata>)>(
            [](auto handler, std::shared_ptr<client_messages> from) {
                from->read_initial_metadata(std::move(handler));
            },
            token, messages_);
    }

    /// Waits for the call's status. Messages that were not read are dropped.
    ///
    /// *Completion*: `void(result<void>)`, the error being the status; client streaming: `void(result<Response>)`.
    /// *Cancellation*: `terminal` and `partial` cancel the call, `total` stops the wait only.
    template <class Token = boost::asio::deferred_t>
    auto async_finish(Token&& token = {}) {
        if constexpr (reads)
            return boost::asio::async_initiate<Token, void(result<void>)>(
                [](auto handler, std::shared_ptr<client_messages> from) { from->finish(std::move(handler)); }, token,
                messages_);
        else
            return boost::asio::async_initiate<Token, void(result<Response>)>(
                [](auto handler, std::shared_ptr<client_messages> from) {
                    from->finish_with_message(
                        detail::converting_handler{std::move(handler), detail::decode_message<Response>()});
                },
                token, messages_);
    }

    /// Ends the call with CANCELLED; the connection stays usable.
    void cancel() { messages_->cancel(); }

    /// Whether the message that was read last came compressed. Valid between two reads.
    bool message_compressed() const { return messages_->message_compressed(); }

    /// What came with the status. Valid once `async_finish` has completed.
    metadata const& trailing_metadata() const { return messages_->trailing_metadata(); }

private:
    std::shared_ptr<client_messages> messages_;
};

} // namespace joust
