//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Attempts of a call that end before their time: by their own timeout, or because they never left.

#include "joust/core/connection_error.hpp"
#include "support/raw_peer.hpp"
#include "support/scripted_servers.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <utility>

namespace joust::test {

namespace {

using asio::awaitable;

channel_options attempts_of(std::chrono::steady_clock::duration timeout) {
    channel_options o;
    o.retry = retry_policy{.max_attempts = 2,
                           .initial_backoff = 1ms,
                           .max_backoff = 1ms,
                           .retryable_status_codes = {},
                           .per_attempt_timeout = timeout};
    return o;
}

call_options idempotent() {
    call_options o;
    o.idempotent = true;
    return o;
}

awaitable<void> pause(std::chrono::steady_clock::duration d) {
    asio::steady_timer timer(co_await asio::this_coro::executor, d);
    co_await timer.async_wait(asio::use_awaitable);
}

field_list with_status(std::string code) {
    field_list fields = response_fields();
    fields.emplace_back("grpc-status", std::move(code));
    return fields;
}

result<octets> outcome_of(scripted_servers& servers, joust::channel const& ch, call_options options) {
    unary_outcome one(ch, std::move(options));
    run_until(servers.io, [&] { return one.outcome.has_value(); });
    return *one.outcome;
}

} // namespace

BOOST_AUTO_TEST_SUITE(timeout_of_an_attempt)

BOOST_AUTO_TEST_CASE(resets_it_and_makes_the_call_again_elsewhere) {
    scripted_servers s;
    s.on_call = [](std::size_t nth, call_context&) -> awaitable<octets> {
        if (nth == 0)
            co_await scripted_servers::wait_for_ever();
        co_return "answer";
    };
    auto const ch = s.channel(attempts_of(50ms));
    auto const answer = outcome_of(s, ch, idempotent());
    BOOST_TEST(message_of(answer) == "");
    BOOST_TEST(s.arrivals.size() == 2U);
    BOOST_TEST(s.arrivals[0].server != s.arrivals[1].server);
    BOOST_TEST(s.arrivals[1].previous == "1");
    run_until(s.io, [&] { return s.arrivals[0].cancelled; });
}

BOOST_AUTO_TEST_CASE(ends_the_call_when_it_was_the_last) {
    scripted_servers s;
    s.on_call = [](std::size_t, call_context&) { return scripted_servers::wait_for_ever(); };
    auto const ch = s.channel(attempts_of(20ms));
    auto const outcome = outcome_of(s, ch, idempotent());
    BOOST_TEST(code_of(outcome) == status_code::unavailable);
    BOOST_TEST((outcome.error().cause() == connection_error::attempt_timeout));
    BOOST_TEST(message_of(outcome).starts_with("the attempt was not answered in time (attempt 2 of 2, to "),
               message_of(outcome));
    run_until(s.io, [&] { return s.arrivals.size() == 2 && s.arrivals[0].cancelled && s.arrivals[1].cancelled; });
}

BOOST_AUTO_TEST_CASE(is_not_for_calls_that_may_not_run_twice) {
    scripted_servers s;
    event answer(s.io.get_executor());
    s.on_call = [&](std::size_t, call_context&) -> awaitable<octets> {
        co_await answer.wait();
        co_return "answer";
    };
    auto const ch = s.channel(attempts_of(10ms));
    unary_outcome one(ch);
    s.run([] { return pause(50ms); });
    BOOST_TEST(!one.outcome);
    answer.set();
    run_until(s.io, [&] { return one.outcome.has_value(); });
    BOOST_TEST(message_of(*one.outcome) == "");
    BOOST_TEST(s.arrivals.size() == 1U);
}

BOOST_AUTO_TEST_CASE(gives_way_to_an_earlier_deadline) {
    scripted_servers s;
    s.on_call = [](std::size_t, call_context&) { return scripted_servers::wait_for_ever(); };
    auto const ch = s.channel(attempts_of(24h));
    auto options = idempotent();
    options.timeout = 50ms;
    BOOST_TEST(code_of(outcome_of(s, ch, options)) == status_code::deadline_exceeded);
    BOOST_TEST(s.arrivals.size() == 1U);
}

BOOST_AUTO_TEST_CASE(is_over_with_the_headers_and_the_deadline_is_not) {
    scripted_servers s;
    channel_options options;
    options.service_config = R"({"methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 2,
        "initialBackoff": "0.001s", "maxBackoff": "0.001s", "backoffMultiplier": 1,
        "perAttemptRecvTimeout": "0.3s"}}]})";
    auto const ch = s.channel(options);
    s.run([&]() -> awaitable<void> {
        call_options of_one;
        of_one.timeout = 1200ms;
        bidi_call both = (co_await open_bidi(ch, of_one)).value();
        (co_await write(both, "a")).value();
        BOOST_TEST((co_await read(both)).value().value() == "a");
        co_await pause(400ms);
        BOOST_TEST((co_await write(both, "b")).has_value());
        BOOST_TEST((co_await read(both)).value().value() == "b");
        auto const end = co_await read(both);
        BOOST_TEST(code_of(end) == status_code::deadline_exceeded);
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(call_of_a_lost_connection)

BOOST_AUTO_TEST_CASE(is_made_again_when_it_had_not_left) {
    asio::io_context io{1};
    raw_server server(io);
    joust::channel const ch(io.get_executor(), server.address());
    std::optional<raw_peer> peer;
    std::optional<result<octets>> large;
    std::string const wide_open =
        settings_frame({{settings_initial_window_size, 0x7fffffff}}) + window_frame(0, 0x7fffffff - 65535);
    ch.async_call(bytes_service::unary, octets(64 << 20, 'x'), call_options(),
                  [&](result<octets> r) { large = std::move(r); });
    run(io, [&]() -> awaitable<void> {
        peer = co_await server.accept_silent();
        co_await peer->send(wide_open);
        co_await peer->headers();
    });
    settle(io); // until the system takes no more, as the peer reads no more
    unary_outcome small(ch);
    settle(io);
    BOOST_TEST(!large.has_value());
    peer.reset();
    run(io, [&]() -> awaitable<void> {
        peer = co_await server.accept();
        raw_headers const again = co_await peer->headers();
        BOOST_TEST(again.value("grpc-previous-rpc-attempts") == "");
        field_list const head = response_fields();
        field_list const end = {{"grpc-status", "0"}};
        co_await peer->send(headers_frame(again.id, head) + data_frame(again.id, grpc_message("answer")) +
                            headers_frame(again.id, end, flag_end_stream));
    });
    run_until(io, [&] { return small.outcome && large; });
    BOOST_TEST(message_of(*small.outcome) == "");
    BOOST_TEST(code_of(*large) == status_code::unavailable);
}

BOOST_AUTO_TEST_CASE(is_not_when_it_may_have_run) {
    asio::io_context io{1};
    raw_server server(io);
    joust::channel const ch(io.get_executor(), server.address());
    unary_outcome one(ch);
    run(io, [&]() -> awaitable<void> {
        raw_peer peer = co_await server.accept();
        co_await peer.headers();
    });
    run_until(io, [&] { return one.outcome.has_value(); });
    BOOST_TEST(code_of(*one.outcome) == status_code::unavailable);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(call_whose_channel_is_gone)

BOOST_AUTO_TEST_CASE(is_made_again_when_it_waits_for_that) {
    asio::io_context io{1};
    raw_server server(io);
    channel_options options;
    options.retry = retry_policy{.max_attempts = 2, .initial_backoff = 300ms, .max_backoff = 300ms};
    std::optional<joust::channel> ch(std::in_place, io.get_executor(), server.address(), options);
    unary_outcome one(*ch, idempotent());
    run(io, [&]() -> awaitable<void> {
        {
            raw_peer peer = co_await server.accept();
            co_await peer.headers();
        }
        while (ch->state() == connectivity_state::ready)
            co_await asio::post(asio::use_awaitable);
        ch.reset();
        raw_peer peer = co_await server.accept();
        raw_headers const again = co_await peer.headers();
        BOOST_TEST(again.value("grpc-previous-rpc-attempts") == "1");
        field_list const end = with_status("7");
        co_await peer.send(headers_frame(again.id, end, flag_end_stream));
    });
    run_until(io, [&] { return one.outcome.has_value(); });
    BOOST_TEST(code_of(*one.outcome) == status_code::permission_denied);
}

BOOST_AUTO_TEST_CASE(ends_in_time_when_nobody_is_there) {
    asio::io_context io{1};
    std::string address;
    {
        raw_server const gone(io);
        address = gone.address();
    }
    std::optional<joust::channel> ch(std::in_place, io.get_executor(), address);
    call_options options;
    options.wait_for_ready = true;
    options.timeout = 50ms;
    unary_outcome one(*ch, options);
    ch.reset();
    run_until(io, [&] { return one.outcome.has_value(); });
    BOOST_TEST(code_of(*one.outcome) == status_code::deadline_exceeded);
}

BOOST_AUTO_TEST_CASE(that_was_cancelled_leaves_no_deadline_behind) {
    asio::io_context io{1};
    raw_server silent(io); // connects, and says nothing
    joust::channel const ch(io.get_executor(), silent.address());
    call_options options;
    options.timeout = 40ms;
    unary_outcome cancelled(ch, options);
    options.timeout = 20ms;
    unary_outcome first(ch, options);
    options.timeout = 60ms;
    unary_outcome last(ch, options);
    settle(io);
    cancelled.signal.emit(asio::cancellation_type::terminal);
    run_until(io, [&] { return cancelled.outcome && first.outcome && last.outcome; });
    BOOST_TEST(code_of(*cancelled.outcome) == status_code::cancelled);
    BOOST_TEST(code_of(*first.outcome) == status_code::deadline_exceeded);
    BOOST_TEST(code_of(*last.outcome) == status_code::deadline_exceeded);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
