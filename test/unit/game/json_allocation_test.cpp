//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json/tape_builder.hpp"
#include "joust/game/message_pack.hpp"
#include "json_samples.hpp"
#include "support/count_allocations.hpp"

#include <boost/test/unit_test.hpp>

// Steady state: what has been decoded and encoded once costs no allocation again.

BOOST_AUTO_TEST_SUITE(json_allocation)

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

BOOST_AUTO_TEST_CASE(builder_keeps_its_storage_until_it_gives_it_back) {
    joust::json::tape_builder b;
    auto const allocations_of_building = [&] {
        std::size_t const before = joust::test::allocation_count;
        b.restart(64);
        b.begin_object();
        for (std::int64_t i = 0; i != 100; ++i) {
            b.string("a key that is longer than a string holds inside");
            b.integer(i);
        }
        b.end_object();
        return b.finish().has_value() ? joust::test::allocation_count - before : 1'000'000;
    };
    BOOST_TEST(allocations_of_building() > 0u);
    BOOST_TEST(allocations_of_building() == 0u);
    b.shrink(1'000'000);
    BOOST_TEST(allocations_of_building() == 0u);
    b.shrink(100);
    std::size_t const again = allocations_of_building();
    BOOST_TEST(again > 0u);
    BOOST_TEST(again < 100u);
}

BOOST_AUTO_TEST_CASE(message_pack_there_and_back_again_allocates_nothing) {
    auto const pack = joust::game::message_pack();
    joust::buffer packed;
    joust::buffer out;
    std::size_t before = 0;
    bool ok = true;
    for (int i = 0; i != 4; ++i) {
        if (i == 2)
            before = joust::test::allocation_count;
        packed.clear();
        out.clear();
        ok = ok && joust::game::detail::encode_payload_with(*pack, text, packed).ok();
        ok = ok && joust::game::detail::payload_to_json(*pack, packed.view(), out, {}).ok();
    }
    std::size_t const after = joust::test::allocation_count;
    BOOST_TEST(ok);
    BOOST_TEST(after - before == 0u);
    BOOST_TEST(out.view() == text);
}

BOOST_AUTO_TEST_CASE(lengths_of_message_pack_that_are_only_claims_allocate_nothing_for_them) {
    using namespace std::string_view_literals;
    auto const pack = joust::game::message_pack();
    joust::buffer out;
    for (std::string_view const claim : {"\xdb\xff\xff\xff\xff"sv, "\xdd\xff\xff\xff\xff"sv, "\xdf\xff\xff\xff\xff"sv,
                                         "\x91\xdb\xff\xff\xff\xfe"sv, "\x91\xdd\xff\xff\xff\xff\xc0"sv}) {
        joust::test::largest_allocation = 0;
        bool const ok = joust::game::detail::payload_to_json(*pack, claim, out, {}).ok();
        std::size_t const largest = joust::test::largest_allocation;
        BOOST_TEST(!ok);
        BOOST_TEST(largest < 1000u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
