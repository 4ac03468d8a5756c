//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/channel.hpp"
#include "joust/game/answer.hpp"
#include "joust/game/arguments.hpp"
#include "joust/game/client_options.hpp"
#include "joust/game/client_stream.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/json/value.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::game {

/// Calls methods of JSON services by name.
///
///     joust::game::client logic(executor, "logic-service:50051");
///     joust::result<player> p = co_await logic.async_call<player>("get_player_info", player_query{"123"});
///
/// A name is `"method"`, of the service that the client is for, or `"service.method"`: see `resolve_name`.
///
/// *Errors of calls*: the status that the answer's code means (its `application_code()` is the code itself), the
/// call's own status, INVALID_ARGUMENT for a name without a service, and INTERNAL for an answer that is no `T`.
/// *Lifetime*: a cheap handle; calls keep what they need. *Thread safety*: safe.
class client {
    template <class T, class Token>
    auto start_call(result<buffer> framed, call_options options, Token&& token) const {
        return boost::asio::async_initiate<Token, void(result<T>)>(
            [](auto handler, client self, result<buffer> out, call_options o) {
                self.start_unary(
                    std::move(out), std::move(o),
                    joust::detail::converting_handler{std::move(handler), detail::decode_answer<T>{self.decoding()}});
            },
            token, *this, std::move(framed), std::move(options));
    }

public:
    /// Throws `std::invalid_argument` when an option is out of range.
    client(boost::asio::any_io_executor executor, std::string_view address, client_options options);
    /// Calls over somebody's channel; `address` is for the service name only, `options.channel` for nothing.
    client(any_channel channel, std::string_view address, client_options options);
    /// The same with the default options. Not default arguments: in an expression with a `co_await` GCC 12 would
    /// destroy them twice.
    client(boost::asio::any_io_executor executor, std::string_view address);
    client(any_channel channel, std::string_view address);

    boost::asio::any_io_executor get_executor() const { return channel_.get_executor(); }

    /// Calls a method with described arguments, or `no_arguments`. They are encoded before this returns.
    ///
    /// *Completion*: `void(result<T>)` on the handler's executor, else the client's. `T` may be `void`.
    /// *Cancellation*: `terminal` and `partial` cancel the call, `total` while nothing was sent.
    template <class T = boost::json::value, class Arguments, class Token = boost::asio::deferred_t>
        requires(!std::same_as<Arguments, arguments>)
    auto async_call(std::string_view name, Arguments const& arguments, call_options options = {},
                    Token&& token = {}) const {
        result<buffer> framed = request(name, arguments, options); // before the options are moved from
        return start_call<T>(std::move(framed), std::move(options), std::forward<Token>(token));
    }

    /// Calls a method without arguments.
    template <class T = boost::json::value>
    auto async_call(std::string_view name) const {
        return async_call<T>(name, no_arguments);
    }

    /// Calls a method with arguments written by hand: `async_call("get_player_info", {{"player_id", "123"}})`.
    template <class T = boost::json::value, class Token = boost::asio::deferred_t>
    auto async_call(std::string_view name, arguments const& with, call_options options = {}, Token&& token = {}) const {
        return async_call<T>(name, with.value(), std::move(options), std::forward<Token>(token));
    }

    /// Opens a stream of calls of one method.
    ///
    /// *Completion*: `void(result<stream>)`, as soon as the call has a stream on a connection.
    /// *Cancellation*: as `async_call`.
    template <class Token = boost::asio::deferred_t>
    auto async_open_stream(std::string_view name, call_options options = {}, Token&& token = {}) const {
        return boost::asio::async_initiate<Token, void(result<stream>)>(
            [](auto handler, client self, std::string method, call_options o) {
                self.open_stream(method, std::move(o), [&](auto wrap) {
                    return joust::detail::converting_handler{std::move(handler), std::move(wrap)};
                });
            },
            token, *this, std::string(name), std::move(options));
    }

    /// Sends a request for each element of a range and gathers the answers: one each, in order.
    ///
    /// *Completion*: `void(result<std::vector<result<T>>>)`: each answer succeeds or fails on its own.
    /// *Cancellation*: as `async_call`.
    template <class T, class Range, class Token = boost::asio::deferred_t>
    auto async_stream_call(std::string_view name, Range const& requests, call_options options = {},
                           Token&& token = {}) const {
        std::vector<result<buffer>> framed;
        options.many_answers = false;
        for (auto const& r : requests)
            framed.push_back(request(name, r, options));
        return boost::asio::async_initiate<Token, void(result<std::vector<result<T>>>)>(
            [](auto handler, client self, std::vector<result<buffer>> out, call_options o) {
                self.exchange(std::move(out), std::move(o),
                              joust::detail::converting_handler{std::move(handler), decode_all<T>{self.decoding()}});
            },
            token, *this, std::move(framed), std::move(options));
    }

private:
    using exchange_handler = boost::asio::any_completion_handler<void(result<std::vector<buffer>>)>;

    struct settings;

    template <class T>
    struct decode_all {
        json::decode_options how;

        result<std::vector<result<T>>> operator()(result<std::vector<buffer>> const& r) const {
            if (r.has_error())
                return r.error();
            std::vector<result<T>> answers;
            answers.reserve(r->size());
            for (buffer const& one : *r)
                answers.push_back(detail::decode_answer<T>{how}(one));
            return answers;
        }
    };

    /// What makes a `stream` of an opened call.
    struct wrap_stream {
        stream::target to;
        json::encode_options encoding;
        json::decode_options decoding;

        result<stream> operator()(result<std::shared_ptr<client_messages>> r);
    };

    template <class Arguments>
    result<buffer> request(std::string_view name, Arguments const& arguments, call_options const& options) const {
        if constexpr (std::same_as<Arguments, no_arguments_t>) {
            return frame(name, {}, options);
        } else {
            buffer json;
            if (status s = json::encode(json, arguments, encoding()); !s.ok())
                return s;
            return frame(name, json.view(), options);
        }
    }

    template <class MakeHandler>
    void open_stream(std::string_view name, call_options options, MakeHandler make_handler) const {
        result<stream::target> to = stream_target(name, options);
        if (to.has_error())
            return start_stream_failed(to.error(), make_handler(wrap_stream{}));
        start_stream(std::move(options), make_handler(wrap_stream{std::move(*to), encoding(), decoding()}));
    }

    json::encode_options const& encoding() const noexcept;
    json::decode_options const& decoding() const noexcept;
    result<buffer> frame(std::string_view name, std::string_view json, call_options const& options) const;
    result<stream::target> stream_target(std::string_view name, call_options const& options) const;
    void start_unary(result<buffer> framed, call_options options, channel_base::unary_handler_type handler) const;
    void start_stream(call_options options, channel_base::open_handler_type handler) const;
    std::shared_ptr<channel_base> for_streams(call_options const& options) const;
    void start_stream_failed(status why, channel_base::open_handler_type handler) const;
    void exchange(std::vector<result<buffer>> requests, call_options options, exchange_handler handler) const;

    any_channel channel_;
    std::shared_ptr<settings const> settings_;
};

/// Calls one method of one address; the connection is made for this call and closed after it.
///
/// *Completion*: `void(result<T>)`.
template <class T = boost::json::value, class Arguments, class Token = boost::asio::deferred_t>
auto async_call(boost::asio::any_io_executor executor, std::string_view address, std::string_view name,
                Arguments const& arguments, call_options options = {}, Token&& token = {}) {
    return client(std::move(executor), address, options_for_one_call())
        .template async_call<T>(name, arguments, std::move(options), std::forward<Token>(token));
}

/// The same on the executor of the completion handler: inside a coroutine, `co_await joust::game::async_call(...)`.
template <class T = boost::json::value, class Arguments, class Token = boost::asio::deferred_t>
auto async_call(std::string_view address, std::string_view name, Arguments const& arguments, call_options options = {},
                Token&& token = {}) {
    return boost::asio::async_initiate<Token, void(result<T>)>(
        [](auto handler, std::string to, std::string method, Arguments const& with, call_options o) {
            auto const executor = boost::asio::get_associated_executor(handler);
            static_assert(std::convertible_to<decltype(executor), boost::asio::any_io_executor> &&
                              !std::same_as<std::remove_cv_t<decltype(executor)>, boost::asio::system_executor>,
                          "the completion handler has no executor of its own: pass one first");
            client(executor, to, options_for_one_call())
                .template async_call<T>(method, with, std::move(o), std::move(handler));
        },
        token, std::string(address), std::string(name), arguments, std::move(options));
}

} // namespace joust::game
