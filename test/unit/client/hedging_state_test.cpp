//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/hedging_state.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>
#include <random>

using namespace joust;
using namespace joust::client;
using namespace std::chrono_literals;

namespace joust::client {

std::ostream& operator<<(std::ostream& os, hedging_action a) {
    return os << "hedging_action " << int(a);
}

} // namespace joust::client

BOOST_AUTO_TEST_SUITE(hedging_state_)

namespace {

constexpr time_point start = time_point() + 1h;
constexpr time_point endless = time_point::max();
constexpr auto never = hedging_state::never;

hedging_policy const policy = {
    .max_attempts = 3, .hedging_delay = 100ms, .non_fatal_status_codes = {status_code::unavailable}};

failed_attempt const non_fatal = {.code = status_code::unavailable};
failed_attempt const fatal = {.code = status_code::not_found};

} // namespace

BOOST_AUTO_TEST_CASE(attempts_start_one_delay_after_the_other) {
    hedging_state s(policy, start, endless);
    BOOST_TEST((s.next() == start));
    for (auto const at : {0ms, 100ms, 200ms}) {
        BOOST_TEST(!s.try_start(start + at - 1ns, nullptr));
        BOOST_TEST(s.try_start(start + at, nullptr));
        BOOST_TEST(!s.try_start(start + at, nullptr));
    }
    BOOST_TEST((s.next() == never));
    BOOST_TEST(!s.try_start(start + 10h, nullptr));
    BOOST_TEST(s.started() == 3U);
    BOOST_TEST(s.under_way() == 3U);
}

BOOST_AUTO_TEST_CASE(attempt_without_a_connection_does_not_spoil_the_others) {
    hedging_policy strict = policy;
    strict.non_fatal_status_codes = {};
    failed_attempt const unreachable = {.code = status_code::unavailable, .fate = attempt_fate::unreachable};
    hedging_state s(strict, start, endless);
    retry_throttle throttle({.max_tokens = 1, .token_ratio = 1});
    BOOST_TEST(s.try_start(start, &throttle));
    BOOST_TEST(s.try_start(start + 100ms, &throttle));
    BOOST_TEST(s.on_failure(unreachable, start + 100ms, &throttle) == hedging_action::wait);
    BOOST_TEST(throttle.allowed()); // it tells nothing of a server
    BOOST_TEST((s.next() == start + 200ms));
    BOOST_TEST(s.under_way() == 1U);
    BOOST_TEST(s.on_failure(unreachable, start + 100ms, &throttle) == hedging_action::finish);
}

BOOST_AUTO_TEST_CASE(without_a_delay_all_start_at_once_and_five_at_most) {
    hedging_state s({.max_attempts = 100, .hedging_delay = 0s}, start, endless);
    int started = 0;
    while (s.try_start(start, nullptr))
        ++started;
    BOOST_TEST(started == 5);
}

BOOST_AUTO_TEST_CASE(non_fatal_failure_starts_the_next_at_once) {
    hedging_state s(policy, start, endless);
    s.try_start(start, nullptr);
    BOOST_TEST(s.on_failure(non_fatal, start + 10ms, nullptr) == hedging_action::wait);
    BOOST_TEST((s.next() == start + 10ms));
    BOOST_TEST(s.try_start(start + 10ms, nullptr));
    BOOST_TEST((s.next() == start + 110ms)); // the delay counts from there
}

BOOST_AUTO_TEST_CASE(last_non_fatal_failure_is_that_of_the_call) {
    hedging_state s(policy, start, endless);
    for (int i = 0; i != 3; ++i)
        BOOST_TEST(s.try_start(start + i * 100ms, nullptr));
    BOOST_TEST(s.on_failure(non_fatal, start + 1s, nullptr) == hedging_action::wait);
    BOOST_TEST(s.on_failure(non_fatal, start + 1s, nullptr) == hedging_action::wait);
    BOOST_TEST(s.on_failure(non_fatal, start + 1s, nullptr) == hedging_action::finish);
}

BOOST_AUTO_TEST_CASE(fatal_or_committed_failure_ends_the_call) {
    for (failed_attempt const& a : {fatal, failed_attempt{.fate = attempt_fate::committed}}) {
        hedging_state s(policy, start, endless);
        s.try_start(start, nullptr);
        s.try_start(start + 100ms, nullptr);
        BOOST_TEST(s.on_failure(a, start + 110ms, nullptr) == hedging_action::finish);
        BOOST_TEST((s.next() == never));
        BOOST_TEST(s.under_way() == 0U);
    }
}

BOOST_AUTO_TEST_CASE(answer_ends_the_starting) {
    hedging_state s(policy, start, endless);
    s.try_start(start, nullptr);
    s.on_answer();
    BOOST_TEST(!s.try_start(start + 1h, nullptr));
}

BOOST_AUTO_TEST_CASE(pushback_delays_the_next_or_forbids_it) {
    hedging_state s(policy, start, endless);
    s.try_start(start, nullptr);
    BOOST_TEST(s.on_failure({.pushback = "700"}, start, nullptr) == hedging_action::wait);
    BOOST_TEST((s.next() == start + 700ms));
    BOOST_TEST(s.try_start(start + 700ms, nullptr));
    BOOST_TEST((s.next() == start + 800ms));
    for (auto const* text : {"-1", "soon", ""}) {
        hedging_state alone(policy, start, endless);
        alone.try_start(start, nullptr);
        BOOST_TEST(alone.on_failure({.pushback = text}, start, nullptr) == hedging_action::finish);
        hedging_state two(policy, start, endless);
        two.try_start(start, nullptr);
        two.try_start(start + 100ms, nullptr);
        BOOST_TEST(two.on_failure({.pushback = text}, start + 100ms, nullptr) == hedging_action::wait);
        BOOST_TEST((two.next() == never));
        BOOST_TEST(two.under_way() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(what_a_pushback_forbade_no_later_failure_allows) {
    hedging_state s(policy, start, endless);
    s.try_start(start, nullptr);
    s.try_start(start + 100ms, nullptr);
    BOOST_TEST(s.on_failure({.pushback = "-1"}, start + 110ms, nullptr) == hedging_action::wait);
    BOOST_TEST(s.on_failure(non_fatal, start + 120ms, nullptr) == hedging_action::finish);
    BOOST_TEST(s.started() == 2U);
}

BOOST_AUTO_TEST_CASE(failure_that_takes_the_last_token_is_that_of_the_call) {
    retry_throttle throttle({.max_tokens = 2, .token_ratio = 1});
    hedging_state s(policy, start, endless);
    s.try_start(start, &throttle);
    BOOST_TEST((s.next() == start + 100ms));
    BOOST_TEST(s.on_failure(non_fatal, start + 10ms, &throttle) == hedging_action::finish);
}

BOOST_AUTO_TEST_CASE(nothing_starts_at_the_deadline) {
    hedging_state s(policy, start, start + 100ms);
    s.try_start(start, nullptr);
    BOOST_TEST((s.next() == never));
    hedging_state pushed(policy, start, start + 1s);
    pushed.try_start(start, nullptr);
    BOOST_TEST(pushed.on_failure({.pushback = "1000"}, start, nullptr) == hedging_action::finish);
    hedging_state late(policy, start, start + 150ms);
    late.try_start(start, nullptr);
    BOOST_TEST(!late.try_start(start + 150ms, nullptr)); // due since 50 ms, but the timer was late
    BOOST_TEST((late.next() == never));
}

BOOST_AUTO_TEST_CASE(never_sent_and_first_refused_are_started_again_uncounted) {
    hedging_state s(policy, start, start + 1s);
    s.try_start(start, nullptr);
    for (int i = 0; i != 100; ++i)
        BOOST_TEST(s.on_failure({.fate = attempt_fate::never_sent}, start, nullptr) == hedging_action::restart);
    BOOST_TEST(s.on_failure({.fate = attempt_fate::refused}, start, nullptr) == hedging_action::restart);
    BOOST_TEST(s.started() == 1U);
    BOOST_TEST(s.under_way() == 1U);
    BOOST_TEST(s.on_failure({.fate = attempt_fate::refused}, start, nullptr) == hedging_action::wait);
    BOOST_TEST(s.try_start(start, nullptr));
    BOOST_TEST(s.on_failure({.fate = attempt_fate::never_sent}, start + 1s, nullptr) == hedging_action::finish);
    hedging_state apart(policy, start, endless);
    apart.try_start(start, nullptr);
    BOOST_TEST(apart.on_failure({.fate = attempt_fate::unreachable}, start, nullptr) == hedging_action::wait);
}

BOOST_AUTO_TEST_CASE(throttle_lets_only_the_first_start) {
    retry_throttle throttle({.max_tokens = 2, .token_ratio = 1});
    throttle.on_failure();
    hedging_state s(policy, start, endless);
    BOOST_TEST(s.try_start(start, &throttle));
    BOOST_TEST(!s.try_start(start + 100ms, &throttle));
    BOOST_TEST((s.next() == never));
    BOOST_TEST(s.on_failure(non_fatal, start + 110ms, &throttle) == hedging_action::finish);
    BOOST_TEST(throttle.tokens() == 0);
}

BOOST_AUTO_TEST_CASE(call_is_exhausted_when_the_throttle_forbids_what_was_pushed_back) {
    retry_throttle throttle({.max_tokens = 4, .token_ratio = 1});
    hedging_state s(policy, start, endless);
    s.try_start(start, &throttle);
    BOOST_TEST(s.on_failure({.pushback = "50"}, start, &throttle) == hedging_action::wait);
    BOOST_TEST(!s.exhausted());
    throttle.on_failure(); // of another call
    BOOST_TEST(!s.try_start(start + 50ms, &throttle));
    BOOST_TEST(s.exhausted());
}

BOOST_AUTO_TEST_CASE(throttle_pays_for_non_fatal_failures) {
    retry_throttle throttle({.max_tokens = 10, .token_ratio = 1});
    hedging_state s({.max_attempts = 5, .hedging_delay = 0s}, start, endless);
    while (s.try_start(start, &throttle)) {
    }
    s.on_failure(non_fatal, start, &throttle);
    s.on_failure({.pushback = "5"}, start, &throttle);
    s.on_failure({.pushback = "-1"}, start, &throttle);
    BOOST_TEST(throttle.tokens() == 7);
    s.on_failure(fatal, start, &throttle);
    BOOST_TEST(throttle.tokens() == 7);
}

BOOST_AUTO_TEST_CASE(any_call_ends_and_stays_within_its_attempts) {
    std::mt19937 random(7);
    for (int run = 0; run != 10'000; ++run) {
        hedging_policy p = {.max_attempts = 2 + static_cast<std::uint32_t>(random() % 5),
                            .hedging_delay = std::chrono::milliseconds(random() % 50)};
        time_point const deadline = random() % 2 ? endless : start + std::chrono::milliseconds(1 + random() % 500);
        retry_throttle throttle({.max_tokens = 20, .token_ratio = 0.1});
        time_point now = start;
        hedging_state s(p, now, deadline);
        bool right = s.try_start(now, &throttle);
        bool finished = false;
        for (int i = 0; i != 1000 && !finished; ++i) {
            bool const due = s.next() != never && (s.under_way() == 0 || random() % 2 == 0);
            if (due) {
                now = std::max(now, s.next());
                right = right && now < deadline;
                s.try_start(now, &throttle);
                finished = s.exhausted();
            } else if (s.under_way() != 0) {
                failed_attempt const a = {.fate = random() % 5 ? attempt_fate::may_have_run : attempt_fate::never_sent};
                hedging_action const next = s.on_failure(a, now, &throttle);
                finished = next == hedging_action::finish;
                right = right && (next != hedging_action::wait || s.under_way() != 0 || s.next() != never);
            }
            right = right && s.started() <= std::min(p.max_attempts, most_attempts) && s.under_way() <= s.started();
        }
        BOOST_TEST(right);
        BOOST_TEST(finished);
    }
}

BOOST_AUTO_TEST_SUITE_END()
