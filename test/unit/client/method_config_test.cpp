//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/method_config.hpp"

#include <boost/test/unit_test.hpp>

using namespace joust;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(method_config_)

BOOST_AUTO_TEST_CASE(name_is_taken_once) {
    method_configs c;
    BOOST_TEST(c.empty());
    BOOST_TEST(c.add({.service = "a.B", .method = "C"}, {.timeout = 1s}));
    BOOST_TEST(!c.add({.service = "a.B", .method = "C"}, {.timeout = 2s}));
    BOOST_TEST(!c.add({.service = "", .method = "C"}, {}));
    BOOST_TEST(c.add({.service = "a.B", .method = ""}, {.timeout = 3s}));
    BOOST_TEST(c.add({}, {.timeout = 4s}));
    BOOST_TEST((c.find("/a.B/C")->timeout == 1s));
    BOOST_TEST((c.find("/a.B/D")->timeout == 3s));
    BOOST_TEST((c.find("/a/D")->timeout == 4s));
}

BOOST_AUTO_TEST_CASE(bad_field_is_named) {
    BOOST_TEST(validate(method_config()).value_or("") == "");
    method_config c = {.timeout = -1s};
    BOOST_TEST(validate(c).value_or("") == "timeout must not be negative");
    c = {.retry = retry_policy{.max_attempts = 1}};
    BOOST_TEST(validate(c).value_or("") == "retry.max_attempts must be at least 2");
    c = {.hedging = hedging_policy{.max_attempts = 1}};
    BOOST_TEST(validate(c).value_or("") == "hedging.max_attempts must be at least 2");
    c = {.retry = retry_policy(), .hedging = hedging_policy()};
    BOOST_TEST(validate(c).value_or("") == "retry and hedging exclude each other");
}

BOOST_AUTO_TEST_SUITE_END()
