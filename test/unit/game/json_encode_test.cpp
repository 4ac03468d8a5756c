//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "json_samples.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <limits>
#include <list>
#include <map>
#include <set>
#include <tuple>
#include <utility>

BOOST_AUTO_TEST_SUITE(json_encode)

namespace {

using joust::buffer;
using joust::json::encode;
using joust::test::encoded;
using joust::test::item;
using joust::test::rank;

struct base {
    int id = 0;
};
BOOST_DESCRIBE_STRUCT(base, (), (id))
struct derived : base {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(derived, (base), (name))

struct empty {};
BOOST_DESCRIBE_STRUCT(empty, (), ())

struct options {
    std::optional<int> first;
    int middle = 1;
    std::optional<std::string> last;
};
BOOST_DESCRIBE_STRUCT(options, (), (first, middle, last))

struct only_options {
    std::optional<int> a;
    std::optional<int> b;
};
BOOST_DESCRIBE_STRUCT(only_options, (), (a, b))

enum class sparse { minus = -5, hundred = 100, zero = 0 };
BOOST_DESCRIBE_ENUM(sparse, minus, hundred, zero)

struct roster {
    std::vector<item> players;
    std::map<std::string, item> teams;
    rank highest = rank::king;
};
BOOST_DESCRIBE_STRUCT(roster, (), (players, teams, highest))

/// The error, after checking that the buffer holds what it held before.
template <class T>
std::string encode_error(T const& value) {
    buffer out("before");
    joust::status const s = encode(out, value);
    BOOST_TEST(out.view() == "before");
    return s.to_string();
}

} // namespace

BOOST_AUTO_TEST_CASE(described_struct_is_compact_and_in_order) {
    BOOST_TEST(encoded(joust::test::sample_player()) ==
               "{\"player_id\":\"p\u00e4-1\",\"score\":-9223372036854775808,\"rating\":10.5,\"online\":true,"
               "\"title\":\"king\",\"guild\":\"Round \\\"Table\\\"\",\"items\":[{\"name\":\"lance\",\"count\":2},"
               "{\"name\":\"shield\",\"count\":1}],\"skills\":{\"ride\":3,\"sing\":-1},\"note\":\"\U0001F600\"}");
    derived d;
    d.id = 3;
    d.name = "n";
    BOOST_TEST(encoded(d) == R"({"id":3,"name":"n"})");
    BOOST_TEST(encoded(empty{}) == "{}");
}

BOOST_AUTO_TEST_CASE(text_is_appended) {
    buffer out("before ");
    BOOST_TEST(encode(out, 1).ok());
    BOOST_TEST(encode(out, true).ok());
    BOOST_TEST(out.view() == "before 1true");
}

BOOST_AUTO_TEST_CASE(empty_optionals_are_null_or_left_out) {
    joust::json::encode_options const omit{.omit_empty = true};
    BOOST_TEST(encoded(options{}) == R"({"first":null,"middle":1,"last":null})");
    BOOST_TEST(encoded(options{}, omit) == R"({"middle":1})");
    BOOST_TEST(encoded(options{1, 2, "x"}, omit) == R"({"first":1,"middle":2,"last":"x"})");
    BOOST_TEST(encoded(only_options{}, omit) == "{}");
    BOOST_TEST(encoded(only_options{{}, 2}, omit) == R"({"b":2})");
    BOOST_TEST(encoded(std::vector<std::optional<int>>{1, {}}, omit) == "[1,null]"); // no field, no omission
}

BOOST_AUTO_TEST_CASE(integers_keep_every_digit) {
    BOOST_TEST(encoded(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    BOOST_TEST(encoded(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
    BOOST_TEST(encoded(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    BOOST_TEST(encoded(std::int8_t{-128}) == "-128");
    BOOST_TEST(encoded(std::uint8_t{65}) == "65");
    BOOST_TEST(encoded(0) == "0");
}

BOOST_AUTO_TEST_CASE(scalars_are_themselves) {
    BOOST_TEST(encoded(true) == "true");
    BOOST_TEST(encoded(false) == "false");
    BOOST_TEST(encoded(std::monostate{}) == "null");
    BOOST_TEST(encoded(std::optional<int>{}) == "null");
    BOOST_TEST(encoded(std::string_view("view")) == "\"view\"");
    BOOST_TEST(encoded(rank::knight) == "\"knight\"");
    BOOST_TEST(encoded(sparse::minus) == "\"minus\"");
    BOOST_TEST(encoded(sparse::hundred) == "\"hundred\"");
    BOOST_TEST(encoded(sparse::zero) == "\"zero\"");
}

BOOST_AUTO_TEST_CASE(containers_are_arrays_and_objects) {
    BOOST_TEST(encoded(std::vector<int>{}) == "[]");
    BOOST_TEST(encoded(std::vector<bool>{true, false}) == "[true,false]");
    BOOST_TEST(encoded(std::list<std::string>{"a", ",", ""}) == R"(["a",",",""])");
    BOOST_TEST(encoded(std::set<int>{2, 1}) == "[1,2]");
    BOOST_TEST(encoded(std::vector<std::vector<int>>{{}, {1}}) == "[[],[1]]");
    BOOST_TEST(encoded(std::array<double, 2>{1, 2.5}) == "[1.0,2.5]");
    BOOST_TEST(encoded(std::pair<int, std::string>{1, "x"}) == "[1,\"x\"]");
    BOOST_TEST(encoded(std::tuple<>{}) == "[]");
    BOOST_TEST(encoded(std::map<std::string, int>{}) == "{}");
    BOOST_TEST((encoded(std::map<std::string, int>{{"b", 1}, {"\"\n", 2}}) == R"({"\"\n":2,"b":1})"));
    BOOST_TEST((encoded(std::map<int, bool>{{-1, true}, {2, false}}) == R"({"-1":true,"2":false})"));
    BOOST_TEST((encoded(std::map<rank, int>{{rank::king, 1}}) == R"({"king":1})"));
    BOOST_TEST((encoded(std::variant<int, std::string>{"s"}) == "\"s\""));
}

BOOST_AUTO_TEST_CASE(characters_are_escaped_as_python_does) {
    std::string all;
    for (char c = 0; c < 0x20; ++c)
        all += c;
    BOOST_TEST(encoded(all) ==
               R"("\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012)"
               R"(\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f")");
    BOOST_TEST(encoded(std::string("\"\\/\x7f'<>&")) == "\"\\\"\\\\/\x7f'<>&\"");
    BOOST_TEST(encoded(std::string("\u00e9\u2028\U0001F600\u0080")) == "\"\u00e9\u2028\U0001F600\u0080\"");
}

BOOST_AUTO_TEST_CASE(special_character_is_found_wherever_it_stands) {
    for (std::size_t size = 1; size != 70; ++size) {
        for (std::size_t at = 0; at != size; ++at) {
            std::string text(size, 'x');
            text[at] = '\n';
            std::string expected = '"' + text + '"';
            expected.replace(at + 1, 1, "\\n");
            BOOST_REQUIRE(encoded(text) == expected);
            text[at] = '\xe9';
            BOOST_REQUIRE(encode_error(text) == "INTERNAL: invalid UTF-8");
            for (char const plain : {' ', '!', '#', '[', ']', '\x7f'}) {
                text[at] = plain;
                BOOST_REQUIRE(encoded(text) == '"' + text + '"');
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(floating_point_is_written_as_python_does) {
    // Each is what Python's json.dumps writes for the number that it reads as.
    for (std::string_view const text : {"0.0",
                                        "-0.0",
                                        "1.0",
                                        "-1.0",
                                        "10.0",
                                        "0.1",
                                        "0.3",
                                        "1.5",
                                        "-2.25",
                                        "123.456",
                                        "1523.75",
                                        "0.0001",
                                        "0.00012",
                                        "1e-05",
                                        "1.5e-07",
                                        "99999.9999",
                                        "12345.67891",
                                        "10000000000.0",
                                        "100000000000.0",
                                        "99999999999.9999",
                                        "100000000000.5",
                                        "1000000000000000.0",
                                        "1e+16",
                                        "1e+17",
                                        "1e+21",
                                        "1e+22",
                                        "1e+23",
                                        "1.2345678901234568e+17",
                                        "9007199254740991.0",
                                        "9007199254740992.0",
                                        "9007199254740994.0",
                                        "9999999999999998.0",
                                        "5e-324",
                                        "2.2250738585072014e-308",
                                        "1.7976931348623157e+308",
                                        "0.3333333333333333",
                                        "0.6666666666666666",
                                        "3.141592653589793",
                                        "1e+100",
                                        "1.1e-100",
                                        "4.35",
                                        "9.5e-05",
                                        "123456789.0",
                                        "14285.714285714284",
                                        "6.02214076e+23",
                                        "0.30000000000000004",
                                        "1000000000000000.2",
                                        "4503599627370498.0"})
        BOOST_TEST(encoded(*joust::json::decode<double>(text)) == text);
}

BOOST_AUTO_TEST_CASE(float_is_as_short_as_a_float_can_be) {
    BOOST_TEST(encoded(0.1f) == "0.1");
    BOOST_TEST(encoded(10.0f) == "10.0");
    BOOST_TEST(encoded(16777216.0f) == "16777216.0");
    BOOST_TEST(encoded(3.4028235e38f) == "3.4028235e+38");
    BOOST_TEST(encoded(1e-45f) == "1e-45");
}

BOOST_AUTO_TEST_CASE(numbers_that_json_has_not_are_null) {
    BOOST_TEST(encoded(std::numeric_limits<double>::quiet_NaN()) == "null");
    BOOST_TEST(encoded(-std::numeric_limits<double>::infinity()) == "null");
    BOOST_TEST(encoded(std::numeric_limits<float>::infinity()) == "null");
}

BOOST_AUTO_TEST_CASE(failure_names_the_place_and_leaves_the_buffer_alone) {
    roster r;
    r.players = {{"a", 1}, {"\xff", 2}};
    BOOST_TEST(encode_error(r) == "INTERNAL: players[1].name: invalid UTF-8");
    r.players.clear();
    r.teams["the reds"].name = "\xed\xa0\x80";
    BOOST_TEST(encode_error(r) == "INTERNAL: teams[\"the reds\"].name: invalid UTF-8");
    r.teams.clear();
    r.highest = static_cast<rank>(7);
    BOOST_TEST(encode_error(r) == "INTERNAL: highest: 7 is none of the enumerators");
    BOOST_TEST((encode_error(std::map<std::string, int>{{"\x80", 1}}) == "INTERNAL: invalid UTF-8"));
    BOOST_TEST((encode_error(std::map<int, std::string>{{3, "\x80"}}) == "INTERNAL: [\"3\"]: invalid UTF-8"));
    BOOST_TEST(
        (encode_error(std::map<rank, int>{{static_cast<rank>(9), 1}}) == "INTERNAL: 9 is none of the enumerators"));
    BOOST_TEST((encode_error(std::tuple<int, std::string>{3, "\x80"}) == "INTERNAL: [1]: invalid UTF-8"));
    BOOST_TEST(joust::json::encode_to_string(std::string("\x80")).has_error());
}

BOOST_AUTO_TEST_CASE(exception_leaves_the_buffer_alone) {
    buffer out("before");
    {
        joust::json::encode_options const plain;
        joust::json::writer to(out, plain);
        to.raw("half a text");
    }
    BOOST_TEST(out.view() == "before");
}

BOOST_AUTO_TEST_CASE(long_text_grows_the_buffer) {
    std::string const plain(100'000, 'x');
    BOOST_TEST((encoded(plain) == '"' + plain + '"'));
    std::string escaped;
    for (int i = 0; i != 50'000; ++i)
        escaped += "\\u0001";
    BOOST_TEST((encoded(std::string(50'000, '\1')) == '"' + escaped + '"'));
    std::vector<int> const many(10'000, -123456789);
    BOOST_TEST(encoded(many).size() == 10'000u * 11 + 1);
}

BOOST_AUTO_TEST_SUITE_END()
