//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/arguments.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(arguments)

namespace {

/// As a call takes them.
std::string text_of(game::arguments const& with) {
    return boost::json::serialize(with.value());
}

} // namespace

BOOST_AUTO_TEST_CASE(pairs_in_braces_are_an_object) {
    BOOST_TEST(text_of({{"player_id", "123"}}) == R"({"player_id":"123"})");
    BOOST_TEST(text_of({{"a", 1}, {"b", true}}) == R"({"a":1,"b":true})");
    BOOST_TEST(text_of({{"a", nullptr}, {"b", 2.5}, {"c", -1L}}) == R"({"a":null,"b":2.5E0,"c":-1})");
    BOOST_TEST(text_of({{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}, {"e", 5}, {"f", 6}, {"g", 7}, {"h", 8}}) ==
               R"({"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8})");
}

BOOST_AUTO_TEST_CASE(pairs_of_texts_are_no_array) {
    BOOST_TEST(text_of({{"a", "b"}}) == R"({"a":"b"})");
    BOOST_TEST(text_of({{"a", "b"}, {"c", "d"}}) == R"({"a":"b","c":"d"})");
}

BOOST_AUTO_TEST_CASE(texts_of_any_type_are_texts) {
    std::string const owned = "owned";
    std::string_view const view = "view";
    char const* const pointer = "pointer";
    BOOST_TEST(text_of({{"a", owned}, {owned, view}, {view, pointer}, {pointer, std::string("moved")}}) ==
               R"({"a":"owned","owned":"view","view":"pointer","pointer":"moved"})");
}

BOOST_AUTO_TEST_CASE(values_may_be_arrays_and_objects) {
    BOOST_TEST(text_of({{"a", {1, 2}}}) == R"({"a":[1,2]})");
    BOOST_TEST(text_of({{"a", boost::json::object{{"b", 1}}}, {"c", boost::json::array{}}}) ==
               R"({"a":{"b":1},"c":[]})");
}

BOOST_AUTO_TEST_CASE(empty_braces_are_no_arguments) {
    BOOST_TEST(text_of({}) == "{}");
}

BOOST_AUTO_TEST_CASE(the_last_of_equal_names_counts) {
    BOOST_TEST(text_of({{"a", 1}, {"a", 2}}) == R"({"a":2})");
}

BOOST_AUTO_TEST_CASE(json_is_taken_as_it_is) {
    boost::json::value const value{{"a", 1}};
    BOOST_TEST(text_of(value) == R"({"a":1})");
    BOOST_TEST(text_of(boost::json::value(value)) == R"({"a":1})");
    BOOST_TEST(text_of(value.as_object()) == R"({"a":1})");
    BOOST_TEST(text_of(boost::json::value("text")) == R"("text")"); // the server refuses it
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
