//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json/schema.hpp"

#include "json_samples.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <stdexcept>
#include <tuple>

namespace joust::test {

namespace {

/// A recursive type, by way of a container.
struct tree {
    std::string name;
    std::vector<tree> children;
    std::map<std::string, tree> named;
};
BOOST_DESCRIBE_STRUCT(tree, (), (name, children, named))

namespace other {
struct item {
    bool small;
};
BOOST_DESCRIBE_STRUCT(item, (), (small))
} // namespace other

struct two_items {
    item first;
    std::optional<item> second;
    other::item third;
};
BOOST_DESCRIBE_STRUCT(two_items, (), (first, second, third))

template <class T>
struct page {
    std::vector<T> on;
};
BOOST_DESCRIBE_STRUCT(page<item>, (), (on))
struct book {
    page<item> first;
};
BOOST_DESCRIBE_STRUCT(book, (), (first))

struct base {
    int id;
};
BOOST_DESCRIBE_STRUCT(base, (), (id))
struct heir : base {
    std::string name = "nobody";
};
BOOST_DESCRIBE_STRUCT(heir, (base), (name))

/// Only ever written: no default constructor, a view, and a number that the presence rules would ask about.
struct report {
    explicit report(int c) : count(c) {}
    std::string_view title;
    int count;
    double mean = 0;
    std::map<std::string, int> parts;
    std::optional<int> note;
};
BOOST_DESCRIBE_STRUCT(report, (), (title, count, mean, parts, note))

} // namespace

struct colour {
    std::uint32_t rgb = 0;
};
struct bare {};
struct broken {};

} // namespace joust::test

namespace joust::json {

template <>
struct codec<test::colour> {
    static constexpr kind_set kinds = takes_string;
    static bool decode(value_view, test::colour&, decode_state&) { return true; }
    static bool encode(writer& to, test::colour const&) { return to.string("#000000"); }
    static void schema(schema_builder& to) { to.text(R"({"type":"string","pattern":"^#[0-9a-f]{6}$"})"); }
};

/// Says nothing of its schema.
template <>
struct codec<test::bare> {
    static constexpr kind_set kinds = takes_string | takes_number;
    static bool decode(value_view, test::bare&, decode_state&) { return true; }
    static bool encode(writer& to, test::bare const&) { return to.string("x"); }
};

template <>
struct codec<test::broken> {
    static constexpr kind_set kinds = takes_string;
    static bool decode(value_view, test::broken&, decode_state&) { return true; }
    static bool encode(writer& to, test::broken const&) { return to.string("x"); }
    static void schema(schema_builder& to) { to.text("{"); }
};

} // namespace joust::json

namespace joust::test {

namespace {

/// Without the part that all have.
template <class T, class... Options>
std::string schema_text(Options const&... options) {
    boost::json::value schema = json::schema<T>(options...);
    BOOST_TEST(schema.at("$schema") == "https://json-schema.org/draft/2020-12/schema");
    boost::json::object rest; // `erase` would change the order
    for (auto const& each : schema.get_object())
        if (each.key() != "$schema")
            rest[each.key()] = each.value();
    return boost::json::serialize(rest);
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_schema)

BOOST_AUTO_TEST_CASE(scalars_have_their_types_and_ranges) {
    BOOST_TEST(schema_text<bool>() == R"({"type":"boolean"})");
    BOOST_TEST(schema_text<std::string>() == R"({"type":"string"})");
    BOOST_TEST(schema_text<std::int8_t>() == R"({"type":"integer","minimum":-128,"maximum":127})");
    BOOST_TEST(schema_text<std::uint16_t>() == R"({"type":"integer","minimum":0,"maximum":65535})");
    BOOST_TEST(schema_text<std::int64_t>() ==
               R"({"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807})");
    BOOST_TEST(schema_text<std::uint64_t>() == R"({"type":"integer","minimum":0,"maximum":18446744073709551615})");
    BOOST_TEST(schema_text<double>() == R"({"type":"number"})");
    BOOST_TEST(schema_text<float>() == R"({"type":"number"})");
    BOOST_TEST(schema_text<std::monostate>() == R"({"type":"null"})");
    BOOST_TEST(schema_text<rank>() == R"({"enum":["squire","knight","king"]})");
}

BOOST_AUTO_TEST_CASE(any_value_is_no_condition) {
    BOOST_TEST(schema_text<boost::json::value>() == "{}");
    BOOST_TEST(schema_text<boost::json::object>() == R"({"type":"object"})");
    BOOST_TEST(schema_text<boost::json::array>() == R"({"type":"array"})");
    BOOST_TEST(schema_text<std::optional<boost::json::value>>() == "{}");
    BOOST_TEST(schema_text<std::vector<boost::json::value>>() == R"({"type":"array","items":true})");
}

BOOST_AUTO_TEST_CASE(optionals_may_be_null) {
    BOOST_TEST(schema_text<std::optional<bool>>() == R"({"type":["boolean","null"]})");
    BOOST_TEST(schema_text<std::optional<std::optional<bool>>>() == R"({"type":["boolean","null"]})");
    BOOST_TEST(schema_text<std::optional<std::uint8_t>>() ==
               R"({"type":["integer","null"],"minimum":0,"maximum":255})");
    BOOST_TEST(schema_text<std::optional<rank>>() ==
               R"({"anyOf":[{"enum":["squire","knight","king"]},{"type":"null"}]})");
    BOOST_TEST(schema_text<std::optional<other::item>>() ==
               R"({"anyOf":[{"$ref":"#/$defs/item"},{"type":"null"}],"$defs":{"item":{"type":"object","properties":)"
               R"({"small":{"type":"boolean"}},"required":["small"],"additionalProperties":false}}})");
}

BOOST_AUTO_TEST_CASE(containers_are_arrays_and_objects) {
    BOOST_TEST(schema_text<std::vector<bool>>() == R"({"type":"array","items":{"type":"boolean"}})");
    BOOST_TEST(schema_text<std::deque<std::string>>() == R"({"type":"array","items":{"type":"string"}})");
    BOOST_TEST(schema_text<std::set<std::string>>() ==
               R"({"type":"array","items":{"type":"string"},"uniqueItems":true})");
    using three = std::array<bool, 3>;
    BOOST_TEST(schema_text<three>() == R"({"type":"array","items":{"type":"boolean"},"minItems":3,"maxItems":3})");
    using flags = std::map<std::string, bool>;
    BOOST_TEST(schema_text<flags>() == R"({"type":"object","additionalProperties":{"type":"boolean"}})");
    using numbered = std::map<int, bool>;
    BOOST_TEST(
        schema_text<numbered>() ==
        R"({"type":"object","additionalProperties":{"type":"boolean"},"propertyNames":{"pattern":"^-?[0-9]+$"}})");
    using counted = std::map<unsigned, bool>;
    BOOST_TEST(schema_text<counted>() ==
               R"({"type":"object","additionalProperties":{"type":"boolean"},"propertyNames":{"pattern":"^[0-9]+$"}})");
    using ranked = std::map<rank, bool>;
    BOOST_TEST(schema_text<ranked>() == R"({"type":"object","additionalProperties":{"type":"boolean"},)"
                                        R"("propertyNames":{"enum":["squire","knight","king"]}})");
}

BOOST_AUTO_TEST_CASE(tuples_are_arrays_of_exactly_their_elements) {
    using both = std::pair<std::string, bool>;
    BOOST_TEST(schema_text<both>() ==
               R"({"type":"array","prefixItems":[{"type":"string"},{"type":"boolean"}],"items":false,"minItems":2})");
    BOOST_TEST(schema_text<std::tuple<>>() == R"({"type":"array","maxItems":0})");
}

BOOST_AUTO_TEST_CASE(variants_are_any_of_their_alternatives) {
    using either = std::variant<std::monostate, bool, std::string>;
    BOOST_TEST(schema_text<either>() == R"({"anyOf":[{"type":"null"},{"type":"boolean"},{"type":"string"}]})");
}

BOOST_AUTO_TEST_CASE(structs_say_what_is_required_and_what_the_rest_defaults_to) {
    BOOST_TEST(schema_text<item>() ==
               R"({"title":"item","type":"object","properties":{"name":{"type":"string"},"count":{"type":"integer",)"
               R"("minimum":-2147483648,"maximum":2147483647,"default":1}},"required":["name"],)"
               R"("additionalProperties":false})");
    BOOST_TEST(schema_text<heir>() ==
               R"({"title":"heir","type":"object","properties":{"id":{"type":"integer","minimum":-2147483648,)"
               R"("maximum":2147483647},"name":{"type":"string","default":"nobody"}},"required":["id"],)"
               R"("additionalProperties":false})");
    auto const whole = json::schema<player>();
    BOOST_TEST(boost::json::serialize(whole.at("required")) == R"(["player_id"])");
    auto const& properties = whole.at("properties").as_object();
    BOOST_TEST(properties.size() == 9u);
    BOOST_TEST(boost::json::serialize(properties.at("title")) ==
               R"({"enum":["squire","knight","king"],"default":"squire"})");
    BOOST_TEST(boost::json::serialize(properties.at("guild")) == R"({"type":["string","null"]})");
    BOOST_TEST(boost::json::serialize(properties.at("items")) ==
               R"({"type":"array","items":{"$ref":"#/$defs/item"},"default":[{"name":"sword","count":1}]})");
}

BOOST_AUTO_TEST_CASE(types_of_one_name_are_kept_apart) {
    auto const schema = json::schema<two_items>();
    auto const& properties = schema.at("properties");
    BOOST_TEST(boost::json::serialize(properties.at("first")) == R"({"$ref":"#/$defs/item"})");
    BOOST_TEST(boost::json::serialize(properties.at("second")) ==
               R"({"anyOf":[{"$ref":"#/$defs/item"},{"type":"null"}]})");
    BOOST_TEST(boost::json::serialize(properties.at("third")) == R"({"$ref":"#/$defs/item2"})");
    BOOST_TEST(schema.at("$defs").as_object().size() == 2u);
    BOOST_TEST(schema.at("$defs").at("item2").at("properties").as_object().contains("small"));
}

BOOST_AUTO_TEST_CASE(names_of_templates_need_no_escapes) {
    BOOST_TEST(json::schema<book>().at("$defs").as_object().contains("page_item"));
}

BOOST_AUTO_TEST_CASE(types_may_hold_themselves) {
    BOOST_TEST(schema_text<tree>() ==
               R"({"title":"tree","type":"object","properties":{"name":{"type":"string"},"children":{"type":"array",)"
               R"("items":{"$ref":"#"}},"named":{"type":"object","additionalProperties":{"$ref":"#"}}},)"
               R"("required":["name","children","named"],"additionalProperties":false})");
    BOOST_TEST(schema_text<std::vector<tree>>() ==
               R"({"type":"array","items":{"$ref":"#/$defs/tree"},"$defs":{"tree":{"type":"object","properties":)"
               R"({"name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/$defs/tree"}},)"
               R"("named":{"type":"object","additionalProperties":{"$ref":"#/$defs/tree"}}},)"
               R"("required":["name","children","named"],"additionalProperties":false}}})");
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_as_the_options_say) {
    json::decode_options lenient;
    lenient.ignore_unknown_fields = true;
    BOOST_TEST(!json::schema<two_items>(lenient).as_object().contains("additionalProperties"));
    BOOST_TEST(!json::schema<two_items>(lenient).at("$defs").at("item").as_object().contains("additionalProperties"));
}

BOOST_AUTO_TEST_CASE(what_is_written_has_all_fields_and_null_for_numbers_that_are_none) {
    json::encode_options options;
    BOOST_TEST(schema_text<report>(options) ==
               R"({"title":"report","type":"object","properties":{"title":{"type":"string"},"count":{"type":"integer",)"
               R"("minimum":-2147483648,"maximum":2147483647},"mean":{"type":["null","number"]},"parts":{"type":)"
               R"("object","additionalProperties":{"type":"integer","minimum":-2147483648,"maximum":2147483647}},)"
               R"("note":{"type":["integer","null"],"minimum":-2147483648,"maximum":2147483647}},)"
               R"("required":["title","count","mean","parts","note"],"additionalProperties":false})");
    options.omit_empty = true;
    BOOST_TEST(boost::json::serialize(json::schema<report>(options).at("required")) ==
               R"(["title","count","mean","parts"])");
}

BOOST_AUTO_TEST_CASE(codecs_of_users_may_say_theirs) {
    BOOST_TEST(schema_text<colour>() == R"({"type":"string","pattern":"^#[0-9a-f]{6}$"})");
    BOOST_TEST(schema_text<std::optional<colour>>() == R"({"type":["string","null"],"pattern":"^#[0-9a-f]{6}$"})");
    BOOST_TEST(schema_text<bare>() == R"({"type":["number","string"]})");
    BOOST_CHECK_EXCEPTION((void)json::schema<broken>(), std::invalid_argument, [](std::invalid_argument const& e) {
        return std::string_view(e.what()).starts_with("the schema of a joust::json::codec: invalid JSON");
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
