//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "expectations.hpp"
#include "joust/client/channel.hpp"
#include "joust/core/result.hpp"
#include "support/echo_service.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the cases of echo_client are written with: the calls of joust.test.Echo.
//
// Every awaited operation has a name of its own: GCC 12 destroys some temporaries of such an expression twice.

namespace joust::test {

namespace asio = boost::asio;
using asio::awaitable;
using namespace std::chrono_literals;

/// No call takes this long.
inline constexpr std::chrono::seconds call_limit{10};

// --- what is sent ---------------------------------------------------------------------------------------------------

inline constexpr std::string_view awkward = "100% größer\t你好 🎲";

inline std::string every_byte() {
    std::string all;
    for (int c = 0; c != 256; ++c)
        all.push_back(static_cast<char>(c));
    return all;
}

/// A request, for designated initialisers. The texts have to live until it is sent.
struct fields {
    std::string_view text = {};
    int count = 0;
    int delay_ms = 0;
    int fail_code = 0;
    std::string_view fail_message = {};
    std::string_view data = {};
};

inline EchoRequest request(fields const& f) {
    EchoRequest q;
    q.set_text(f.text.data(), f.text.size());
    q.set_count(f.count);
    q.set_delay_ms(f.delay_ms);
    q.set_fail_code(f.fail_code);
    q.set_fail_message(f.fail_message.data(), f.fail_message.size());
    q.set_data(f.data.data(), f.data.size());
    return q;
}

inline call_options in_time() {
    call_options options;
    options.timeout = call_limit;
    return options;
}

// --- calls ----------------------------------------------------------------------------------------------------------

using server_streaming_call = client_call<EchoRequest, EchoReply, call_kind::server_streaming>;
using bidi_call = client_call<EchoRequest, EchoReply, call_kind::bidi_streaming>;

inline awaitable<void> sleep(std::chrono::steady_clock::duration time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

// Options and requests become temporaries in functions that are no coroutines, out of reach of that bug.

inline awaitable<result<EchoReply>> start_unary(channel via, EchoRequest q, call_options options) {
    auto calling = via.async_call(echo::unary, q, std::move(options));
    co_return co_await std::move(calling);
}
inline awaitable<result<EchoReply>> unary(channel const& via, fields const& f, call_options const& options) {
    return start_unary(via, request(f), options);
}
inline awaitable<result<EchoReply>> unary(channel const& via, fields const& f) {
    return unary(via, f, in_time());
}

/// Sends them all, as far as the server lets it.
inline awaitable<result<EchoReply>> client_stream(channel via, std::vector<fields> requests) {
    auto opening = via.async_open(echo::client_stream, in_time());
    auto call = (co_await std::move(opening)).value();
    result<void> sent;
    for (fields const& f : requests) {
        auto writing = call.async_write(request(f));
        sent = co_await std::move(writing);
        if (sent.has_error())
            break;
    }
    if (sent.has_value()) {
        auto ending = call.async_writes_done();
        (void)co_await std::move(ending); // an error is the call's, which finish gives
    }
    auto finishing = call.async_finish();
    co_return co_await std::move(finishing);
}

inline awaitable<server_streaming_call> start_server_stream(channel via, EchoRequest q, call_options options) {
    auto opening = via.async_open(echo::server_stream, q, std::move(options));
    co_return (co_await std::move(opening)).value();
}
inline awaitable<server_streaming_call> server_stream(channel const& via, fields const& f,
                                                      call_options const& options) {
    return start_server_stream(via, request(f), options);
}
inline awaitable<server_streaming_call> server_stream(channel const& via, fields const& f) {
    return server_stream(via, f, in_time());
}

inline awaitable<bidi_call> bidi_stream(channel via) {
    auto opening = via.async_open(echo::bidi_stream, in_time());
    co_return (co_await std::move(opening)).value();
}

inline awaitable<void> start_write(bidi_call& to, EchoRequest q) {
    auto writing = to.async_write(q);
    (co_await std::move(writing)).value();
}
inline awaitable<void> write(bidi_call& to, fields const& f) {
    return start_write(to, request(f));
}

inline awaitable<void> writes_done(bidi_call& of) {
    auto ending = of.async_writes_done();
    (co_await std::move(ending)).value();
}

template <class Call>
awaitable<result<std::optional<EchoReply>>> read(Call& from) {
    auto reading = from.async_read();
    co_return co_await std::move(reading);
}

template <class Call>
awaitable<result<void>> finish(Call& of) {
    auto finishing = of.async_finish();
    co_return co_await std::move(finishing);
}

/// The replies up to the end, and the call's status.
struct replies {
    std::vector<EchoReply> all;
    result<void> outcome;
};

template <class Call>
awaitable<replies> rest(Call& from) {
    replies r;
    for (;;) {
        result<std::optional<EchoReply>> next = co_await read(from);
        if (next.has_error() || !next->has_value())
            break;
        r.all.push_back(std::move(**next));
    }
    r.outcome = co_await finish(from);
    co_return r;
}

// --- what the server says of itself ---------------------------------------------------------------------------------

struct report {
    std::string deadline_ms; ///< left of this call, or "none"
    int cancelled = 0;       ///< calls that were cancelled before
};

inline awaitable<report> ask_for_report(channel via, std::optional<std::chrono::seconds> timeout = call_limit) {
    response_info info;
    call_options options;
    options.timeout = timeout;
    options.info = &info;
    options.metadata.add(echo::report, "1");
    (co_await unary(via, {}, options)).value();
    auto const left = info.trailing_metadata.get(echo::deadline_ms);
    auto const cancelled = info.trailing_metadata.get(echo::cancelled_calls);
    require(left && cancelled, "no report");
    report r{std::string(*left), std::stoi(std::string(*cancelled))};
    co_return r;
}

/// Waits until the server has seen more cancelled calls than before.
inline awaitable<void> expect_cancellation(channel via, int before) {
    for (int i = 0; i != 100; ++i) {
        report const now = co_await ask_for_report(via);
        if (now.cancelled > before)
            co_return;
        co_await sleep(20ms);
    }
    throw std::runtime_error("the server has not seen the cancellation");
}

} // namespace joust::test
