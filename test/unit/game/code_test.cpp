//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/code.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

BOOST_AUTO_TEST_SUITE(code)

namespace {

using joust::status;
using joust::status_code;
using joust::game::from_application_code;
using joust::game::to_application_code;

constexpr std::pair<int, status_code> both_ways[] = {
    {0, status_code::ok},
    {400, status_code::invalid_argument},
    {401, status_code::unauthenticated},
    {403, status_code::permission_denied},
    {404, status_code::not_found},
    {409, status_code::aborted},
    {429, status_code::resource_exhausted},
    {499, status_code::cancelled},
    {500, status_code::internal},
    {501, status_code::unimplemented},
    {503, status_code::unavailable},
    {504, status_code::deadline_exceeded},
};

} // namespace

BOOST_AUTO_TEST_CASE(codes_of_the_contract_go_there_and_back) {
    for (auto const& [number, code] : both_ways) {
        BOOST_TEST((from_application_code(number) == code));
        BOOST_TEST(to_application_code(code) == number);
    }
}

BOOST_AUTO_TEST_CASE(other_numbers_are_unknown) {
    for (int const number : {1, -1, 5, 200, 402, 418, 502, 505, 1000, 2147483647})
        BOOST_TEST((from_application_code(number) == status_code::unknown));
}

BOOST_AUTO_TEST_CASE(other_status_codes_get_the_nearest_number) {
    BOOST_TEST(to_application_code(status_code::already_exists) == 409);
    BOOST_TEST(to_application_code(status_code::failed_precondition) == 400);
    BOOST_TEST(to_application_code(status_code::out_of_range) == 400);
    BOOST_TEST(to_application_code(status_code::unknown) == 500);
    BOOST_TEST(to_application_code(status_code::data_loss) == 500);
}

BOOST_AUTO_TEST_CASE(number_of_a_status_comes_before_its_code) {
    status s(status_code::not_found);
    BOOST_TEST(to_application_code(s) == 404);
    s.set_application_code(418);
    BOOST_TEST(to_application_code(s) == 418);
    BOOST_TEST(to_application_code(status()) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
