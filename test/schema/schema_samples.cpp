//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/json/schema.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <tuple>

// Writes the schemas of some types and a few of their texts as one line of JSON; then reads lines `TYPE TEXT` and
// answers each with `yes` or `no`: whether `decode` takes it.

namespace samples {

enum class rank { squire, knight, king };
BOOST_DESCRIBE_ENUM(rank, squire, knight, king)

struct item {
    std::string name;
    int count = 1;
};
BOOST_DESCRIBE_STRUCT(item, (), (name, count))

struct knight {
    std::string player_id;
    std::uint8_t level;
    std::int64_t score = 0;
    double rating = 0;
    bool online = false;
    rank title = rank::squire;
    std::optional<std::string> guild;
    std::vector<item> items = {{"sword", 1}};
    std::variant<std::monostate, bool, int, std::string> note = "none";
};
BOOST_DESCRIBE_STRUCT(knight, (), (player_id, level, score, rating, online, title, guild, items, note))

struct tree {
    std::string name;
    std::vector<tree> children;
};
BOOST_DESCRIBE_STRUCT(tree, (), (name, children))

struct shelf {
    std::map<int, item> numbered;
    std::map<rank, std::optional<item>> ranked;
    std::map<std::string, double> weights;
    std::set<std::string> tags;
    std::array<int, 2> corner = {0, 1};
    std::tuple<std::string, bool, std::optional<rank>> mixed;
    std::optional<std::pair<int, int>> maybe;
    boost::json::value any;
};
BOOST_DESCRIBE_STRUCT(shelf, (), (numbered, ranked, weights, tags, corner, mixed, maybe, any))

struct empty {};
BOOST_DESCRIBE_STRUCT(empty, (), ())

} // namespace samples

// clang cannot tell by itself with the library of GCC 12, whose std::string it cannot make at compile time.
template <>
inline constexpr auto joust::json::required_fields<samples::knight> = joust::json::fields<&samples::knight::level>;

namespace {

using namespace joust;

/// A type, erased.
struct sample {
    std::string name;
    boost::json::value read;
    boost::json::value written;
    std::vector<std::string> texts;
    std::function<bool(std::string_view)> takes;
};

template <class T>
sample make_sample(std::string name, std::vector<T> const& values) {
    sample s;
    s.name = std::move(name);
    s.read = json::schema<T>();
    s.written = json::schema<T>(json::encode_options());
    for (T const& each : values)
        s.texts.push_back(json::encode_to_string(each).value());
    s.takes = [](std::string_view text) { return json::decode<T>(text).has_value(); };
    return s;
}

std::vector<sample> all() {
    using namespace samples;
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    knight const lancelot{"1", 255, INT64_MIN, 10, true, rank::king, "Round Table", {}, true};
    knight const nobody{"", 0, INT64_MAX, nan, false, rank::knight, {}, {{"lance", 2}, {"shield", 1}}, {}};
    tree const oak{"oak", {{"branch", {{"leaf", {}}}}, {"twig", {}}}};
    shelf const full{{{-1, {"a", 1}}, {20, {"b", 2}}},
                     {{rank::king, item{"crown", 1}}, {rank::squire, {}}},
                     {{"lead", 1e300}, {"", -0.5}},
                     {"x", "y"},
                     {3, 4},
                     {"m", true, rank::knight},
                     std::pair(1, 2),
                     {{"k", nullptr}}};
    return {
        make_sample<knight>("knight", {lancelot, nobody}),
        make_sample<tree>("tree", {oak}),
        make_sample<shelf>("shelf", {full, shelf()}),
        make_sample<empty>("empty", {empty()}),
        make_sample<std::vector<tree>>("trees", {{oak}, {}}),
        make_sample<std::optional<item>>("maybe_item", {item{"sword", 1}, std::nullopt}),
        make_sample<std::uint64_t>("uint64", {0, UINT64_MAX}),
    };
}

} // namespace

int main() {
    std::vector<sample> const samples = all();
    boost::json::array list;
    for (sample const& s : samples) {
        boost::json::object o;
        o["name"] = s.name;
        o["read"] = s.read;
        o["written"] = s.written;
        boost::json::array& texts = o["texts"].emplace_array();
        for (std::string const& each : s.texts)
            texts.emplace_back(each);
        list.push_back(std::move(o));
    }
    boost::json::value const all_of_them = std::move(list);
    std::cout << json::encode_to_string(all_of_them).value() << std::endl;
    std::string line;
    while (std::getline(std::cin, line)) {
        std::size_t const space = line.find(' ');
        bool takes = false;
        for (sample const& s : samples)
            if (s.name == line.substr(0, space))
                takes = s.takes(line.substr(space + 1));
        std::cout << (takes ? "yes" : "no") << std::endl;
    }
}
