//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A channel's connections: how many there are, where they go, and what calls see of servers that come and go.

#include "joust/client/manual_resolver.hpp"
#include "support/cluster.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(channel_pool)

namespace {

using asio::awaitable;
using namespace asio::experimental::awaitable_operators;

octets const request = "hello";

awaitable<void> call_times(joust::channel ch, std::size_t n) {
    for (std::size_t i = 0; i != n; ++i) {
        auto calling = call(ch, request);
        (co_await std::move(calling)).value();
    }
}

resolution of(std::vector<std::string> const& addresses) {
    resolution r;
    for (std::string const& each : addresses) {
        endpoint_address a;
        a.address = each;
        r.addresses.push_back(a);
    }
    return r;
}

struct pushed : cluster {
    std::shared_ptr<manual_resolver> source = std::make_shared<manual_resolver>();
    joust::channel ch{io.get_executor(), source, "service", channel_options()};

    using cluster::cluster;
};

void wait_for(cluster& at, joust::channel const& ch, connectivity_state wanted) {
    at.run([&]() -> awaitable<void> {
        while (ch.state() != wanted) {
            auto waiting = ch.async_wait_for_state_change(ch.state());
            (void)co_await std::move(waiting);
        }
    });
}

} // namespace

BOOST_AUTO_TEST_CASE(calls_go_round_the_addresses) {
    cluster at(3);
    auto const ch = at.channel();
    ch.async_wait_for_state_change(connectivity_state::idle, [](connectivity_state) {});
    at.run([&] { return call_times(ch, 1); });
    at.run_until(
        [&] { return at[0].connections->open() + at[1].connections->open() + at[2].connections->open() == 3; });
    settle(at.io);
    for (std::size_t i = 0; i != 3; ++i)
        at[i].calls = 0;
    at.run([&] { return call_times(ch, 30); });
    for (std::size_t i = 0; i != 3; ++i)
        BOOST_TEST(at[i].calls == 10U);
}

BOOST_AUTO_TEST_CASE(connect_makes_as_many_as_are_wanted) {
    cluster at(2);
    channel_options o;
    o.min_connections = 10;
    auto ch = at.channel(o);
    BOOST_TEST((ch.state() == connectivity_state::idle));
    ch.connect();
    at.run_until([&] { return at[0].connections->open() == 5 && at[1].connections->open() == 5; });
    wait_for(at, ch, connectivity_state::ready);
    at.kill(0);
    at.restart(0);
    at.run_until([&] { return at[0].connections->open() >= 1; }); // made again, calls or not
    ch.shut_down();
    BOOST_TEST((ch.state() == connectivity_state::ready || ch.state() == connectivity_state::shutdown));
    at.run_until([&] { return at[0].connections->open() + at[1].connections->open() == 0; });
    BOOST_TEST((ch.state() == connectivity_state::shutdown));
}

BOOST_AUTO_TEST_CASE(one_more_is_made_when_no_stream_is_free_and_closed_when_it_is_not_needed) {
    server_options narrow;
    narrow.max_concurrent_streams = 1;
    cluster at(1, narrow);
    event go(at.io.get_executor());
    at[0].answer = [&](octets q, call_context&) -> awaitable<result<octets>> {
        co_await go.wait();
        co_return q;
    };
    channel_options o;
    o.max_connections = 3;
    o.connection_idle_timeout = 20ms;
    auto const ch = at.channel(o);
    std::size_t answered = 0;
    for (int i = 0; i != 5; ++i)
        ch.async_call(bytes_service::unary, request, {}, [&](result<octets> r) { answered += r.has_value() ? 1 : 0; });
    at.run_until([&] { return at[0].calls == 3; });
    settle(at.io);
    BOOST_TEST(at[0].connections->open() == 3U);
    BOOST_TEST(at[0].calls == 3U); // the others wait
    go.set();
    at.run_until([&] { return answered == 5; });
    at.run_until([&] { return at[0].connections->open() == 1; });
    at.run([&] { return call_times(ch, 3); });
}

BOOST_AUTO_TEST_CASE(an_address_that_cannot_be_reached_is_passed_over) {
    cluster at(3);
    auto const ch = at.channel();
    at.run([&] { return call_times(ch, 3); });
    at.kill(1);
    at.run([&] { return call_times(ch, 30); });
    BOOST_TEST(at[0].calls + at[2].calls >= 30U);
}

BOOST_AUTO_TEST_CASE(one_that_comes_back_gets_calls_again) {
    cluster at(2);
    channel_options o;
    o.initial_backoff = 10ms;
    auto const ch = at.channel(o);
    at.run([&] { return call_times(ch, 2); });
    at.kill(1);
    at.run([&] { return call_times(ch, 5); });
    at.restart(1);
    at.run_until([&] { return at[1].connections->open() == 1; });
    settle(at.io);
    at[1].calls = 0;
    at.run([&] { return call_times(ch, 10); });
    BOOST_TEST(at[1].calls == 5U);
}

BOOST_AUTO_TEST_CASE(when_none_can_be_reached_the_error_says_so) {
    cluster at(2);
    channel_options o;
    o.initial_backoff = 1h;
    o.max_backoff = 1h;
    auto ch = at.channel(o);
    at.kill(0);
    at.kill(1);
    at.run([&]() -> awaitable<void> {
        auto calling = call(ch, request);
        auto const r = co_await std::move(calling);
        BOOST_TEST(code_of(r) == status_code::unavailable);
        BOOST_TEST(message_of(r).starts_with("none of the 2 addresses of " + at.target() +
                                             " can be reached; the last failure: connect to 127.0.0.1:"));
    });
    BOOST_TEST((ch.state() == connectivity_state::transient_failure));
    at.restart(0);
    ch.reset_backoff();
    at.run([&] {
        call_options o2;
        o2.wait_for_ready = true;
        return [](joust::channel c, call_options options) -> awaitable<void> {
            auto calling = call(c, request, options);
            (co_await std::move(calling)).value();
        }(ch, o2);
    });
}

BOOST_AUTO_TEST_CASE(a_patient_call_waits_for_a_server_to_come) {
    cluster at(1);
    at.kill(0);
    channel_options o;
    o.initial_backoff = 5ms;
    auto const ch = at.channel(o);
    std::optional<result<octets>> patient;
    std::optional<result<octets>> hasty;
    call_options waits;
    waits.wait_for_ready = true;
    ch.async_call(bytes_service::unary, request, waits, [&](result<octets> r) { patient = std::move(r); });
    ch.async_call(bytes_service::unary, request, {}, [&](result<octets> r) { hasty = std::move(r); });
    at.run_until([&] { return hasty.has_value(); });
    BOOST_TEST(code_of(*hasty) == status_code::unavailable);
    BOOST_TEST(!patient.has_value());
    at.restart(0);
    at.run_until([&] { return patient.has_value(); });
    BOOST_TEST(patient->value() == request);
}

BOOST_AUTO_TEST_CASE(its_deadline_tells_of_the_last_failure) {
    cluster at(1);
    at.kill(0);
    at.run([&]() -> awaitable<void> {
        call_options waits;
        waits.wait_for_ready = true;
        waits.timeout = 50ms;
        auto calling = call(at.channel(), request, waits);
        auto const r = co_await std::move(calling);
        BOOST_TEST(code_of(r) == status_code::deadline_exceeded);
        BOOST_TEST(message_of(r) == "the deadline passed while waiting for a connection to " + at[0].address +
                                        "; the last failure: connect to " + at[0].address + ": Connection refused");
    });
}

// -- addresses that change

BOOST_AUTO_TEST_CASE(calls_wait_for_the_first_addresses) {
    pushed at(1);
    std::optional<result<octets>> outcome;
    at.ch.async_call(bytes_service::unary, request, {}, [&](result<octets> r) { outcome = std::move(r); });
    settle(at.io);
    BOOST_TEST((at.ch.state() == connectivity_state::connecting));
    at.source->push(of({at[0].address}));
    at.run_until([&] { return outcome.has_value(); });
    BOOST_TEST(outcome->value() == request);
}

BOOST_AUTO_TEST_CASE(traffic_moves_to_new_addresses_and_calls_under_way_finish) {
    pushed at(2);
    event go(at.io.get_executor());
    at[0].answer = [&](octets q, call_context&) -> awaitable<result<octets>> {
        co_await go.wait();
        co_return q;
    };
    at.source->push(of({at[0].address}));
    std::optional<result<octets>> outcome;
    at.ch.async_call(bytes_service::unary, request, {}, [&](result<octets> r) { outcome = std::move(r); });
    at.run_until([&] { return at[0].calls == 1; });
    at.source->push(of({at[1].address}));
    settle(at.io);
    at.run([&] { return call_times(at.ch, 5); });
    BOOST_TEST(at[0].calls == 1U);
    BOOST_TEST(at[1].calls == 5U);
    BOOST_TEST(!outcome.has_value());
    go.set();
    at.run_until([&] { return outcome.has_value(); });
    BOOST_TEST(outcome->value() == request);
    at.run_until([&] { return at[0].connections->open() == 0; });
}

BOOST_AUTO_TEST_CASE(an_empty_or_broken_answer_leaves_the_addresses_there_are) {
    pushed at(1);
    at.source->push(of({at[0].address}));
    at.run([&] { return call_times(at.ch, 1); });
    resolution nothing;
    nothing.problem = status(status_code::unavailable, "the name service is away");
    at.source->push(nothing);
    at.source->push(of({"not an address"}));
    settle(at.io);
    at.run([&] { return call_times(at.ch, 3); });
    BOOST_TEST(at[0].calls == 4U);
    BOOST_TEST(at[0].connections->opened == 1U);
}

BOOST_AUTO_TEST_CASE(without_any_address_the_resolver_s_words_are_the_error) {
    pushed at(0);
    resolution nothing;
    nothing.problem = status(status_code::unavailable, "the name service is away");
    at.source->push(nothing);
    at.run([&]() -> awaitable<void> {
        auto calling = call(at.ch, request);
        BOOST_TEST(message_of(co_await std::move(calling)) == "the name service is away");
    });
}

BOOST_AUTO_TEST_CASE(ten_thousand_addresses_are_no_reason_to_connect_to_all) {
    pushed at(1);
    std::vector<std::string> all(1, at[0].address);
    for (int i = 0; i != 9999; ++i)
        all.push_back("127.1." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1) + ":1");
    at.source->push(of(all));
    at.run([&] { return call_times(at.ch, 3); });
    BOOST_TEST(at[0].calls == 3U);
}

// -- service config

BOOST_AUTO_TEST_CASE(a_config_sets_timeouts_and_a_broken_one_changes_nothing) {
    cluster at(1);
    at[0].answer = [](octets, call_context& c) -> awaitable<result<octets>> {
        co_return c.deadline() ? "limited" : "unlimited";
    };
    auto ch = at.channel();
    auto const ask = [&] {
        octets answer;
        at.run([&]() -> awaitable<void> {
            auto calling = call(ch, request);
            answer = (co_await std::move(calling)).value();
        });
        return answer;
    };
    BOOST_TEST(ask() == "unlimited");
    BOOST_TEST(ch.set_service_config(R"({"methodConfig":[{"name":[{"service":"test.Bytes"}],"timeout":"60s"}]})").ok());
    BOOST_TEST(ask() == "limited");
    status const bad = ch.set_service_config(R"({"methodConfig":[{"name":[{}],"timeout":"soon"}]})");
    BOOST_TEST(bad.code() == status_code::invalid_argument);
    BOOST_TEST(bad.message().find("methodConfig[0].timeout") != std::string::npos);
    BOOST_TEST(ask() == "limited");
}

namespace {

/// Hears what a resolver gave that cannot be used.
class complaints final : public observer {
public:
    std::vector<std::string> all;

private:
    void resolution_failed(std::string_view, status const& why) noexcept override { all.push_back(why.message()); }
};

constexpr auto limiting = R"({"methodConfig":[{"name":[{}],"timeout":"60s"}]})";

} // namespace

BOOST_AUTO_TEST_CASE(a_resolver_s_config_is_obeyed_until_there_is_another_good_one) {
    auto const heard = std::make_shared<complaints>();
    channel_options o;
    o.observer = heard;
    pushed at(1);
    at[0].answer = [](octets, call_context& c) -> awaitable<result<octets>> {
        co_return c.deadline() ? "limited" : "unlimited";
    };
    at.ch = joust::channel(at.io.get_executor(), at.source, "service", o);
    auto const ask_after = [&](std::optional<std::string> config) {
        resolution r = of({at[0].address});
        r.service_config = std::move(config);
        at.source->push(std::move(r));
        settle(at.io);
        octets answer;
        at.run([&]() -> awaitable<void> {
            auto calling = call(at.ch, request);
            answer = (co_await std::move(calling)).value();
        });
        return answer;
    };
    BOOST_TEST(ask_after(std::nullopt) == "unlimited");
    BOOST_TEST(ask_after(limiting) == "limited");
    BOOST_TEST(ask_after(R"({"methodConfig":[{"name":[{}],"timeout":"60s","retryPolicy":{"maxAttempts":1}}]})") ==
               "limited");
    BOOST_TEST_REQUIRE(heard->all.size() == 1U);
    BOOST_TEST(heard->all[0].find("methodConfig[0].retryPolicy.initialBackoff: ") != std::string::npos);
    BOOST_TEST(ask_after(std::nullopt) == "limited"); // says nothing of it
    BOOST_TEST(ask_after("{}") == "unlimited");
    BOOST_TEST(at.ch.set_service_config("{}").ok());
    BOOST_TEST(ask_after(limiting) == "unlimited"); // what the user says goes before
}

BOOST_AUTO_TEST_CASE(what_a_config_does_not_mention_any_more_is_as_the_options_have_it) {
    cluster at(2);
    auto ch = at.channel();
    ch.connect();
    at.run_until([&] { return at[0].connections->open() == 1 && at[1].connections->open() == 1; });
    BOOST_TEST(ch.set_service_config(R"({"loadBalancingConfig":[{"pick_first":{}}]})").ok());
    settle(at.io);
    at.run([&] { return call_times(ch, 10); });
    BOOST_TEST(at[0].calls * at[1].calls == 0U);
    BOOST_TEST(ch.set_service_config("{}").ok());
    at.run_until([&] { return at[0].connections->open() == 1 && at[1].connections->open() == 1; });
    settle(at.io);
    at[0].calls = at[1].calls = 0;
    at.run([&] { return call_times(ch, 10); });
    BOOST_TEST(at[0].calls == 5U);
    BOOST_TEST(at[1].calls == 5U);
}

BOOST_AUTO_TEST_CASE(a_broken_config_among_the_options_is_complained_about) {
    channel_options o;
    o.service_config = R"({"methodConfig":7})";
    auto const complaint = validate(o);
    BOOST_REQUIRE(complaint.has_value());
    BOOST_TEST(complaint->starts_with("service_config: "));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
