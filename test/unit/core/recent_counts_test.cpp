//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "core/recent_counts.hpp"

#include <boost/test/unit_test.hpp>

namespace joust::test {

using core::recent_counts;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(counts_of_the_last_minute)

BOOST_AUTO_TEST_CASE(quarters_of_a_second_are_numbered) {
    recent_counts::time_point const start{};
    BOOST_TEST(recent_counts::quarter_of(start) == 0u);
    BOOST_TEST(recent_counts::quarter_of(start + 249ms) == 0u);
    BOOST_TEST(recent_counts::quarter_of(start + 250ms) == 1u);
    BOOST_TEST(recent_counts::quarter_of(start + 100s) == 400u);
}

BOOST_AUTO_TEST_CASE(the_quarter_under_way_is_left_out) {
    recent_counts c;
    c.add(1000);
    BOOST_TEST(c.count(1000, 60) == 0u);
    BOOST_TEST(c.count(1001, 1) == 1u);
}

BOOST_AUTO_TEST_CASE(each_window_has_what_happened_in_it) {
    recent_counts c;
    for (std::uint32_t quarter = 1000; quarter != 1400; ++quarter)
        for (std::uint32_t n = 0; n != quarter % 3; ++n)
            c.add(quarter);
    auto const expected = [](unsigned quarters) {
        std::uint64_t sum = 0;
        for (std::uint32_t quarter = 1400 - quarters; quarter != 1400; ++quarter)
            sum += quarter % 3;
        return sum;
    };
    BOOST_TEST(c.count(1400, 1) == expected(4));
    BOOST_TEST(c.count(1400, 10) == expected(40));
    BOOST_TEST(c.count(1400, 60) == expected(240));
}

BOOST_AUTO_TEST_CASE(what_is_over_is_forgotten) {
    recent_counts c;
    c.add(1000);
    BOOST_TEST(c.count(1004, 1) == 1u);
    BOOST_TEST(c.count(1005, 1) == 0u);
    BOOST_TEST(c.count(1240, 60) == 1u);
    BOOST_TEST(c.count(1241, 60) == 0u);
    c.add(1256); // the same slot
    BOOST_TEST(c.count(1257, 60) == 1u);
}

BOOST_AUTO_TEST_CASE(what_comes_a_minute_late_does_not_disturb_the_present) {
    recent_counts c;
    c.add(1256);
    c.add(1000);
    BOOST_TEST(c.count(1257, 60) == 1u);
}

BOOST_AUTO_TEST_CASE(numbers_may_wrap_around) {
    recent_counts c;
    c.add(0xffff'ffff);
    c.add(0);
    BOOST_TEST(c.count(1, 1) == 2u);
    c.add(255); // the slot of the first
    BOOST_TEST(c.count(256, 60) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
