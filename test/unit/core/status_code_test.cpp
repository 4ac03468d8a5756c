//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/status_code.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using joust::status_code;
using joust::to_status_code;
using joust::to_string;

BOOST_AUTO_TEST_SUITE(status_code_)

BOOST_AUTO_TEST_CASE(numbers_and_names_are_those_of_grpc) {
    constexpr std::pair<int, std::string_view> known[] = {
        {0, "OK"},
        {1, "CANCELLED"},
        {2, "UNKNOWN"},
        {3, "INVALID_ARGUMENT"},
        {4, "DEADLINE_EXCEEDED"},
        {5, "NOT_FOUND"},
        {6, "ALREADY_EXISTS"},
        {7, "PERMISSION_DENIED"},
        {8, "RESOURCE_EXHAUSTED"},
        {9, "FAILED_PRECONDITION"},
        {10, "ABORTED"},
        {11, "OUT_OF_RANGE"},
        {12, "UNIMPLEMENTED"},
        {13, "INTERNAL"},
        {14, "UNAVAILABLE"},
        {15, "DATA_LOSS"},
        {16, "UNAUTHENTICATED"},
    };
    for (auto const& [number, name] : known) {
        BOOST_TEST_CONTEXT(name) {
            auto const code = to_status_code(number);
            BOOST_TEST_REQUIRE(code.has_value());
            BOOST_TEST(static_cast<int>(*code) == number);
            BOOST_TEST(to_string(*code) == name);
            BOOST_TEST((to_status_code(name) == code));
        }
    }
}

BOOST_AUTO_TEST_CASE(enumerators_have_their_names) {
    BOOST_TEST(to_string(status_code::ok) == "OK");
    BOOST_TEST(to_string(status_code::deadline_exceeded) == "DEADLINE_EXCEEDED");
    BOOST_TEST(to_string(status_code::unauthenticated) == "UNAUTHENTICATED");
}

BOOST_AUTO_TEST_CASE(number_outside_the_set_is_no_code) {
    for (int const number : {-1, 17, 100, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()}) {
        BOOST_TEST(!to_status_code(number).has_value());
        BOOST_TEST(to_string(static_cast<status_code>(number)) == "UNKNOWN");
    }
}

BOOST_AUTO_TEST_CASE(unknown_name_is_no_code) {
    for (std::string_view const name : {"", "ok", "CANCELED", "NOT_FOUND ", "NOT FOUND"})
        BOOST_TEST(!to_status_code(name).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
