//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Breakers as a channel's calls see them: what waits, what does not, what errors say, and the user's hand.

#include "joust/client/manual_resolver.hpp"
#include "joust/core/connection_error.hpp"
#include "support/cluster.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(breaker_calls)

namespace {

using asio::awaitable;
using outcome = std::optional<result<octets>>;

octets const request = "hello";

/// One server that fails, and a breaker that two failures open.
struct broken : cluster {
    channel_options options;

    explicit broken(std::size_t n = 1) : cluster(n) {
        (*this)[0].answer = failing(status_code::unavailable);
        options.circuit_breaker = circuit_breaker_options();
        options.circuit_breaker->consecutive_failures = 2;
        options.circuit_breaker->open_time = 1h;
    }

    result<octets> ask(joust::channel const& ch, call_options o = {}) {
        outcome got;
        begin(ch, got, std::move(o));
        run_until([&] { return got.has_value(); });
        return *got;
    }
    void begin(joust::channel const& ch, outcome& to, call_options o = {}) {
        ch.async_call(bytes_service::unary, request, std::move(o), [&](result<octets> r) { to = std::move(r); });
    }
    void open_breaker(joust::channel const& ch) {
        for (int i = 0; i != 2; ++i)
            BOOST_TEST(message_of(ask(ch)) == "on purpose");
    }
};

call_options patient(std::optional<std::chrono::milliseconds> timeout = {}) {
    call_options o;
    o.wait_for_ready = true;
    if (timeout)
        o.timeout = *timeout;
    return o;
}

} // namespace

BOOST_AUTO_TEST_CASE(refusal_says_why_the_breaker_is_open) {
    broken at;
    auto const ch = at.channel(at.options);
    at.open_breaker(ch);
    auto const refused = at.ask(ch);
    BOOST_TEST(code_of(refused) == status_code::unavailable);
    BOOST_CHECK(refused.error().origin() == status_origin::local);
    BOOST_CHECK(refused.error().cause() == connection_error::circuit_open);
    BOOST_TEST(message_of(refused).ends_with(" ms; the last failure: UNAVAILABLE: on purpose"));
}

BOOST_AUTO_TEST_CASE(call_that_waits_for_one_does_not_hold_up_those_that_do_not) {
    broken at;
    auto ch = at.channel(at.options);
    at.open_breaker(ch);
    outcome first, second;
    at.begin(ch, first, patient());
    at.begin(ch, second, patient());
    settle(at.io);
    BOOST_TEST(code_of(at.ask(ch)) == status_code::unavailable); // at once
    BOOST_TEST(at[0].calls == 2U);
    BOOST_TEST(!first.has_value());
    at[0].answer = cluster::echo;
    ch.set_circuit({}, circuit_control::automatic);
    at.run_until([&] { return first.has_value() && second.has_value(); });
    BOOST_TEST(first->value() == request);
    BOOST_TEST(second->value() == request);
}

BOOST_AUTO_TEST_CASE(call_that_waits_is_made_when_the_time_is_over) {
    for (bool const per_method : {false, true}) {
        broken at;
        at.options.circuit_breaker->open_time = 30ms;
        at.options.circuit_breaker->per_method = per_method;
        auto const ch = at.channel(at.options);
        at.open_breaker(ch);
        at[0].answer = cluster::echo;
        BOOST_TEST(at.ask(ch, patient()).value() == request);
    }
}

BOOST_AUTO_TEST_CASE(calls_that_wait_take_turns_as_trials) {
    broken at;
    at.options.circuit_breaker->open_time = 30ms;
    at.options.circuit_breaker->half_open_trials = 1;
    at.options.circuit_breaker->success_threshold = 5;
    auto const ch = at.channel(at.options);
    at.open_breaker(ch);
    at[0].answer = cluster::echo;
    std::size_t answered = 0;
    for (int i = 0; i != 10; ++i)
        ch.async_call(bytes_service::unary, request, patient(), [&](result<octets> r) { answered += r.has_value(); });
    at.run_until([&] { return answered == 10; });
    BOOST_TEST(at[0].calls == 12U);
}

BOOST_AUTO_TEST_CASE(deadline_of_a_call_that_waits_tells_of_the_breaker) {
    broken at;
    auto const ch = at.channel(at.options);
    at.open_breaker(ch);
    auto const late = at.ask(ch, patient(20ms));
    BOOST_TEST(code_of(late) == status_code::deadline_exceeded);
    BOOST_TEST(message_of(late).starts_with("the deadline passed while waiting for a server: the circuit breaker of " +
                                            at[0].address + " is open, "));
}

BOOST_AUTO_TEST_CASE(each_method_has_its_own_where_that_is_wanted) {
    broken at;
    at.options.circuit_breaker->per_method = true;
    std::string opened;
    at.options.circuit_breaker->on_event = [&](circuit_event const& e) { opened = e.method; };
    auto const ch = at.channel(at.options);
    at.open_breaker(ch);
    BOOST_TEST(opened == bytes_service::unary.path);
    outcome waiting;
    at.begin(ch, waiting, patient());
    settle(at.io);
    at.run([&]() -> awaitable<void> { // another method of the same server
        auto opening = open_bidi(ch);
        auto stream = (co_await std::move(opening)).value();
        (co_await write(stream, request)).value();
        BOOST_TEST((co_await read(stream)).value().value() == request);
    });
    BOOST_TEST(!waiting.has_value());
    BOOST_TEST(at[0].calls == 2U);
}

BOOST_AUTO_TEST_CASE(hand_is_obeyed_by_breakers_that_come_later) {
    for (bool const per_method : {false, true}) {
        broken at(2);
        at[0].answer = cluster::echo;
        at.options.circuit_breaker->per_method = per_method;
        auto const source = std::make_shared<manual_resolver>();
        joust::channel ch(at.io.get_executor(), source, "service", at.options);
        endpoint_address first, second;
        first.address = at[0].address;
        second.address = at[1].address;
        ch.set_circuit({}, circuit_control::force_open); // before there is any
        ch.set_circuit(at[1].address, circuit_control::automatic);
        source->push({first});
        auto const refused = at.ask(ch);
        BOOST_TEST(message_of(refused) == "the circuit breaker of " + at[0].address + " is open by hand");
        source->push({second});
        settle(at.io);
        BOOST_TEST(at.ask(ch).value() == request);
        BOOST_TEST(at[1].calls == 1U);
        source->push({first});
        settle(at.io);
        BOOST_TEST(code_of(at.ask(ch)) == status_code::unavailable);
        ch.set_circuit({}, circuit_control::automatic);
        BOOST_TEST(at.ask(ch).value() == request);
        BOOST_TEST(at[0].calls == 1U);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
