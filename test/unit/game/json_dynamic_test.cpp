//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "json_samples.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <limits>

// Boost.JSON's values, as a whole and as fields.

BOOST_AUTO_TEST_SUITE(json_dynamic)

namespace {

using joust::json::decode;
using joust::test::encoded;

struct event {
    std::string name;
    boost::json::value data;
    boost::json::object labels = {};
    boost::json::array list = {};
};
BOOST_DESCRIBE_STRUCT(event, (), (name, data, labels, list))

constexpr std::string_view sample =
    R"({"null":null,"t":true,"f":false,"i":-9223372036854775808,"u":18446744073709551615,"small":7,"d":10.0,)"
    R"("s":"\u00e9\n","a":[1,[],{}],"o":{"x":{"y":[null]}}})";

} // namespace

BOOST_AUTO_TEST_CASE(value_is_what_boost_json_reads) {
    auto const value = *decode<boost::json::value>(sample);
    BOOST_TEST((value == boost::json::parse(boost::json::string_view(sample.data(), sample.size()))));
    BOOST_TEST((value.at("i").kind() == boost::json::kind::int64));
    BOOST_TEST((value.at("small").kind() == boost::json::kind::int64));
    BOOST_TEST((value.at("u").kind() == boost::json::kind::uint64));
    BOOST_TEST((value.at("d").kind() == boost::json::kind::double_));
}

BOOST_AUTO_TEST_CASE(value_is_written_compactly) {
    BOOST_TEST(
        encoded(*decode<boost::json::value>(sample)) ==
        "{\"null\":null,\"t\":true,\"f\":false,\"i\":-9223372036854775808,\"u\":18446744073709551615,\"small\":7,"
        "\"d\":10.0,\"s\":\"\u00e9\\n\",\"a\":[1,[],{}],\"o\":{\"x\":{\"y\":[null]}}}");
    BOOST_TEST(encoded(boost::json::value(std::numeric_limits<double>::quiet_NaN())) == "null");
    BOOST_TEST(encoded(boost::json::object{}) == "{}");
    BOOST_TEST(encoded(boost::json::array{1, "x"}) == "[1,\"x\"]");
}

BOOST_AUTO_TEST_CASE(values_are_fields_too) {
    auto const e = *decode<event>(R"({"name":"n","data":[1,"x"],"labels":{"a":1},"list":[2]})");
    BOOST_TEST((e.data == boost::json::array{1, "x"}));
    BOOST_TEST((e.labels == boost::json::object{{"a", 1}}));
    BOOST_TEST((e.list == boost::json::array{2}));
    BOOST_TEST(encoded(e) == R"({"name":"n","data":[1,"x"],"labels":{"a":1},"list":[2]})");
}

BOOST_AUTO_TEST_CASE(value_that_held_something_is_replaced) {
    boost::json::value value = {{"old", 1}};
    BOOST_TEST(joust::json::decode_into(value, R"({"new":"x"})").ok());
    BOOST_TEST((value == boost::json::value{{"new", "x"}}));
    BOOST_TEST(joust::json::decode_into(value, "null").ok());
    BOOST_TEST(value.is_null());
}

BOOST_AUTO_TEST_CASE(failure_names_the_place) {
    BOOST_TEST(encoded(boost::json::value{{"a", {1, "\xff"}}}) == "INTERNAL: a[1]: invalid UTF-8");
    BOOST_TEST(encoded(boost::json::object{{"\xff", 1}}) == "INTERNAL: invalid UTF-8");
    BOOST_TEST(joust::test::decode_error<event>(R"({"name":"n","data":[{"k":1,"k":2}]})") ==
               "data[0]: duplicate key \"k\"");
}

BOOST_AUTO_TEST_SUITE_END()
