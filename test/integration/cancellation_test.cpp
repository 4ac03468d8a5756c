//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Cancelling calls, waits and handles; what both sides see of it, and that the connection stays usable.

#include "support/loopback.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <variant>

namespace joust::test::cancellation_tests {

namespace {

using asio::awaitable;
using asio::cancellation_type;
using namespace asio::experimental::awaitable_operators;

octets const request = "hello";

/// Unary calls wait for ever, streams answer what the test tells them to.
struct slow_server : loopback {
    long_wait unary_handler{io};
    long_wait bidi_handler{io};

    slow_server() {
        server.add(bytes_service::unary, [this](octets q) -> awaitable<octets> {
            if (q == "quick")
                co_return q;
            co_await unary_handler();
            co_return q;
        });
        server.add(bytes_service::bidi,
                   [this](server_stream<octets, octets>&) -> awaitable<void> { co_await bidi_handler(); });
        listen();
    }

    awaitable<void> expect_usable(joust::channel const& ch) {
        result<octets> const answer = co_await call(ch, "quick");
        BOOST_TEST(answer.value() == "quick");
        BOOST_TEST(server.connection_count() == 1u);
    }
};

/// A unary call that can be cancelled, and its outcome.
struct cancellable_call {
    asio::cancellation_signal signal;
    std::optional<result<octets>> outcome;

    explicit cancellable_call(joust::channel const& ch, call_options options = {}) {
        ch.async_call(
            bytes_service::unary, request, std::move(options),
            asio::bind_cancellation_slot(signal.slot(), [this](result<octets> r) { outcome = std::move(r); }));
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(cancelling_a_unary_call)

BOOST_FIXTURE_TEST_CASE(tells_the_server_and_keeps_the_connection, slow_server) {
    auto const ch = channel();
    for (auto const type : {cancellation_type::terminal, cancellation_type::partial}) {
        unary_handler.started = event(io.get_executor());
        unary_handler.cancelled = event(io.get_executor());
        cancellable_call one(ch);
        run_until(io, [&] { return unary_handler.started.is_set(); });
        one.signal.emit(type);
        run_until(io, [&] { return one.outcome && unary_handler.cancelled.is_set(); });
        BOOST_TEST(code_of(*one.outcome) == status_code::cancelled);
        BOOST_TEST(message_of(*one.outcome) == "the call was cancelled");
    }
    run([&] { return expect_usable(ch); });
}

BOOST_FIXTURE_TEST_CASE(in_total_does_nothing_once_it_was_sent, slow_server) {
    auto const ch = channel();
    cancellable_call one(ch);
    run_until(io, [&] { return unary_handler.started.is_set(); });
    one.signal.emit(cancellation_type::total);
    run([&] { return expect_usable(ch); });
    BOOST_TEST(!one.outcome);
    BOOST_TEST(!unary_handler.cancelled.is_set());
    one.signal.emit(cancellation_type::terminal);
    run_until(io, [&] { return one.outcome.has_value(); });
}

BOOST_AUTO_TEST_CASE(that_waits_for_a_connection_ends_it_by_every_type) {
    // The backlog of the kernel connects, nobody ever answers.
    asio::io_context io{1};
    asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
    joust::channel const ch(io.get_executor(), "127.0.0.1:" + std::to_string(silent.local_endpoint().port()));
    for (auto const type : {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total}) {
        cancellable_call one(ch);
        settle(io);
        BOOST_TEST(!one.outcome);
        one.signal.emit(type);
        run_until(io, [&] { return one.outcome.has_value(); });
        BOOST_TEST(code_of(*one.outcome) == status_code::cancelled);
    }
}

BOOST_AUTO_TEST_CASE(that_waits_takes_its_deadline_out_too) {
    asio::io_context io{1};
    asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
    joust::channel const ch(io.get_executor(), "127.0.0.1:" + std::to_string(silent.local_endpoint().port()));
    call_options short_one, middle_one, long_one;
    short_one.timeout = 20ms;
    middle_one.timeout = 40ms;
    long_one.timeout = 60ms;
    cancellable_call cancelled(ch, middle_one);
    cancellable_call first(ch, short_one);
    cancellable_call last(ch, long_one);
    settle(io);
    cancelled.signal.emit(cancellation_type::terminal);
    run_until(io, [&] { return first.outcome && last.outcome; }); // the pool forgets the cancelled one with the first
    BOOST_TEST(code_of(*cancelled.outcome) == status_code::cancelled);
    BOOST_TEST(code_of(*first.outcome) == status_code::deadline_exceeded);
    BOOST_TEST(code_of(*last.outcome) == status_code::deadline_exceeded);
}

BOOST_FIXTURE_TEST_CASE(in_the_same_breath_as_it_was_made_cancels_it, slow_server) {
    auto const ch = channel();
    run([&] { return expect_usable(ch); });
    cancellable_call one(ch);
    one.signal.emit(cancellation_type::terminal);
    run_until(io, [&] { return one.outcome.has_value(); });
    BOOST_TEST(code_of(*one.outcome) == status_code::cancelled);
    run([&] { return expect_usable(ch); });
}

BOOST_FIXTURE_TEST_CASE(from_a_group_of_coroutines_cancels_it, slow_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        auto const outcome = co_await (call(ch, request) || unary_handler.started.wait());
        BOOST_TEST(outcome.index() == 1u);
        co_await unary_handler.cancelled.wait();
        co_await expect_usable(ch);
    });
}

BOOST_FIXTURE_TEST_CASE(after_its_end_does_nothing, slow_server) {
    auto const ch = channel();
    asio::cancellation_signal signal;
    std::optional<result<octets>> outcome;
    ch.async_call(bytes_service::unary, octets("quick"), {},
                  asio::bind_cancellation_slot(signal.slot(), [&](result<octets> r) { outcome = std::move(r); }));
    run_until(io, [&] { return outcome.has_value(); });
    signal.emit(cancellation_type::terminal);
    run([&] { return expect_usable(ch); });
}

BOOST_FIXTURE_TEST_CASE(that_was_never_sent_leaves_the_others_in_the_queue, loopback) {
    server_options one_at_a_time;
    one_at_a_time.max_concurrent_streams = 1;
    joust::server narrow(io.get_executor(), one_at_a_time);
    long_wait first(io);
    narrow.add(bytes_service::unary, [&](octets q) -> awaitable<octets> {
        if (!first.started.is_set())
            co_await first();
        co_return q;
    });
    joust::channel const ch(io.get_executor(), narrow.listen("127.0.0.1:0").value().to_string());
    cancellable_call a(ch);
    run_until(io, [&] { return first.started.is_set(); });
    cancellable_call b(ch), c(ch);
    settle(io);
    b.signal.emit(cancellation_type::total);
    run_until(io, [&] { return b.outcome.has_value(); });
    a.signal.emit(cancellation_type::terminal);
    run_until(io, [&] { return c.outcome.has_value(); });
    BOOST_TEST(c.outcome->value() == request);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cancelling_a_stream)

BOOST_FIXTURE_TEST_CASE(dropping_the_handle_cancels_the_call, slow_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        {
            auto const stream = (co_await open_bidi(ch)).value();
            co_await bidi_handler.started.wait();
        }
        co_await bidi_handler.cancelled.wait();
        co_await expect_usable(ch);
    });
}

BOOST_FIXTURE_TEST_CASE(assigning_another_call_to_the_handle_cancels_in_the_end, slow_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        co_await bidi_handler.started.wait();
        bidi_handler.cancelled = event(io.get_executor());
        {
            auto other = (co_await open_bidi(ch)).value();
            stream = std::move(other);
        }
        co_await bidi_handler.cancelled.wait();
        co_await expect_usable(ch);
    });
}

BOOST_FIXTURE_TEST_CASE(cancel_ends_everything_that_waits, slow_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        co_await bidi_handler.started.wait();
        std::vector<status_code> seen;
        stream.async_read([&](result<std::optional<octets>> r) { seen.push_back(code_of(r)); });
        stream.async_read_initial_metadata([&](result<metadata> r) { seen.push_back(code_of(r)); });
        octets const large(8'000'000, 'x');
        stream.async_write(large, [&](result<void> r) { seen.push_back(code_of(r)); });
        auto finishing = stream.async_finish();
        stream.cancel();
        seen.push_back(code_of(co_await std::move(finishing)));
        BOOST_TEST(seen == std::vector<status_code>(4, status_code::cancelled), boost::test_tools::per_element());
        BOOST_TEST(code_of(co_await read(stream)) == status_code::cancelled);
        BOOST_TEST(code_of(co_await write(stream, request)) == status_code::cancelled);
        co_await bidi_handler.cancelled.wait();
        co_await expect_usable(ch);
    });
}

BOOST_FIXTURE_TEST_CASE(cancelling_the_finish_cancels_the_call, slow_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        auto const outcome = co_await (finish(stream) || bidi_handler.started.wait());
        BOOST_TEST(outcome.index() == 1u);
        co_await bidi_handler.cancelled.wait();
        BOOST_TEST(code_of(co_await finish(stream)) == status_code::cancelled);
    });
}

BOOST_FIXTURE_TEST_CASE(cancelling_the_finish_in_total_stops_the_wait_only, slow_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        asio::cancellation_signal signal;
        event stopped(io.get_executor());
        stream.async_finish(asio::bind_cancellation_slot(signal.slot(), [&](result<void> r) {
            BOOST_TEST(code_of(r) == status_code::cancelled);
            stopped.set();
        }));
        co_await bidi_handler.started.wait();
        signal.emit(cancellation_type::total);
        co_await stopped.wait();
        co_await expect_usable(ch);
        BOOST_TEST(!bidi_handler.cancelled.is_set());
    });
}

BOOST_FIXTURE_TEST_CASE(cancelling_the_opening_while_there_is_no_connection_ends_it, loopback) {
    asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
    joust::channel const ch(io.get_executor(), "127.0.0.1:" + std::to_string(silent.local_endpoint().port()));
    asio::cancellation_signal signal;
    std::optional<status> outcome;
    ch.async_open(bytes_service::bidi, {},
                  asio::bind_cancellation_slot(signal.slot(), [&](result<bidi_call> r) { outcome = r.error(); }));
    settle(io);
    signal.emit(cancellation_type::total);
    run_until(io, [&] { return outcome.has_value(); });
    BOOST_TEST(outcome->code() == status_code::cancelled);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cancelling_a_read)

namespace {

constexpr int message_count = 200;

/// Both sides write all numbers; streams of pieces in bursts, so that reads find one, some or none.
struct counting_server : loopback {
    std::vector<octets> seen_by_server;

    counting_server() {
        server.add(bytes_service::bidi, [this](server_stream<octets, octets>& both) -> awaitable<void> {
            for (int i = 0; i < message_count; ++i) {
                (co_await write(both, std::to_string(i))).value();
                if (i % 7 == 0)
                    co_await asio::post(asio::use_awaitable);
            }
            co_await read_with_cancellations(both, seen_by_server);
        });
        listen();
    }

    /// Reads to the end, and cancels most reads: before, while and after their message comes.
    template <class Reader>
    static awaitable<void> read_with_cancellations(Reader& from, std::vector<octets>& into) {
        auto const executor = co_await asio::this_coro::executor;
        asio::steady_timer timer(executor);
        for (int turn = 0;; ++turn) {
            timer.expires_after(std::chrono::microseconds(turn % 3 * 50));
            std::optional<result<std::optional<octets>>> got;
            if (turn % 5 == 0) {
                got = co_await read(from);
            } else if (turn % 5 == 1) {
                auto outcome = co_await (timer.async_wait(asio::use_awaitable) || read(from));
                if (outcome.index() == 1)
                    got = std::get<1>(std::move(outcome));
            } else if (turn % 5 == 2) {
                auto outcome = co_await (asio::post(executor, asio::use_awaitable) || read(from));
                if (outcome.index() == 1)
                    got = std::get<1>(std::move(outcome));
            } else if (turn % 5 == 3) {
                auto outcome = co_await (read(from) || asio::post(executor, asio::use_awaitable));
                if (outcome.index() == 0)
                    got = std::get<0>(std::move(outcome));
            } else {
                auto outcome = co_await (read(from) || timer.async_wait(asio::use_awaitable));
                if (outcome.index() == 0)
                    got = std::get<0>(std::move(outcome));
            }
            if (!got)
                continue;
            if (!got->value())
                co_return;
            into.push_back(***got);
        }
    }
};

std::vector<octets> all_numbers() {
    std::vector<octets> all;
    for (int i = 0; i < message_count; ++i)
        all.push_back(std::to_string(i));
    return all;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(loses_no_message_on_either_side, counting_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        for (octets const& number : all_numbers()) {
            (co_await write(stream, number)).value();
            if (number.ends_with('3'))
                co_await asio::post(asio::use_awaitable);
        }
        (co_await writes_done(stream)).value();
        std::vector<octets> seen_by_client;
        co_await read_with_cancellations(stream, seen_by_client);
        BOOST_TEST((co_await finish(stream)).has_value());
        BOOST_TEST(seen_by_client == all_numbers(), boost::test_tools::per_element());
        BOOST_TEST(seen_by_server == all_numbers(), boost::test_tools::per_element());
    });
}

BOOST_FIXTURE_TEST_CASE(right_after_it_began_ends_it, slow_server) {
    // Neither side has anything to read, ever: a cancellation that is lost would hang.
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        co_await bidi_handler.started.wait();
        for (int i = 0; i < 10; ++i) {
            asio::cancellation_signal signal;
            event stopped(io.get_executor());
            stream.async_read(asio::bind_cancellation_slot(signal.slot(), [&](result<std::optional<octets>> r) {
                BOOST_TEST(code_of(r) == status_code::cancelled);
                BOOST_CHECK(r.error().cause() == asio::error::operation_aborted);
                stopped.set();
            }));
            signal.emit(cancellation_type::total);
            BOOST_TEST(!stopped.is_set());
            co_await stopped.wait();
        }
        co_await expect_usable(ch);
        BOOST_TEST(!bidi_handler.cancelled.is_set());
    });
}

BOOST_FIXTURE_TEST_CASE(of_initial_metadata_stops_the_wait_only, slow_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        auto const outcome =
            co_await (stream.async_read_initial_metadata(asio::use_awaitable) || bidi_handler.started.wait());
        BOOST_TEST(outcome.index() == 1u);
        co_await expect_usable(ch);
        BOOST_TEST(!bidi_handler.cancelled.is_set());
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(operations_at_the_same_time)

BOOST_FIXTURE_TEST_CASE(a_read_and_the_finish_both_complete, loopback) {
    server.add(bytes_service::bidi, echo_bytes::bidi);
    listen();
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        std::vector<octets> got;
        event ended(io.get_executor());
        std::function<void()> const read_on = [&] {
            stream.async_read([&](result<std::optional<octets>> r) {
                if (!r.value())
                    return ended.set();
                got.push_back(**r);
                read_on();
            });
        };
        read_on();
        std::optional<result<void>> outcome;
        stream.async_finish([&](result<void> r) { outcome = std::move(r); });
        (co_await write(stream, "a")).value();
        (co_await write(stream, "b")).value();
        (co_await writes_done(stream)).value();
        co_await ended.wait();
        BOOST_TEST(got == (std::vector<octets>{"a", "b"}), boost::test_tools::per_element());
        while (!outcome)
            co_await asio::post(asio::use_awaitable);
        BOOST_TEST(outcome->has_value());
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test::cancellation_tests
