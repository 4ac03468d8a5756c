//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/retry_policy.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace joust;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(retry_policy_)

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

template <class T>
std::string complaint(T const& options) {
    return validate(options).value_or("");
}

} // namespace

BOOST_AUTO_TEST_CASE(defaults_are_valid) {
    BOOST_TEST(complaint(retry_policy{}) == "");
    BOOST_TEST(complaint(hedging_policy{}) == "");
    BOOST_TEST(complaint(retry_throttling{}) == "");
}

BOOST_AUTO_TEST_CASE(bad_retry_field_is_named) {
    BOOST_TEST(complaint(retry_policy{.max_attempts = 1}) == "max_attempts must be at least 2");
    BOOST_TEST(complaint(retry_policy{.max_attempts = 100}) == ""); // counts as 5
    BOOST_TEST(complaint(retry_policy{.initial_backoff = 0s}) == "initial_backoff must be positive");
    BOOST_TEST(complaint(retry_policy{.max_backoff = -1s}) == "max_backoff must be positive");
    BOOST_TEST(complaint(retry_policy{.backoff_multiplier = 0}) == "backoff_multiplier must be positive");
    BOOST_TEST(complaint(retry_policy{.backoff_multiplier = no_number}) == "backoff_multiplier must be positive");
    BOOST_TEST(complaint(retry_policy{.retryable_status_codes = {}}) ==
               "retryable_status_codes must name at least one code");
    BOOST_TEST(complaint(retry_policy{.retryable_status_codes = {}, .per_attempt_timeout = 1ns}) == "");
    BOOST_TEST(complaint(retry_policy{.per_attempt_timeout = 0s}) == "per_attempt_timeout must be positive");
    BOOST_TEST(complaint(retry_policy{.retryable_status_codes = {status_code::ok}}) ==
               "retryable_status_codes must not name OK");
}

BOOST_AUTO_TEST_CASE(bad_hedging_field_is_named) {
    BOOST_TEST(complaint(hedging_policy{.max_attempts = 0}) == "max_attempts must be at least 2");
    BOOST_TEST(complaint(hedging_policy{.hedging_delay = -1ns}) == "hedging_delay must not be negative");
    BOOST_TEST(complaint(hedging_policy{.hedging_delay = 0s, .non_fatal_status_codes = {}}) == "");
    BOOST_TEST(complaint(hedging_policy{.non_fatal_status_codes = {status_code::ok}}) ==
               "non_fatal_status_codes must not name OK");
}

BOOST_AUTO_TEST_CASE(bad_throttling_field_is_named) {
    BOOST_TEST(complaint(retry_throttling{.max_tokens = 0}) == "max_tokens must be from 1 to 1000");
    BOOST_TEST(complaint(retry_throttling{.max_tokens = 1001}) == "max_tokens must be from 1 to 1000");
    BOOST_TEST(complaint(retry_throttling{.max_tokens = no_number}) == "max_tokens must be from 1 to 1000");
    BOOST_TEST(complaint(retry_throttling{.token_ratio = 0.0009}) == "token_ratio must be from 0.001 to 1000");
    BOOST_TEST(complaint(retry_throttling{.token_ratio = no_number}) == "token_ratio must be from 0.001 to 1000");
}

BOOST_AUTO_TEST_CASE(set_holds_what_was_put_in) {
    status_code_set set{status_code::unavailable, status_code::aborted};
    for (int i = 0; i != 17; ++i)
        BOOST_TEST(set.contains(status_code(i)) == (i == 14 || i == 10));
    set.insert(status_code(-3)); // no code at all
    set.insert(status_code(32));
    BOOST_TEST(!set.contains(status_code(32)));
    BOOST_TEST((set == status_code_set{status_code::aborted, status_code::unavailable}));
    BOOST_TEST(status_code_set().empty());
    BOOST_TEST(!set.empty());
}

BOOST_AUTO_TEST_SUITE_END()
