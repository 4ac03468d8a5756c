//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/retry_state.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <ostream>
#include <random>

using namespace joust;
using namespace joust::client;
using namespace std::chrono_literals;

namespace joust::client {

std::ostream& operator<<(std::ostream& os, retry_stop s) {
    return os << "retry_stop " << int(s);
}

} // namespace joust::client

BOOST_AUTO_TEST_SUITE(retry_state_)

namespace {

constexpr time_point start = time_point() + 1h;
constexpr time_point endless = time_point::max();

retry_policy const policy = {
    .max_attempts = 4,
    .initial_backoff = 100ms,
    .max_backoff = 350ms,
    .backoff_multiplier = 2,
    .retryable_status_codes = {status_code::unavailable, status_code::aborted},
};

/// One that is retried by the policy.
failed_attempt const ordinary = {.code = status_code::unavailable};

failed_attempt with_pushback(std::string_view text) {
    return {.code = status_code::unavailable, .pushback = text};
}

/// The random number that stretches a pause by nothing.
constexpr double middle = 0.5;

retry_stop stops(retry_state s, failed_attempt const& a) {
    retry_decision const d = s.on_failure(a, start, middle, nullptr);
    BOOST_TEST((d.action == retry_action::give_up) == (d.reason != retry_stop::none));
    return d.reason;
}

} // namespace

BOOST_AUTO_TEST_CASE(pauses_grow_to_the_longest_and_attempts_end) {
    retry_state s(&policy, true, endless);
    for (auto const pause : {100ms, 200ms, 350ms}) {
        retry_decision const d = s.on_failure(ordinary, start, middle, nullptr);
        BOOST_TEST((d.action == retry_action::retry_at));
        BOOST_TEST((d.when == start + pause));
    }
    BOOST_TEST(s.previous_attempts() == 3U);
    BOOST_TEST(stops(s, ordinary) == retry_stop::attempts);
    BOOST_TEST(s.previous_attempts() == 3U);
}

BOOST_AUTO_TEST_CASE(chance_stretches_the_pause_by_a_fifth) {
    retry_decision const least = retry_state(&policy, true, endless).on_failure(ordinary, start, 0, nullptr);
    retry_decision const most = retry_state(&policy, true, endless).on_failure(ordinary, start, 1, nullptr);
    BOOST_TEST((least.when == start + 80ms));
    BOOST_TEST((most.when >= start + 120ms - 1us && most.when <= start + 120ms));
}

BOOST_AUTO_TEST_CASE(more_than_five_attempts_are_five) {
    retry_policy eager = policy;
    eager.max_attempts = 100;
    retry_state s(&eager, true, endless);
    for (int i = 0; i != 4; ++i)
        BOOST_TEST((s.on_failure(ordinary, start, middle, nullptr).action == retry_action::retry_at));
    BOOST_TEST(stops(s, ordinary) == retry_stop::attempts);
}

BOOST_AUTO_TEST_CASE(each_reason_to_give_up_is_told) {
    retry_state const able(&policy, true, endless);
    BOOST_TEST(stops(able, ordinary) == retry_stop::none);
    BOOST_TEST(stops(able, {.code = status_code::aborted}) == retry_stop::none);
    BOOST_TEST(stops(able, {.code = status_code::not_found}) == retry_stop::not_retryable);
    BOOST_TEST(stops(able, {.fate = attempt_fate::committed}) == retry_stop::committed);
    BOOST_TEST(stops(retry_state(nullptr, true, endless), ordinary) == retry_stop::not_retryable);
    BOOST_TEST(stops(retry_state(&policy, false, endless), ordinary) == retry_stop::not_idempotent);
    BOOST_TEST(stops(retry_state(&policy, true, start), ordinary) == retry_stop::deadline);
}

BOOST_AUTO_TEST_CASE(attempt_that_took_too_long_is_retried_whatever_the_codes) {
    retry_policy by_time = policy;
    by_time.retryable_status_codes = {};
    failed_attempt const late = {.code = status_code::unavailable, .timed_out = true};
    BOOST_TEST(stops(retry_state(&by_time, true, endless), late) == retry_stop::none);
    BOOST_TEST(stops(retry_state(&by_time, true, endless), ordinary) == retry_stop::not_retryable);
    BOOST_TEST(stops(retry_state(nullptr, true, endless), late) == retry_stop::not_retryable);
    BOOST_TEST(stops(retry_state(&by_time, false, endless), late) == retry_stop::not_idempotent);
    retry_throttle throttle({.max_tokens = 1, .token_ratio = 1});
    retry_state s(&by_time, true, endless);
    BOOST_TEST((s.on_failure(late, start, middle, &throttle).reason == retry_stop::throttled));
}

BOOST_AUTO_TEST_CASE(retry_that_would_start_at_the_deadline_is_none) {
    BOOST_TEST(stops(retry_state(&policy, true, start + 100ms), ordinary) == retry_stop::deadline);
    BOOST_TEST(stops(retry_state(&policy, true, start + 100ms + 1ns), ordinary) == retry_stop::none);
    BOOST_TEST(stops(retry_state(&policy, true, start + 5s), with_pushback("5000")) == retry_stop::deadline);
    BOOST_TEST(stops(retry_state(&policy, true, start + 5s), with_pushback("4999")) == retry_stop::none);
}

BOOST_AUTO_TEST_CASE(pushback_is_the_exact_delay_and_begins_the_backoff_anew) {
    retry_state s(&policy, true, endless);
    BOOST_TEST((s.on_failure(ordinary, start, 0.9, nullptr).action == retry_action::retry_at));
    BOOST_TEST((s.on_failure(with_pushback("7"), start, 0.9, nullptr).when == start + 7ms));
    BOOST_TEST((s.on_failure(ordinary, start, middle, nullptr).when == start + 100ms));
    BOOST_TEST((retry_state(&policy, true, endless).on_failure(with_pushback("0"), start, 0.9, nullptr).when == start));
}

BOOST_AUTO_TEST_CASE(pushback_that_is_negative_or_garbage_stops) {
    retry_state const s(&policy, true, endless);
    for (auto const* text : {"-1", "", "x", "1x", " 1", "+1", "1.5", "0x10", "2147483648", "99999999999999999999"})
        BOOST_TEST(stops(s, with_pushback(text)) == retry_stop::pushback, text);
    BOOST_TEST(stops(s, with_pushback("2147483647")) == retry_stop::none);
}

BOOST_AUTO_TEST_CASE(pushback_makes_no_code_retryable) {
    BOOST_TEST(stops(retry_state(&policy, true, endless), {.code = status_code::not_found, .pushback = "1"}) ==
               retry_stop::not_retryable);
}

BOOST_AUTO_TEST_CASE(never_sent_is_repeated_until_the_deadline_and_not_counted) {
    failed_attempt const unsent = {.code = status_code::internal, .fate = attempt_fate::never_sent};
    retry_throttle throttle({});
    retry_state s(nullptr, false, start + 1s);
    for (int i = 0; i != 1000; ++i) {
        retry_decision const d = s.on_failure(unsent, start + i * 1ms, middle, &throttle);
        BOOST_TEST((d.action == retry_action::retry_now));
    }
    BOOST_TEST((s.on_failure(unsent, start + 1s, middle, &throttle).reason == retry_stop::deadline));
    BOOST_TEST(s.previous_attempts() == 0U);
    BOOST_TEST(throttle.tokens() == 10);
}

BOOST_AUTO_TEST_CASE(refused_is_repeated_at_once_only_the_first_time) {
    failed_attempt const refused = {.fate = attempt_fate::refused};
    retry_state bare(nullptr, false, endless);
    BOOST_TEST((bare.on_failure(refused, start, middle, nullptr).action == retry_action::retry_now));
    BOOST_TEST(stops(bare, refused) == retry_stop::not_retryable);

    // The server did not look at it, so the policy retries it for methods that may not run twice, too.
    retry_state s(&policy, false, endless);
    BOOST_TEST((s.on_failure(refused, start, middle, nullptr).action == retry_action::retry_now));
    BOOST_TEST(s.previous_attempts() == 0U);
    BOOST_TEST((s.on_failure(refused, start, middle, nullptr).when == start + 100ms));
    BOOST_TEST(s.previous_attempts() == 1U);
    BOOST_TEST(stops(s, ordinary) == retry_stop::not_idempotent);
}

BOOST_AUTO_TEST_CASE(unreachable_is_retried_by_the_policy_only) {
    failed_attempt const unreachable = {.fate = attempt_fate::unreachable};
    BOOST_TEST(stops(retry_state(nullptr, true, endless), unreachable) == retry_stop::not_retryable);
    retry_state s(&policy, false, endless); // it did not run, so it may always run again
    BOOST_TEST((s.on_failure(unreachable, start, middle, nullptr).when == start + 100ms));
    BOOST_TEST((s.on_failure(unreachable, start, middle, nullptr).when == start + 200ms));
    BOOST_TEST(s.previous_attempts() == 2U);
}

BOOST_AUTO_TEST_CASE(throttle_pays_for_failures_and_stops_retries) {
    retry_throttle throttle({.max_tokens = 4, .token_ratio = 1});
    BOOST_TEST((retry_state(&policy, true, endless).on_failure(ordinary, start, middle, &throttle).action ==
                retry_action::retry_at));
    BOOST_TEST(throttle.tokens() == 3);
    BOOST_TEST((retry_state(&policy, true, endless).on_failure(ordinary, start, middle, &throttle).reason ==
                retry_stop::throttled)); // half is left
    BOOST_TEST(throttle.tokens() == 2);
}

BOOST_AUTO_TEST_CASE(throttle_pays_only_for_what_tells_of_load) {
    retry_throttle throttle({});
    auto const fails = [&](failed_attempt const& a) {
        retry_state s(&policy, true, endless);
        s.on_failure(a, start, middle, &throttle);
        return throttle.tokens();
    };
    BOOST_TEST(fails({.code = status_code::not_found}) == 10);
    BOOST_TEST(fails({.fate = attempt_fate::never_sent}) == 10);
    BOOST_TEST(fails({.code = status_code::not_found, .pushback = "-1"}) == 9);
    retry_state last(&policy, true, start);
    last.on_failure(ordinary, start - 1ms, middle, &throttle); // no time for a retry, a failure all the same
    BOOST_TEST(throttle.tokens() == 8);
}

BOOST_AUTO_TEST_CASE(huge_numbers_saturate) {
    retry_policy const slow = {.max_attempts = 5,
                               .initial_backoff = duration::max(),
                               .max_backoff = duration::max(),
                               .backoff_multiplier = 1e300};
    retry_state s(&slow, true, endless);
    BOOST_TEST((s.on_failure(ordinary, start, 1, nullptr).reason == retry_stop::deadline));
}

BOOST_AUTO_TEST_CASE(any_policy_keeps_its_bounds) {
    std::mt19937 random(42);
    std::uniform_real_distribution<double> chance(0, 1);
    for (int run = 0; run != 10'000; ++run) {
        retry_policy p;
        p.max_attempts = 2 + static_cast<std::uint32_t>(random() % 6);
        p.initial_backoff = std::chrono::microseconds(1 + random() % 1'000'000);
        p.max_backoff = std::chrono::microseconds(1 + random() % 10'000'000);
        p.backoff_multiplier = 0.5 + 4 * chance(random);
        time_point const deadline = random() % 2 ? endless : start + std::chrono::milliseconds(random() % 20'000);
        retry_state s(&p, true, deadline);
        time_point now = start;
        std::uint32_t counted = 0;
        bool bounded = true;
        for (int i = 0; i != 20; ++i) {
            failed_attempt a;
            a.fate = static_cast<attempt_fate>(random() % 4);
            retry_decision const d = s.on_failure(a, now, chance(random), nullptr);
            if (d.action == retry_action::give_up)
                break;
            bounded = bounded && d.when >= now && d.when < deadline;
            if (d.action == retry_action::retry_at) {
                duration const pause = d.when - now;
                double const grown =
                    static_cast<double>(p.initial_backoff.count()) * std::pow(p.backoff_multiplier, counted);
                double const base = std::min(grown, static_cast<double>(p.max_backoff.count()));
                bounded = bounded && static_cast<double>(pause.count()) > 0.8 * base - 10;
                bounded = bounded && static_cast<double>(pause.count()) < 1.2 * base + 10;
                ++counted;
            }
            now = d.when + std::chrono::milliseconds(random() % 100);
        }
        bounded = bounded && counted == s.previous_attempts() && counted < std::min(p.max_attempts, most_attempts);
        BOOST_TEST(bounded);
    }
}

BOOST_AUTO_TEST_SUITE_END()
