//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json/tape_builder.hpp"

#include "joust/game/json.hpp"
#include "json_samples.hpp"
#include "support/spelled_codec.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

BOOST_AUTO_TEST_SUITE(tape_builder_events)

namespace {

using joust::json::tape_builder;
using joust::json::value_view;

/// What was built, as text; or the error.
std::string built(tape_builder& b) {
    auto const value = b.finish();
    return value.has_error() ? value.error().to_string() : *joust::json::encode_to_string(*value);
}

std::string built(std::function<void(tape_builder&)> const& events, std::size_t max_depth = 64) {
    tape_builder b(max_depth);
    events(b);
    return built(b);
}

std::string refused(std::string_view why) {
    return "INVALID_ARGUMENT: " + std::string(why);
}

/// Arrays in each other, the innermost empty or not.
std::string nested(std::size_t depth, bool empty, std::size_t max_depth) {
    return built(
        [=](tape_builder& b) {
            for (std::size_t i = 0; i != depth; ++i)
                b.begin_array();
            if (!empty)
                b.null();
            for (std::size_t i = 0; i != depth; ++i)
                b.end_array();
        },
        max_depth);
}

} // namespace

BOOST_AUTO_TEST_CASE(all_kinds_of_values_are_what_they_were) {
    std::string const text = built([](tape_builder& b) {
        b.begin_object();
        b.string("null");
        b.null();
        b.string("yes");
        b.boolean(true);
        b.string("no");
        b.boolean(false);
        b.string("low");
        b.integer(std::numeric_limits<std::int64_t>::min());
        b.string("high");
        b.integer(std::numeric_limits<std::uint64_t>::max());
        b.string("real");
        b.real(10);
        b.string("");
        b.string("p\u00e4\n");
        b.string("list");
        b.begin_array();
        b.begin_array();
        b.end_array();
        b.begin_object();
        b.end_object();
        b.string("x");
        b.end_array();
        b.end_object();
    });
    BOOST_TEST(text == "{\"null\":null,\"yes\":true,\"no\":false,\"low\":-9223372036854775808,"
                       "\"high\":18446744073709551615,\"real\":10.0,\"\":\"p\u00e4\\n\",\"list\":[[],{},\"x\"]}");
}

BOOST_AUTO_TEST_CASE(single_values_are_whole_values) {
    BOOST_TEST(built([](tape_builder& b) { b.integer(std::int64_t{-1}); }) == "-1");
    BOOST_TEST(built([](tape_builder& b) { b.integer(-7); }) == "-7");
    BOOST_TEST(built([](tape_builder& b) { b.integer(std::uint8_t{200}); }) == "200");
    BOOST_TEST(built([](tape_builder& b) { b.string(""); }) == "\"\"");
    BOOST_TEST(built([](tape_builder& b) { b.null(); }) == "null");
}

BOOST_AUTO_TEST_CASE(unsigned_integers_that_fit_are_signed_ones_too) {
    tape_builder b;
    b.integer(std::uint64_t{7});
    std::int64_t i = 0;
    BOOST_TEST(b.finish()->get_int64(i));
    BOOST_TEST(i == 7);
    b.restart(64);
    b.integer(std::uint64_t{1} << 63);
    auto const large = b.finish();
    std::uint64_t u = 0;
    BOOST_TEST(!large->get_int64(i));
    BOOST_TEST(large->get_uint64(u));
    BOOST_TEST(u == std::uint64_t{1} << 63);
}

BOOST_AUTO_TEST_CASE(numbers_that_a_text_cannot_hold_are_null) {
    for (double const d : {std::nan(""), HUGE_VAL, -HUGE_VAL})
        BOOST_TEST(built([d](tape_builder& b) { b.real(d); }) == "null");
}

BOOST_AUTO_TEST_CASE(events_that_make_no_value_are_refused) {
    BOOST_TEST(built([](tape_builder&) {}) == refused("no value"));
    BOOST_TEST(built([](tape_builder& b) { b.begin_array(); }) == refused("only a part of a value"));
    BOOST_TEST(built([](tape_builder& b) {
                   b.null();
                   b.null();
               }) == refused("more than one value"));
    BOOST_TEST(built([](tape_builder& b) { b.end_array(); }) == refused("the end of an array that has not begun"));
    BOOST_TEST(built([](tape_builder& b) {
                   b.begin_array();
                   b.end_object();
               }) == refused("the end of an object that has not begun"));
    BOOST_TEST(built([](tape_builder& b) {
                   b.begin_object();
                   b.string("k");
                   b.end_object();
               }) == refused("a key without a value"));
    for (auto const& event : {std::function<void(tape_builder&)>([](tape_builder& b) { b.null(); }),
                              std::function<void(tape_builder&)>([](tape_builder& b) { b.integer(std::int64_t{1}); }),
                              std::function<void(tape_builder&)>([](tape_builder& b) { b.begin_object(); })})
        BOOST_TEST(built([&](tape_builder& b) {
                       b.begin_object();
                       event(b);
                   }) == refused("a key that is no string"));
    BOOST_TEST(built([](tape_builder& b) { b.string("\xff"); }) == refused("a string that is not UTF-8"));
    BOOST_TEST(built([](tape_builder& b) {
                   b.begin_object();
                   b.string("\xc3");
               }) == refused("a key that is not UTF-8"));
}

BOOST_AUTO_TEST_CASE(refusal_is_final_and_the_first_reason_stays) {
    tape_builder b;
    BOOST_TEST(b.begin_array());
    BOOST_TEST(!b.refuse("because"));
    BOOST_TEST(!b.refuse("otherwise"));
    BOOST_TEST((!b.null() && !b.boolean(true) && !b.integer(std::int64_t{1}) && !b.integer(std::uint64_t{1})));
    BOOST_TEST((!b.real(1) && !b.string("") && !b.begin_array() && !b.begin_object() && !b.end_array()));
    BOOST_TEST(b.error() == "because");
    BOOST_TEST(built(b) == refused("because"));
    b.restart(64);
    BOOST_TEST(b.error().empty());
    BOOST_TEST(b.null());
    BOOST_TEST(built(b) == "null");
}

BOOST_AUTO_TEST_CASE(depth_counts_as_it_does_in_a_text) {
    for (std::size_t const most : {std::size_t{1}, std::size_t{2}, std::size_t{64}, std::size_t{1000}})
        for (std::size_t const depth : {most - 1, most, most + 1, most + 2})
            for (bool const empty : {true, false})
                BOOST_TEST_CONTEXT(most << " " << depth << " " << empty) {
                    if (depth == 0 && empty) // no value at all
                        continue;
                    std::string const text = std::string(depth, '[') + (empty ? "" : "null") + std::string(depth, ']');
                    bool const fits = joust::json::parser().parse(text, {.max_depth = most}).has_value();
                    BOOST_TEST(nested(depth, empty, most) ==
                               (fits ? text : refused("nested deeper than " + std::to_string(most))));
                }
    BOOST_TEST(nested(1001, false, 5000) == refused("nested deeper than 1000"));
}

BOOST_AUTO_TEST_CASE(structs_are_read_as_from_a_text) {
    // The sample's text through the parser, event by event into the builder, gives the same struct.
    tape_builder b;
    joust::json::parser parser;
    joust::test::spelled_codec::copy(*parser.parse(joust::test::player_text), b);
    joust::test::player read;
    joust::json::decode_options const options;
    joust::json::decode_state state(options);
    BOOST_TEST(joust::json::codec<joust::test::player>::decode(*b.finish(), read, state));
    BOOST_TEST((read == joust::test::sample_player()));
}

BOOST_AUTO_TEST_CASE(size_hints_and_long_strings_are_right) {
    tape_builder b;
    std::string const longest(1'000'000, 'x');
    b.begin_array();
    for (int i = 0; i != 300; ++i)
        b.null();
    b.string(longest);
    b.end_array();
    auto const value = b.finish();
    BOOST_TEST(value->size_hint() == 301u);
    std::string_view last;
    for (value_view const each : value->elements())
        each.get_string(last);
    BOOST_TEST((last == longest));
}

BOOST_AUTO_TEST_SUITE_END()
