//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/json.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Types that the JSON tests share.
namespace joust::test {

enum class rank { squire, knight, king };
BOOST_DESCRIBE_ENUM(rank, squire, knight, king)

struct item {
    std::string name;
    int count = 1;

    friend bool operator==(item const&, item const&) = default;
};
BOOST_DESCRIBE_STRUCT(item, (), (name, count))

struct player {
    std::string player_id;
    std::int64_t score = 0;
    double rating = 0;
    bool online = false;
    rank title = rank::squire;
    std::optional<std::string> guild;
    std::vector<item> items = {{"sword", 1}};
    std::map<std::string, int> skills = {{"joust", 1}};
    std::variant<std::monostate, bool, int, std::string> note = "none";

    friend bool operator==(player const&, player const&) = default;
};
BOOST_DESCRIBE_STRUCT(player, (), (player_id, score, rating, online, title, guild, items, skills, note))

inline constexpr std::string_view player_text =
    R"({"player_id":"p\u00e4-1","score":-9223372036854775808,"rating":10.5,"online":true,"title":"king",)"
    R"("guild":"Round \"Table\"","items":[{"name":"lance","count":2},{"name":"shield","count":1}],)"
    R"("skills":{"ride":3,"sing":-1},"note":"\ud83d\ude00"})";

inline player sample_player() {
    return {.player_id = "p\u00e4-1",
            .score = INT64_MIN,
            .rating = 10.5,
            .online = true,
            .title = rank::king,
            .guild = "Round \"Table\"",
            .items = {{"lance", 2}, {"shield", 1}},
            .skills = {{"ride", 3}, {"sing", -1}},
            .note = "\U0001F600"};
}

/// The message of the error that decoding ends with, which must be INVALID_ARGUMENT; `"none"` if it does not.
template <class T>
std::string decode_error(std::string_view text, json::decode_options const& options = {}) {
    result<T> const decoded = json::decode<T>(text, options);
    if (decoded)
        return "none";
    return (decoded.error().code() == status_code::invalid_argument ? "" : "not INVALID_ARGUMENT: ") +
           decoded.error().message();
}

/// The text of a value, or the error.
template <class T>
std::string encoded(T const& value, json::encode_options const& options = {}) {
    result<std::string> const text = json::encode_to_string(value, options);
    return text ? *text : text.error().to_string();
}

} // namespace joust::test
