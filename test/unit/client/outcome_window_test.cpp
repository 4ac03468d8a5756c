//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/outcome_window.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <random>

using namespace joust::client;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(outcome_window_)

namespace {

constexpr time_point start = time_point() + 1h;

struct outcome {
    bool failed;
    bool slow;
    std::int64_t step;
};

bool same(outcome_window::sums const& seen, std::deque<outcome> const& expected) {
    outcome_window::sums s;
    for (outcome const& o : expected) {
        ++s.calls;
        s.failed += o.failed;
        s.slow += o.slow;
    }
    return seen.calls == s.calls && seen.failed == s.failed && seen.slow == s.slow;
}

} // namespace

BOOST_AUTO_TEST_CASE(counted_window_holds_the_last_calls) {
    std::mt19937 random(3);
    for (std::uint32_t size : {1U, 2U, 7U, 100U}) {
        outcome_window w(size);
        std::deque<outcome> expected;
        bool right = true;
        for (int i = 0; i != 1000; ++i) {
            outcome const o = {random() % 2 == 0, random() % 3 == 0, 0};
            w.add(o.failed, o.slow, start);
            expected.push_back(o);
            if (expected.size() > size)
                expected.pop_front();
            right = right && same(w.total(), expected);
        }
        BOOST_TEST(right);
        w.clear();
        BOOST_TEST(same(w.total(), {}));
        w.add(true, true, start);
        BOOST_TEST(w.total().failed == 1U);
        BOOST_TEST(w.total().calls == 1U);
    }
}

BOOST_AUTO_TEST_CASE(timed_window_holds_the_last_ten_steps) {
    std::mt19937 random(4);
    for (int run = 0; run != 100; ++run) {
        outcome_window w(10s);
        std::deque<outcome> expected;
        time_point now = start;
        bool right = true;
        for (int i = 0; i != 300; ++i) {
            now += std::chrono::milliseconds(random() % (random() % 20 == 0 ? 20'000 : 900));
            outcome const o = {random() % 2 == 0, random() % 3 == 0, now.time_since_epoch() / 1s};
            w.add(o.failed, o.slow, now);
            expected.push_back(o);
            while (expected.front().step <= o.step - 10)
                expected.pop_front();
            right = right && same(w.total(), expected);
        }
        BOOST_TEST(right);
    }
}

BOOST_AUTO_TEST_CASE(time_that_steps_back_counts_as_now) {
    outcome_window w(10s);
    w.add(true, false, start + 5s);
    w.add(true, false, start);
    BOOST_TEST(w.total().calls == 2U);
    w.add(false, false, start + 14999ms);
    BOOST_TEST(w.total().calls == 3U);
    w.add(false, false, start + 15s);
    BOOST_TEST(w.total().calls == 2U);
    BOOST_TEST(w.total().failed == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
