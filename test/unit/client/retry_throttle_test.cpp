//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/retry_throttle.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace joust;
using client::retry_throttle;

BOOST_AUTO_TEST_SUITE(retry_throttle_)

BOOST_AUTO_TEST_CASE(full_purse_allows_until_half_is_gone) {
    retry_throttle t({.max_tokens = 4, .token_ratio = 0.5});
    BOOST_TEST(t.allowed());
    t.on_failure();
    BOOST_TEST(t.tokens() == 3);
    BOOST_TEST(t.allowed());
    t.on_failure(); // exactly half is not more than half
    BOOST_TEST(!t.allowed());
    t.on_success();
    BOOST_TEST(t.tokens() == 2.5);
    BOOST_TEST(t.allowed());
}

BOOST_AUTO_TEST_CASE(ratio_counts_three_digits_exactly) {
    retry_throttle t({.max_tokens = 10, .token_ratio = 0.0019});
    t.on_failure();
    t.on_success();
    BOOST_TEST(t.tokens() == 9.001);
    retry_throttle sums({.max_tokens = 10, .token_ratio = 1.001}); // times 1000 a little less than 1001
    sums.on_failure();
    sums.on_failure();
    sums.on_success();
    BOOST_TEST(sums.tokens() == 9.001);
}

BOOST_AUTO_TEST_CASE(ten_successes_pay_one_failure_back) {
    retry_throttle t({.max_tokens = 10, .token_ratio = 0.1});
    for (int round = 0; round != 1000; ++round) {
        t.on_failure();
        for (int i = 0; i != 10; ++i)
            t.on_success();
    }
    BOOST_TEST(t.tokens() == 10);
}

BOOST_AUTO_TEST_CASE(new_limits_keep_the_share) {
    retry_throttle t({.max_tokens = 10, .token_ratio = 0.1});
    for (int i = 0; i != 5; ++i)
        t.on_failure();
    t.configure({.max_tokens = 100, .token_ratio = 1});
    BOOST_TEST(t.tokens() == 50);
    BOOST_TEST(!t.allowed());
    t.on_success();
    BOOST_TEST(t.tokens() == 51);
    BOOST_TEST(t.allowed());
}

BOOST_AUTO_TEST_CASE(tokens_stay_between_zero_and_the_maximum) {
    std::minstd_rand random(1);
    for (int run = 0; run != 100; ++run) {
        double const max = 1 + static_cast<double>(random() % 1000);
        retry_throttle t({.max_tokens = max, .token_ratio = 0.001 * static_cast<double>(1 + random() % 3000)});
        auto const failures_in_ten = random() % 11;
        bool within = true;
        bool consistent = true;
        for (int i = 0; i != 3000; ++i) {
            random() % 10 < failures_in_ten ? t.on_failure() : t.on_success();
            within = within && t.tokens() >= 0 && t.tokens() <= max;
            consistent = consistent && t.allowed() == (t.tokens() > max / 2);
        }
        BOOST_TEST(within);
        BOOST_TEST(consistent);
    }
}

BOOST_AUTO_TEST_SUITE_END()
