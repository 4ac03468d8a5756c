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
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace joust::game {

struct client_statistics;

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
    auto start_call(result<buffer> framed, std::shared_ptr<detail::call_codec> codec, call_options options,
                    Token&& token) const {
        return boost::asio::async_initiate<Token, void(result<T>)>(
            [](auto handler, client self, result<buffer> out, std::shared_ptr<detail::call_codec> with,
               call_options o) {
                detail::decode_answer<T> decode{self.decoding(), with, self.count(out)};
                if constexpr (requires { decode.origin; })
                    o.origin = decode.origin.get();
                self.start_unary(std::move(out), std::move(with), std::move(o),
                                 joust::detail::converting_handler{std::move(handler), std::move(decode)});
            },
            token, *this, std::move(framed), std::move(codec), std::move(options));
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
    /// *Completion*: `void(result<T>)` on the handler's executor, else the client's. `T` may be `void`, or an
    /// `answered<T>`, which tells where the answer came from.
    /// *Cancellation*: `terminal` and `partial` cancel the call, `total` while nothing was sent.
    template <class T = boost::json::value, class Arguments, class Token = boost::asio::deferred_t>
        requires(!std::same_as<Arguments, arguments>)
    auto async_call(std::string_view name, Arguments const& arguments, call_options options = {},
                    Token&& token = {}) const {
        any_codec const codec = codec_for(options);
        result<buffer> framed = request(name, arguments, options, codec.get()); // before the options are moved from
        return start_call<T>(std::move(framed), share<Arguments>(codec), std::move(options),
                             std::forward<Token>(token));
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
        any_codec const codec = codec_for(options);
        for (auto const& r : requests)
            framed.push_back(request(name, r, options, codec.get()));
        using arguments_type = std::remove_cvref_t<decltype(*std::begin(requests))>;
        return boost::asio::async_initiate<Token, void(result<std::vector<result<T>>>)>(
            [](auto handler, client self, std::vector<result<buffer>> out, std::shared_ptr<detail::call_codec> with,
               call_options o) {
                decode_all<T> decode{self.decoding(), with, self.count(out)};
                self.exchange(std::move(out), std::move(with), std::move(o),
                              joust::detail::converting_handler{std::move(handler), std::move(decode)});
            },
            token, *this, std::move(framed), share<arguments_type>(codec), std::move(options));
    }

    /// What became of the calls of this client and its copies so far, and what its channel is doing. See
    /// statistics.hpp.
    client_statistics statistics() const;

private:
    using exchange_handler = boost::asio::any_completion_handler<void(result<std::vector<buffer>>)>;

    struct settings;

    template <class T>
    struct decode_all {
        json::decode_options how;
        std::shared_ptr<detail::call_codec> codec;
        std::vector<detail::call_count> counts; // of the requests

        result<std::vector<result<T>>> operator()(result<std::vector<buffer>> const& r) {
            if (r.has_error()) {
                for (detail::call_count& each : counts)
                    each.end(detail::outcome_code(r), 0);
                return r.error();
            }
            std::vector<result<T>> answers;
            answers.reserve(r->size());
            payload_codec const* const used = codec == nullptr ? nullptr : codec->used.get();
            for (buffer const& one : *r) {
                result<T> const& answer = answers.emplace_back(detail::decode_envelope<T>(one.view(), how, used));
                counts[answers.size() - 1].end(detail::outcome_code(answer), one.size());
            }
            return answers;
        }
    };

    /// What makes a `stream` of an opened call.
    struct wrap_stream {
        stream::target to;
        json::encode_options encoding;
        json::decode_options decoding;
        std::shared_ptr<detail::stream_count> count;

        result<stream> operator()(result<std::shared_ptr<client_messages>> r);
    };

    template <class Arguments>
    result<buffer> request(std::string_view name, Arguments const& arguments, call_options const& options,
                           payload_codec const* codec) const {
        if constexpr (std::same_as<Arguments, no_arguments_t>) {
            return frame(name, {}, options, codec);
        } else {
            buffer bytes;
            if (status s = payload<Arguments>::encode(bytes, arguments, codec, encoding()); !s.ok())
                return s;
            return frame(name, bytes.view(), options, codec);
        }
    }

    template <class Arguments>
    static std::shared_ptr<detail::call_codec> share(any_codec const& codec) {
        if (codec == nullptr)
            return nullptr;
        if constexpr (std::same_as<Arguments, no_arguments_t>)
            return std::make_shared<detail::call_codec>(codec, nullptr);
        else
            return std::make_shared<detail::call_codec>(codec, &payload<Arguments>::to_json);
    }

    template <class MakeHandler>
    void open_stream(std::string_view name, call_options options, MakeHandler make_handler) const {
        result<stream::target> to = stream_target(name, options);
        if (to.has_error())
            return start_stream_failed(to.error(), make_handler(wrap_stream{}));
        start_stream(std::move(options),
                     make_handler(wrap_stream{std::move(*to), encoding(), decoding(), count_stream()}));
    }

    json::encode_options const& encoding() const noexcept;
    json::decode_options const& decoding() const noexcept;
    detail::call_count count(result<buffer> const& framed) const;
    std::vector<detail::call_count> count(std::vector<result<buffer>> const& framed) const;
    std::shared_ptr<detail::stream_count> count_stream() const;
    /// The codec that a call is sent in, null for JSON: the one of the options, unless servers were found not to know
    /// it.
    any_codec codec_on_wire(call_options const& options) const;
    /// The codec that its arguments are written in: JSON where interceptors and fallbacks see them.
    any_codec codec_for(call_options const& options) const;
    std::shared_ptr<channel_base> channel_for_surrounded(call_options const& options) const;
    result<buffer> frame(std::string_view name, std::string_view payload, call_options const& options,
                         payload_codec const* codec) const;
    result<stream::target> stream_target(std::string_view name, call_options const& options) const;
    void start_unary(result<buffer> framed, std::shared_ptr<detail::call_codec> codec, call_options options,
                     channel_base::unary_handler_type handler) const;
    void start_stream(call_options options, channel_base::open_handler_type handler) const;
    std::shared_ptr<channel_base> for_streams(call_options const& options) const;
    void start_stream_failed(status why, channel_base::open_handler_type handler) const;
    void exchange(std::vector<result<buffer>> requests, std::shared_ptr<detail::call_codec> codec, call_options options,
                  exchange_handler handler) const;

    any_channel channel_;
    std::shared_ptr<settings const> settings_;
};

/// Calls one method of one address; the connection is made for this call and closed after it.
///
/// *Completion*: `void(result<T>)`.
template <class T = boost::json::value, class Arguments, class Token = boost::asio::deferred_t>
    requires(!std::same_as<Arguments, arguments>)
auto async_call(boost::asio::any_io_executor executor, std::string_view address, std::string_view name,
                Arguments const& arguments, call_options options = {}, Token&& token = {}) {
    return client(std::move(executor), address, options_for_one_call())
        .template async_call<T>(name, arguments, std::move(options), std::forward<Token>(token));
}

/// The same on the executor of the completion handler: inside a coroutine, `co_await joust::game::async_call(...)`.
template <class T = boost::json::value, class Arguments, class Token = boost::asio::deferred_t>
    requires(!std::same_as<Arguments, arguments>)
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

/// Both with arguments written by hand, as `client::async_call` takes them.
template <class T = boost::json::value, class Token = boost::asio::deferred_t>
auto async_call(boost::asio::any_io_executor executor, std::string_view address, std::string_view name,
                arguments const& with, call_options options = {}, Token&& token = {}) {
    return async_call<T>(std::move(executor), address, name, with.value(), std::move(options),
                         std::forward<Token>(token));
}
template <class T = boost::json::value, class Token = boost::asio::deferred_t>
auto async_call(std::string_view address, std::string_view name, arguments const& with, call_options options = {},
                Token&& token = {}) {
    return async_call<T>(address, name, with.value(), std::move(options), std::forward<Token>(token));
}

/// And without any.
template <class T = boost::json::value>
auto async_call(std::string_view address, std::string_view name) {
    return async_call<T>(address, name, no_arguments);
}

} // namespace joust::game
