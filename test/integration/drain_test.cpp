//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// How a server ends: drained with and without success, stopped, started again.

#include "joust/core/connection_error.hpp"
#include "support/loopback.hpp"
#include "support/raw_peer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace joust::test {

namespace {

using asio::awaitable;
using boost::system::error_code;

octets const request = "hello";

/// Calls last until the test says so, or for ever.
struct busy_server : loopback {
    long_wait for_ever{io};
    event started{io.get_executor()};
    event go{io.get_executor()};

    busy_server() { prepare(server); }

    void prepare(joust::server& s) {
        s.add(bytes_service::unary, [this](octets q) -> awaitable<octets> {
            if (q == "quick")
                co_return q;
            started.set();
            if (q == "for ever")
                co_await for_ever();
            co_await go.wait();
            co_return q;
        });
        s.add(bytes_service::bidi, echo_bytes::bidi);
    }

    /// Begins a call; its outcome comes there.
    static void begin(joust::channel const& ch, octets q, std::optional<result<octets>>& outcome) {
        ch.async_call(bytes_service::unary, q, {}, [&outcome](result<octets> r) { outcome = std::move(r); });
    }

    awaitable<error_code> drain(std::chrono::steady_clock::duration timeout) {
        auto const [ec] = co_await server.async_drain(timeout, asio::as_tuple(asio::use_awaitable));
        co_return ec;
    }

    awaitable<void> no_connections() {
        while (server.connection_count() != 0)
            co_await asio::post(asio::use_awaitable);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(draining)

BOOST_FIXTURE_TEST_CASE(an_idle_server_is_done_at_once, busy_server) {
    listen();
    run([&]() -> awaitable<void> { BOOST_TEST(!(co_await drain(patience))); });
    run([&]() -> awaitable<void> { BOOST_TEST(!(co_await drain(patience))); });
}

BOOST_FIXTURE_TEST_CASE(a_server_that_never_listened_is_done_at_once, busy_server) {
    run([&]() -> awaitable<void> { BOOST_TEST(!(co_await drain(patience))); });
}

BOOST_FIXTURE_TEST_CASE(idle_connections_are_closed, busy_server) {
    listen();
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        BOOST_TEST((co_await call(ch, "quick")).has_value());
        BOOST_TEST(!(co_await drain(patience)));
        BOOST_TEST(server.connection_count() == 0u);
    });
}

BOOST_FIXTURE_TEST_CASE(calls_in_flight_finish_and_new_ones_are_refused, busy_server) {
    listen();
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        std::optional<result<octets>> in_flight;
        begin(ch, request, in_flight);
        auto stream = (co_await open_bidi(ch)).value();
        BOOST_TEST((co_await write(stream, "a")).has_value());
        BOOST_TEST((co_await read(stream)).value().value() == "a");
        co_await started.wait();

        std::optional<error_code> drained;
        server.async_drain(patience, [&](error_code ec) { drained = ec; });
        // The old connection takes no new calls, a new one is not accepted.
        result<octets> refused = octets();
        do
            refused = co_await call(ch, "quick");
        while (refused.has_value());
        BOOST_TEST(code_of(refused) == status_code::unavailable);
        BOOST_CHECK(refused.error().origin() == status_origin::network);

        BOOST_TEST((co_await write(stream, "b")).has_value());
        BOOST_TEST((co_await read(stream)).value().value() == "b");
        BOOST_TEST(!drained.has_value());
        go.set();
        (co_await writes_done(stream)).value();
        BOOST_TEST((co_await finish(stream)).has_value());
        while (!drained || !in_flight)
            co_await asio::post(asio::use_awaitable);
        BOOST_TEST(!*drained);
        BOOST_TEST(in_flight->value() == request);
    });
}

BOOST_FIXTURE_TEST_CASE(calls_that_a_client_sends_before_it_knows_are_answered, busy_server) {
    listen();
    run([&]() -> awaitable<void> {
        raw_peer peer = co_await raw_peer::connect(address);
        co_await peer.send(client_hello());
        co_await peer.frame_of(frame_type::settings);
        std::optional<error_code> drained;
        server.async_drain(patience, [&](error_code ec) { drained = ec; });
        parsed_frame const warning = co_await peer.frame_of(frame_type::goaway);
        BOOST_TEST(warning.number(0) == 0x7fffffffu);
        BOOST_TEST(warning.number(4) == 0u);
        parsed_frame const ping = co_await peer.frame_of(frame_type::ping);
        // What was on its way when the warning came.
        co_await peer.send(headers_frame(1, request_fields(bytes_service::unary.path)) +
                           data_frame(1, grpc_message("quick"), flag_end_stream) + ping_frame(ping.payload, flag_ack));
        raw_answer const answer = co_await peer.answer(1);
        BOOST_TEST(answer.grpc_status() == "0");
        while (!drained)
            co_await asio::post(asio::use_awaitable);
        BOOST_TEST(!*drained);
    });
}

BOOST_FIXTURE_TEST_CASE(calls_above_the_last_stream_are_not_answered, busy_server) {
    listen();
    run([&]() -> awaitable<void> {
        raw_peer peer = co_await raw_peer::connect(address);
        co_await peer.send(client_hello() + headers_frame(1, request_fields(bytes_service::unary.path)) +
                           data_frame(1, grpc_message(request), flag_end_stream));
        co_await started.wait();
        std::optional<error_code> drained;
        server.async_drain(patience, [&](error_code ec) { drained = ec; });
        parsed_frame const ping = co_await peer.frame_of(frame_type::ping);
        co_await peer.send(ping_frame(ping.payload, flag_ack));
        parsed_frame const last = co_await peer.frame_of(frame_type::goaway);
        BOOST_TEST(last.number(0) == 1u);
        co_await peer.send(headers_frame(3, request_fields(bytes_service::unary.path)) +
                           data_frame(3, grpc_message("quick"), flag_end_stream));
        go.set();
        BOOST_TEST((co_await peer.answer(1)).grpc_status() == "0");
        BOOST_TEST((co_await peer.rest()) == "");
        while (!drained)
            co_await asio::post(asio::use_awaitable);
        BOOST_TEST(!*drained);
    });
}

BOOST_FIXTURE_TEST_CASE(the_timeout_cancels_what_is_left, busy_server) {
    listen();
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        std::optional<result<octets>> outcome;
        begin(ch, "for ever", outcome);
        co_await for_ever.started.wait();
        BOOST_CHECK((co_await drain(50ms)) == asio::error::timed_out);
        co_await for_ever.cancelled.wait();
        while (!outcome)
            co_await asio::post(asio::use_awaitable);
        BOOST_TEST(code_of(*outcome) == status_code::unavailable);
        BOOST_TEST(message_of(*outcome) == "the server is shutting down");
        BOOST_CHECK(outcome->error().origin() == status_origin::peer);
        co_await no_connections();
    });
}

BOOST_FIXTURE_TEST_CASE(a_connection_that_never_spoke_does_not_hold_it_up_for_ever, busy_server) {
    listen();
    run([&]() -> awaitable<void> {
        raw_peer silent = co_await raw_peer::connect(address);
        while (server.connection_count() == 0)
            co_await asio::post(asio::use_awaitable);
        error_code const ec = co_await drain(50ms);
        BOOST_TEST((!ec || ec == asio::error::timed_out));
        co_await no_connections();
        co_await silent.rest();
    });
}

BOOST_FIXTURE_TEST_CASE(a_client_that_does_not_answer_the_ping_does_not_hold_it_up_for_ever, busy_server) {
    listen();
    run([&]() -> awaitable<void> {
        raw_peer peer = co_await raw_peer::connect(address);
        co_await peer.send(client_hello());
        co_await peer.frame_of(frame_type::settings);
        error_code const ec = co_await drain(50ms);
        BOOST_TEST((!ec || ec == asio::error::timed_out));
        co_await no_connections();
        co_await peer.rest();
    });
}

BOOST_FIXTURE_TEST_CASE(a_timeout_of_zero_cancels_at_once, busy_server) {
    listen();
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        std::optional<result<octets>> outcome;
        begin(ch, "for ever", outcome);
        co_await for_ever.started.wait();
        BOOST_CHECK((co_await drain(0s)) == asio::error::timed_out);
        co_await for_ever.cancelled.wait();
        co_await no_connections();
    });
}

BOOST_FIXTURE_TEST_CASE(cancelling_the_wait_lets_the_drain_go_on, busy_server) {
    listen();
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        std::optional<result<octets>> in_flight;
        begin(ch, request, in_flight);
        co_await started.wait();
        asio::cancellation_signal signal;
        std::optional<error_code> first, second;
        server.async_drain(patience, asio::bind_cancellation_slot(signal.slot(), [&](error_code ec) { first = ec; }));
        server.async_drain(patience, [&](error_code ec) { second = ec; });
        signal.emit(asio::cancellation_type::total);
        while (!first)
            co_await asio::post(asio::use_awaitable);
        BOOST_CHECK(*first == asio::error::operation_aborted);
        BOOST_TEST(!second.has_value());
        go.set();
        while (!second || !in_flight)
            co_await asio::post(asio::use_awaitable);
        BOOST_TEST(!*second);
        BOOST_TEST(in_flight->value() == request);
    });
}

BOOST_FIXTURE_TEST_CASE(a_second_drain_may_shorten_the_time, busy_server) {
    listen();
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        std::optional<result<octets>> outcome;
        begin(ch, "for ever", outcome);
        co_await for_ever.started.wait();
        std::optional<error_code> patient;
        server.async_drain(10 * patience, [&](error_code ec) { patient = ec; });
        BOOST_CHECK((co_await drain(10ms)) == asio::error::timed_out);
        while (!patient)
            co_await asio::post(asio::use_awaitable);
        BOOST_CHECK(*patient == asio::error::timed_out);
    });
}

BOOST_FIXTURE_TEST_CASE(stopping_ends_everything_without_an_answer, busy_server) {
    listen();
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        std::optional<result<octets>> outcome;
        begin(ch, "for ever", outcome);
        co_await for_ever.started.wait();
        server.stop();
        co_await for_ever.cancelled.wait();
        while (!outcome)
            co_await asio::post(asio::use_awaitable);
        BOOST_TEST(code_of(*outcome) == status_code::unavailable);
        BOOST_CHECK(outcome->error().origin() == status_origin::network);
        co_await no_connections();
    });
}

BOOST_FIXTURE_TEST_CASE(stopping_during_a_drain_ends_the_drain, busy_server) {
    listen();
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        std::optional<result<octets>> outcome;
        begin(ch, "for ever", outcome);
        co_await for_ever.started.wait();
        std::optional<error_code> drained;
        server.async_drain(patience, [&](error_code ec) { drained = ec; });
        server.stop();
        while (!drained)
            co_await asio::post(asio::use_awaitable);
        co_await for_ever.cancelled.wait();
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(restarting)

BOOST_FIXTURE_TEST_CASE(a_channel_connects_again_to_a_server_that_was_restarted, busy_server) {
    listen();
    std::string const at = address;
    channel_options options;
    options.initial_backoff = options.max_backoff = 10ms;
    auto const ch = channel(options);
    for (int round = 0; round < 5; ++round) {
        run([&]() -> awaitable<void> {
            BOOST_TEST((co_await call(ch, "quick")).value() == "quick");
            if (round % 2 == 0)
                BOOST_TEST(!(co_await drain(patience)));
            else
                server.stop();
            co_await no_connections();
        });
        server = joust::server(io.get_executor());
        prepare(server);
        server.listen(at).value();
        // The first calls may still find the old connection's end, or be made while backing off.
        run([&]() -> awaitable<void> {
            while ((co_await call(ch, "quick")).has_error())
                co_await asio::post(asio::use_awaitable);
        });
    }
}

BOOST_FIXTURE_TEST_CASE(a_call_goes_to_the_next_server_while_the_last_one_drains, busy_server) {
    listen();
    std::string const at = address;
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        std::optional<result<octets>> in_flight;
        begin(ch, request, in_flight);
        co_await started.wait();
        std::optional<error_code> drained;
        server.async_drain(patience, [&](error_code ec) { drained = ec; });
        joust::server next(io.get_executor());
        next.add(bytes_service::unary, [](octets) { return octets("from the next"); });
        while (next.listen(at).has_error()) // until the acceptor of the last one is closed
            co_await asio::post(asio::use_awaitable);
        for (;;) {
            result<octets> const answer = co_await call(ch, "quick");
            BOOST_TEST_REQUIRE(answer.has_value(), message_of(answer)); // never refused: there is always a server
            if (*answer == "from the next")
                break;
        }
        BOOST_TEST(!in_flight.has_value());
        go.set();
        while (!in_flight || !drained)
            co_await asio::post(asio::use_awaitable);
        BOOST_TEST(in_flight->value() == request);
        BOOST_TEST((co_await call(ch, "quick")).value() == "from the next");
    });
}

BOOST_FIXTURE_TEST_CASE(a_lost_connection_fails_its_calls_and_the_next_call_connects, busy_server) {
    raw_server fickle(io);
    joust::channel const ch(io.get_executor(), fickle.address());
    run([&]() -> awaitable<void> {
        std::optional<result<octets>> first, second;
        begin(ch, request, first);
        {
            raw_peer peer = co_await fickle.accept();
            co_await peer.headers();
        }
        while (!first)
            co_await asio::post(asio::use_awaitable);
        BOOST_TEST(code_of(*first) == status_code::unavailable);
        BOOST_CHECK(first->error().cause() == connection_error::closed ||
                    first->error().cause() == asio::error::connection_reset);
        begin(ch, request, second);
        raw_peer peer = co_await fickle.accept();
        raw_headers const head = co_await peer.headers();
        field_list const trailers = {{"grpc-status", "0"}};
        co_await peer.send(headers_frame(head.id, response_fields()) + data_frame(head.id, grpc_message("again")) +
                           headers_frame(head.id, trailers, flag_end_stream));
        while (!second)
            co_await asio::post(asio::use_awaitable);
        BOOST_TEST(second->value() == "again");
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
