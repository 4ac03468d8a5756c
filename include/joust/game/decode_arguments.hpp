//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"
#include "joust/game/json.hpp"

#include <boost/json/value.hpp>

#include <string_view>
#include <type_traits>

namespace joust::game::detail {

/// Reads the arguments of a request: a JSON object, or nothing, which is an empty one.
template <class Arguments>
status decode_arguments(Arguments& to, std::string_view payload, json::decode_options const& how) {
    if (payload.empty())
        payload = "{}";
    if constexpr (std::is_same_v<Arguments, boost::json::value>) {
        return json::decode_into(to.emplace_object(), payload, how);
    } else {
        static_assert(json::codec<Arguments>::kinds == json::takes_object,
                      "a method takes its arguments as one described struct: BOOST_DESCRIBE_STRUCT(my_arguments, (), "
                      "(name, ...)); a map, boost::json::object and boost::json::value will do, too");
        return json::decode_into(to, payload, how);
    }
}

} // namespace joust::game::detail
