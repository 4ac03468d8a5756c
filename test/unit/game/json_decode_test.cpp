//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "json_samples.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <deque>
#include <limits>
#include <list>
#include <set>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace joust::test {

struct celsius {
    double degrees = 0;
};

/// Reads a text within a text: a decode within a decode.
struct embedded {
    item content;
};

} // namespace joust::test

template <>
struct joust::json::codec<joust::test::celsius> {
    static constexpr kind_set kinds = takes_number;
    static bool decode(value_view from, test::celsius& to, decode_state& state) {
        return codec<double>::decode(from, to.degrees, state) && (to.degrees >= -273.15 || state.trace.set("too cold"));
    }
    static bool encode(writer& to, test::celsius const& from) { return codec<double>::encode(to, from.degrees); }
};

template <>
struct joust::json::codec<joust::test::embedded> {
    static constexpr kind_set kinds = takes_string;
    static bool decode(value_view from, test::embedded& to, decode_state& state) {
        std::string text;
        if (!codec<std::string>::decode(from, text, state))
            return false;
        status const inner = decode_into(to.content, text, state.options);
        return inner.ok() || state.trace.set(inner.message());
    }
};

BOOST_AUTO_TEST_SUITE(json_decode)

namespace {

using joust::json::decode;
using joust::json::decode_into;
using joust::test::celsius;
using joust::test::embedded;
using joust::test::item;
using joust::test::player;
using joust::test::rank;

struct base {
    int id = 0;
};
BOOST_DESCRIBE_STRUCT(base, (), (id))

struct derived : base {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(derived, (base), (name))

struct node {
    int value = 0;
    std::vector<node> children = {};
};
BOOST_DESCRIBE_STRUCT(node, (), (value, children))

struct empty {};
BOOST_DESCRIBE_STRUCT(empty, (), ())

struct long_names {
    int a = 0;
    int eight_ch = 0;
    int nine_char = 0;
    int sixteen_char_123 = 0;
    int seventeen_char_12 = 0;
    int a_name_that_is_much_longer_than_sixteen_characters = 0;
    int a_name_that_is_much_longer_than_sixteen_charactert = 0;
};
BOOST_DESCRIBE_STRUCT(long_names, (),
                      (a, eight_ch, nine_char, sixteen_char_123, seventeen_char_12,
                       a_name_that_is_much_longer_than_sixteen_characters,
                       a_name_that_is_much_longer_than_sixteen_charactert))

struct with_optional {
    std::optional<int> limit = 50;
};
BOOST_DESCRIBE_STRUCT(with_optional, (), (limit))

} // namespace

BOOST_AUTO_TEST_CASE(described_struct_gets_every_field) {
    BOOST_TEST((*decode<player>(joust::test::player_text) == joust::test::sample_player()));
}

BOOST_AUTO_TEST_CASE(order_of_fields_does_not_matter) {
    auto const v = *decode<long_names>(
        R"({"a_name_that_is_much_longer_than_sixteen_charactert":7,"seventeen_char_12":5,"nine_char":3,"a":1,)"
        R"("a_name_that_is_much_longer_than_sixteen_characters":6,"sixteen_char_123":4,"eight_ch":2})");
    BOOST_TEST(v.a == 1);
    BOOST_TEST(v.eight_ch == 2);
    BOOST_TEST(v.nine_char == 3);
    BOOST_TEST(v.sixteen_char_123 == 4);
    BOOST_TEST(v.seventeen_char_12 == 5);
    BOOST_TEST(v.a_name_that_is_much_longer_than_sixteen_characters == 6);
    BOOST_TEST(v.a_name_that_is_much_longer_than_sixteen_charactert == 7);
}

BOOST_AUTO_TEST_CASE(names_are_compared_to_the_last_character) {
    for (std::string_view const name :
         {"b", "", "aa", "eight_cH", "eight_chh", "nine_chaR", "nine_cha", "sixteen_char_124", "sixteen_chAr_123",
          "seventeen_char_13", "seventeen_chaR_12", "Seventeen_char_12",
          "a_name_that_is_much_longer_than_sixteen_characterz", "a_name_that_is_much_longer_thaN_sixteen_characters"}) {
        std::string const text = "{\"" + std::string(name) + "\":1}";
        BOOST_TEST(joust::test::decode_error<long_names>(text) == "unknown field \"" + std::string(name) + "\"");
    }
}

BOOST_AUTO_TEST_CASE(escaped_name_is_the_same_name) {
    BOOST_TEST(decode<base>(R"({"\u0069d":3})")->id == 3);
}

BOOST_AUTO_TEST_CASE(inherited_fields_count_like_own) {
    auto const d = *decode<derived>(R"({"name":"n","id":4})");
    BOOST_TEST(d.id == 4);
    BOOST_TEST(d.name == "n");
}

BOOST_AUTO_TEST_CASE(struct_without_fields_takes_the_empty_object) {
    BOOST_TEST(decode<empty>("{}").has_value());
    BOOST_TEST(joust::test::decode_error<empty>(R"({"a":1})") == "unknown field \"a\"");
}

BOOST_AUTO_TEST_CASE(recursive_struct_nests) {
    auto const tree =
        *decode<node>(R"({"value":1,"children":[{"value":2,"children":[]},{"children":[{"value":4,"children":[]}]}]})");
    BOOST_TEST(tree.children.size() == 2u);
    BOOST_TEST(tree.children[1].value == 0);
    BOOST_TEST(tree.children[1].children[0].value == 4);
}

BOOST_AUTO_TEST_CASE(top_level_scalars_decode_with_space_around) {
    BOOST_TEST(*decode<bool>(" true\n"));
    BOOST_TEST(!*decode<bool>("false"));
    BOOST_TEST(*decode<int>("\t-7 ") == -7);
    BOOST_TEST(*decode<double>("0.5") == 0.5);
    BOOST_TEST(*decode<std::string>("\"\"") == "");
    BOOST_TEST((*decode<rank>("\"knight\"") == rank::knight));
    BOOST_TEST(!decode<std::optional<int>>("null")->has_value());
    BOOST_TEST(**decode<std::optional<int>>("5") == 5);
    BOOST_TEST(decode<std::monostate>("null").has_value());
}

BOOST_AUTO_TEST_CASE(integers_reach_their_limits) {
    BOOST_TEST(*decode<std::int8_t>("-128") == -128);
    BOOST_TEST(*decode<std::uint8_t>("255") == 255);
    BOOST_TEST(*decode<std::int16_t>("-32768") == -32768);
    BOOST_TEST(*decode<std::uint16_t>("65535") == 65535);
    BOOST_TEST(*decode<std::int32_t>("2147483647") == 2147483647);
    BOOST_TEST(*decode<std::uint32_t>("4294967295") == 4294967295u);
    BOOST_TEST(*decode<std::int64_t>("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
    BOOST_TEST(*decode<std::int64_t>("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
    BOOST_TEST(*decode<std::uint64_t>("18446744073709551615") == std::numeric_limits<std::uint64_t>::max());
    BOOST_TEST(*decode<long long>("-0") == 0);
}

BOOST_AUTO_TEST_CASE(floating_point_takes_integers_too) {
    BOOST_TEST(*decode<double>("3") == 3.0);
    BOOST_TEST(*decode<double>("18446744073709551615") == 18446744073709551615.0);
    BOOST_TEST(*decode<double>("1E+2") == 100.0);
    BOOST_TEST(*decode<double>("1e-999") == 0.0);
    BOOST_TEST(*decode<double>("1.7976931348623157e308") == std::numeric_limits<double>::max());
    BOOST_TEST(*decode<float>("0.1") == 0.1f);
    BOOST_TEST(*decode<float>("-7") == -7.0f);
}

BOOST_AUTO_TEST_CASE(strings_are_unescaped) {
    BOOST_TEST(*decode<std::string>(R"("\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")") == "\"\\/\b\f\n\r\t\u00e9\U0001F600");
    BOOST_TEST(*decode<std::string>("\"\u00e9\u20ac\U0001F600\"") == "\u00e9\u20ac\U0001F600");
    BOOST_TEST(*decode<std::string>(R"("a\u0000b")") == std::string("a\0b", 3));
    std::string const long_text(100'000, 'x');
    BOOST_TEST((*decode<std::string>('"' + long_text + '"') == long_text));
}

BOOST_AUTO_TEST_CASE(arrays_become_sequences_and_sets) {
    BOOST_TEST((*decode<std::vector<int>>("[1,2,3]") == std::vector{1, 2, 3}));
    BOOST_TEST((*decode<std::vector<bool>>("[true,false]") == std::vector{true, false}));
    BOOST_TEST((*decode<std::deque<std::string>>(R"(["a"])") == std::deque<std::string>{"a"}));
    BOOST_TEST((*decode<std::list<int>>("[4,5]") == std::list{4, 5}));
    BOOST_TEST((*decode<std::set<std::string>>(R"(["b","a"])") == std::set<std::string>{"a", "b"}));
    BOOST_TEST((*decode<std::unordered_set<int>>("[]")).empty());
    BOOST_TEST(
        (*decode<std::vector<std::vector<int>>>("[[],[1],[2,3]]") == std::vector<std::vector<int>>{{}, {1}, {2, 3}}));
}

BOOST_AUTO_TEST_CASE(arrays_of_fixed_size_become_tuples) {
    BOOST_TEST((*decode<std::array<int, 2>>("[1,2]") == std::array{1, 2}));
    BOOST_TEST((*decode<std::pair<std::string, double>>(R"(["x",1])") == std::pair<std::string, double>("x", 1)));
    BOOST_TEST((*decode<std::tuple<int, bool, std::optional<int>>>("[1,true,null]") ==
                std::tuple<int, bool, std::optional<int>>(1, true, {})));
    BOOST_TEST((*decode<std::tuple<>>("[]") == std::tuple<>()));
}

BOOST_AUTO_TEST_CASE(objects_become_maps) {
    BOOST_TEST(
        (*decode<std::map<std::string, int>>(R"({"b":1,"a":2})") == std::map<std::string, int>{{"a", 2}, {"b", 1}}));
    BOOST_TEST((*decode<std::unordered_map<std::string, item>>(R"({"k":{"name":"n"}})")).at("k").name == "n");
    BOOST_TEST((*decode<std::map<int, bool>>(R"({"-3":true})") == std::map<int, bool>{{-3, true}}));
    BOOST_TEST((*decode<std::map<std::uint64_t, int>>(R"({"18446744073709551615":1})")).count(UINT64_MAX) == 1u);
    BOOST_TEST((*decode<std::map<rank, int>>(R"({"king":1})") == std::map<rank, int>{{rank::king, 1}}));
    BOOST_TEST((*decode<std::map<std::string, int>>("{}")).empty());
}

BOOST_AUTO_TEST_CASE(variant_takes_the_alternative_of_the_kind) {
    using all = std::variant<std::monostate, bool, double, std::string, std::vector<int>, item>;
    BOOST_TEST(decode<all>("null")->index() == 0u);
    BOOST_TEST(decode<all>("true")->index() == 1u);
    BOOST_TEST(decode<all>("7")->index() == 2u);
    BOOST_TEST(decode<all>("7.5")->index() == 2u);
    BOOST_TEST(decode<all>("\"s\"")->index() == 3u);
    BOOST_TEST(decode<all>("[1]")->index() == 4u);
    BOOST_TEST(std::get<5>(*decode<all>(R"({"name":"n"})")).name == "n");
}

BOOST_AUTO_TEST_CASE(type_with_its_own_codec_is_used) {
    BOOST_TEST(decode<std::vector<celsius>>("[20.5]")->at(0).degrees == 20.5);
    BOOST_TEST(joust::test::decode_error<std::vector<celsius>>("[1,-300]") == "[1]: too cold");
}

BOOST_AUTO_TEST_CASE(decoding_within_decoding_leaves_the_outer_text_alone) {
    auto const v = *decode<std::vector<embedded>>(R"(["{\"name\":\"a\"}","{\"name\":\"b\",\"count\":3}"])");
    BOOST_TEST(v[0].content.name == "a");
    BOOST_TEST(v[1].content.count == 3);
    BOOST_TEST(joust::test::decode_error<std::vector<embedded>>(R"(["{\"name\":\"a\"}","{}"])") ==
               "[1]: missing field \"name\"");
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_skipped_if_the_options_say_so) {
    joust::json::decode_options const lenient{.ignore_unknown_fields = true};
    auto const i = decode<item>(R"({"x":[{"y":1}],"name":"n","z":{},"x":1.5,"count":2,"w":"s"})", lenient);
    BOOST_TEST(i->name == "n");
    BOOST_TEST(i->count == 2);
    BOOST_TEST(joust::test::decode_error<item>(R"({"x":[1e999],"name":"n"})", lenient).starts_with("invalid JSON"));
}

BOOST_AUTO_TEST_CASE(decoding_into_a_value_gives_what_a_new_one_would_have) {
    player p = joust::test::sample_player();
    BOOST_TEST(decode_into(p, R"({"player_id":"q"})").ok());
    player expected;
    expected.player_id = "q";
    BOOST_TEST((p == expected));
    BOOST_TEST(decode_into(p, joust::test::player_text).ok());
    BOOST_TEST((p == joust::test::sample_player()));

    std::vector<item> items = {{"a", 5}, {"b", 6}, {"c", 7}};
    BOOST_TEST(decode_into(items, R"([{"name":"x"}])").ok());
    BOOST_TEST((items == std::vector<item>{{"x", 1}}));
}

BOOST_AUTO_TEST_CASE(missing_optional_gets_its_default_and_null_empties_it) {
    BOOST_TEST(*decode<with_optional>("{}")->limit == 50);
    BOOST_TEST(!decode<with_optional>(R"({"limit":null})")->limit.has_value());
    with_optional v{.limit = 7};
    BOOST_TEST(decode_into(v, "{}").ok());
    BOOST_TEST(*v.limit == 50);
}

BOOST_AUTO_TEST_CASE(parser_of_ones_own_gives_the_same) {
    joust::json::parser mine;
    for (int i = 0; i != 3; ++i) {
        BOOST_TEST((*decode<player>(mine, joust::test::player_text) == joust::test::sample_player()));
        BOOST_TEST(decode<player>(mine, "{").has_error());
        mine.shrink(0);
    }
    player p;
    BOOST_TEST(decode_into(p, mine, joust::test::player_text).ok());
}

BOOST_AUTO_TEST_CASE(values_can_be_walked_without_a_type) {
    joust::json::parser parser;
    auto const root = *parser.parse(R"({"a":[1,18446744073709551615,-2.5,null,true],"b":"s"})");
    BOOST_TEST(root.is_object());
    BOOST_TEST(root.size_hint() == 2u);
    auto at = root.members().begin();
    BOOST_TEST((*at).key == "a");
    std::string kinds;
    for (auto const element : (*at).value.elements())
        kinds += std::to_string(static_cast<int>(element.kind()));
    BOOST_TEST(kinds == "22301");
    BOOST_TEST((*++at).key == "b");
    std::string_view text;
    BOOST_TEST((*at).value.get_string(text));
    BOOST_TEST(text == "s");
    std::int64_t n;
    BOOST_TEST(!(*at).value.get_int64(n));
    BOOST_TEST((++at == root.members().end()));
}

BOOST_AUTO_TEST_SUITE_END()
