//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/json/codec.hpp"

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace joust::json {

namespace detail {

template <class T, class... Ts>
concept one_of = (std::same_as<T, Ts> || ...);

/// Integers that are numbers: neither `bool` nor the character types. `std::int8_t` is one.
template <class T>
concept integer = std::integral<T> && sizeof(T) <= 8 && !one_of<T, bool, char, wchar_t, char8_t, char16_t, char32_t>;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

// Cold halves: they note why the value was refused and return false.
bool refuse_signed(value_view found, decode_state& state, std::int64_t lowest, std::int64_t highest);
bool refuse_unsigned(value_view found, decode_state& state, std::uint64_t highest);
bool refuse_float(value_view found, decode_state& state);

} // namespace detail

template <>
struct codec<bool> {
    static constexpr kind_set kinds = takes_boolean;
    static bool decode(value_view from, bool& to, decode_state& state) {
        return from.get_bool(to) || state.refuse(from, "a boolean");
    }
    static bool encode(writer& to, bool from) {
        to.boolean(from);
        return true;
    }
};

/// Whole numbers without fraction or exponent mark, within the range of the type.
template <detail::integer T>
struct codec<T> {
    static constexpr kind_set kinds = takes_number;
    using limits = std::numeric_limits<T>;

    static bool decode(value_view from, T& to, decode_state& state) {
        if constexpr (std::is_signed_v<T>) {
            std::int64_t n;
            if (!from.get_int64(n) || n < limits::min() || n > limits::max())
                return detail::refuse_signed(from, state, limits::min(), limits::max());
            to = static_cast<T>(n);
        } else {
            std::uint64_t n;
            if (!from.get_uint64(n) || n > limits::max())
                return detail::refuse_unsigned(from, state, limits::max());
            to = static_cast<T>(n);
        }
        return true;
    }
    static bool encode(writer& to, T from) {
        to.integer(static_cast<std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>(from));
        return true;
    }
    static void schema(schema_builder& to) {
        if constexpr (std::is_signed_v<T>)
            to.integer(limits::min(), limits::max());
        else
            to.integer(limits::max());
    }
};

/// Any number; an integer is rounded to the nearest double.
template <>
struct codec<double> {
    static constexpr kind_set kinds = takes_number;
    static bool decode(value_view from, double& to, decode_state& state) {
        return from.get_double(to) || state.refuse(from, "a number");
    }
    static bool encode(writer& to, double from) {
        to.real(from);
        return true;
    }
    static void schema(schema_builder& to) { to.real(); }
};

/// Any number within the range of `float`, rounded to the nearest.
template <>
struct codec<float> {
    static constexpr kind_set kinds = takes_number;
    static bool decode(value_view from, float& to, decode_state& state) {
        double d;
        if (!from.get_double(d) || d > std::numeric_limits<float>::max() || d < std::numeric_limits<float>::lowest())
            return detail::refuse_float(from, state);
        to = static_cast<float>(d);
        return true;
    }
    static bool encode(writer& to, float from) {
        to.real(from);
        return true;
    }
    static void schema(schema_builder& to) { to.real(); }
};

template <>
struct codec<std::string> {
    static constexpr kind_set kinds = takes_string;
    static bool decode(value_view from, std::string& to, decode_state& state) {
        std::string_view text;
        if (!from.get_string(text))
            return state.refuse(from, "a string");
        to.assign(text);
        return true;
    }
    static bool encode(writer& to, std::string const& from) { return to.string(from); }
};

/// To write only.
template <>
struct codec<std::string_view> {
    static constexpr kind_set kinds = takes_string;
    template <class T>
    static bool decode(value_view, T&, decode_state&) {
        static_assert(!std::same_as<T, std::string_view>,
                      "joust::json cannot read a std::string_view: the text would not outlive the parser. Use "
                      "std::string");
        return false;
    }
    static bool encode(writer& to, std::string_view from) { return to.string(from); }
};

/// `null` is empty. As a field it may be missing as well.
template <class T>
struct codec<std::optional<T>> {
    static constexpr kind_set kinds = takes_null | codec<T>::kinds;
    static bool decode(value_view from, std::optional<T>& to, decode_state& state) {
        if (from.is_null()) {
            to.reset();
            return true;
        }
        return codec<T>::decode(from, to ? *to : to.emplace(), state);
    }
    static bool encode(writer& to, std::optional<T> const& from) {
        if (from)
            return codec<T>::encode(to, *from);
        to.null();
        return true;
    }
    static void schema(schema_builder& to) { to.nullable(&detail::schema_of<T>); }
};

/// Nothing: `null`, both ways.
template <>
struct codec<std::monostate> {
    static constexpr kind_set kinds = takes_null;
    static bool decode(value_view from, std::monostate&, decode_state& state) {
        return from.is_null() || state.refuse(from, "null");
    }
    static bool encode(writer& to, std::monostate) {
        to.null();
        return true;
    }
};

} // namespace joust::json
