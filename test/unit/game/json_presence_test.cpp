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
#include <tuple>

// Which fields may be missing.

namespace {

using joust::test::decode_error;
using joust::test::item;

enum class color { red, green };
BOOST_DESCRIBE_ENUM(color, red, green)

struct numbers {
    int zero = 0;
    int braces{};
    int none;
    bool flag = false;
    bool no_flag;
    double real = 0.0;
    double no_real;
    color shade = color::red;
    color no_shade;
    std::uint8_t seven = 7;
};
BOOST_DESCRIBE_STRUCT(numbers, (), (zero, braces, none, flag, no_flag, real, no_real, shade, no_shade, seven))

struct query {
    std::string player_id;
    int level = 0;
};
BOOST_DESCRIBE_STRUCT(query, (), (player_id, level))

struct texts {
    std::string id;
    std::string realm = "eu";
    std::string nothing = "";
    std::vector<int> list;
    std::vector<int> filled = {1};
    std::optional<int> maybe;
    item thing;
    item other = {"sword", 3};
    boost::json::value any;
    boost::json::value some = 1;
    std::array<int, 2> pair = {0, 1};
    std::variant<int, std::string> either = "x";
};
BOOST_DESCRIBE_STRUCT(texts, (), (id, realm, nothing, list, filled, maybe, thing, other, any, some, pair, either))

/// A map cannot be made at compile time; as every number is initialised, they all have defaults.
struct with_map {
    std::map<std::string, int> items;
    int level = 0;
    std::optional<bool> flag;
    color shade = color::green;
};
BOOST_DESCRIBE_STRUCT(with_map, (), (items, level, flag, shade))

/// Here one number is not, and the compiler asks which.
struct with_list {
    std::map<std::string, int> items;
    int customer;
    int note = 0;
    int amount = 5;
};
BOOST_DESCRIBE_STRUCT(with_list, (), (items, customer, note, amount))

struct overruled {
    std::string id;
    std::vector<int> tags;
    int level = 0;
    std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(overruled, (), (id, tags, level, limit))

struct parent {
    int given;
    int has = 0;
};
BOOST_DESCRIBE_STRUCT(parent, (), (given, has))
struct child : parent {
    int own;
    int more = 1;
};
BOOST_DESCRIBE_STRUCT(child, (parent), (own, more))

class constructed {
public:
    constexpr constructed() : set(1) {}
    int set;
    int unset;
    BOOST_DESCRIBE_CLASS(constructed, (), (set, unset), (), (secret))
private:
    int secret = 0;
};

/// The fields that decoding `{}` complains about, one after the other.
template <class T>
std::string missing_fields(std::string const& given) {
    std::string names;
    std::string text = given;
    for (int i = 0; i != 20; ++i) {
        std::string const error = decode_error<T>("{" + text + "}");
        if (error == "none")
            return names;
        constexpr std::string_view before = "missing field \"";
        if (!error.starts_with(before))
            return error;
        std::string const name = error.substr(before.size(), error.size() - before.size() - 1);
        names += (names.empty() ? "" : " ") + name;
        bool const text_field = name == "id" || name == "nothing" || name == "player_id";
        bool const list_field = name == "list" || name == "tags";
        bool const flag_field = name == "no_flag";
        std::string const value = text_field           ? "\"\""
                                  : list_field         ? "[]"
                                  : flag_field         ? "true"
                                  : name == "no_shade" ? "\"green\""
                                  : name == "items"    ? "{}"
                                  : name == "thing"    ? "{\"name\":\"\"}"
                                                       : "1";
        text += (text.empty() ? "\"" : ",\"") + name + "\":" + value;
    }
    return "endless";
}

} // namespace

template <>
inline constexpr auto joust::json::optional_fields<with_list> =
    joust::json::fields<&with_list::items, &with_list::note>;

template <>
inline constexpr auto joust::json::optional_fields<overruled> = joust::json::fields<&overruled::tags>;
template <>
inline constexpr auto joust::json::required_fields<overruled> =
    joust::json::fields<&overruled::level, &overruled::limit>;

BOOST_AUTO_TEST_SUITE(json_presence)

BOOST_AUTO_TEST_CASE(number_with_an_initialiser_may_be_missing_even_if_it_is_zero) {
    BOOST_TEST(missing_fields<numbers>("") == "none no_flag no_real no_shade");
    auto const n = *joust::json::decode<numbers>(R"({"none":1,"no_flag":true,"no_real":2,"no_shade":"green"})");
    BOOST_TEST(n.zero == 0);
    BOOST_TEST(n.seven == 7);
    BOOST_TEST((n.shade == color::red));
}

BOOST_AUTO_TEST_CASE(text_without_initialiser_may_not_be_missing) {
    BOOST_TEST(missing_fields<query>("") == "player_id");
    BOOST_TEST(joust::json::decode<query>(R"({"player_id":"1"})")->level == 0);
}

BOOST_AUTO_TEST_CASE(other_types_may_be_missing_if_they_begin_with_something) {
    BOOST_TEST(missing_fields<texts>("") == "id nothing list thing any");
    auto const t = *joust::json::decode<texts>(R"({"id":"","nothing":"","list":[],"thing":{"name":"n"},"any":null})");
    BOOST_TEST(t.realm == "eu");
    BOOST_TEST((t.filled == std::vector{1}));
    BOOST_TEST((t.other == item{"sword", 3}));
    BOOST_TEST((t.some == boost::json::value(1)));
    BOOST_TEST(t.pair[1] == 1);
    BOOST_TEST(std::get<std::string>(t.either) == "x");
}

BOOST_AUTO_TEST_CASE(missing_fields_of_a_reused_value_get_their_defaults) {
    texts t;
    t.realm = "us";
    t.filled = {4, 5};
    t.maybe = 3;
    t.some = 2;
    t.either = 9;
    BOOST_TEST(joust::json::decode_into(t, R"({"id":"","nothing":"","list":[],"thing":{"name":"n"},"any":null})").ok());
    BOOST_TEST(t.realm == "eu");
    BOOST_TEST((t.filled == std::vector{1}));
    BOOST_TEST(!t.maybe.has_value());
    BOOST_TEST((t.some == boost::json::value(1)));
    BOOST_TEST(t.either.index() == 1u);
}

BOOST_AUTO_TEST_CASE(struct_that_cannot_be_made_at_compile_time_has_its_numbers_default) {
    BOOST_TEST(missing_fields<with_map>("") == "items");
    BOOST_TEST((joust::json::decode<with_map>(R"({"items":{}})")->shade == color::green));
}

BOOST_AUTO_TEST_CASE(lists_decide_where_the_compiler_cannot) {
    BOOST_TEST(missing_fields<with_list>("") == "customer");
}

BOOST_AUTO_TEST_CASE(lists_overrule) {
    BOOST_TEST(missing_fields<overruled>("") == "id level limit");
}

BOOST_AUTO_TEST_CASE(required_optional_may_still_be_null) {
    BOOST_TEST(!joust::json::decode<overruled>(R"({"id":"","level":1,"limit":null})")->limit.has_value());
}

BOOST_AUTO_TEST_CASE(inherited_fields_follow_the_same_rules) {
    BOOST_TEST(missing_fields<child>("") == "given own");
    BOOST_TEST(joust::json::decode<child>(R"({"given":1,"own":2})")->more == 1);
}

BOOST_AUTO_TEST_CASE(constructor_counts_as_initialiser_and_private_members_do_not_count) {
    BOOST_TEST(missing_fields<constructed>("") == "unset");
    BOOST_TEST(decode_error<constructed>(R"({"unset":1,"secret":2})") == "unknown field \"secret\"");
}

BOOST_AUTO_TEST_SUITE_END()
