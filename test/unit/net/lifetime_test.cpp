//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/lifetime.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

using namespace joust::net;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(lifetime_)

namespace {

using action = lifetime::action;
constexpr time_point start{};
constexpr std::optional<time_point> busy;
constexpr double no_jitter = 0.5;

} // namespace

BOOST_AUTO_TEST_CASE(silent_connection_is_given_up) {
    lifetime l({}, start, no_jitter);
    BOOST_TEST((l.next() == start + 20s));
    BOOST_TEST((l.on_time(start + 19s, start) == action::nothing));
    BOOST_TEST((l.on_time(start + 20s, start) == action::preface_timeout));
    BOOST_TEST((l.on_time(start + 21s, start) == action::nothing));
}

BOOST_AUTO_TEST_CASE(connection_that_spoke_lives_for_ever_by_default) {
    lifetime l({}, start, no_jitter);
    l.on_spoken();
    BOOST_TEST((l.next() == never));
    BOOST_TEST((l.on_time(start + 10000h, start) == action::nothing));
}

BOOST_AUTO_TEST_CASE(idle_connection_is_drained) {
    lifetime l({.max_idle = 60s}, start, no_jitter);
    l.on_spoken();
    BOOST_TEST((l.next() == start + 60s));
    BOOST_TEST((l.on_time(start + 60s, start) == action::drain_idle));
    BOOST_TEST((l.on_time(start + 61s, start) == action::nothing));
}

BOOST_AUTO_TEST_CASE(idle_time_begins_with_the_end_of_the_last_call) {
    lifetime l({.max_idle = 60s}, start, no_jitter);
    l.on_spoken();
    BOOST_TEST((l.on_time(start + 60s, start + 50s) == action::nothing));
    BOOST_TEST((l.next() == start + 110s));
    BOOST_TEST((l.on_time(start + 110s, start + 50s) == action::drain_idle));
}

BOOST_AUTO_TEST_CASE(busy_connection_is_not_idle_and_is_looked_at_in_time) {
    lifetime l({.max_idle = 60s}, start, no_jitter);
    l.on_spoken();
    BOOST_TEST((l.on_time(start + 60s, busy) == action::nothing));
    BOOST_TEST((l.next() == start + 120s)); // it cannot have been idle for a minute before
    BOOST_TEST((l.on_time(start + 120s, start + 60s) == action::drain_idle));
}

BOOST_AUTO_TEST_CASE(age_is_jittered_by_a_tenth) {
    for (auto const& [random01, age] : {std::pair(0.0, 90s), {0.5, 100s}, {0.9999999, 110s}}) {
        lifetime l({.max_age = 100s}, start, random01);
        l.on_spoken();
        BOOST_TEST((l.next() > start + age - 1ms));
        BOOST_TEST((l.next() <= start + age));
    }
}

BOOST_AUTO_TEST_CASE(old_connection_is_drained_and_aborted_after_the_grace) {
    lifetime l({.max_age = 100s, .max_age_grace = 5s}, start, no_jitter);
    l.on_spoken();
    BOOST_TEST((l.on_time(start + 100s, busy) == action::drain_old));
    BOOST_TEST((l.on_time(start + 100s, busy) == action::nothing));
    BOOST_TEST((l.next() == start + 105s));
    BOOST_TEST((l.on_time(start + 105s, busy) == action::abort));
    BOOST_TEST((l.next() == never));
}

BOOST_AUTO_TEST_CASE(grace_is_endless_by_default) {
    lifetime l({.max_age = 100s}, start, no_jitter);
    l.on_spoken();
    BOOST_TEST((l.on_time(start + 100s, busy) == action::drain_old));
    BOOST_TEST((l.next() == never));
}

BOOST_AUTO_TEST_CASE(old_connection_that_never_spoke_is_given_up) {
    lifetime l({.preface_timeout = 200s, .max_age = 100s, .max_age_grace = 50s}, start, no_jitter);
    BOOST_TEST((l.on_time(start + 100s, start) == action::drain_old));
    BOOST_TEST((l.on_time(start + 150s, start) == action::abort));
}

BOOST_AUTO_TEST_CASE(drain_does_not_wait_for_the_ping_for_ever) {
    lifetime l({.max_idle = 1s}, start, no_jitter);
    l.on_spoken();
    l.on_drain(start + 1s);
    BOOST_TEST((l.next() == start + 21s)); // not idle again
    BOOST_TEST((l.on_time(start + 21s, start) == action::final_goaway));
    BOOST_TEST((l.next() == never));
}

BOOST_AUTO_TEST_CASE(answered_ping_is_not_waited_for) {
    lifetime l({}, start, no_jitter);
    l.on_spoken();
    l.on_drain(start);
    l.on_final_goaway();
    BOOST_TEST((l.next() == never));
}

BOOST_AUTO_TEST_CASE(endless_times_do_not_overflow) {
    lifetime l({.preface_timeout = duration::max(), .max_idle = duration::max(), .max_age = duration::max()},
               start + 1h, 0.99);
    BOOST_TEST((l.next() == never));
}

BOOST_AUTO_TEST_SUITE_END()
