//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <joust/game/json/presence.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>

// What the services take and answer. A field may be missing from the arguments if it is optional or initialised here.

namespace game {

// [model]
struct player_query {
    std::string player_id;
};
struct player {
    std::string player_id;
    int level = 10;
    std::string name;
};
struct player_update {
    std::string player_id;
    int level;
    std::optional<std::string> name; // keeps the one that is there
};
BOOST_DESCRIBE_STRUCT(player_query, (), (player_id))
BOOST_DESCRIBE_STRUCT(player, (), (player_id, level, name))
BOOST_DESCRIBE_STRUCT(player_update, (), (player_id, level, name))
// [/model]

struct pause {
    int ms;
};
struct failure {
    int code;
    std::string message;
};
BOOST_DESCRIBE_STRUCT(pause, (), (ms))
BOOST_DESCRIBE_STRUCT(failure, (), (code, message))

struct utterance {
    std::string room;
    std::string from;
    std::string text;
};
struct line {
    std::int64_t id = 0;
    std::string from;
    std::string text;
};
struct history_query {
    std::string room;
    std::optional<std::size_t> limit; // the latest ones; all if there is none
};
struct subscription {
    std::string room;
    std::size_t count = 3;
    int wait_ms = 1000;
};
BOOST_DESCRIBE_STRUCT(utterance, (), (room, from, text))
BOOST_DESCRIBE_STRUCT(line, (), (id, from, text))
BOOST_DESCRIBE_STRUCT(history_query, (), (room, limit))
BOOST_DESCRIBE_STRUCT(subscription, (), (room, count, wait_ms))

} // namespace game

// clang cannot tell by itself with the library of GCC 12, whose std::string it cannot make at compile time.
template <>
inline constexpr auto joust::json::required_fields<game::player_update> =
    joust::json::fields<&game::player_update::level>;
template <>
inline constexpr auto joust::json::required_fields<game::failure> = joust::json::fields<&game::failure::code>;
