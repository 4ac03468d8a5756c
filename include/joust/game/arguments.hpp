//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

namespace joust::game {

/// A named argument of a call that is written by hand.
struct named {
    named() = default;
    named(std::string_view n, boost::json::value v) : name(n), value(std::move(v)) {}
    /// For texts of the standard library, which are none of Boost.JSON's.
    template <class Value>
        requires std::constructible_from<boost::json::value, Value const&>
    named(std::string_view n, Value const& v) : name(n), value(v) {}

    std::string_view name;
    boost::json::value value;
};

/// Arguments without a described struct: `{{"player_id", "123"}, {"level", 7}}`, or any `boost::json::value`.
///
/// Not a std::initializer_list, which GCC 12 cannot hold across a co_await.
class arguments {
public:
    /// None.
    arguments() : value_(boost::json::object()) {}
    // NOLINTNEXTLINE(google-explicit-constructor): a list in braces
    arguments(named a, named b = {}, named c = {}, named d = {}, named e = {}, named f = {}, named g = {},
              named h = {}) {
        boost::json::object& object = value_.emplace_object();
        for (named* const n : {&a, &b, &c, &d, &e, &f, &g, &h})
            if (!n->name.empty())
                object.insert_or_assign(n->name, std::move(n->value));
    }
    /// A template, so that braces never mean this one.
    template <class Value>
        requires std::same_as<std::remove_cvref_t<Value>, boost::json::value> ||
                 std::same_as<std::remove_cvref_t<Value>, boost::json::object>
    // NOLINTNEXTLINE(google-explicit-constructor, bugprone-forwarding-reference-overload): constrained to two types
    arguments(Value&& v) : value_(std::forward<Value>(v)) {}

    boost::json::value const& value() const noexcept { return value_; }

private:
    boost::json::value value_;
};

} // namespace joust::game
