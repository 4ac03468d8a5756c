//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/address_diff.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace joust;
using namespace joust::client;

BOOST_AUTO_TEST_SUITE(address_diff_)

namespace {

using indices = std::vector<std::size_t>;

std::vector<endpoint_address> list(std::string_view hosts) {
    std::vector<endpoint_address> all;
    for (char const c : hosts)
        all.push_back({.address = std::string(1, c) + ":1"});
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(added_removed_and_kept_are_in_order) {
    auto const d = diff_addresses(list("abcd"), list("xcayb"));
    BOOST_TEST(d.added == indices({0, 3}), boost::test_tools::per_element());
    BOOST_TEST(d.removed == indices({3}), boost::test_tools::per_element());
    BOOST_TEST((d.kept == std::vector<address_diff::pair>{{2, 1}, {0, 2}, {1, 4}}));
    BOOST_TEST(!d.empty());
}

BOOST_AUTO_TEST_CASE(only_the_order_changes) {
    BOOST_TEST(diff_addresses(list("abc"), list("cba")).empty());
    BOOST_TEST(diff_addresses({}, {}).empty());
}

BOOST_AUTO_TEST_CASE(new_weight_keeps_the_endpoint_and_new_authority_does_not) {
    auto const before = list("ab");
    auto after = before;
    after[0].weight = 9;
    after[0].locality = "zone";
    BOOST_TEST(diff_addresses(before, after).empty());
    after[1].authority = "other";
    auto const d = diff_addresses(before, after);
    BOOST_TEST(d.added == indices({1}), boost::test_tools::per_element());
    BOOST_TEST(d.removed == indices({1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(random_lists_with_repetitions_add_up) {
    std::mt19937 random(1);
    for (int seed = 0; seed < 1000; ++seed) {
        std::string texts[2];
        for (auto& t : texts)
            for (std::size_t n = random() % 12; n > 0; --n)
                t += static_cast<char>('a' + random() % 10);
        auto const before = list(texts[0]), after = list(texts[1]);
        auto const d = diff_addresses(before, after);
        std::string rebuilt;
        for (auto const& k : d.kept) {
            BOOST_REQUIRE(before[k.before] == after[k.after]);
            rebuilt += texts[1][k.after];
        }
        for (std::size_t const i : d.added) {
            BOOST_REQUIRE(texts[0].find(texts[1][i]) == std::string::npos);
            rebuilt += texts[1][i];
        }
        for (std::size_t const i : d.removed)
            BOOST_REQUIRE(texts[1].find(texts[0][i]) == std::string::npos);
        std::string unique = texts[1];
        std::sort(unique.begin(), unique.end());
        unique.erase(std::unique(unique.begin(), unique.end()), unique.end());
        std::sort(rebuilt.begin(), rebuilt.end());
        BOOST_REQUIRE_EQUAL(rebuilt, unique);
        std::string gone = texts[0];
        std::sort(gone.begin(), gone.end());
        gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
        std::erase_if(gone, [&](char c) { return texts[1].find(c) != std::string::npos; });
        BOOST_REQUIRE_EQUAL(d.removed.size(), gone.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
