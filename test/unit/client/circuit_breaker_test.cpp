//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/circuit_breaker.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <limits>
#include <ostream>
#include <vector>

using namespace joust;
using namespace joust::client;
using namespace std::chrono_literals;

namespace joust {

std::ostream& operator<<(std::ostream& os, circuit_state s) {
    return os << to_string(s);
}
std::ostream& operator<<(std::ostream& os, circuit_reason r) {
    return os << to_string(r);
}
std::ostream& operator<<(std::ostream& os, health_opinion o) {
    return os << "opinion " << int(o);
}

} // namespace joust

BOOST_AUTO_TEST_SUITE(circuit_breaker_)

namespace {

constexpr time_point start = time_point() + 1h;
constexpr auto good = health_opinion::healthy;
constexpr auto bad = health_opinion::unhealthy;
constexpr auto none = health_opinion::none;

struct seen_event {
    circuit_state from;
    circuit_state to;
    circuit_reason reason;
    bool operator==(seen_event const&) const = default;
};

/// A breaker, its events, and a clock that stands still unless moved.
struct fixture {
    explicit fixture(circuit_breaker_options o = {}) : breaker(prepare(std::move(o)), "10.0.0.1:50051", "/s/m") {}

    std::shared_ptr<circuit_breaker_options const> prepare(circuit_breaker_options o) {
        BOOST_TEST(validate(o).value_or("") == "");
        o.on_event = [this](circuit_event const& e) {
            events.push_back({e.from, e.to, e.reason});
            BOOST_TEST(e.address == "10.0.0.1:50051");
            BOOST_TEST(e.method == "/s/m");
            BOOST_TEST((e.when == now));
            if (then)
                then();
        };
        return std::make_shared<circuit_breaker_options const>(std::move(o));
    }

    circuit_permit acquire() {
        circuit_answer const a = breaker.try_acquire(now);
        BOOST_REQUIRE(a.permit.has_value());
        return *a.permit;
    }
    void call(health_opinion outcome, duration latency = 1ms) { breaker.record(acquire(), outcome, latency, now); }
    void calls(int count, health_opinion outcome) {
        while (count-- > 0)
            call(outcome);
    }
    duration refused() {
        circuit_answer const a = breaker.try_acquire(now);
        BOOST_TEST(!a.permit.has_value());
        return a.retry_after;
    }

    std::vector<seen_event> events;
    std::function<void()> then;
    time_point now = start;
    circuit_breaker breaker;
};

} // namespace

BOOST_AUTO_TEST_CASE(defaults_open_after_five_wait_thirty_seconds_and_close_after_three) {
    fixture f;
    f.calls(4, bad);
    BOOST_TEST(f.breaker.state() == circuit_state::closed);
    f.call(bad);
    BOOST_TEST(f.breaker.state() == circuit_state::open);
    BOOST_TEST((f.refused() == 30s));
    f.now += 30s - 1ns;
    BOOST_TEST((f.refused() == 1ns));
    f.now += 1ns;
    f.calls(2, good);
    BOOST_TEST(f.breaker.state() == circuit_state::half_open);
    f.call(good);
    BOOST_TEST(f.breaker.state() == circuit_state::closed);
    std::vector<seen_event> const expected = {
        {circuit_state::closed, circuit_state::open, circuit_reason::consecutive_failures},
        {circuit_state::open, circuit_state::half_open, circuit_reason::open_time_over},
        {circuit_state::half_open, circuit_state::closed, circuit_reason::trials_succeeded},
    };
    BOOST_TEST((f.events == expected));
}

BOOST_AUTO_TEST_CASE(success_between_failures_begins_the_count_anew) {
    fixture f;
    for (int i = 0; i != 100; ++i) {
        f.calls(4, bad);
        f.call(good);
    }
    BOOST_TEST(f.breaker.state() == circuit_state::closed);
    f.calls(4, bad);
    f.calls(10, none); // tells nothing, so it interrupts nothing
    f.call(bad);
    BOOST_TEST(f.breaker.state() == circuit_state::open);
}

BOOST_AUTO_TEST_CASE(failed_trial_opens_for_the_whole_time) {
    fixture f;
    f.calls(5, bad);
    f.now += 30s;
    f.call(good);
    f.now += 10s;
    f.call(bad);
    BOOST_TEST(f.breaker.state() == circuit_state::open);
    BOOST_TEST(f.events.back().reason == circuit_reason::trial_failed);
    BOOST_TEST((f.refused() == 30s));
    f.now += 30s;
    f.calls(2, good); // the earlier success has been forgotten
    BOOST_TEST(f.breaker.state() == circuit_state::half_open);
}

BOOST_AUTO_TEST_CASE(trials_are_bounded_and_a_released_one_makes_room) {
    fixture f({.half_open_trials = 2});
    f.calls(5, bad);
    f.now += 30s;
    auto const first = f.acquire();
    auto const second = f.acquire();
    f.now += 1s;
    BOOST_TEST((f.refused() == 29s));
    f.breaker.release(second, f.now);
    f.acquire();
    f.refused();
    f.breaker.record(first, good, 1ms, f.now);
    f.acquire();
    f.refused();
}

BOOST_AUTO_TEST_CASE(trials_that_hang_do_not_block_others_for_ever) {
    fixture f({.half_open_trials = 1, .success_threshold = 2});
    f.calls(5, bad);
    f.now += 30s;
    f.call(good);
    auto const hangs = f.acquire();
    f.now += 30s - 1ns;
    BOOST_TEST((f.refused() == 1ns));
    f.now += 1ns;
    auto const next = f.acquire();
    BOOST_TEST((f.refused() == 30s));
    f.breaker.record(hangs, bad, 30s, f.now); // too late
    BOOST_TEST(f.breaker.state() == circuit_state::half_open);
    f.breaker.record(next, good, 1ms, f.now);
    BOOST_TEST(f.breaker.state() == circuit_state::closed); // the success before still counts
}

BOOST_AUTO_TEST_CASE(oldest_trial_decides_how_long_they_are_waited_for) {
    fixture f({.half_open_trials = 2});
    f.calls(5, bad);
    f.now += 30s;
    f.acquire();
    f.now += 20s;
    f.acquire();
    BOOST_TEST((f.refused() == 10s));
    f.now += 10s;
    f.acquire();
}

BOOST_AUTO_TEST_CASE(late_answers_change_nothing) {
    fixture f;
    std::vector<circuit_permit> before;
    for (int i = 0; i != 20; ++i)
        before.push_back(f.acquire());
    f.calls(5, bad);
    for (int i = 0; i != 10; ++i)
        f.breaker.record(before[std::size_t(i)], good, 1ms, f.now);
    BOOST_TEST(f.breaker.state() == circuit_state::open);
    f.now += 30s;
    f.call(good);
    for (int i = 10; i != 15; ++i)
        f.breaker.record(before[std::size_t(i)], bad, 1ms, f.now);
    BOOST_TEST(f.breaker.state() == circuit_state::half_open);
    f.calls(2, good);
    for (int i = 15; i != 20; ++i)
        f.breaker.record(before[std::size_t(i)], bad, 1ms, f.now);
    BOOST_TEST(f.breaker.state() == circuit_state::closed);
}

BOOST_AUTO_TEST_CASE(failure_rate_opens_at_its_share_of_enough_calls) {
    fixture f({.consecutive_failures = 0, .failure_rate = 0.5, .minimum_calls = 10, .window_size = 20});
    f.calls(9, bad);
    BOOST_TEST(f.breaker.state() == circuit_state::closed); // too few
    fixture half({.consecutive_failures = 0, .failure_rate = 0.5, .minimum_calls = 10, .window_size = 20});
    half.calls(20, good);
    half.calls(9, bad);
    BOOST_TEST(half.breaker.state() == circuit_state::closed); // 9 of the last 20
    half.call(bad);
    BOOST_TEST(half.breaker.state() == circuit_state::open);
    BOOST_TEST(half.events.back().reason == circuit_reason::failure_rate);
}

BOOST_AUTO_TEST_CASE(window_by_time_forgets) {
    fixture f({.consecutive_failures = 0, .failure_rate = 0.5, .minimum_calls = 10, .window_time = 10s});
    f.calls(9, bad);
    f.now += 10s;
    f.calls(9, bad);
    BOOST_TEST(f.breaker.state() == circuit_state::closed);
    f.now += 5s;
    f.call(bad);
    BOOST_TEST(f.breaker.state() == circuit_state::open);
}

BOOST_AUTO_TEST_CASE(slow_calls_open_whatever_their_status) {
    fixture f({.slow_call_duration = 100ms, .slow_call_rate = 0.8, .minimum_calls = 5, .window_size = 5});
    f.call(good, 100ms - 1ns);
    for (int i = 0; i != 3; ++i)
        f.call(good, 100ms);
    BOOST_TEST(f.breaker.state() == circuit_state::closed);
    f.call(good, 10s);
    BOOST_TEST(f.breaker.state() == circuit_state::open);
    BOOST_TEST(f.events.back().reason == circuit_reason::slow_call_rate);
    f.now += 30s;
    f.call(good, 100ms); // a slow trial is no recovery
    BOOST_TEST(f.breaker.state() == circuit_state::open);
    BOOST_TEST(f.events.back().reason == circuit_reason::trial_failed);
}

BOOST_AUTO_TEST_CASE(window_is_empty_after_recovery) {
    fixture f({.consecutive_failures = 0, .failure_rate = 0.5, .minimum_calls = 10, .success_threshold = 1});
    f.calls(10, bad);
    f.now += 30s;
    f.call(good);
    f.calls(9, bad);
    BOOST_TEST(f.breaker.state() == circuit_state::closed);
}

BOOST_AUTO_TEST_CASE(manual_states_hold_until_told_otherwise) {
    fixture f;
    auto const before = f.acquire();
    f.breaker.force_open(f.now);
    BOOST_TEST((f.refused() == duration::max()));
    f.breaker.record(before, good, 1ms, f.now);
    f.now += 1000h;
    f.refused();
    f.breaker.force_closed(f.now);
    f.calls(100, bad);
    BOOST_TEST(f.breaker.state() == circuit_state::forced_closed);
    auto const forced = f.acquire();
    f.breaker.reset(f.now);
    f.calls(4, bad);
    f.breaker.record(forced, bad, 1ms, f.now);
    BOOST_TEST(f.breaker.state() == circuit_state::closed);
    f.call(bad);
    BOOST_TEST(f.breaker.state() == circuit_state::open);
    f.breaker.reset(f.now);
    BOOST_TEST(f.breaker.state() == circuit_state::closed);
    BOOST_TEST(f.events.size() == 5U);
    BOOST_TEST(f.events[0].reason == circuit_reason::manual);
    f.breaker.reset(f.now); // no change, no event
    BOOST_TEST(f.events.size() == 5U);
}

BOOST_AUTO_TEST_CASE(callback_may_force_a_state) {
    fixture f;
    f.calls(5, bad);
    f.now += 30s;
    f.then = [&] {
        f.then = nullptr;
        f.breaker.force_open(f.now);
    };
    BOOST_TEST((f.refused() == duration::max()));
    BOOST_TEST(f.breaker.state() == circuit_state::forced_open);
}

BOOST_AUTO_TEST_CASE(only_what_speaks_of_the_server_counts) {
    circuit_breaker_options const o;
    auto const from_peer = [&](status_code c) { return opinion(o, status(c, "", status_origin::peer)); };
    for (int i = 0; i != 17; ++i) {
        auto const code = status_code(i);
        bool const fails = code == status_code::unavailable || code == status_code::deadline_exceeded ||
                           code == status_code::internal || code == status_code::resource_exhausted;
        BOOST_TEST(from_peer(code) == (fails ? bad : good), to_string(code));
    }
    BOOST_TEST(opinion(o, status(status_code::unavailable, "", status_origin::network)) == bad);
    BOOST_TEST(opinion(o, status(status_code::deadline_exceeded)) == bad);
    BOOST_TEST(opinion(o, status(status_code::resource_exhausted)) == none); // our own queue
    BOOST_TEST(opinion(o, status(status_code::cancelled)) == none);
    BOOST_TEST(opinion(o, status()) == good);
    circuit_breaker_options own;
    own.classifier = [](status const& s) { return s.code() == status_code::not_found ? bad : none; };
    BOOST_TEST(opinion(own, status(status_code::not_found, "", status_origin::peer)) == bad);
    BOOST_TEST(opinion(own, status(status_code::unavailable, "", status_origin::peer)) == none);
}

BOOST_AUTO_TEST_CASE(bad_field_is_named) {
    auto const complaint = [](auto&& change) {
        circuit_breaker_options o;
        change(o);
        return validate(o).value_or("");
    };
    BOOST_TEST(complaint([](auto&) {}) == "");
    BOOST_TEST(complaint([](auto& o) { o.failure_rate = 0; }) == "failure_rate must be above 0 and at most 1");
    BOOST_TEST(complaint([](auto& o) { o.failure_rate = std::numeric_limits<double>::quiet_NaN(); }) != "");
    BOOST_TEST(complaint([](auto& o) { o.slow_call_duration = 0s; }) == "slow_call_duration must be positive");
    BOOST_TEST(complaint([](auto& o) { o.slow_call_rate = 1.1; }) == "slow_call_rate must be above 0 and at most 1");
    BOOST_TEST(complaint([](auto& o) { o.minimum_calls = 0; }) == "minimum_calls must be at least 1");
    BOOST_TEST(complaint([](auto& o) { o.window_size = 0; }) == "window_size must be from 1 to 1000000");
    BOOST_TEST(complaint([](auto& o) { o.failure_rate = 1, o.minimum_calls = 101; }) ==
               "minimum_calls must be at most window_size"); // or it would never open
    BOOST_TEST(complaint([](auto& o) { o.window_time = 9ms; }) == "window_time must be at least 10ms");
    BOOST_TEST(complaint([](auto& o) { o.open_time = 0s; }) == "open_time must be positive");
    BOOST_TEST(complaint([](auto& o) { o.half_open_trials = 0; }) == "half_open_trials must be at least 1");
    BOOST_TEST(complaint([](auto& o) { o.success_threshold = 0; }) == "success_threshold must be at least 1");
}

BOOST_AUTO_TEST_SUITE_END()
