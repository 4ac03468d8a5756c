//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/address_list.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <vector>

using namespace joust;
using namespace joust::client;

BOOST_AUTO_TEST_SUITE(address_list)

namespace {

std::string shown(checked_addresses const& list) {
    std::string all;
    for (auto const& a : list.addresses)
        all += (all.empty() ? "" : " ") + a.address + "*" + std::to_string(a.weight);
    return list.problem.ok() ? all : all + "! " + list.problem.message();
}

std::string parsed(std::string_view text) {
    return shown(parse_address_list(text));
}

} // namespace

BOOST_AUTO_TEST_CASE(commas_lines_blanks_and_comments) {
    BOOST_TEST(parsed("a:1,b:2") == "a:1*1 b:2*1");
    BOOST_TEST(parsed("# servers\r\n\r\n  a:1 \t,, b:2,\r\n[::1]:3 # the last, of all\n") == "a:1*1 b:2*1 [::1]:3*1");
    BOOST_TEST(parsed("unix:/run/a.sock\nunix-abstract:b") == "unix:/run/a.sock*1 unix-abstract:b*1");
    BOOST_TEST(parsed("") == "");
    BOOST_TEST(parsed(" \n # nothing\n,") == "");
}

BOOST_AUTO_TEST_CASE(weights) {
    BOOST_TEST(parsed("a:1 weight=3, b:2\t weight=1000000") == "a:1*3 b:2*1000000");
    for (std::string const bad : {"0", "", "-1", "1x", "1000001", "99999999999999"})
        BOOST_TEST(parsed("a:1 weight=" + bad) ==
                   "! line 1: 'a:1 weight=" + bad + "': the weight must be a number from 1 to 1000000");
}

BOOST_AUTO_TEST_CASE(same_address_again_is_left_out) {
    BOOST_TEST(parsed("a:1 weight=2\nb:1\na:1\nipv4:a:1") == "a:1*2 b:1*1");
}

BOOST_AUTO_TEST_CASE(error_names_line_and_text) {
    BOOST_TEST(parsed("a:1\n\nb # c\n") == "! line 3: 'b': the port is missing (host:port)");
    BOOST_TEST(parsed("a:1 b:2") == "! line 1: 'a:1 b:2': after an address there may be weight=N only");
    BOOST_TEST(parsed("a:99999") == "! line 1: 'a:99999': the port must be a number from 0 to 65535");
    BOOST_TEST(parsed(std::string("\x01\xff:x")) == "! line 1: '??:x': the port must be a number from 0 to 65535");
    BOOST_TEST(parsed(std::string(200, 'a')) ==
               "! line 1: '" + std::string(100, 'a') + "...': the port is missing (host:port)");
    BOOST_TEST((parse_address_list("b").problem.code() == status_code::invalid_argument));
}

BOOST_AUTO_TEST_CASE(of_too_many_the_first_are_kept) {
    std::string text;
    for (int i = 0; i < 10000; ++i)
        text += "host-" + std::to_string(i) + ":1\n";
    BOOST_TEST(parse_address_list(text).problem.ok());
    BOOST_TEST(parse_address_list(text).addresses.size() == 10000U);
    auto const list = parse_address_list(text + text + "one-more:1,another:1");
    BOOST_TEST(list.addresses.size() == 10000U);
    BOOST_TEST(list.addresses.back().address == "host-9999:1");
    BOOST_TEST((list.problem.code() == status_code::resource_exhausted));
    BOOST_TEST(list.problem.message() == "10002 addresses: only the first 10000 are used");
}

BOOST_AUTO_TEST_CASE(garbage_gives_addresses_or_a_problem_never_both) {
    std::mt19937 random(1);
    std::string const alphabet("a1:.,[] \n#=weight\0\xff", 20);
    for (int seed = 0; seed < 1000; ++seed) {
        std::string text;
        for (std::size_t n = random() % 40; n > 0; --n)
            text += alphabet[random() % alphabet.size()];
        auto const list = parse_address_list(text);
        BOOST_REQUIRE(list.problem.ok() || list.addresses.empty());
    }
}

BOOST_AUTO_TEST_CASE(checking_keeps_what_can_be_used) {
    std::vector<endpoint_address> given{{.address = "a:1", .weight = 0},
                                        {.address = "no port"},
                                        {.address = "ipv4:a:1"},
                                        {.address = ""},
                                        {.address = "b:2", .weight = 7}};
    BOOST_TEST(shown(check_addresses(given)) == "a:1*1 b:2*7! 2 of 5 addresses cannot be used, the first: 'no port': "
                                                "the port is missing (host:port)");
    BOOST_TEST(shown(check_addresses({})) == "");
}

BOOST_AUTO_TEST_CASE(checking_keeps_an_address_for_each_authority) {
    auto const list = check_addresses({{.address = "a:1", .authority = "x"},
                                       {.address = "a:1", .authority = "y"},
                                       {.address = "a:1", .locality = "z", .authority = "x"}});
    BOOST_TEST(list.addresses.size() == 2U);
    BOOST_TEST(list.problem.ok());
}

BOOST_AUTO_TEST_CASE(checking_keeps_the_first_of_too_many) {
    std::vector<endpoint_address> given;
    for (int i = 0; i < 10005; ++i)
        given.push_back({.address = "host-" + std::to_string(i) + ":1"});
    auto const list = check_addresses(given);
    BOOST_TEST(list.addresses.size() == 10000U);
    BOOST_TEST(list.problem.message() == "10005 addresses: only the first 10000 are used");
}

BOOST_AUTO_TEST_SUITE_END()
