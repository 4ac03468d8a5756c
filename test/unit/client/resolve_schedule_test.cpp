//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/resolve_schedule.hpp"

#include <boost/test/unit_test.hpp>

using namespace joust::client;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(resolve_schedule_)

namespace {

constexpr resolve_schedule::time_point start{};

/// One that has resolved once, at the start.
resolve_schedule resolved(resolve_schedule::settings const& s = {}, bool succeeded = true) {
    resolve_schedule r(s);
    BOOST_TEST(r.on_refresh());
    r.on_done(start, succeeded);
    return r;
}

} // namespace

BOOST_AUTO_TEST_CASE(without_a_reason_nothing_is_resolved_again) {
    auto s = resolved();
    BOOST_TEST(!s.next().has_value());
    BOOST_TEST(!s.on_time(start + 24h));
}

BOOST_AUTO_TEST_CASE(doubts_soon_after_wait_and_are_not_forgotten) {
    auto s = resolved();
    BOOST_TEST(!s.on_doubt(start + 1s));
    BOOST_TEST(!s.on_doubt(start + 29s)); // many doubts, one resolution
    BOOST_TEST((s.next() == start + 30s));
    BOOST_TEST(!s.on_time(start + 30s - 1ns));
    BOOST_TEST(s.on_time(start + 30s));
    BOOST_TEST(!s.next().has_value());
    BOOST_TEST(!s.on_time(start + 31s));
}

BOOST_AUTO_TEST_CASE(doubts_later_begin_at_once) {
    auto s = resolved();
    BOOST_TEST(s.on_doubt(start + 30s));
    auto fresh = resolve_schedule({});
    BOOST_TEST(fresh.on_doubt(start));
}

BOOST_AUTO_TEST_CASE(who_insists_need_not_wait) {
    auto s = resolved();
    BOOST_TEST(!s.on_doubt(start + 1s));
    BOOST_TEST(s.on_refresh());
    BOOST_TEST(!s.next().has_value()); // serves the doubts, too
}

BOOST_AUTO_TEST_CASE(one_at_a_time) {
    resolve_schedule s({.refresh = 60s});
    BOOST_TEST(s.on_refresh());
    BOOST_TEST(!s.on_refresh());
    BOOST_TEST(!s.on_doubt(start + 1h));
    BOOST_TEST(!s.on_time(start + 1h));
    BOOST_TEST(!s.next().has_value());
    s.on_done(start + 1h, true);
    BOOST_TEST((s.next() == start + 1h + 60s));
}

BOOST_AUTO_TEST_CASE(refresh_comes_by_itself_but_not_sooner_than_the_minimum) {
    auto s = resolved({.refresh = 60s});
    BOOST_TEST((s.next() == start + 60s));
    BOOST_TEST(!s.on_doubt(start + 1s)); // sooner
    BOOST_TEST((s.next() == start + 30s));
    BOOST_TEST((resolved({.refresh = 1s}).next() == start + 30s));
    BOOST_TEST((resolved({.min_interval = 1s, .refresh = 2s}).next() == start + 2s));
}

BOOST_AUTO_TEST_CASE(failure_is_tried_again) {
    BOOST_TEST((resolved({}, false).next() == start + 30s));
    BOOST_TEST((resolved({.refresh = 60s}, false).next() == start + 30s));
}

BOOST_AUTO_TEST_SUITE_END()
