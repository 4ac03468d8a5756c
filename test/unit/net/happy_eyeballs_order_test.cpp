//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/happy_eyeballs_order.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace joust;

BOOST_AUTO_TEST_SUITE(happy_eyeballs_order)

namespace {

using names = std::vector<std::string>;

names ordered(names const& hosts) {
    std::vector<boost::asio::ip::tcp::endpoint> all;
    for (auto const& h : hosts)
        all.emplace_back(boost::asio::ip::make_address(h), static_cast<unsigned short>(1));
    names result;
    for (auto const& e : net::happy_eyeballs_order(all))
        result.push_back(e.address().to_string());
    return result;
}

} // namespace

BOOST_AUTO_TEST_CASE(families_take_turns_from_that_of_the_first_address) {
    BOOST_TEST(ordered({"::1", "::2", "::3", "1.1.1.1", "2.2.2.2"}) ==
                   names({"::1", "1.1.1.1", "::2", "2.2.2.2", "::3"}),
               boost::test_tools::per_element());
    BOOST_TEST(ordered({"1.1.1.1", "2.2.2.2", "::1"}) == names({"1.1.1.1", "::1", "2.2.2.2"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_family_keeps_its_order) {
    for (names const& same : {names{}, names{"::1"}, names{"2.2.2.2", "1.1.1.1"}, names{"::3", "::1", "::2"}})
        BOOST_TEST(ordered(same) == same, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
