//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Where servers listen and channels connect to, and what they say when they cannot.

#include "joust/core/connection_error.hpp"
#include "support/loopback.hpp"
#include "support/raw_peer.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace joust::test::addresses_tests {

namespace {

using asio::awaitable;
using asio::ip::tcp;

octets const request = "hello";

struct plain_server : loopback {
    plain_server() { server.add(bytes_service::unary, echo_bytes::unary); }

    result<octets> call_at(std::string_view at) {
        result<octets> answer = octets();
        run([&]() -> awaitable<void> {
            joust::channel const ch(io.get_executor(), at);
            answer = co_await call(ch, request);
        });
        return answer;
    }
};

bool has_ipv6() {
    asio::io_context io;
    boost::system::error_code ec;
    tcp::acceptor acceptor(io);
    acceptor.open(tcp::v6(), ec);
    if (!ec)
        acceptor.bind({asio::ip::address_v6::loopback(), 0}, ec);
    return !ec;
}

/// A port that nobody listens at: bound, but without a backlog.
class closed_port {
public:
    explicit closed_port(asio::io_context& io) : socket_(io, {asio::ip::address_v4::loopback(), 0}) {}
    std::string address() const { return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port()); }

private:
    tcp::socket socket_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_FIXTURE_TEST_CASE(ipv4, plain_server) {
    auto const at = server.listen("127.0.0.1:0").value();
    BOOST_TEST(at.address == "127.0.0.1");
    BOOST_TEST(at.port != 0);
    auto const port = std::to_string(at.port);
    for (std::string const scheme : {"", "ipv4:", "dns:///", "dns:"})
        BOOST_TEST(call_at(scheme + "127.0.0.1:" + port).value() == request, scheme);
    BOOST_TEST(call_at("localhost:" + port).value() == request);
}

BOOST_FIXTURE_TEST_CASE(ipv6, plain_server, *boost::unit_test::precondition([](auto) { return has_ipv6(); })) {
    auto const at = server.listen("[::1]:0").value();
    BOOST_TEST(at.to_string() == "[::1]:" + std::to_string(at.port));
    BOOST_TEST(call_at(at.to_string()).value() == request);
    BOOST_TEST(call_at("ipv6:" + at.to_string()).value() == request);
}

BOOST_FIXTURE_TEST_CASE(localhost_is_every_address_that_it_has, plain_server) {
    auto const at = server.listen("localhost:0").value();
    auto const port = std::to_string(at.port);
    BOOST_TEST(call_at("localhost:" + port).value() == request);
    tcp::resolver resolver(io);
    for (auto const& entry : resolver.resolve("localhost", port)) {
        std::string const host = entry.endpoint().address().to_string();
        BOOST_TEST(call_at(entry.endpoint().address().is_v6() ? "[" + host + "]:" + port : host + ":" + port).value() ==
                   request);
    }
}

BOOST_FIXTURE_TEST_CASE(the_unspecified_address_is_all_of_them, plain_server) {
    auto const v4 = server.listen("0.0.0.0:0").value();
    BOOST_TEST(call_at("127.0.0.1:" + std::to_string(v4.port)).value() == request);
    if (has_ipv6()) {
        auto const both = server.listen("[::]:0").value();
        BOOST_TEST(call_at("[::1]:" + std::to_string(both.port)).value() == request);
        BOOST_TEST(call_at("127.0.0.1:" + std::to_string(both.port)).value() == request);
    }
}

BOOST_FIXTURE_TEST_CASE(a_server_may_listen_at_several, plain_server) {
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(call_at(server.listen("127.0.0.1:0").value().to_string()).value() == request);
}

BOOST_FIXTURE_TEST_CASE(malformed_ones_are_refused_on_both_sides, plain_server) {
    std::vector<std::pair<std::string, std::string>> const bad = {
        {"", "the port is missing (host:port)"},
        {"localhost", "the port is missing (host:port)"},
        {":50051", "the host is missing (host:port)"},
        {"::1:50051", "an IPv6 address needs brackets ([::1]:50051)"},
        {"127.0.0.1:http", "the port must be a number from 0 to 65535"},
        {"127.0.0.1:65536", "the port must be a number from 0 to 65535"},
        {"127.0.0.1:", "the port must be a number from 0 to 65535"},
        {"a b:1", "the host is malformed"},
    };
    for (auto const& [text, why] : bad) {
        std::string const expected = "address '" + text + "': " + why;
        auto const listening = server.listen(text);
        BOOST_TEST(code_of(listening) == status_code::invalid_argument);
        BOOST_TEST(message_of(listening) == expected);
        result<octets> const answer = call_at(text);
        BOOST_TEST(code_of(answer) == status_code::invalid_argument);
        BOOST_TEST(message_of(answer) == expected);
    }
}

BOOST_FIXTURE_TEST_CASE(one_that_is_taken_says_so, plain_server) {
    auto const at = server.listen("127.0.0.1:0").value();
    joust::server second(io.get_executor());
    auto const refused = second.listen(at.to_string());
    BOOST_TEST(code_of(refused) == status_code::unavailable);
    BOOST_CHECK(refused.error().cause() == asio::error::address_in_use);
    BOOST_TEST(message_of(refused).starts_with("listen at " + at.to_string()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(connecting)

BOOST_FIXTURE_TEST_CASE(to_a_closed_port_says_connect_and_why, plain_server) {
    closed_port const port(io);
    result<octets> const answer = call_at(port.address());
    BOOST_TEST(code_of(answer) == status_code::unavailable);
    BOOST_CHECK(answer.error().origin() == status_origin::network);
    BOOST_CHECK(answer.error().cause() == asio::error::connection_refused);
    BOOST_TEST(message_of(answer).starts_with("connect to " + port.address() + ": "));
}

BOOST_FIXTURE_TEST_CASE(to_a_name_that_is_none_says_resolve, plain_server) {
    result<octets> const answer = call_at("no-such-host.invalid:1");
    BOOST_TEST(code_of(answer) == status_code::unavailable);
    BOOST_CHECK(answer.error().origin() == status_origin::network);
    BOOST_TEST(message_of(answer).starts_with("resolve no-such-host.invalid: "));
}

BOOST_FIXTURE_TEST_CASE(calls_fail_fast_while_backing_off_and_then_it_is_tried_again, plain_server) {
    std::string at;
    channel_options quick;
    quick.initial_backoff = quick.max_backoff = 50ms;
    std::optional<joust::channel> ch;
    {
        closed_port const port(io);
        at = port.address();
        ch.emplace(io.get_executor(), at, quick);
        run([&]() -> awaitable<void> {
            BOOST_TEST(code_of(co_await call(*ch, request)) == status_code::unavailable);
            BOOST_TEST(code_of(co_await call(*ch, request)) == status_code::unavailable);
        });
    }
    server.listen(at).value();
    run([&]() -> awaitable<void> {
        while ((co_await call(*ch, request)).has_error()) {
            asio::steady_timer pause(io, 5ms);
            co_await pause.async_wait(asio::use_awaitable);
        }
    });
}

BOOST_FIXTURE_TEST_CASE(to_a_port_that_says_nothing_ends_with_connect_timeout, plain_server) {
    tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
    channel_options impatient;
    impatient.connect_timeout = 100ms;
    joust::channel const ch(io.get_executor(), "127.0.0.1:" + std::to_string(silent.local_endpoint().port()),
                            impatient);
    run([&]() -> awaitable<void> {
        result<octets> const answer = co_await call(ch, request);
        BOOST_TEST(code_of(answer) == status_code::unavailable);
        BOOST_CHECK(answer.error().cause() == connection_error::connect_timeout);
    });
}

BOOST_AUTO_TEST_CASE(to_something_else_says_that_it_is_no_http2_server) {
    for (std::string const greeting : {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", ""}) {
        asio::io_context io{1};
        raw_server other(io);
        joust::channel const ch(io.get_executor(), other.address());
        run(io, [&]() -> awaitable<void> {
            std::optional<result<octets>> answer;
            ch.async_call(bytes_service::unary, request, {}, [&](result<octets> r) { answer = std::move(r); });
            {
                raw_peer peer = co_await other.accept_silent();
                co_await peer.send(greeting);
                if (!greeting.empty())
                    co_await peer.rest();
            }
            while (!answer)
                co_await asio::post(asio::use_awaitable);
            BOOST_TEST(code_of(*answer) == status_code::unavailable);
            BOOST_TEST(message_of(*answer).starts_with("connect to " + other.address() + ": no HTTP/2 server: "),
                       message_of(*answer));
        });
    }
}

BOOST_FIXTURE_TEST_CASE(after_shut_down_calls_are_refused_and_those_under_way_finish, plain_server) {
    long_wait handler(io);
    event go(io.get_executor());
    server.add(bytes_service::bidi, [&](server_stream<octets, octets>&) -> awaitable<void> {
        handler.started.set();
        co_await go.wait();
    });
    listen();
    auto ch = channel();
    run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        co_await handler.started.wait();
        ch.shut_down();
        result<octets> const refused = co_await call(ch, request);
        BOOST_TEST(code_of(refused) == status_code::unavailable);
        BOOST_TEST(message_of(refused) == "the channel to " + address + " was shut down");
        go.set();
        BOOST_TEST((co_await finish(stream)).has_value());
        while (server.connection_count() != 0)
            co_await asio::post(asio::use_awaitable);
    });
}

BOOST_FIXTURE_TEST_CASE(dropping_the_channel_lets_calls_under_way_finish, plain_server) {
    event go(io.get_executor()), started(io.get_executor());
    server.add(bytes_service::bidi, [&](server_stream<octets, octets>&) -> awaitable<void> {
        started.set();
        co_await go.wait();
    });
    listen();
    std::optional<result<octets>> answer;
    channel().async_call(bytes_service::unary, request, {}, [&](result<octets> r) { answer = std::move(r); });
    run_until(io, [&] { return answer.has_value(); });
    BOOST_TEST(answer->value() == request);

    run([&]() -> awaitable<void> {
        std::optional<joust::channel> ch = channel();
        auto stream = (co_await open_bidi(*ch)).value();
        ch.reset();
        co_await started.wait();
        go.set();
        BOOST_TEST((co_await finish(stream)).has_value());
    });
    // And its connection goes.
    run_until(io, [&] { return server.connection_count() == 0; });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test::addresses_tests
