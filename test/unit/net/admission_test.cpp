//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/admission.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>

using joust::net::admission;

BOOST_AUTO_TEST_SUITE(admission_of_connections)

BOOST_AUTO_TEST_CASE(places_are_given_until_none_is_left) {
    auto const doors = std::make_shared<admission>(2, 1);
    auto first = doors->enter();
    auto const second = doors->enter();
    auto const third = doors->enter();
    BOOST_TEST_REQUIRE((first && second && third));
    BOOST_TEST(!first->over());
    BOOST_TEST(!second->over());
    BOOST_TEST(third->over());
    BOOST_TEST(!doors->enter());
    BOOST_TEST(!doors->enter()); // asking takes none

    first.reset();
    auto const fourth = doors->enter(); // the refused one is still there
    BOOST_TEST_REQUIRE(fourth != nullptr);
    BOOST_TEST(fourth->over());
    BOOST_TEST(!doors->enter());
}

BOOST_AUTO_TEST_CASE(place_that_is_given_back_is_given_again) {
    auto const doors = std::make_shared<admission>(1, 0);
    for (int i = 0; i != 3; ++i) {
        auto const place = doors->enter();
        BOOST_TEST_REQUIRE(place != nullptr);
        BOOST_TEST(!place->over());
        BOOST_TEST(!doors->enter());
    }
}

BOOST_AUTO_TEST_CASE(place_may_outlive_who_gives_it) {
    auto doors = std::make_shared<admission>(1, 0);
    auto const place = doors->enter();
    doors.reset();
    BOOST_TEST(!place->over());
}

BOOST_AUTO_TEST_SUITE_END()
