//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/result.hpp"
#include "joust/game/payload.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <utility>

namespace joust::game {

/// Where the answers of one request go, as payloads.
class answer_sink {
public:
    using handler_type = boost::asio::any_completion_handler<void(result<void>)>;

    /// Takes over one answer.
    virtual void push(result<buffer> payload, handler_type handler) = 0;

protected:
    ~answer_sink() = default;
};

/// Lets a method answer one request with any number of answers, before what it returns:
///
///     asio::awaitable<void> history(history_query q, joust::game::responses<line>& out);
///
/// A client that asks for many answers (`call_options::many_answers`) gets each as it is pushed, with the message
/// `more`, and at last what the method returns. Any other client gets one answer: an array of the pushed ones, with
/// what the method returns at its end unless that is nothing.
///
/// *Lifetime*: until the method is done. *Thread safety*: on the call's executor only.
template <class T>
class responses {
public:
    /// `codec` is null for JSON.
    explicit responses(answer_sink& to, payload_codec const* codec = nullptr,
                       json::encode_options const& how = {}) noexcept
        : to_(to), codec_(codec), how_(how) {}

    /// Pushes an answer. It is encoded before this returns. One push may be under way at a time.
    ///
    /// *Completion*: `void(result<void>)`, when the send queue has room for another one.
    /// *Cancellation*: all types; stops the wait only, the answer is sent.
    /// *Errors*: what ended the call, or what makes the answer impossible to encode.
    template <class Token = boost::asio::deferred_t>
    auto async_push(T const& answer, Token&& token = {}) {
        buffer bytes;
        status failed = payload<T>::encode(bytes, answer, codec_, how_);
        if (!failed.ok())
            failed = detail::unwritable(std::move(failed));
        return boost::asio::async_initiate<Token, void(result<void>)>(
            [](auto handler, answer_sink* to, result<buffer> out) { to->push(std::move(out), std::move(handler)); },
            token, &to_, failed.ok() ? result<buffer>(std::move(bytes)) : result<buffer>(std::move(failed)));
    }

    /// Where they go as payloads, and how they become some.
    answer_sink& sink() const noexcept { return to_; }
    payload_codec const* codec() const noexcept { return codec_; }
    json::encode_options const& encoding() const noexcept { return how_; }

private:
    answer_sink& to_;
    payload_codec const* codec_;
    json::encode_options how_;
};

} // namespace joust::game
