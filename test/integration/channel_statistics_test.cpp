//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What a channel counts: connections by state, reconnections, probes, attempts, breakers.

#include "joust/rpc/client_interceptor.hpp"
#include "support/cluster.hpp"
#include "support/scripted_servers.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(channel_statistics_of)

namespace {

using asio::awaitable;

octets const request = "hello";

status_code call_once(cluster& at, joust::channel const& ch, call_options options = {}) {
    status_code code = status_code::ok;
    at.run([&]() -> awaitable<void> {
        auto calling = call(ch, request, std::move(options));
        code = code_of(co_await std::move(calling));
    });
    return code;
}

call_options idempotent() {
    call_options o;
    o.idempotent = true;
    return o;
}

} // namespace

BOOST_AUTO_TEST_CASE(nothing_before_the_first_call) {
    cluster at(1);
    auto const s = at.channel().statistics();
    BOOST_TEST(s.connecting + s.ready + s.not_serving + s.draining == 0u);
    BOOST_TEST(s.connections == 0u);
    joust::channel const bad(at.io.get_executor(), "nowhere", channel_options());
    BOOST_TEST(bad.statistics().connections == 0u);
}

BOOST_AUTO_TEST_CASE(connections_are_counted_by_state) {
    cluster at(3);
    auto ch = at.channel();
    ch.connect();
    at.run_until([&] { return ch.statistics().connecting != 0; });
    at.run_until([&] { return ch.statistics().ready == 3; });
    BOOST_TEST(ch.statistics().connecting == 0u);
    BOOST_TEST(ch.statistics().connections == 3u);
    ch.shut_down();
    at.run_until([&] { return ch.statistics().ready == 0 && ch.statistics().draining == 0; });
    BOOST_TEST(ch.statistics().lost_connections == 0u);
    BOOST_TEST(ch.statistics().connections == 3u);
}

BOOST_AUTO_TEST_CASE(lost_connections_are_replaced_once_each) {
    cluster at(1);
    channel_options o;
    o.initial_backoff = 5ms;
    auto const ch = at.channel(o);
    BOOST_TEST((call_once(at, ch) == status_code::ok));
    BOOST_TEST(ch.statistics().reconnections == 0u);
    at.kill(0);
    at.run_until([&] { return ch.statistics().ready == 0; });
    BOOST_TEST(ch.statistics().lost_connections == 1u);
    BOOST_TEST((call_once(at, ch) == status_code::unavailable)); // nobody there
    BOOST_TEST(ch.statistics().failed_connections >= 1u);
    at.restart(0);
    call_options patient;
    patient.wait_for_ready = true;
    BOOST_TEST((call_once(at, ch, patient) == status_code::ok));
    auto const s = ch.statistics();
    BOOST_TEST(s.ready == 1u);
    BOOST_TEST(s.connections == 2u);
    BOOST_TEST(s.reconnections == 1u);
    BOOST_TEST(s.lost_connections == 1u);
}

BOOST_AUTO_TEST_CASE(calls_that_wait_are_counted) {
    server_options one_at_a_time;
    one_at_a_time.max_concurrent_streams = 1;
    cluster at(1, one_at_a_time);
    bool go_on = false;
    at[0].answer = [&](octets q, call_context&) -> awaitable<result<octets>> {
        while (!go_on)
            co_await asio::post(asio::use_awaitable);
        co_return q;
    };
    channel_options o;
    o.max_connections = 1;
    auto const ch = at.channel(o);
    unary_outcome first(ch), second(ch);
    at.run_until([&] { return ch.statistics().waiting_calls == 1 && at[0].calls == 1; });
    go_on = true;
    at.run_until([&] { return first.outcome && second.outcome; });
    settle(at.io);
    BOOST_TEST(ch.statistics().waiting_calls == 0u);
}

BOOST_AUTO_TEST_CASE(attempts_after_the_first_are_retries) {
    cluster at(1);
    at[0].answer = cluster::failing(status_code::unavailable);
    channel_options o;
    o.retry = retry_policy();
    o.retry->max_attempts = 3;
    o.retry->initial_backoff = 2ms;
    auto const ch = at.channel(o);
    BOOST_TEST((call_once(at, ch, idempotent()) == status_code::unavailable));
    BOOST_TEST(ch.statistics().retries == 2u);
    BOOST_TEST((call_once(at, ch) == status_code::unavailable));
    BOOST_TEST(ch.statistics().retries == 2u);
    BOOST_TEST(ch.statistics().hedges == 0u);
}

BOOST_AUTO_TEST_CASE(attempts_of_hedged_calls_are_counted_apart) {
    scripted_servers s(2);
    s.on_call = [](std::size_t nth, call_context&) -> awaitable<octets> {
        if (nth == 0)
            co_await scripted_servers::wait_for_ever();
        co_return "answer";
    };
    channel_options o;
    o.hedging = hedging_policy{.max_attempts = 2, .hedging_delay = 1ms};
    auto const ch = s.channel(o);
    unary_outcome one(ch, idempotent());
    run_until(s.io, [&] { return one.outcome.has_value(); });
    BOOST_TEST(ch.statistics().hedges == 1u);
    BOOST_TEST(ch.statistics().retries == 0u);
}

BOOST_AUTO_TEST_CASE(calls_that_all_breakers_refuse_are_counted) {
    cluster at(1);
    at[0].answer = cluster::failing(status_code::unavailable);
    channel_options o;
    o.circuit_breaker = circuit_breaker_options();
    o.circuit_breaker->consecutive_failures = 2;
    auto const ch = at.channel(o);
    for (int i = 0; i != 5; ++i)
        BOOST_TEST((call_once(at, ch) == status_code::unavailable));
    BOOST_TEST(at[0].calls == 2u);
    BOOST_TEST(ch.statistics().breaker_rejections == 3u);
}

BOOST_AUTO_TEST_CASE(probes_and_what_they_find_are_counted) {
    cluster at(1);
    octets health = "\x08\x01";
    at[0].server->stop();
    at[0].server = std::make_unique<joust::server>(at.io.get_executor(), at[0].options);
    constexpr unary_method<octets, octets> check{"/grpc.health.v1.Health/Check"};
    at[0].server->add(check, [&](octets const&) { return health; });
    at[0].address = at[0].server->listen("127.0.0.1:0").value().to_string();
    channel_options o;
    o.health_check = health_check_options();
    o.health_check->interval = 2ms;
    auto ch = at.channel(o);
    ch.connect();
    at.run_until([&] { return ch.statistics().probes >= 3; });
    BOOST_TEST(ch.statistics().failed_probes == 0u);
    BOOST_TEST(ch.statistics().ready == 1u);
    health = "\x08\x02"; // NOT_SERVING
    at.run_until([&] { return ch.statistics().not_serving == 1; });
    BOOST_TEST(ch.statistics().ready == 0u);
    BOOST_TEST(ch.statistics().failed_probes >= 1u);
    health = "\x08\x01";
    at.run_until([&] { return ch.statistics().ready == 1; });
    BOOST_TEST(ch.statistics().not_serving == 0u);
}

BOOST_AUTO_TEST_CASE(interceptors_don_t_hide_them) {
    cluster at(1);
    auto const ch = at.channel();
    (void)call_once(at, ch);
    BOOST_TEST(intercept(ch, {}).statistics().ready == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
