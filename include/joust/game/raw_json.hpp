//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/json/codec.hpp"

#include <string>
#include <utility>

namespace joust::game {

/// A JSON text that travels as it is, with its digits and spaces: `async_call<raw_json>("get", raw_json(text))`.
///
/// It may be the arguments of a call, an answer, or a part of what is written. Nobody looks at it: as an answer it is
/// whatever the server sent (`null` when that was nothing), and what is written must be JSON. An empty text stands for
/// no arguments.
struct raw_json {
    raw_json() = default;
    explicit raw_json(std::string json) noexcept : text(std::move(json)) {}

    std::string text;
};

} // namespace joust::game

namespace joust::json {

template <>
struct codec<game::raw_json> {
    static constexpr kind_set kinds = takes_anything;

    template <class View>
    static bool decode(View, game::raw_json&, decode_state&) {
        static_assert(sizeof(View) == 0,
                      "raw_json is a whole answer, not a part of one: the text of parts is not kept");
        return false;
    }
    static bool encode(writer& to, game::raw_json const& from) {
        if (!from.text.empty())
            to.raw(from.text);
        return true;
    }
};

} // namespace joust::json
