//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/json/codec.hpp"

#include <boost/json/fwd.hpp>

#include <concepts>

/// @file
/// Boost.JSON's types as values and as fields. Only declared here: who uses them includes `<boost/json.hpp>`. And what
/// was read already, to be written again.

namespace joust::json {

template <>
struct codec<boost::json::value> {
    static constexpr kind_set kinds = takes_anything;
    static bool decode(value_view from, boost::json::value& to, decode_state& state);
    static bool encode(writer& to, boost::json::value const& from);
};

template <>
struct codec<boost::json::object> {
    static constexpr kind_set kinds = takes_object;
    static bool decode(value_view from, boost::json::object& to, decode_state& state);
    static bool encode(writer& to, boost::json::object const& from);
};

template <>
struct codec<boost::json::array> {
    static constexpr kind_set kinds = takes_array;
    static bool decode(value_view from, boost::json::array& to, decode_state& state);
    static bool encode(writer& to, boost::json::array const& from);
};

/// To write only.
template <>
struct codec<value_view> {
    static constexpr kind_set kinds = takes_anything;
    template <class T>
    static bool decode(value_view, T&, decode_state&) {
        static_assert(!std::same_as<T, value_view>,
                      "joust::json cannot read a value_view: it would not outlive the parser");
        return false;
    }
    static bool encode(writer& to, value_view from);
};

} // namespace joust::json
