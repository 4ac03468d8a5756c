//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "core/token_bucket.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

using joust::token_bucket;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(token_bucket_)

namespace {

constexpr std::chrono::steady_clock::time_point start{};

} // namespace

BOOST_AUTO_TEST_CASE(burst_is_let_through_then_the_rate) {
    token_bucket b(2, 10);
    for (int i = 0; i != 10; ++i)
        BOOST_TEST(b.take(start + 1h));
    BOOST_TEST(!b.take(start + 1h));
    BOOST_TEST(b.take(start + 1h + 500ms));
    BOOST_TEST(!b.take(start + 1h + 500ms));
    BOOST_TEST(b.take(start + 1h + 1500ms));
    BOOST_TEST(b.take(start + 1h + 1500ms));
    BOOST_TEST(!b.take(start + 1h + 1500ms));
}

BOOST_AUTO_TEST_CASE(rate_can_go_on_for_ever) {
    token_bucket b(1000, 1000);
    int taken = 0;
    for (int i = 0; i != 100'000; ++i)
        taken += b.take(start + 1h + i * 1ms);
    BOOST_TEST(taken == 100'000);
}

BOOST_AUTO_TEST_CASE(what_is_not_used_is_not_saved_up) {
    token_bucket b(1, 2);
    BOOST_TEST(b.take(start + 1h));
    BOOST_TEST(b.take(start + 100h));
    BOOST_TEST(b.take(start + 100h));
    BOOST_TEST(!b.take(start + 100h));
}

BOOST_AUTO_TEST_CASE(wait_tells_when_there_is_something_again) {
    token_bucket b(50, 1);
    BOOST_TEST(b.take(start + 1h));
    BOOST_TEST(!b.take(start + 1h));
    BOOST_TEST(b.wait().count() > std::chrono::nanoseconds(19'999'999).count());
    BOOST_TEST(b.wait().count() < std::chrono::nanoseconds(20'000'010).count());
    auto const then = start + 1h + b.wait();
    BOOST_TEST(!b.take(then - 1us));
    BOOST_TEST(b.take(then));
    BOOST_TEST(token_bucket(1e-300, 1).wait().count() == 0);
}

BOOST_AUTO_TEST_CASE(wait_has_an_end_however_small_the_rate) {
    token_bucket b(1e-300, 1);
    BOOST_TEST(b.take(start + 1h));
    BOOST_TEST(!b.take(start + 1h));
    BOOST_TEST(b.wait().count() == 1'000'000'000'000'000'000);
}

BOOST_AUTO_TEST_CASE(time_that_goes_back_takes_nothing_away) {
    token_bucket b(1, 2);
    BOOST_TEST(b.take(start + 2h));
    BOOST_TEST(b.take(start + 1h));
    BOOST_TEST(!b.take(start + 2h));
    BOOST_TEST(!b.full(start + 2h + 1s));
    BOOST_TEST(b.full(start + 2h + 2s));
}

BOOST_AUTO_TEST_SUITE_END()
