//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Servers that answer, but badly: circuit breaker, health probes, outlier ejection.

#include "support/cluster.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(channel_care)

namespace {

using asio::awaitable;

octets const request = "hello";
constexpr unary_method<octets, octets> check{"/grpc.health.v1.Health/Check"};

awaitable<std::vector<status_code>> codes_of(joust::channel ch, std::size_t n) {
    std::vector<status_code> all;
    for (std::size_t i = 0; i != n; ++i) {
        auto calling = call(ch, request);
        all.push_back(code_of(co_await std::move(calling)));
    }
    co_return all;
}

std::size_t count(std::vector<status_code> const& in, status_code what) {
    return static_cast<std::size_t>(std::count(in.begin(), in.end(), what));
}

std::vector<status_code> call_times(cluster& at, joust::channel const& ch, std::size_t n) {
    std::vector<status_code> all;
    at.run([&]() -> awaitable<void> {
        auto calling = codes_of(ch, n);
        all = co_await std::move(calling);
    });
    return all;
}

channel_options broken_by(std::uint32_t failures) {
    channel_options o;
    o.circuit_breaker = circuit_breaker_options();
    o.circuit_breaker->consecutive_failures = failures;
    return o;
}

void connect_all(cluster& at, joust::channel& ch) {
    ch.connect();
    at.run_until([&] {
        std::size_t open = 0;
        for (std::size_t i = 0; i != at.size(); ++i)
            open += at[i].connections->open();
        return open == at.size();
    });
    settle(at.io);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_breaker_stops_calls_to_the_only_server) {
    cluster at(1);
    at[0].answer = cluster::failing(status_code::unavailable);
    auto const ch = at.channel(broken_by(5));
    auto const codes = call_times(at, ch, 8);
    BOOST_TEST(count(codes, status_code::unavailable) == 8U);
    BOOST_TEST(at[0].calls == 5U);
    at.run([&]() -> awaitable<void> {
        auto calling = call(ch, request);
        auto const text = message_of(co_await std::move(calling));
        BOOST_TEST(text.starts_with("the circuit breaker of " + at[0].address + " is open, calls are tried again in "));
    });
}

BOOST_AUTO_TEST_CASE(what_the_handler_decides_does_not_count) {
    cluster at(1);
    at[0].answer = cluster::failing(status_code::not_found);
    auto const codes = call_times(at, at.channel(broken_by(2)), 8);
    BOOST_TEST(count(codes, status_code::not_found) == 8U);
}

BOOST_AUTO_TEST_CASE(calls_go_to_the_servers_whose_breakers_are_closed) {
    cluster at(3);
    at[1].answer = cluster::failing(status_code::internal);
    auto ch = at.channel(broken_by(2));
    connect_all(at, ch);
    auto const codes = call_times(at, ch, 60);
    BOOST_TEST(count(codes, status_code::internal) == 2U);
    BOOST_TEST(at[1].calls == 2U);
    BOOST_TEST(at[0].calls + at[2].calls == 58U);
    BOOST_TEST(std::max(at[0].calls, at[2].calls) - std::min(at[0].calls, at[2].calls) <= 2U);
}

BOOST_AUTO_TEST_CASE(trials_close_it_again) {
    cluster at(1);
    at[0].answer = cluster::failing(status_code::unavailable);
    channel_options o = broken_by(2);
    o.circuit_breaker->open_time = 20ms;
    std::vector<circuit_state> seen;
    o.circuit_breaker->on_event = [&](circuit_event const& e) { seen.push_back(e.to); };
    auto const ch = at.channel(o);
    (void)call_times(at, ch, 2);
    at[0].answer = cluster::echo;
    at.run_until([&] {
        (void)call_times(at, ch, 1);
        return seen.back() == circuit_state::closed;
    });
    BOOST_TEST(
        (seen == std::vector<circuit_state>{circuit_state::open, circuit_state::half_open, circuit_state::closed}));
}

BOOST_AUTO_TEST_CASE(it_obeys_the_hand) {
    cluster at(2);
    auto ch = at.channel(broken_by(5));
    connect_all(at, ch);
    ch.set_circuit(at[0].address, circuit_control::force_open);
    auto codes = call_times(at, ch, 10);
    BOOST_TEST(count(codes, status_code::ok) == 10U);
    BOOST_TEST(at[0].calls == 0U);
    ch.set_circuit({}, circuit_control::force_open);
    codes = call_times(at, ch, 4);
    BOOST_TEST(count(codes, status_code::unavailable) == 4U);
    ch.set_circuit({}, circuit_control::automatic);
    codes = call_times(at, ch, 10);
    BOOST_TEST(count(codes, status_code::ok) == 10U);
    BOOST_TEST(at[0].calls == 5U);
}

// -- health

namespace {

struct probed : cluster {
    std::vector<octets> health; // what each server answers
    std::vector<std::size_t> probes;

    explicit probed(std::size_t n) : cluster(n), health(n, "\x08\x01"), probes(n) {
        for (std::size_t i = 0; i != n; ++i) {
            auto& m = (*this)[i];
            m.server->stop();
            m.server = std::make_unique<joust::server>(io.get_executor(), m.options);
            m.server->add(bytes_service::unary, [&m](octets q) {
                ++m.calls;
                return q;
            });
            m.server->add(check, [this, i](octets const&) {
                ++probes[i];
                return health[i];
            });
            m.address = m.server->listen("127.0.0.1:0").value().to_string();
        }
    }

    static channel_options options() {
        channel_options o;
        o.health_check = health_check_options();
        o.health_check->interval = 5ms;
        return o;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_server_that_says_it_does_not_serve_gets_no_calls_until_it_does) {
    probed at(2);
    auto ch = at.channel(probed::options());
    connect_all(at, ch);
    at.health[0] = "\x08\x02"; // NOT_SERVING
    std::size_t const before = at.probes[0];
    at.run_until([&] { return at.probes[0] >= before + 4; });
    settle(at.io);
    at[0].calls = 0;
    auto codes = call_times(at, ch, 10);
    BOOST_TEST(count(codes, status_code::ok) == 10U);
    BOOST_TEST(at[0].calls == 0U);
    at.health[0] = "\x08\x01";
    std::size_t const again = at.probes[0];
    at.run_until([&] { return at.probes[0] >= again + 2; });
    settle(at.io);
    (void)call_times(at, ch, 10);
    BOOST_TEST(at[0].calls == 5U);
}

BOOST_AUTO_TEST_CASE(calls_to_the_only_server_say_that_it_does_not_serve) {
    probed at(1);
    auto ch = at.channel(probed::options());
    connect_all(at, ch);
    at.health[0] = "\x08\x02";
    at.run_until([&] { return ch.state() == connectivity_state::transient_failure; });
    at.run([&]() -> awaitable<void> {
        auto calling = call(ch, request);
        auto const r = co_await std::move(calling);
        BOOST_TEST(code_of(r) == status_code::unavailable);
        BOOST_TEST(message_of(r) == "the health check of " + at[0].address + " failed: UNAVAILABLE: it does not serve");
    });
    BOOST_TEST(at[0].calls == 0U);
    at.health[0] = "\x08\x01";
    at.run([&]() -> awaitable<void> {
        call_options waits;
        waits.wait_for_ready = true;
        auto calling = call(ch, request, waits);
        BOOST_TEST((co_await std::move(calling)).value() == request);
    });
}

BOOST_AUTO_TEST_CASE(a_server_without_the_health_service_is_healthy) {
    cluster at(1);
    auto const ch = at.channel(probed::options());
    for (int i = 0; i != 5; ++i) {
        auto const codes = call_times(at, ch, 5);
        BOOST_TEST(count(codes, status_code::ok) == 5U);
    }
}

// -- outliers

BOOST_AUTO_TEST_CASE(an_address_that_fails_more_than_the_others_is_taken_out) {
    cluster at(5);
    at[3].answer = cluster::failing(status_code::not_found);
    channel_options o;
    o.outlier_detection = outlier_detection_options();
    o.outlier_detection->interval = 500ms; // long enough for 5 calls to each address, on the slowest machine
    o.outlier_detection->success_rate.reset();
    o.outlier_detection->failure_percentage->request_volume = 5;
    o.outlier_detection->max_ejection_percent = 20;
    auto ch = at.channel(o);
    connect_all(at, ch);
    at.run_until([&] {
        auto const codes = call_times(at, ch, 25);
        return count(codes, status_code::ok) == 25;
    });
    BOOST_TEST(at[3].calls > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
