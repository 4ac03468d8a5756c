//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/ping_police.hpp"

#include <boost/test/unit_test.hpp>

using namespace joust::net;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(ping_police_)

namespace {

constexpr time_point start{};

} // namespace

BOOST_AUTO_TEST_CASE(third_strike_is_too_many) {
    ping_police p({});
    BOOST_TEST(!p.on_ping(start, true, false)); // the first is free
    BOOST_TEST(!p.on_ping(start + 1s, true, false));
    BOOST_TEST(!p.on_ping(start + 2s, true, false));
    BOOST_TEST(p.on_ping(start + 3s, true, false));
}

BOOST_AUTO_TEST_CASE(pings_at_the_interval_are_free) {
    ping_police p({});
    for (int i = 0; i != 100; ++i)
        BOOST_TEST(!p.on_ping(start + i * 5min, true, false));
}

BOOST_AUTO_TEST_CASE(without_calls_two_hours_are_to_pass) {
    ping_police p({});
    for (int i = 0; i != 3; ++i)
        BOOST_TEST(!p.on_ping(start + i * 1h, false, false));
    BOOST_TEST(p.on_ping(start + 3h, false, false));
    ping_police patient({});
    for (int i = 0; i != 10; ++i)
        BOOST_TEST(!patient.on_ping(start + i * 2h, false, false));
}

BOOST_AUTO_TEST_CASE(without_calls_the_interval_is_enough_when_permitted) {
    ping_police p({.permit_without_calls = true});
    for (int i = 0; i != 10; ++i)
        BOOST_TEST(!p.on_ping(start + i * 5min, false, false));
}

BOOST_AUTO_TEST_CASE(answer_forgives_all_strikes) {
    ping_police p({});
    for (int i = 0; i != 100; ++i)
        BOOST_TEST(!p.on_ping(start + i * 1ms, true, i % 3 == 0)); // grpcio measures the bandwidth like this
}

BOOST_AUTO_TEST_CASE(number_of_strikes_is_an_option) {
    ping_police strict({.max_strikes = 1});
    BOOST_TEST(!strict.on_ping(start, true, false));
    BOOST_TEST(!strict.on_ping(start, true, false));
    BOOST_TEST(strict.on_ping(start, true, false));
    ping_police blind({.max_strikes = 0});
    for (int i = 0; i != 1000; ++i)
        BOOST_TEST(!blind.on_ping(start, true, false));
}

BOOST_AUTO_TEST_SUITE_END()
