//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A call has one read, one write and one finish under way: another one fails, and nothing is lost.

#include "joust/rpc/client_interceptor.hpp"
#include "support/loopback.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(one_at_a_time)

namespace {

using asio::awaitable;

struct client_hooks final : client_interceptor {
    bool sees_messages() const override { return true; }
};
struct server_hooks final : server_interceptor {
    bool sees_messages() const override { return true; }
};

/// What came of an operation, when it is over.
template <class T>
using outcome = std::optional<result<T>>;

template <class T>
auto into(outcome<T>& o) {
    return [&o](result<T> r) { o = std::move(r); };
}

template <class T>
void check_refused(outcome<T> const& o, std::string const& what) {
    BOOST_TEST_REQUIRE(o.has_value());
    BOOST_TEST(code_of(*o) == status_code::failed_precondition);
    BOOST_TEST(message_of(*o) == "another " + what + " of this call is under way");
}

any_channel channel_to(loopback& at, bool intercepted) {
    any_channel const plain = at.channel();
    return intercepted ? intercept(plain, {any_client_interceptor(std::make_shared<client_hooks>())}) : plain;
}

} // namespace

BOOST_AUTO_TEST_CASE(reads_and_finishes_of_a_client) {
    for (bool const intercepted : {false, true}) {
        loopback at;
        at.server.add(bytes_service::bidi, echo_bytes::bidi);
        at.listen();
        any_channel const ch = channel_to(at, intercepted);
        at.run([&]() -> awaitable<void> {
            auto opening = ch.async_open(bytes_service::bidi);
            bidi_call call = (co_await std::move(opening)).value();
            outcome<std::optional<octets>> first, second;
            call.async_read(into(first));
            call.async_read(into(second));
            (co_await write(call, "hello")).value();
            while (!first)
                co_await asio::post(asio::use_awaitable);
            BOOST_TEST(first->value().value() == "hello");
            check_refused(second, "read");
            outcome<void> end, another;
            call.async_finish(into(end));
            call.async_finish(into(another));
            (co_await writes_done(call)).value();
            while (!end)
                co_await asio::post(asio::use_awaitable);
            BOOST_TEST(end->has_value());
            check_refused(another, "finish");
        });
    }
}

BOOST_AUTO_TEST_CASE(finishes_of_a_client_that_gets_one_answer) {
    for (bool const intercepted : {false, true}) {
        loopback at;
        at.server.add(bytes_service::client_stream, [](server_reader<octets>& in) -> awaitable<octets> {
            co_return (co_await read(in)).value().value();
        });
        at.listen();
        any_channel const ch = channel_to(at, intercepted);
        at.run([&]() -> awaitable<void> {
            auto opening = ch.async_open(bytes_service::client_stream);
            auto call = (co_await std::move(opening)).value();
            outcome<octets> end, another;
            call.async_finish(into(end));
            call.async_finish(into(another));
            (co_await write(call, "hello")).value();
            while (!end)
                co_await asio::post(asio::use_awaitable);
            BOOST_TEST(end->value() == "hello");
            check_refused(another, "finish");
        });
    }
}

BOOST_AUTO_TEST_CASE(writes_of_a_client_that_wait) {
    loopback at;
    long_wait idle(at.io);
    at.server.add(bytes_service::bidi, [&](server_stream<octets, octets>&) -> awaitable<void> { co_await idle(); });
    at.listen();
    auto const ch = at.channel();
    at.run([&]() -> awaitable<void> {
        bidi_call call = (co_await open_bidi(ch)).value();
        octets const much(8 * 1024 * 1024, 'x'); // more than the window and the queue hold
        outcome<void> first, second;
        call.async_write(much, into(first));
        call.async_write(much, into(second));
        while (!second)
            co_await asio::post(asio::use_awaitable);
        check_refused(second, "write");
        BOOST_TEST(!first.has_value());
    });
}

BOOST_AUTO_TEST_CASE(reads_and_writes_of_a_handler) {
    for (bool const intercepted : {false, true}) {
        server_options o;
        if (intercepted)
            o.interceptors = {any_server_interceptor(std::make_shared<server_hooks>())};
        loopback at(o);
        outcome<std::optional<octets>> second;
        outcome<void> late;
        at.server.add(bytes_service::bidi, [&](server_stream<octets, octets>& both) -> awaitable<void> {
            outcome<std::optional<octets>> first;
            both.async_read(into(first));
            both.async_read(into(second));
            while (!first || !second)
                co_await asio::post(asio::use_awaitable);
            (co_await write(both, first->value().value())).value();
            octets const much(8 * 1024 * 1024, 'x');
            outcome<void> waits;
            both.async_write(much, into(waits));
            both.async_write(much, into(late));
            while (!waits || !late)
                co_await asio::post(asio::use_awaitable);
        });
        at.listen();
        channel_options limits;
        limits.max_receive_message_size = 16 * 1024 * 1024;
        auto const ch = at.channel(limits);
        at.run([&]() -> awaitable<void> {
            bidi_call call = (co_await open_bidi(ch)).value();
            (co_await write(call, "hello")).value();
            BOOST_TEST((co_await read(call)).value().value() == "hello");
            BOOST_TEST((co_await read(call)).value().value().size() == 8u * 1024 * 1024);
            BOOST_TEST(!(co_await read(call)).value().has_value());
        });
        check_refused(second, "read");
        check_refused(late, "write");
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
