//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/answer.hpp"
#include "joust/game/client_options.hpp"
#include "joust/game/json.hpp"
#include "joust/rpc/channel_base.hpp"
#include "joust/rpc/converting_handler.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/json/fwd.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::game {

/// A StreamCall: requests out, answers back, in order.
///
///     auto stream = co_await logic.async_open_stream("batch_update");
///     co_await stream->async_write(player{"1"});
///     auto reply = co_await stream->async_read<bool>();          // result<std::optional<answer<bool>>>
///     co_await stream->async_writes_done();
///     co_await stream->async_finish();
///
/// One read and one write may be under way at a time.
///
/// *Lifetime*: destroying it cancels the call. *Thread safety*: distinct objects safe, shared objects unsafe.
class stream {
public:
    stream(stream&&) noexcept = default;
    stream& operator=(stream&& other) noexcept;
    ~stream();

    /// Sends a request with these arguments, for the method that the stream was opened with.
    ///
    /// *Completion*: `void(result<void>)`, when the send queue has room for another one.
    /// *Cancellation*: all types; stops the wait only, the request is sent.
    /// *Errors*: the call's status when it has ended; what makes the arguments impossible to encode.
    template <class Arguments, class Token = boost::asio::deferred_t>
    auto async_write(Arguments const& arguments, Token&& token = {}) {
        buffer bytes;
        status encoded = payload<Arguments>::encode(bytes, arguments, target_.codec.get(), encoding_);
        return start_write(encoded.ok() ? frame(bytes.view()) : result<buffer>(std::move(encoded)),
                           std::forward<Token>(token));
    }

    /// The same without arguments.
    template <class Token = boost::asio::deferred_t>
    auto async_write(no_arguments_t, Token&& token = {}) {
        return start_write(frame({}), std::forward<Token>(token));
    }

    /// Reads the next answer.
    ///
    /// *Completion*: `void(result<std::optional<answer<T>>>)`: empty when the server has answered everything.
    /// *Cancellation*: all types; stops the wait only, no answer is lost.
    /// *Errors*: the call's status; an envelope or payload that cannot be read.
    template <class T = boost::json::value, class Token = boost::asio::deferred_t>
    auto async_read(Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(result<std::optional<answer<T>>>)>(
            [](auto handler, std::shared_ptr<client_messages> from, decode_next<T> decode) {
                from->read(joust::detail::converting_handler{std::move(handler), std::move(decode)});
            },
            token, messages_, decode_next<T>{decoding_, target_.codec, target_.memory, count_});
    }

    /// Says that no more requests follow. *Completion*: `void(result<void>)`.
    template <class Token = boost::asio::deferred_t>
    auto async_writes_done(Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(result<void>)>(
            [](auto handler, std::shared_ptr<client_messages> to) { to->writes_done(std::move(handler)); }, token,
            messages_);
    }

    /// Waits for the end of the call; answers that were not read are dropped.
    ///
    /// *Completion*: `void(result<void>)`, the error being the gRPC status.
    /// *Cancellation*: `terminal` and `partial` cancel the call, `total` stops the wait only.
    template <class Token = boost::asio::deferred_t>
    auto async_finish(Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(result<void>)>(
            [](auto handler, std::shared_ptr<client_messages> from) { from->finish(std::move(handler)); }, token,
            messages_);
    }

    /// The gRPC metadata that came with the status. Valid once `async_finish` has completed.
    metadata const& trailing_metadata() const { return messages_->trailing_metadata(); }

    /// Ends the call with CANCELLED.
    void cancel() { messages_->cancel(); }

    boost::asio::any_io_executor get_executor() const { return messages_->get_executor(); }

private:
    friend class client;

    template <class T>
    struct decode_next {
        json::decode_options how;
        any_codec codec;
        std::shared_ptr<detail::codec_memory> memory;
        std::shared_ptr<detail::stream_count> count;

        result<std::optional<answer<T>>> operator()(result<std::optional<buffer>> const& r) const {
            if (r.has_error()) {
                count->end_all(detail::outcome_code(r));
                return r.error();
            }
            if (!r->has_value())
                return std::optional<answer<T>>();
            answer<T> next(status(), false);
            auto const bytes = detail::open_envelope((*r)->view(), &next.more);
            next.value =
                bytes.has_value() ? detail::decode_payload<T>(*bytes, how, codec.get()) : result<T>(bytes.error());
            if (next.more)
                count->add((*r)->size());
            else
                count->end(detail::outcome_code(next.value), (*r)->size());
            if (codec != nullptr && bytes.has_error() && is_codec_refusal(bytes.error()))
                memory->refused(detail::codec_memory::clock::now());
            if (bytes.has_error() && bytes.error().application_code() == 0)
                return bytes.error(); // no envelope at all
            return std::optional<answer<T>>(std::move(next));
        }
    };

    struct target {
        std::string service;
        std::string method;
        std::vector<std::pair<std::string, std::string>> metadata;
        bool many_answers = false;
        any_codec codec = {}; ///< null for JSON
        std::shared_ptr<detail::codec_memory> memory = {};
    };

    stream(std::shared_ptr<client_messages> messages, target to, json::encode_options encoding,
           json::decode_options decoding, std::shared_ptr<detail::stream_count> count);

    result<buffer> frame(std::string_view payload) const;

    template <class Token>
    auto start_write(result<buffer> framed, Token&& token) {
        return boost::asio::async_initiate<Token, void(result<void>)>(
            [](auto handler, std::shared_ptr<client_messages> to, result<buffer> bytes,
               std::shared_ptr<detail::stream_count> count) {
                if (bytes.has_value()) // else there is no request
                    count->begin(bytes->size());
                to->write(std::move(bytes), std::move(handler));
            },
            token, messages_, std::move(framed), count_);
    }

    std::shared_ptr<client_messages> messages_;
    target target_;
    json::encode_options encoding_;
    json::decode_options decoding_;
    std::shared_ptr<detail::stream_count> count_;
};

} // namespace joust::game
