//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "json_samples.hpp"
#include "support/count_allocations.hpp"

#include <boost/test/unit_test.hpp>

// Steady state: what has been decoded and encoded once costs no allocation again.

namespace {

struct small {
    std::string player_id;
    int level = 0;
    double rating = 0;
    bool online = false;
    joust::test::rank title = joust::test::rank::squire;
    std::optional<std::string> guild;
    std::vector<std::string> tags;
};
BOOST_DESCRIBE_STRUCT(small, (), (player_id, level, rating, online, title, guild, tags))

constexpr std::string_view text =
    R"({"player_id":"a player whose id is longer than a string holds inside","level":10,"rating":0.1,"online":true,)"
    R"("title":"king","guild":"this one is not short either, is it","tags":["one tag that is long enough","two"]})";

} // namespace

BOOST_AUTO_TEST_SUITE(json_allocation)

BOOST_AUTO_TEST_CASE(decoding_and_encoding_again_allocates_nothing) {
    joust::buffer out;
    small value;
    joust::json::parser mine;
    std::size_t before = 0;
    bool ok = true;
    for (int i = 0; i != 10; ++i) {
        if (i == 2) // grown by now
            before = joust::test::allocation_count;
        out.clear();
        ok = ok && joust::json::decode_into(value, text).ok();
        ok = ok && joust::json::decode_into(value, mine, text).ok();
        ok = ok && joust::json::encode(out, value).ok();
    }
    std::size_t const after = joust::test::allocation_count;
    BOOST_TEST(ok);
    BOOST_TEST(after - before == 0u);
    BOOST_TEST(out.view() == text);
}

BOOST_AUTO_TEST_CASE(small_value_allocates_nothing_when_new) {
    (void)joust::json::decode<joust::test::item>(R"({"name":"lance"})");
    std::size_t const before = joust::test::allocation_count;
    bool const ok = joust::json::decode<joust::test::item>(R"({"name":"lance"})").has_value();
    std::size_t const after = joust::test::allocation_count;
    BOOST_TEST(ok);
    BOOST_TEST(after - before == 0u);
}

BOOST_AUTO_TEST_CASE(storage_for_long_texts_is_given_back) {
    std::string const long_text = '"' + std::string(1'000'000, 'x') + '"';
    std::string value;
    (void)joust::json::decode_into(value, long_text);
    std::size_t const before = joust::test::allocation_count;
    (void)joust::json::decode_into(value, long_text);
    BOOST_TEST(joust::test::allocation_count - before > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
