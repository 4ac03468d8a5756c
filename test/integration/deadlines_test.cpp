//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Deadlines: made on one side, kept by both, handed on to the calls that a handler makes.

#include "support/loopback.hpp"
#include "support/raw_peer.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(deadlines)

namespace {

using asio::awaitable;
using std::chrono::steady_clock;

octets const request = "hello";

/// Waits for ever, or tells its deadline.
struct patient_server : loopback {
    long_wait handler{io};
    std::optional<std::optional<steady_clock::time_point>> seen;

    patient_server() {
        server.add(bytes_service::unary, [this](octets q, call_context& c) -> awaitable<octets> {
            seen = c.deadline();
            if (q == "quick")
                co_return q;
            co_await handler();
            co_return q;
        });
        server.add(bytes_service::bidi, [this](server_stream<octets, octets>&, call_context& c) -> awaitable<void> {
            seen = c.deadline();
            co_await handler();
        });
        listen();
    }

    void expect_usable(joust::channel const& ch) {
        run([&]() -> awaitable<void> {
            result<octets> const answer = co_await call(ch, "quick");
            BOOST_TEST(answer.value() == "quick");
            BOOST_TEST(server.connection_count() == 1u);
        });
    }
};

/// A raw request's headers with a timeout.
std::string head_with_timeout(std::int32_t id, std::string const& timeout) {
    return headers_frame(id, request_fields(bytes_service::unary.path, {{"grpc-timeout", timeout}}));
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_timeout_ends_the_call_on_both_sides, patient_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        call_options options;
        options.timeout = 50ms;
        result<octets> const answer = co_await call(ch, request, options);
        BOOST_TEST(code_of(answer) == status_code::deadline_exceeded);
        co_await handler.cancelled.wait();
    });
    expect_usable(ch);
}

BOOST_FIXTURE_TEST_CASE(a_timeout_of_a_stream_ends_what_waits, patient_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        call_options options;
        options.timeout = 50ms;
        auto stream = (co_await open_bidi(ch, options)).value();
        BOOST_TEST(code_of(co_await read(stream)) == status_code::deadline_exceeded);
        BOOST_TEST(code_of(co_await finish(stream)) == status_code::deadline_exceeded);
        co_await handler.cancelled.wait();
    });
    expect_usable(ch);
}

BOOST_FIXTURE_TEST_CASE(the_server_learns_the_time_that_is_left, patient_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        auto const before = steady_clock::now();
        call_options options;
        options.timeout = 1h;
        result<octets> const answer = co_await call(ch, "quick", options);
        auto const after = steady_clock::now();
        BOOST_TEST(answer.has_value());
        BOOST_TEST_REQUIRE((seen && *seen));
        // The wire has it rounded up to eight digits of a unit.
        BOOST_TEST((**seen >= before + 1h));
        BOOST_TEST((**seen <= after + 1h + 1s));
    });
}

BOOST_FIXTURE_TEST_CASE(no_timeout_is_no_deadline, patient_server) {
    auto const ch = channel();
    expect_usable(ch);
    BOOST_TEST_REQUIRE(seen.has_value());
    BOOST_TEST(!seen->has_value());
}

BOOST_FIXTURE_TEST_CASE(the_earlier_of_timeout_and_deadline_counts, patient_server) {
    auto const ch = channel();
    for (bool const timeout_first : {true, false}) {
        call_options options;
        options.timeout = timeout_first ? 50ms : 1h;
        options.deadline = steady_clock::now() + (timeout_first ? 1h : 50ms);
        run([&]() -> awaitable<void> {
            result<octets> const answer = co_await call(ch, request, options);
            BOOST_TEST(code_of(answer) == status_code::deadline_exceeded);
        });
    }
}

BOOST_FIXTURE_TEST_CASE(the_channels_default_counts_when_a_call_names_none, patient_server) {
    channel_options defaults;
    defaults.default_timeout = 50ms;
    auto const ch = channel(defaults);
    run([&]() -> awaitable<void> {
        result<octets> const answer = co_await call(ch, request);
        BOOST_TEST(code_of(answer) == status_code::deadline_exceeded);
        call_options options;
        options.timeout = 1h;
        result<octets> const patient = co_await call(ch, "quick", options);
        BOOST_TEST(patient.has_value());
        BOOST_TEST((**seen > steady_clock::now() + 30min));
    });
}

BOOST_FIXTURE_TEST_CASE(one_that_has_passed_sends_nothing, patient_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        for (auto const ago : {0s, 1s}) {
            call_options options;
            options.deadline = steady_clock::now() - ago;
            result<octets> const answer = co_await call(ch, request, options);
            BOOST_TEST(code_of(answer) == status_code::deadline_exceeded);
        }
    });
    BOOST_TEST(!seen.has_value());
    BOOST_TEST(server.connection_count() == 0u);
}

BOOST_FIXTURE_TEST_CASE(one_that_is_beyond_all_time_is_no_hindrance, patient_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        call_options options;
        options.timeout = steady_clock::duration::max();
        BOOST_TEST((co_await call(ch, "quick", options)).has_value());
        options.timeout.reset();
        options.deadline = steady_clock::time_point::max();
        BOOST_TEST((co_await call(ch, "quick", options)).has_value());
    });
}

BOOST_AUTO_TEST_CASE(it_passes_while_the_call_waits_for_a_connection) {
    asio::io_context io{1};
    asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
    joust::channel const ch(io.get_executor(), "127.0.0.1:" + std::to_string(silent.local_endpoint().port()));
    run(io, [&]() -> awaitable<void> {
        call_options options;
        options.timeout = 50ms;
        result<octets> const answer = co_await call(ch, request, options);
        BOOST_TEST(code_of(answer) == status_code::deadline_exceeded);
        BOOST_TEST(message_of(answer).starts_with("the deadline passed while waiting for a connection to 127.0.0.1:"));
    });
}

BOOST_AUTO_TEST_CASE(it_passes_while_the_call_waits_for_a_stream) {
    server_options narrow;
    narrow.max_concurrent_streams = 1;
    loopback lo(narrow);
    long_wait first(lo.io);
    lo.server.add(bytes_service::unary, [&](octets q) -> awaitable<octets> {
        co_await first();
        co_return q;
    });
    lo.listen();
    auto const ch = lo.channel();
    ch.async_call(bytes_service::unary, request, {}, [](result<octets>) {});
    lo.run([&]() -> awaitable<void> {
        co_await first.started.wait();
        call_options options;
        options.timeout = 50ms;
        result<octets> const answer = co_await call(ch, request, options);
        BOOST_TEST(code_of(answer) == status_code::deadline_exceeded);
    });
}

BOOST_AUTO_TEST_CASE(the_client_keeps_it_when_the_server_ignores_it) {
    asio::io_context io{1};
    raw_server deaf(io);
    joust::channel const ch(io.get_executor(), deaf.address());
    run(io, [&]() -> awaitable<void> {
        call_options options;
        options.timeout = 100ms;
        std::optional<result<octets>> answer;
        ch.async_call(bytes_service::unary, request, options, [&](result<octets> r) { answer = std::move(r); });
        raw_peer peer = co_await deaf.accept();
        raw_headers const head = co_await peer.headers();
        BOOST_TEST(head.value("grpc-timeout") != "");
        // The end of a deadline is told to the server as a cancellation.
        parsed_frame const reset = co_await peer.frame_of(frame_type::rst_stream);
        BOOST_TEST(reset.number(0) == 8u);
        BOOST_TEST_REQUIRE(answer.has_value());
        BOOST_TEST(code_of(*answer) == status_code::deadline_exceeded);
        BOOST_CHECK(answer->error().origin() == status_origin::local);
    });
}

BOOST_FIXTURE_TEST_CASE(the_server_keeps_it_when_the_client_does_not, patient_server) {
    run([&]() -> awaitable<void> {
        raw_peer peer = co_await raw_peer::connect(address);
        co_await peer.send(client_hello() + head_with_timeout(1, "50m") +
                           data_frame(1, grpc_message("x"), flag_end_stream));
        raw_answer const answer = co_await peer.answer(1);
        BOOST_TEST(answer.grpc_status() == "4");
        BOOST_TEST(answer.value("grpc-message") == "the deadline passed");
        co_await handler.cancelled.wait();

        // Also before the request is there, and without a handler to cancel.
        co_await peer.send(head_with_timeout(3, "50m"));
        raw_answer const unfinished = co_await peer.answer(3);
        BOOST_TEST(unfinished.grpc_status() == "4");
    });
}

BOOST_FIXTURE_TEST_CASE(a_handlers_calls_inherit_it, patient_server) {
    joust::server front(io.get_executor());
    joust::channel const behind = channel();
    std::optional<steady_clock::time_point> own;
    front.add(bytes_service::unary, [&](octets q, call_context& c) -> awaitable<result<octets>> {
        own = c.deadline();
        call_options options;
        options.parent = &c;
        co_return co_await call(behind, q, options);
    });
    auto const front_address = front.listen("127.0.0.1:0").value().to_string();
    joust::channel const ch(io.get_executor(), front_address);
    run([&]() -> awaitable<void> {
        call_options options;
        options.timeout = 1h;
        BOOST_TEST((co_await call(ch, "quick", options)).value() == "quick");
        BOOST_TEST_REQUIRE((own && seen && *seen));
        BOOST_TEST((**seen >= *own));
        BOOST_TEST((**seen <= *own + 2s));

        BOOST_TEST((co_await call(ch, "quick")).value() == "quick");
        BOOST_TEST(!seen->has_value());

        // It cancels all along the way.
        options.timeout = 50ms;
        BOOST_TEST(code_of(co_await call(ch, request, options)) == status_code::deadline_exceeded);
        co_await handler.cancelled.wait();
    });
}

BOOST_FIXTURE_TEST_CASE(cancelling_a_handler_cancels_the_calls_that_it_made, patient_server) {
    joust::server front(io.get_executor());
    joust::channel const behind = channel();
    front.add(bytes_service::unary, [&](octets q) -> awaitable<result<octets>> { co_return co_await call(behind, q); });
    auto const front_address = front.listen("127.0.0.1:0").value().to_string();
    joust::channel const ch(io.get_executor(), front_address);
    asio::cancellation_signal signal;
    std::optional<result<octets>> outcome;
    ch.async_call(bytes_service::unary, request, {},
                  asio::bind_cancellation_slot(signal.slot(), [&](result<octets> r) { outcome = std::move(r); }));
    run_until(io, [&] { return handler.started.is_set(); });
    signal.emit(asio::cancellation_type::terminal);
    run_until(io, [&] { return outcome && handler.cancelled.is_set(); });
    BOOST_TEST(code_of(*outcome) == status_code::cancelled);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
