//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Unary calls that are made several times without waiting for the first to fail.

#include "support/raw_peer.hpp"
#include "support/scripted_servers.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(hedged_calls)

namespace {

using asio::awaitable;
using asio::cancellation_type;

constexpr auto not_in_this_test = 24h;

channel_options hedging(std::uint32_t attempts, std::chrono::steady_clock::duration delay) {
    channel_options o;
    o.hedging = hedging_policy{.max_attempts = attempts, .hedging_delay = delay};
    return o;
}

call_options idempotent() {
    call_options o;
    o.idempotent = true;
    return o;
}

rpc_error failure(status_code code) {
    return rpc_error(status(code, "attempt failed"));
}

/// What one idempotent call comes to.
result<octets> outcome_of(scripted_servers& servers, joust::channel const& ch, call_options options = idempotent()) {
    unary_outcome one(ch, std::move(options));
    run_until(servers.io, [&] { return one.outcome.has_value(); });
    return *one.outcome;
}

} // namespace

BOOST_AUTO_TEST_CASE(first_answer_wins_and_the_others_are_cancelled) {
    scripted_servers s(3);
    s.on_call = [](std::size_t nth, call_context& c) -> awaitable<octets> {
        if (nth != 2)
            co_await scripted_servers::wait_for_ever();
        c.trailing_metadata().add("x-attempt", std::to_string(nth));
        co_return "answer";
    };
    auto const ch = s.channel(hedging(3, 1ms));
    response_info info;
    auto options = idempotent();
    options.info = &info;
    auto const answer = outcome_of(s, ch, options);
    BOOST_TEST(message_of(answer) == "");
    BOOST_TEST(answer.value() == "answer");
    BOOST_TEST(info.trailing_metadata.get("x-attempt").value_or("none") == "2");
    run_until(s.io, [&] { return s.arrivals[0].cancelled && s.arrivals[1].cancelled; });
    BOOST_TEST(s.arrivals.size() == 3U);
    BOOST_TEST(s.arrivals[0].previous == "");
    BOOST_TEST(s.arrivals[1].previous == "1");
    BOOST_TEST(s.arrivals[2].previous == "2");
    BOOST_TEST((std::set{s.arrivals[0].server, s.arrivals[1].server, s.arrivals[2].server}.size()) == 3U);
    for (auto const& server : s.servers)
        BOOST_TEST(server->connection_count() == 1U);
}

BOOST_AUTO_TEST_CASE(observer_hears_of_each_attempt_beside_the_first) {
    struct listener final : observer {
        std::vector<std::uint32_t> heard;
        void call_hedged(std::string_view path, std::uint32_t attempt) noexcept override {
            BOOST_TEST(path == bytes_service::unary.path);
            heard.push_back(attempt);
        }
    };
    scripted_servers s;
    s.on_call = [](std::size_t nth, call_context&) -> awaitable<octets> {
        if (nth != 2)
            co_await scripted_servers::wait_for_ever();
        co_return "answer";
    };
    auto const heard = std::make_shared<listener>();
    auto options = hedging(3, 1ms);
    options.observer = heard;
    auto const ch = s.channel(options);
    BOOST_TEST(outcome_of(s, ch).value() == "answer");
    BOOST_TEST((heard->heard == std::vector<std::uint32_t>{2, 3}));
}

BOOST_AUTO_TEST_CASE(quick_answer_needs_one_attempt) {
    scripted_servers s;
    s.on_call = [](std::size_t, call_context&) -> awaitable<octets> { co_return "answer"; };
    {
        auto const ch = s.channel(hedging(2, not_in_this_test));
        for (int i = 0; i != 10; ++i)
            BOOST_TEST(outcome_of(s, ch).value() == "answer");
        BOOST_TEST(s.arrivals.size() == 10U);
    }
    s.servers.clear();
    s.io.restart();
    s.io.run(); // no timer keeps it
}

BOOST_AUTO_TEST_CASE(failure_that_is_not_fatal_starts_the_next_at_once) {
    scripted_servers s;
    s.on_call = [](std::size_t nth, call_context&) -> awaitable<octets> {
        if (nth == 0)
            throw failure(status_code::unavailable);
        co_return "answer";
    };
    auto const ch = s.channel(hedging(2, not_in_this_test));
    BOOST_TEST(outcome_of(s, ch).value() == "answer");
    BOOST_TEST(s.arrivals.size() == 2U);
    BOOST_TEST(s.arrivals[0].server != s.arrivals[1].server);
}

BOOST_AUTO_TEST_CASE(fatal_failure_ends_the_call_and_cancels_the_others) {
    scripted_servers s;
    s.on_call = [](std::size_t nth, call_context&) -> awaitable<octets> {
        if (nth == 0)
            co_await scripted_servers::wait_for_ever();
        throw failure(status_code::not_found);
    };
    auto const ch = s.channel(hedging(2, 1ms));
    auto const outcome = outcome_of(s, ch);
    BOOST_TEST(code_of(outcome) == status_code::not_found);
    BOOST_TEST(message_of(outcome) == "attempt failed (hedged, 2 attempts)");
    run_until(s.io, [&] { return s.arrivals[0].cancelled; });
}

BOOST_AUTO_TEST_CASE(last_failure_is_the_outcome_when_all_fail) {
    scripted_servers s;
    s.on_call = [](std::size_t nth, call_context& c) -> awaitable<octets> {
        c.trailing_metadata().add("x-attempt", std::to_string(nth));
        throw failure(status_code::unavailable);
        co_return octets();
    };
    auto const ch = s.channel(hedging(4, not_in_this_test));
    response_info info;
    auto options = idempotent();
    options.info = &info;
    auto const outcome = outcome_of(s, ch, options);
    BOOST_TEST(code_of(outcome) == status_code::unavailable);
    BOOST_TEST(message_of(outcome) == "attempt failed (hedged, 4 attempts)");
    BOOST_TEST(s.arrivals.size() == 4U);
    BOOST_TEST(info.trailing_metadata.get("x-attempt").value_or("none") == "3");
}

BOOST_AUTO_TEST_CASE(pushback_of_the_server_is_obeyed) {
    scripted_servers s;
    std::string pushback = "-1";
    s.on_call = [&](std::size_t nth, call_context& c) -> awaitable<octets> {
        if (nth == 2)
            co_return "answer";
        c.trailing_metadata().add("grpc-retry-pushback-ms", pushback);
        throw failure(status_code::unavailable);
    };
    auto const ch = s.channel(hedging(2, not_in_this_test));
    BOOST_TEST(code_of(outcome_of(s, ch)) == status_code::unavailable);
    BOOST_TEST(s.arrivals.size() == 1U);
    pushback = "1";
    BOOST_TEST(outcome_of(s, ch).value() == "answer");
    BOOST_TEST(s.arrivals.size() == 3U);
}

BOOST_AUTO_TEST_CASE(budget_of_the_channel_limits_them) {
    scripted_servers s;
    s.on_call = [](std::size_t, call_context&) -> awaitable<octets> {
        throw failure(status_code::unavailable);
        co_return octets();
    };
    auto options = hedging(2, 0s);
    options.retry_throttling = {.max_tokens = 2, .token_ratio = 0.001};
    auto const ch = s.channel(options);
    BOOST_TEST(code_of(outcome_of(s, ch)) == status_code::unavailable);
    BOOST_TEST(s.arrivals.size() == 2U);
    BOOST_TEST(code_of(outcome_of(s, ch)) == status_code::unavailable);
    BOOST_TEST(s.arrivals.size() == 3U); // without tokens there is one attempt
}

BOOST_AUTO_TEST_CASE(one_deadline_is_over_all) {
    scripted_servers s;
    s.on_call = [](std::size_t, call_context& c) -> awaitable<octets> {
        BOOST_TEST(c.deadline().has_value());
        co_return co_await scripted_servers::wait_for_ever();
    };
    auto const ch = s.channel(hedging(2, 0s));
    auto options = idempotent();
    options.timeout = 100ms;
    BOOST_TEST(code_of(outcome_of(s, ch, options)) == status_code::deadline_exceeded);
    run_until(s.io, [&] { return s.arrivals.size() == 2 && s.arrivals[0].cancelled && s.arrivals[1].cancelled; });
}

BOOST_AUTO_TEST_CASE(cancellation_reaches_all_and_total_comes_too_late) {
    scripted_servers s;
    s.on_call = [](std::size_t, call_context&) { return scripted_servers::wait_for_ever(); };
    auto const ch = s.channel(hedging(2, 0s));
    unary_outcome one(ch, idempotent());
    run_until(s.io, [&] { return s.arrivals.size() == 2; });
    one.signal.emit(cancellation_type::total);
    s.run([&]() -> awaitable<void> { (co_await call(ch, "warm")).value(); });
    BOOST_TEST(!one.outcome);
    one.signal.emit(cancellation_type::terminal);
    run_until(s.io, [&] { return one.outcome && s.arrivals[0].cancelled && s.arrivals[1].cancelled; });
    BOOST_TEST(code_of(*one.outcome) == status_code::cancelled);
    BOOST_TEST(message_of(*one.outcome) == "the call was cancelled");
}

BOOST_AUTO_TEST_CASE(cancellation_while_they_wait_for_a_connection_ends_it_by_every_type) {
    asio::io_context io{1};
    asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
    joust::channel const ch(io.get_executor(), "127.0.0.1:" + std::to_string(silent.local_endpoint().port()),
                            hedging(2, 0s));
    for (auto const type : {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total}) {
        unary_outcome one(ch, idempotent());
        settle(io);
        one.signal.emit(type);
        run_until(io, [&] { return one.outcome.has_value(); });
        BOOST_TEST(code_of(*one.outcome) == status_code::cancelled);
    }
}

BOOST_AUTO_TEST_CASE(only_calls_that_may_run_twice_are_hedged) {
    scripted_servers s;
    s.on_call = [](std::size_t, call_context&) -> awaitable<octets> {
        throw failure(status_code::unavailable);
        co_return octets();
    };
    auto options = hedging(2, 0s);
    options.retry_buffer_size = 4;
    auto const small = s.channel(options);
    BOOST_TEST(code_of(outcome_of(s, small)) == status_code::unavailable); // too large to be kept
    BOOST_TEST(s.arrivals.size() == 1U);
    auto const ch = s.channel(hedging(2, 0s));
    BOOST_TEST(code_of(outcome_of(s, ch, {})) == status_code::unavailable); // not idempotent
    BOOST_TEST(s.arrivals.size() == 2U);
}

BOOST_AUTO_TEST_CASE(service_config_chooses_the_methods) {
    scripted_servers s;
    s.on_call = [](std::size_t nth, call_context&) -> awaitable<octets> {
        if (nth != 2)
            throw failure(status_code::aborted);
        co_return "answer";
    };
    channel_options options;
    options.retry = retry_policy{};
    options.service_config = R"({"methodConfig": [{"name": [{"service": "test.Bytes", "method": "Unary"}],
        "hedgingPolicy": {"maxAttempts": 3, "hedgingDelay": "1000s", "nonFatalStatusCodes": ["ABORTED"]}}]})";
    auto const ch = s.channel(options);
    BOOST_TEST(outcome_of(s, ch, {}).value() == "answer");
    BOOST_TEST(s.arrivals.size() == 3U);
    BOOST_TEST(s.arrivals[2].previous == "2");
}

BOOST_AUTO_TEST_CASE(streams_are_made_once) {
    scripted_servers s;
    channel_options options;
    options.service_config =
        R"({"methodConfig": [{"name": [{}], "hedgingPolicy": {"maxAttempts": 3, "hedgingDelay": "0s"}}]})";
    auto const ch = s.channel(options);
    s.run([&]() -> awaitable<void> {
        bidi_call both = (co_await open_bidi(ch)).value();
        (co_await write(both, "a")).value();
        BOOST_TEST((co_await read(both)).value().value() == "a");
        (co_await writes_done(both)).value();
        BOOST_TEST((co_await finish(both)).has_value());
    });
}

BOOST_AUTO_TEST_CASE(channel_may_go_while_attempts_are_still_to_come) {
    scripted_servers s;
    s.on_call = [](std::size_t nth, call_context&) -> awaitable<octets> {
        if (nth == 0)
            co_await scripted_servers::wait_for_ever();
        co_return "answer";
    };
    std::optional<joust::channel> ch(s.channel(hedging(2, 20ms)));
    unary_outcome one(*ch, idempotent());
    ch.reset();
    run_until(s.io, [&] { return one.outcome.has_value(); });
    BOOST_TEST(message_of(*one.outcome) == "");
}

BOOST_AUTO_TEST_CASE(shutdown_of_the_channel_lets_those_under_way_finish) {
    scripted_servers s;
    event answer(s.io.get_executor());
    s.on_call = [&](std::size_t, call_context&) -> awaitable<octets> {
        co_await answer.wait();
        co_return "answer";
    };
    auto ch = s.channel(hedging(2, 1ms));
    unary_outcome one(ch, idempotent());
    run_until(s.io, [&] { return s.arrivals.size() == 2; });
    ch.shut_down();
    settle(s.io);
    BOOST_TEST(!one.outcome);
    answer.set();
    run_until(s.io, [&] { return one.outcome.has_value(); });
    BOOST_TEST(message_of(*one.outcome) == "");
}

BOOST_AUTO_TEST_CASE(loop_that_ends_drops_the_handler) {
    auto const probe = std::make_shared<int>();
    for (bool const sent : {true, false}) {
        scripted_servers s;
        s.on_call = [](std::size_t, call_context&) { return scripted_servers::wait_for_ever(); };
        auto const ch =
            sent ? s.channel(hedging(2, 0s)) : joust::channel(s.io.get_executor(), s.target, hedging(2, 0s));
        ch.async_call(bytes_service::unary, octets("hello"), idempotent(),
                      [ch, probe](result<octets>) { BOOST_ERROR("completed"); });
        if (sent)
            run_until(s.io, [&] { return s.arrivals.size() == 2; });
    }
    BOOST_TEST(probe.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(refused_attempt_is_made_again_and_not_counted) {
    asio::io_context io{1};
    raw_server server(io);
    joust::channel const ch(io.get_executor(), server.address(), hedging(2, not_in_this_test));
    unary_outcome one(ch, idempotent());
    run(io, [&]() -> awaitable<void> {
        raw_peer peer = co_await server.accept();
        raw_headers const first = co_await peer.headers();
        co_await peer.send(rst_frame(first.id, NGHTTP2_REFUSED_STREAM));
        raw_headers const second = co_await peer.headers();
        BOOST_TEST(second.value("grpc-previous-rpc-attempts") == "");
        field_list const head = response_fields();
        field_list const end = {{"grpc-status", "0"}};
        co_await peer.send(headers_frame(second.id, head) + data_frame(second.id, grpc_message("answer")) +
                           headers_frame(second.id, end, flag_end_stream));
    });
    run_until(io, [&] { return one.outcome.has_value(); });
    BOOST_TEST(message_of(*one.outcome) == "");
}

BOOST_AUTO_TEST_CASE(address_that_is_gone_does_not_spoil_the_attempt_under_way) {
    scripted_servers s;
    event answer(s.io.get_executor());
    s.on_call = [&](std::size_t, call_context&) -> awaitable<octets> {
        co_await answer.wait();
        co_return "answer";
    };
    channel_options options = hedging(2, 50ms);
    options.hedging->non_fatal_status_codes = {};
    options.circuit_breaker.emplace();
    auto ch = s.channel(options);
    unary_outcome one(ch, idempotent());
    run_until(s.io, [&] { return s.arrivals.size() == 1; });
    ch.set_circuit({}, circuit_control::force_open);
    s.run([&]() -> awaitable<void> {
        asio::steady_timer soon(s.io, 100ms);
        co_await soon.async_wait(asio::use_awaitable);
    });
    BOOST_TEST(!one.outcome);
    answer.set();
    run_until(s.io, [&] { return one.outcome.has_value(); });
    BOOST_TEST(message_of(*one.outcome) == "");
}

BOOST_AUTO_TEST_CASE(policy_must_not_stand_beside_retry) {
    auto options = hedging(2, 0s);
    BOOST_TEST(!validate(options));
    options.retry = retry_policy{};
    BOOST_TEST(validate(options).value() == "hedging must not stand beside retry");
    options = hedging(1, 0s);
    BOOST_TEST(validate(options).value() == "hedging.max_attempts must be at least 2");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
