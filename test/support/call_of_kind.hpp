//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "support/loopback.hpp"

#include <string>
#include <utility>

namespace joust::test {

inline constexpr call_kind all_kinds[] = {call_kind::unary, call_kind::client_streaming, call_kind::server_streaming,
                                          call_kind::bidi_streaming};

/// Handlers of all kinds, for two requests or two answers where there may be many.
inline void add_echo_handlers(joust::server& server) {
    server.add(bytes_service::unary, echo_bytes::unary);
    server.add(bytes_service::client_stream, [](server_reader<octets>& in) -> asio::awaitable<result<octets>> {
        octets all;
        for (;;) {
            auto const next = co_await read(in);
            if (next.has_error())
                co_return next.error();
            if (!*next)
                co_return all;
            all += **next;
        }
    });
    server.add(bytes_service::server_stream, [](octets q, server_writer<octets>& out) -> asio::awaitable<void> {
        (co_await write(out, q)).value();
        (co_await write(out, q)).value();
    });
    server.add(bytes_service::bidi, echo_bytes::bidi);
}

/// What came of a call: its status and its answers, one after the other.
struct call_outcome {
    status outcome;
    std::string answers;
};

namespace detail {

template <class Call>
asio::awaitable<status> finish_any(Call& call, std::string& answers) {
    auto finishing = call.async_finish();
    auto const outcome = co_await std::move(finishing);
    if (outcome.has_error())
        co_return outcome.error();
    if constexpr (!std::is_void_v<typename decltype(outcome)::value_type>)
        answers += *outcome;
    co_return status();
}

} // namespace detail

/// Makes a call of this kind with the requests "1" and, where there may be two, "2".
inline asio::awaitable<call_outcome> call_of_kind(any_channel via, call_kind kind, call_options options = {}) {
    call_outcome made;
    octets const one = "1";
    octets const two = "2";
    if (kind == call_kind::unary) {
        auto calling = via.async_call(bytes_service::unary, one, std::move(options));
        auto const answer = co_await std::move(calling);
        made = answer.has_error() ? call_outcome{answer.error(), {}} : call_outcome{{}, *answer};
    } else if (kind == call_kind::client_streaming) {
        auto opening = via.async_open(bytes_service::client_stream, std::move(options));
        auto call = co_await std::move(opening);
        if (call.has_error()) {
            made.outcome = call.error();
            co_return made;
        }
        (void)co_await write(*call, one);
        (void)co_await write(*call, two);
        auto ending = call->async_writes_done();
        (void)co_await std::move(ending);
        auto finishing = detail::finish_any(*call, made.answers);
        made.outcome = co_await std::move(finishing);
    } else if (kind == call_kind::server_streaming) {
        auto opening = via.async_open(bytes_service::server_stream, one, std::move(options));
        auto call = co_await std::move(opening);
        if (call.has_error()) {
            made.outcome = call.error();
            co_return made;
        }
        for (;;) {
            auto const next = co_await read(*call);
            if (next.has_error() || !*next)
                break;
            made.answers += **next;
        }
        auto finishing = detail::finish_any(*call, made.answers);
        made.outcome = co_await std::move(finishing);
    } else {
        auto opening = via.async_open(bytes_service::bidi, std::move(options));
        auto call = co_await std::move(opening);
        if (call.has_error()) {
            made.outcome = call.error();
            co_return made;
        }
        for (int i = 0; i != 2; ++i) {
            (void)co_await write(*call, i == 0 ? one : two);
            auto const next = co_await read(*call);
            if (next.has_error() || !*next)
                break;
            made.answers += **next;
        }
        auto ending = call->async_writes_done();
        (void)co_await std::move(ending);
        auto finishing = detail::finish_any(*call, made.answers);
        made.outcome = co_await std::move(finishing);
    }
    co_return made;
}

} // namespace joust::test
