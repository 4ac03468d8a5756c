//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/answer_table.hpp"

#include "game/middleware/single_flight.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// The pure parts of a cache: what is kept, and who runs for whom.

namespace joust::game {

BOOST_AUTO_TEST_SUITE(middleware_answer_table)

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::steady_clock::time_point start{};
constexpr auto begin = start + 1h;

answer_table::answer text(std::string t) {
    return std::make_shared<std::string const>(std::move(t));
}

std::string found(answer_table& t, std::string_view key, answer_table::time_point now = begin) {
    auto const a = t.find(key, now);
    return a == nullptr ? "none" : *a;
}

std::string key_of(std::string method, std::string_view rest) {
    method.push_back('\0');
    return method.append(rest);
}

} // namespace

BOOST_AUTO_TEST_CASE(answers_are_good_for_their_time) {
    answer_table t;
    t.put("a", text("1"), begin + 10s);
    BOOST_TEST(found(t, "a") == "1");
    BOOST_TEST(found(t, "a", begin + 10s - 1ns) == "1");
    BOOST_TEST(found(t, "b") == "none");
    BOOST_TEST(found(t, "a", begin + 10s) == "none");
    BOOST_TEST(t.counted().entries == 0u); // it is not kept until something else needs its place
    BOOST_TEST(t.counted().bytes == 0u);
    BOOST_TEST(t.counted().hits == 2u);
    BOOST_TEST(t.counted().misses == 2u);
}

BOOST_AUTO_TEST_CASE(a_new_answer_takes_the_place_of_the_old_one) {
    answer_table t;
    t.put("a", text("1"), begin + 1s);
    auto const one = t.counted().bytes;
    t.put("a", text("2"), begin + 2s);
    BOOST_TEST(found(t, "a", begin + 1s) == "2");
    BOOST_TEST(t.counted().entries == 1u);
    BOOST_TEST(t.counted().bytes == one);
    BOOST_TEST(t.counted().evictions == 0u);
}

BOOST_AUTO_TEST_CASE(at_the_bound_of_entries_the_one_used_longest_ago_goes) {
    answer_table t({.max_entries = 3});
    for (std::string const key : {"a", "b", "c"})
        t.put(key, text(key), begin + 1s);
    BOOST_TEST(found(t, "a") == "a");
    t.put("d", text("d"), begin + 1s);
    BOOST_TEST(found(t, "b") == "none");
    for (std::string const key : {"a", "c", "d"})
        BOOST_TEST(found(t, key) == key);
    BOOST_TEST(t.counted().entries == 3u);
    BOOST_TEST(t.counted().evictions == 1u);
}

BOOST_AUTO_TEST_CASE(at_the_bound_of_bytes_as_many_go_as_must) {
    answer_table t({.max_entries = 1000, .max_bytes = 10'000});
    for (int i = 0; i != 100; ++i) {
        t.put(std::to_string(i), text(std::string(500, 'x')), begin + 1s);
        BOOST_TEST(t.counted().bytes <= 10'000u);
    }
    BOOST_TEST(t.counted().entries > 5u);
    t.put("large", text(std::string(9'000, 'x')), begin + 1s);
    BOOST_TEST(found(t, "large").size() == 9'000u);
    BOOST_TEST(t.counted().entries <= 2u);
    t.put("large", text(std::string(20'000, 'x')), begin + 1s); // larger than all: not kept, nor is the old one
    BOOST_TEST(found(t, "large") == "none");
    BOOST_TEST(t.counted().bytes <= 10'000u);
}

BOOST_AUTO_TEST_CASE(answers_of_a_method_can_be_forgotten) {
    answer_table t;
    t.put(key_of("logic.get", "1"), text("1"), begin + 1s);
    t.put(key_of("logic.get", "2"), text("2"), begin + 1s);
    t.put(key_of("logic.get_all", "1"), text("3"), begin + 1s);
    t.erase("logic.get");
    BOOST_TEST(found(t, key_of("logic.get", "1")) == "none");
    BOOST_TEST(found(t, key_of("logic.get_all", "1")) == "3");
    BOOST_TEST(t.counted().entries == 1u);
    t.clear();
    BOOST_TEST(t.counted().entries == 0u);
    BOOST_TEST(t.counted().bytes == 0u);
    t.put("a", text("1"), begin + 1s);
    BOOST_TEST(found(t, "a") == "1");
}

BOOST_AUTO_TEST_CASE(bad_options_are_refused) {
    BOOST_CHECK_THROW(answer_table({.max_entries = 0}), std::invalid_argument);
    BOOST_CHECK_THROW(answer_table({.max_bytes = 1023}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(one_leads_and_the_others_follow) {
    single_flight<int> f;
    BOOST_TEST(f.lead("a"));
    BOOST_TEST(!f.lead("a"));
    BOOST_TEST(f.lead("b"));
    f.follow("a", 1);
    f.follow("a", 2);
    BOOST_TEST((f.end("a") == std::vector{1, 2}));
    BOOST_TEST(f.end("a").empty());
    BOOST_TEST(f.lead("a"));
    BOOST_TEST(f.size() == 2u);
}

BOOST_AUTO_TEST_CASE(leadership_goes_to_who_follows_longest) {
    single_flight<int> f;
    BOOST_TEST(f.lead("a"));
    f.follow("a", 1);
    f.follow("a", 2);
    f.follow("a", 3);
    BOOST_TEST(f.leave("a", 1));
    BOOST_TEST(!f.leave("a", 1));
    BOOST_TEST(f.hand_over("a").value() == 2);
    BOOST_TEST(!f.leave("a", 2)); // it leads
    BOOST_TEST(!f.lead("a"));
    BOOST_TEST(f.hand_over("a").value() == 3);
    BOOST_TEST(!f.hand_over("a").has_value());
    BOOST_TEST(f.size() == 0u);
    BOOST_TEST(!f.hand_over("a").has_value());
    BOOST_TEST(!f.leave("a", 3));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::game
