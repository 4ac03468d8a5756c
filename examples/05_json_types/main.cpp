//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// joust::json on its own: what types look like as JSON, what may be missing, and what is said about bad texts.

#include <joust/game/json.hpp>
#include <joust/game/json/schema.hpp>

#include <charconv>
#include <cstdint>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace json = joust::json;

// [types]
enum class rank { pawn, knight, queen };
BOOST_DESCRIBE_ENUM(rank, pawn, knight, queen)

struct item {
    std::string name;                        // required: nothing says what it is without
    int count = 1;                           // may be missing: it has an initialiser
    std::optional<std::string> note;         // may be missing, and may be null
    std::vector<int> marks;                  // required; [] is fine
    std::variant<int, std::string> label{0}; // a number or a text: they can be told apart
};
BOOST_DESCRIBE_STRUCT(item, (), (name, count, note, marks, label))

struct knight {
    rank is = rank::pawn;
    std::map<std::string, item> bag;
};
BOOST_DESCRIBE_STRUCT(knight, (), (is, bag))
// [/types]

// [presence]
struct order {
    int customer;
    std::vector<int> articles;
    std::map<std::string, std::string> notes;
};
BOOST_DESCRIBE_STRUCT(order, (), (customer, articles, notes))

template <>
inline constexpr auto json::optional_fields<order> = json::fields<&order::notes>;
template <>
inline constexpr auto json::required_fields<order> = json::fields<&order::customer>;
// [/presence]

// [codec]
struct colour {
    std::uint32_t rgb = 0;
};

template <>
struct joust::json::codec<colour> { // "#ff8000"
    static constexpr kind_set kinds = takes_string;

    static bool decode(value_view from, colour& to, decode_state& state) {
        std::string_view text;
        if (!from.get_string(text) || text.size() != 7 || text[0] != '#')
            return state.refuse(from, "a colour such as \"#ff8000\"");
        auto const end = text.data() + text.size();
        auto const read = std::from_chars(text.data() + 1, end, to.rgb, 16);
        return (read.ec == std::errc() && read.ptr == end) || state.refuse(from, "a colour such as \"#ff8000\"");
    }
    static bool encode(writer& to, colour const& from) {
        char text[8] = "#000000";
        for (int i = 6, rest = static_cast<int>(from.rgb); i != 0; --i, rest >>= 4)
            text[i] = "0123456789abcdef"[rest & 15];
        return to.string(std::string_view(text, 7));
    }
    static void schema(schema_builder& to) { // if more is to be said than "a string"
        to.text(R"({"type":"string","pattern":"^#[0-9a-fA-F]{6}$"})");
    }
};
// [/codec]

namespace {

int wrong = 0;

void expect(std::string const& what, std::string_view wanted) {
    std::cout << what << '\n';
    if (what != wanted) {
        std::cout << "  but wanted " << wanted << '\n';
        ++wrong;
    }
}

template <class T>
std::string again(std::string_view text) {
    joust::result<T> const value = json::decode<T>(text);
    return value ? json::encode_to_string(*value).value() : value.error().message();
}

} // namespace

int main() {
    expect(again<knight>(R"({"is":"queen","bag":{"left":{"name":"rope","marks":[1,2],"label":"old"}}})"),
           R"({"is":"queen","bag":{"left":{"name":"rope","count":1,"note":null,"marks":[1,2],"label":"old"}}})");
    expect(again<knight>(R"({"is":"king","bag":{}})"), R"(is: wanted one of pawn, knight, queen, found "king")");
    expect(again<knight>(R"({"bag":{"left":{"name":"rope","marks":[1,"2"]}}})"),
           R"(bag.left.marks[1]: wanted an integer, found a string)");
    expect(again<knight>(R"({"bag":{"left":{"marks":[]}}})"), R"(bag.left: missing field "name")");
    expect(again<knight>(R"({"bag":{},"horse":1})"), R"(unknown field "horse")");
    expect(again<order>(R"({"customer":1,"articles":[]})"), R"({"customer":1,"articles":[],"notes":{}})");
    expect(again<std::vector<colour>>(R"(["#ff8000"])"), R"(["#ff8000"])");
    expect(again<std::vector<colour>>(R"(["red"])"), R"([0]: wanted a colour such as "#ff8000", found a string)");
    expect(again<std::vector<double>>("[1, 2.50, 1e3]"), "[1.0,2.5,1000.0]");
    expect(again<std::vector<std::uint64_t>>("[18446744073709551615]"), "[18446744073709551615]");

    // [options]
    json::decode_options lenient;
    lenient.ignore_unknown_fields = true;
    joust::result<knight> const decoded = json::decode<knight>(R"({"bag":{},"horse":1})", lenient);

    json::encode_options terse;
    terse.omit_empty = true; // empty optionals are left out, not written as null
    std::string const text = json::encode_to_string(decoded.value(), terse).value();
    // [/options]
    expect(text, R"({"is":"pawn","bag":{}})");

    // [schema]
    boost::json::value const schema = json::schema<knight>(); // JSON Schema 2020-12
    // [/schema]
    boost::json::value const& is = schema.at("properties").at("is");
    expect(json::encode_to_string(is).value(), R"({"enum":["pawn","knight","queen"],"default":"pawn"})");
    return wrong;
}
