//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/handler.hpp"
#include "joust/rpc/method.hpp"
#include "joust/rpc/server_stream.hpp"

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace joust::detail {

template <class T>
inline constexpr bool is_awaitable = false;
template <class T, class Executor>
inline constexpr bool is_awaitable<boost::asio::awaitable<T, Executor>> = true;

/// Calls `f(args...)` with or without the context at the end, whichever it takes.
template <class F, class... Args>
decltype(auto) call_with_context(F& f, call_context& context, Args&&... args) {
    if constexpr (std::invocable<F&, Args..., call_context&>)
        return f(std::forward<Args>(args)..., context);
    else
        return f(std::forward<Args>(args)...);
}

template <class F, class... Args>
concept handles = std::invocable<F&, Args...> || std::invocable<F&, Args..., call_context&>;

template <class F, class... Args>
using handler_result =
    decltype(call_with_context(std::declval<F&>(), std::declval<call_context&>(), std::declval<Args>()...));

/// What a handler answered, as a status and bytes.
template <message Response>
status encode_answer(Response const& answer, buffer& response) {
    return codec<Response>::encode(answer, response);
}

template <message Response>
status encode_answer(result<Response> const& answer, buffer& response) {
    if (answer.has_error())
        return answer.error().ok() ? status(status_code::internal, "the handler returned an error with the status OK")
                                   : answer.error();
    return codec<Response>::encode(*answer, response);
}

inline status to_status(status s) {
    return s;
}

inline status to_status(result<void> const& r) {
    return r.has_error() ? r.error() : status();
}

/// `f` takes a request and gives a response: at once, or as an awaitable.
template <message Request, message Response, class F>
class typed_unary_handler final : public unary_handler {
    using answer = handler_result<F, Request>;

public:
    explicit typed_unary_handler(F f) : f_(std::move(f)) {}

    std::optional<status> invoke(call_context& context, std::string_view bytes, buffer& response) override {
        if constexpr (is_awaitable<answer>) {
            return std::nullopt;
        } else {
            Request request;
            if (status s = codec<Request>::decode(bytes, request); !s.ok())
                return s;
            return encode_answer<Response>(call_with_context(f_, context, std::move(request)), response);
        }
    }

    bool answers_at_once() const noexcept override { return !is_awaitable<answer>; }

    boost::asio::awaitable<status> start(call_context& context, std::string_view bytes, buffer& response) override {
        if constexpr (is_awaitable<answer>) {
            Request request;
            if (status s = codec<Request>::decode(bytes, request); !s.ok())
                co_return s;
            auto running = call_with_context(f_, context, std::move(request));
            auto const answered = co_await std::move(running);
            co_return encode_answer<Response>(answered, response);
        } else {
            co_return status(status_code::internal, "a plain handler has no coroutine");
        }
    }

private:
    F f_;
};

template <message Request, message Response, class F>
class typed_client_streaming_handler final : public stream_handler {
public:
    explicit typed_client_streaming_handler(F f) : f_(std::move(f)) {}

    boost::asio::awaitable<status> start(call_context& context, server_messages& messages) override {
        server_reader<Request> reader(messages);
        auto running = call_with_context(f_, context, reader);
        auto const answered = co_await std::move(running);
        auto framed = make_framed([&](buffer& out) { return encode_answer<Response>(answered, out); });
        auto writing = co_write(messages, std::move(framed));
        co_return to_status(co_await std::move(writing));
    }

    static auto co_write(server_messages& messages, result<buffer> framed) {
        return boost::asio::async_initiate<boost::asio::deferred_t const, void(result<void>)>(
            [](auto handler, server_messages* to, result<buffer> bytes) {
                to->write(std::move(bytes), std::move(handler));
            },
            boost::asio::deferred, &messages, std::move(framed));
    }

private:
    F f_;
};

/// Runs a handler that gives nothing, a status or a `result<void>`. A class, because GCC 12 warns of the linkage of a
/// lambda that is an argument of a coroutine outside of one.
template <class F>
struct stream_handler_runner {
    template <class... Args>
    static boost::asio::awaitable<status> run(F& f, call_context& context, Args... args) {
        auto running = call_with_context(f, context, std::forward<Args>(args)...);
        using value = typename decltype(running)::value_type;
        if constexpr (std::is_void_v<value>) {
            co_await std::move(running);
            co_return status();
        } else {
            co_return to_status(co_await std::move(running));
        }
    }
};

template <message Request, message Response, class F>
class typed_server_streaming_handler final : public stream_handler {
public:
    explicit typed_server_streaming_handler(F f) : f_(std::move(f)) {}

    boost::asio::awaitable<status> start(call_context& context, server_messages& messages) override {
        server_reader<Request> reader(messages);
        auto reading = reader.async_read();
        result<std::optional<Request>> first = co_await std::move(reading);
        if (first.has_error())
            co_return first.error();
        if (!first->has_value())
            co_return status(status_code::unimplemented, "the request must have one message, this one has none");
        auto ending = reader.async_read();
        result<std::optional<Request>> const second = co_await std::move(ending);
        if (second.has_value() && second->has_value())
            co_return status(status_code::unimplemented, "the request must have one message, this one has more");
        server_writer<Response> writer(messages);
        auto running = stream_handler_runner<F>::template run<Request, server_writer<Response>&>(
            // NOLINTNEXTLINE(bugprone-unchecked-optional-access): looked at above
            f_, context, std::move(**first), writer);
        co_return co_await std::move(running);
    }

private:
    F f_;
};

template <message Request, message Response, class F>
class typed_bidi_streaming_handler final : public stream_handler {
public:
    explicit typed_bidi_streaming_handler(F f) : f_(std::move(f)) {}

    boost::asio::awaitable<status> start(call_context& context, server_messages& messages) override {
        server_stream<Request, Response> stream(messages);
        auto running = stream_handler_runner<F>::template run<server_stream<Request, Response>&>(f_, context, stream);
        co_return co_await std::move(running);
    }

private:
    F f_;
};

} // namespace joust::detail
