//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/keepalive.hpp"

#include <boost/test/unit_test.hpp>

using namespace joust;
using namespace joust::net;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(keepalive_)

namespace {

using action = keepalive::action;
constexpr time_point start{};

keepalive_options every_ten_seconds(bool without_calls = false) {
    return {.time = 10s, .timeout = 2s, .permit_without_calls = without_calls};
}

} // namespace

BOOST_AUTO_TEST_CASE(off_never_wants_to_be_asked) {
    keepalive k({}, start);
    BOOST_TEST((k.next() == never));
    BOOST_TEST((k.on_time(start + 1000h, true) == action::nothing));
    BOOST_TEST(!k.dormant());
}

BOOST_AUTO_TEST_CASE(quiet_peer_is_pinged_after_the_time) {
    keepalive k(every_ten_seconds(), start);
    BOOST_TEST((k.next() == start + 10s));
    BOOST_TEST((k.on_time(start + 10s - 1ns, true) == action::nothing));
    BOOST_TEST((k.on_time(start + 10s, true) == action::ping));
    BOOST_TEST((k.next() == start + 12s));
}

BOOST_AUTO_TEST_CASE(time_counts_from_the_last_byte_read) {
    keepalive k(every_ten_seconds(), start);
    k.on_read(start + 9s);
    BOOST_TEST((k.on_time(start + 10s, true) == action::nothing));
    BOOST_TEST((k.next() == start + 19s));
    BOOST_TEST((k.on_time(start + 19s, true) == action::ping));
}

BOOST_AUTO_TEST_CASE(silence_after_the_ping_gives_up) {
    keepalive k(every_ten_seconds(), start);
    BOOST_TEST((k.on_time(start + 10s, true) == action::ping));
    BOOST_TEST((k.on_time(start + 11s, true) == action::nothing)); // no second ping
    BOOST_TEST((k.on_time(start + 12s, true) == action::give_up));
}

BOOST_AUTO_TEST_CASE(any_byte_after_the_ping_is_a_sign_of_life) {
    keepalive k(every_ten_seconds(), start);
    BOOST_TEST((k.on_time(start + 10s, true) == action::ping));
    k.on_read(start + 11s);
    BOOST_TEST((k.on_time(start + 12s, true) == action::nothing));
    BOOST_TEST((k.next() == start + 21s));
}

BOOST_AUTO_TEST_CASE(byte_read_before_the_ping_is_none) {
    keepalive k(every_ten_seconds(), start);
    k.on_read(start);
    BOOST_TEST((k.on_time(start + 30s, true) == action::ping)); // the timer was late
    BOOST_TEST((k.on_time(start + 32s, true) == action::give_up));
}

BOOST_AUTO_TEST_CASE(without_calls_it_sleeps_until_the_next_one) {
    keepalive k(every_ten_seconds(), start);
    BOOST_TEST((k.on_time(start + 10s, false) == action::nothing));
    BOOST_TEST(k.dormant());
    BOOST_TEST((k.next() == never));
    k.wake();
    BOOST_TEST(!k.dormant());
    BOOST_TEST((k.next() == start + 10s)); // long past: at once
    BOOST_TEST((k.on_time(start + 500s, true) == action::ping));
}

BOOST_AUTO_TEST_CASE(peer_that_spoke_lately_is_not_pinged_on_waking) {
    keepalive k(every_ten_seconds(), start);
    BOOST_TEST((k.on_time(start + 10s, false) == action::nothing));
    k.on_read(start + 499s);
    k.wake();
    BOOST_TEST((k.on_time(start + 500s, true) == action::nothing));
    BOOST_TEST((k.next() == start + 509s));
}

BOOST_AUTO_TEST_CASE(without_calls_it_pings_when_permitted) {
    keepalive k(every_ten_seconds(true), start);
    BOOST_TEST((k.on_time(start + 10s, false) == action::ping));
    BOOST_TEST((k.on_time(start + 12s, false) == action::give_up));
}

BOOST_AUTO_TEST_CASE(too_many_pings_double_the_time) {
    keepalive k(every_ten_seconds(), start);
    k.slow_down();
    BOOST_TEST((k.on_time(start + 10s, true) == action::nothing));
    BOOST_TEST((k.next() == start + 20s));
    BOOST_TEST((slower(slower(every_ten_seconds())).time == 40s));
    BOOST_TEST((slower({.time = duration::max() - 1s}).time == duration::max()));
    BOOST_TEST(!slower({}).time.has_value());
}

BOOST_AUTO_TEST_CASE(one_that_is_off_can_be_turned_on_once) {
    keepalive k({}, start);
    BOOST_TEST(!k.turn_on({}, start));
    BOOST_TEST((k.next() == never));
    BOOST_TEST(k.turn_on(every_ten_seconds(), start + 50s));
    BOOST_TEST((k.next() == start + 60s));
    BOOST_TEST(!k.turn_on({.time = 1s}, start + 50s));
    BOOST_TEST((k.on_time(start + 59s, true) == action::nothing));
    BOOST_TEST((k.on_time(start + 60s, true) == action::ping));
}

BOOST_AUTO_TEST_CASE(endless_time_does_not_overflow) {
    keepalive k({.time = duration::max()}, start + 1h);
    BOOST_TEST((k.next() == never));
    BOOST_TEST((k.on_time(start + 2h, true) == action::nothing));
}

BOOST_AUTO_TEST_SUITE_END()
