//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "json_samples.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <set>
#include <unordered_map>
#include <utility>

BOOST_AUTO_TEST_SUITE(json_refuse)

namespace {

using joust::test::decode_error;
using joust::test::item;
using joust::test::rank;

struct roster {
    std::vector<item> players = {};
    std::map<std::string, std::vector<item>> teams = {};
    std::array<int, 2> size = {1, 1};
};
BOOST_DESCRIBE_STRUCT(roster, (), (players, teams, size))

enum class lonely { only };
BOOST_DESCRIBE_ENUM(lonely, only)

} // namespace

BOOST_AUTO_TEST_CASE(wrong_kind_says_wanted_and_found) {
    BOOST_TEST(decode_error<int>("\"1\"") == "wanted an integer, found a string");
    BOOST_TEST(decode_error<unsigned>("null") == "wanted an integer, found null");
    BOOST_TEST(decode_error<int>("true") == "wanted an integer, found a boolean");
    BOOST_TEST(decode_error<int>("[]") == "wanted an integer, found an array");
    BOOST_TEST(decode_error<int>("{}") == "wanted an integer, found an object");
    BOOST_TEST(decode_error<double>("\"1\"") == "wanted a number, found a string");
    BOOST_TEST(decode_error<float>("null") == "wanted a number, found null");
    BOOST_TEST(decode_error<bool>("1") == "wanted a boolean, found an integer");
    BOOST_TEST(decode_error<bool>("\"true\"") == "wanted a boolean, found a string");
    BOOST_TEST(decode_error<std::string>("1.5") == "wanted a string, found a number with a fraction");
    BOOST_TEST(decode_error<std::optional<std::string>>("1") == "wanted a string, found an integer");
    BOOST_TEST(decode_error<item>("[]") == "wanted an object, found an array");
    BOOST_TEST(decode_error<std::vector<int>>("{}") == "wanted an array, found an object");
    BOOST_TEST(decode_error<std::set<int>>("1") == "wanted an array, found an integer");
    BOOST_TEST((decode_error<std::map<std::string, int>>("[]") == "wanted an object, found an array"));
    BOOST_TEST(decode_error<std::monostate>("0") == "wanted null, found an integer");
    BOOST_TEST((decode_error<std::array<int, 1>>("3") == "wanted an array of 1 element, found an integer"));
    BOOST_TEST((decode_error<std::pair<int, int>>("[1]") == "wanted an array of 2 elements, found 1"));
    BOOST_TEST((decode_error<std::pair<int, int>>("[1,2,3]") == "wanted an array of 2 elements, found 3"));
    BOOST_TEST((decode_error<std::variant<std::monostate, int, std::string>>("[]") ==
                "wanted null, a number or a string, found an array"));
    BOOST_TEST((decode_error<std::variant<bool, item>>("\"\"") == "wanted a boolean or an object, found a string"));
    BOOST_TEST(decode_error<boost::json::object>("[]") == "wanted an object, found an array");
    BOOST_TEST(decode_error<boost::json::array>("{}") == "wanted an array, found an object");
}

BOOST_AUTO_TEST_CASE(integer_out_of_range_says_value_and_range) {
    BOOST_TEST(decode_error<std::int8_t>("128") == "wanted an integer from -128 to 127, found 128");
    BOOST_TEST(decode_error<std::int8_t>("-129") == "wanted an integer from -128 to 127, found -129");
    BOOST_TEST(decode_error<std::uint8_t>("256") == "wanted an integer from 0 to 255, found 256");
    BOOST_TEST(decode_error<std::uint8_t>("-1") == "wanted an integer from 0 to 255, found -1");
    BOOST_TEST(decode_error<std::int16_t>("32768") == "wanted an integer from -32768 to 32767, found 32768");
    BOOST_TEST(decode_error<std::uint32_t>("4294967296") == "wanted an integer from 0 to 4294967295, found 4294967296");
    BOOST_TEST(decode_error<std::int64_t>("9223372036854775808") ==
               "wanted an integer from -9223372036854775808 to 9223372036854775807, found 9223372036854775808");
    BOOST_TEST(decode_error<std::uint64_t>("-1") == "wanted an integer from 0 to 18446744073709551615, found -1");
}

BOOST_AUTO_TEST_CASE(number_with_a_fraction_mark_is_no_integer) {
    BOOST_TEST(decode_error<int>("1.5") == "wanted an integer, found 1.5");
    BOOST_TEST(decode_error<unsigned>("10.0") == "wanted an integer, found 10.0");
    BOOST_TEST(decode_error<int>("1e3") == "wanted an integer, found 1000.0");
}

BOOST_AUTO_TEST_CASE(float_out_of_range_says_so) {
    BOOST_TEST(decode_error<float>("1e39") == "1e+39 is beyond the range of a float");
    BOOST_TEST(decode_error<float>("-1e300") == "-1e+300 is beyond the range of a float");
}

BOOST_AUTO_TEST_CASE(unknown_enumerator_lists_the_names) {
    BOOST_TEST(decode_error<rank>("\"queen\"") == "wanted one of squire, knight, king, found \"queen\"");
    BOOST_TEST(decode_error<rank>("\"\"") == "wanted one of squire, knight, king, found \"\"");
    BOOST_TEST(decode_error<rank>("1") == "wanted one of squire, knight, king, found an integer");
    BOOST_TEST(decode_error<lonely>("null") == "wanted only, found null");
}

BOOST_AUTO_TEST_CASE(path_leads_to_the_fault) {
    BOOST_TEST(decode_error<roster>(R"({"players":[{"name":"a"},{"name":"b","count":"2"}]})") ==
               "players[1].count: wanted an integer, found a string");
    BOOST_TEST(decode_error<roster>(R"({"teams":{"red":[{"name":1}]}})") ==
               "teams.red[0].name: wanted a string, found an integer");
    BOOST_TEST(decode_error<roster>(R"({"teams":{"the reds":[true]}})") ==
               "teams[\"the reds\"][0]: wanted an object, found a boolean");
    BOOST_TEST(decode_error<roster>(R"({"teams":{"":{}}})") == "teams[\"\"]: wanted an array, found an object");
    BOOST_TEST(decode_error<roster>(R"({"size":[1,2.5]})") == "size[1]: wanted an integer, found 2.5");
    BOOST_TEST(
        (decode_error<std::pair<int, item>>(R"([1,{"name":2}])") == "[1].name: wanted a string, found an integer"));
    BOOST_TEST(decode_error<std::vector<std::vector<int>>>("[[],[1,null]]") == "[1][1]: wanted an integer, found null");
    BOOST_TEST((decode_error<std::unordered_map<int, item>>(R"({"7":{}})") == "[\"7\"]: missing field \"name\""));
}

BOOST_AUTO_TEST_CASE(missing_field_is_named_with_its_place) {
    BOOST_TEST(decode_error<item>("{}") == "missing field \"name\"");
    BOOST_TEST(decode_error<roster>(R"({"players":[{"name":"a"},{"count":2}]})") ==
               "players[1]: missing field \"name\"");
}

BOOST_AUTO_TEST_CASE(unknown_field_is_named_with_its_place) {
    BOOST_TEST(decode_error<item>(R"({"name":"a","nmae":1})") == "unknown field \"nmae\"");
    BOOST_TEST(decode_error<roster>(R"({"players":[{"name":"a","x":1}]})") == "players[0]: unknown field \"x\"");
    BOOST_TEST(decode_error<item>(R"({"a\"b\n\u00e4":1})") == "unknown field \"a\\\"b\\u000a\u00e4\"");
    std::string const key(1000, 'k');
    BOOST_TEST(decode_error<item>("{\"" + key + "\":1}") == "unknown field \"" + key.substr(0, 64) + "\"...");
}

BOOST_AUTO_TEST_CASE(duplicate_is_named) {
    BOOST_TEST(decode_error<item>(R"({"name":"a","count":1,"name":"a"})") == "duplicate field \"name\"");
    BOOST_TEST(decode_error<item>(R"({"name":"a","n\u0061me":"a"})") == "duplicate field \"name\"");
    BOOST_TEST((decode_error<std::map<std::string, int>>(R"({"a":1,"b":2,"a":1})") == "duplicate key \"a\""));
    BOOST_TEST((decode_error<std::map<int, int>>(R"({"1":1,"01":2})") == "duplicate key \"01\""));
    BOOST_TEST(decode_error<boost::json::value>(R"([{"a":{"x":1,"y":2,"x":3}}])") == "[0].a: duplicate key \"x\"");
    BOOST_TEST(decode_error<std::set<int>>("[3,1,3]") == "[2]: repeats another element");
}

BOOST_AUTO_TEST_CASE(key_of_another_type_is_refused) {
    BOOST_TEST((decode_error<std::map<std::int8_t, int>>(R"({"128":1})") ==
                "key \"128\": wanted an integer from -128 to 127"));
    BOOST_TEST(
        (decode_error<std::map<unsigned, int>>(R"({"-1":1})") == "key \"-1\": wanted an integer from 0 to 4294967295"));
    BOOST_TEST((decode_error<std::map<std::uint8_t, int>>(R"({"":1})") == "key \"\": wanted an integer from 0 to 255"));
    BOOST_TEST(
        (decode_error<std::map<std::uint8_t, int>>(R"({"1 ":1})") == "key \"1 \": wanted an integer from 0 to 255"));
    BOOST_TEST(
        (decode_error<std::map<rank, int>>(R"({"queen":1})") == "key \"queen\": wanted one of squire, knight, king"));
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_named) {
    BOOST_TEST(!validate(joust::json::decode_options{}).has_value());
    BOOST_TEST(*validate(joust::json::decode_options{.max_depth = 0}) == "max_depth must be from 1 to 1000");
    BOOST_TEST(*validate(joust::json::decode_options{.max_depth = 1001}) == "max_depth must be from 1 to 1000");
}

BOOST_AUTO_TEST_SUITE_END()
