//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/answer.hpp"
#include "joust/game/raw_json.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace joust::game {

BOOST_AUTO_TEST_SUITE(raw_json_text)

namespace {

struct wrapped {
    int before = 1;
    raw_json inside;
    std::vector<raw_json> more;
};
BOOST_DESCRIBE_STRUCT(wrapped, (), (before, inside, more))

// Digits that no number type keeps, spaces, a repeated key: all of it is somebody's business, not ours.
constexpr std::string_view odd = R"( {"d": 1.10, "n":123456789012345678901234567890, "d":1E+2} )";

} // namespace

BOOST_AUTO_TEST_CASE(is_written_as_it_is) {
    BOOST_TEST(json::encode_to_string(raw_json(std::string(odd))).value() == odd);
}

BOOST_AUTO_TEST_CASE(is_written_as_a_part_of_more) {
    wrapped w;
    w.inside = raw_json("[1.0, 2]");
    w.more = {raw_json("null"), raw_json("{}")};
    BOOST_TEST(json::encode_to_string(w).value() == R"({"before":1,"inside":[1.0, 2],"more":[null,{}]})");
}

BOOST_AUTO_TEST_CASE(that_is_empty_writes_nothing_which_means_no_arguments) {
    BOOST_TEST(json::encode_to_string(raw_json()).value() == "");
}

BOOST_AUTO_TEST_CASE(is_the_payload_of_an_answer_unread) {
    BOOST_TEST(detail::decode_payload<raw_json>(odd, {}).value().text == odd);
    BOOST_TEST(detail::decode_payload<raw_json>("no JSON", {}).value().text == "no JSON");
}

BOOST_AUTO_TEST_CASE(is_null_for_an_answer_without_a_payload) {
    BOOST_TEST(detail::decode_payload<raw_json>("", {}).value().text == "null");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::game
