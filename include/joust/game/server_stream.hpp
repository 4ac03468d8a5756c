//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/game/call_payload.hpp"
#include "joust/game/responses.hpp"
#include "joust/game/stream_link.hpp"
#include "joust/rpc/converting_handler.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace joust::game {

namespace detail {

template <class In>
struct typed_slot final : request_slot {
    std::optional<In> value;

    status fill(std::string_view payload, call const& c) override {
        value.emplace();
        return decode_arguments(*value, c, payload);
    }
    bool fill_error(status const&) override { return false; }
};

template <class In>
struct typed_slot<result<In>> final : request_slot {
    std::optional<result<In>> value;

    status fill(std::string_view payload, call const& c) override {
        In good{};
        if (status bad = decode_arguments(good, c, payload); !bad.ok())
            return bad;
        value.emplace(std::move(good));
        return {};
    }
    bool fill_error(status const& why) override {
        value.emplace(why);
        return true;
    }
};

template <class In>
struct take_request {
    typed_slot<In>* from;

    result<std::optional<In>> operator()(result<bool> const& there) const {
        using read = result<std::optional<In>>; // a status may be an error of both, hence the tags
        if (there.has_error())
            return read(boost::system::in_place_error, there.error());
        if (!*there)
            return read(boost::system::in_place_value);
        return read(boost::system::in_place_value, std::exchange(from->value, std::nullopt));
    }
};

} // namespace detail

/// Lets one run of a method serve a whole StreamCall, or as much of it as it likes: requests and responses in any
/// number and order.
///
///     asio::awaitable<void> play(joust::game::server_stream<move, board>& s);
///
/// The first request that names the method begins it, and is the first that it reads; further requests for the method
/// are for this run while it lasts. A request for another method is answered with code 400 when it is read. When the
/// method has returned, the next request may name any method again. What it returns is a last answer, or an error;
/// nothing if that is `void`.
///
/// Requests whose arguments are no `In` are answered with code 400 and not shown. With `In` a `result<T>` they are, as
/// errors, and it is for the method to answer them.
///
/// A Call of such a method is answered with code 501. No time limit applies unless the method's options set one.
///
/// *Lifetime*: until the method is done. *Thread safety*: on the call's executor only.
template <class In, class Out>
class server_stream {
public:
    /// The answers are written so.
    server_stream(stream_link& link, payload_codec const* codec, json::encode_options const& how) noexcept
        : link_(link), codec_(codec), encoding_(how) {}
    server_stream(server_stream const&) = delete;
    server_stream& operator=(server_stream const&) = delete;
    ~server_stream() { link_.release(); }

    /// Reads the next request. One read may be under way at a time.
    ///
    /// *Completion*: `void(result<std::optional<In>>)`: empty when the client sends no more.
    /// *Cancellation*: all types; stops the wait only, no request is lost.
    /// *Errors*: what ended the call; an envelope that cannot be read, which is the end, too.
    template <class Token = boost::asio::deferred_t>
    auto async_read(Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(result<std::optional<In>>)>(
            [](auto handler, stream_link* link, detail::typed_slot<In>* slot) {
                link->read(*slot,
                           joust::detail::converting_handler{std::move(handler), detail::take_request<In>{slot}});
            },
            token, &link_, &slot_);
    }

    /// Sends an answer. It is encoded before this returns. One write may be under way at a time.
    ///
    /// *Completion*: `void(result<void>)`, when the send queue has room for another one.
    /// *Cancellation*: all types; stops the wait only, the answer is sent.
    /// *Errors*: what ended the call, or what makes the answer impossible to encode.
    template <class Token = boost::asio::deferred_t>
    auto async_write(Out const& answer, Token&& token = {}) {
        return answers().async_push(answer, std::forward<Token>(token));
    }

    /// Sends an error, as the answer to one request; the stream goes on. Otherwise as `async_write`.
    template <class Token = boost::asio::deferred_t>
    auto async_write_error(status why, Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(result<void>)>(
            [](auto handler, stream_link* link, status s) { link->push_error(std::move(s), std::move(handler)); },
            token, &link_, std::move(why));
    }

    /// What it writes, for a `broadcast`. *Lifetime*: as this.
    responses<Out> answers() const noexcept { return responses<Out>(link_, codec_, encoding_); }

private:
    stream_link& link_;
    payload_codec const* codec_;
    json::encode_options const& encoding_;
    detail::typed_slot<In> slot_;
};

} // namespace joust::game
