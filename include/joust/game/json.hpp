//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

/// @file
/// JSON texts to and from C++ values, by the reflection of Boost.Describe; usable on its own.
/// @code
/// struct player { std::string player_id; int level = 0; };
/// BOOST_DESCRIBE_STRUCT(player, (), (player_id, level))
///
/// joust::result<player> p = joust::json::decode<player>(R"({"player_id":"123"})");    // level is 0
/// joust::status failed = joust::json::encode(out, *p);                                 // appends to a joust::buffer
/// @endcode

#include "joust/game/json/decode.hpp"
#include "joust/game/json/encode.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
