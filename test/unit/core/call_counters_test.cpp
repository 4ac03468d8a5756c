//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "core/call_counters.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace joust::test {

using core::call_counters;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(counters_of_calls)

namespace {

call_counters::time_point const start{1000s};

} // namespace

BOOST_AUTO_TEST_CASE(nothing_was_counted_at_first) {
    call_counters const c;
    auto const t = c.read(start);
    BOOST_TEST(t.begun == 0u);
    BOOST_TEST(t.ended == 0u);
    BOOST_TEST(t.failures.empty());
    BOOST_TEST(t.latencies.quantile(0.5) == 0u);
    BOOST_TEST(t.per_second == 0);
}

BOOST_AUTO_TEST_CASE(calls_are_under_way_until_they_end) {
    call_counters c;
    c.begin(start);
    c.begin(start);
    c.end(0, 1ms, 10, 20);
    auto const t = c.read(start);
    BOOST_TEST(t.begun == 2u);
    BOOST_TEST(t.ended == 1u);
    BOOST_TEST(t.bytes_in == 10u);
    BOOST_TEST(t.bytes_out == 20u);
    BOOST_TEST(t.nanoseconds == 1'000'000u);
    BOOST_TEST(t.latencies.total() == 1u);
    BOOST_TEST(t.latencies.most() == 1'000'000u);
}

BOOST_AUTO_TEST_CASE(failures_are_counted_by_code) {
    call_counters c;
    for (int const code : {404, 0, 500, 404, -7, 0}) {
        c.begin(start);
        c.end(code, 1us, 0, 0);
    }
    auto const t = c.read(start);
    BOOST_TEST(t.ended == 6u);
    std::map<int, std::uint64_t> const expected{{-7, 1}, {404, 2}, {500, 1}};
    BOOST_CHECK(t.failures == expected);
}

BOOST_AUTO_TEST_CASE(codes_that_there_is_no_room_for_are_counted_together) {
    call_counters c;
    for (int code = 1; code <= 1000; ++code)
        c.end(code, 1us, 0, 0);
    auto const t = c.read(start);
    BOOST_TEST(t.failures.size() == 16u);
    BOOST_TEST(t.failures.at(1) == 1u);
    BOOST_TEST(t.failures.at(0) == 985u);
}

BOOST_AUTO_TEST_CASE(a_clock_that_went_back_is_no_time) {
    call_counters c;
    c.end(0, -5ns, 0, 0);
    BOOST_TEST(c.read(start).nanoseconds == 0u);
}

BOOST_AUTO_TEST_CASE(rates_are_of_when_calls_began) {
    call_counters c;
    for (int i = 0; i != 600; ++i)
        c.begin(start + i * 100ms);
    auto const t = c.read(start + 60s);
    BOOST_TEST(t.per_second == 10);
    BOOST_TEST(t.per_second_of_ten == 10);
    BOOST_TEST(t.per_second_of_minute == 10);
    auto const later = c.read(start + 65s);
    BOOST_TEST(later.per_second == 0);
    BOOST_TEST(later.per_second_of_ten == 5);
    BOOST_TEST(later.per_second_of_minute == 550.0 / 60, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
