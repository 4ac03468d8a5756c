//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/json/scalars.hpp"

#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

/// @file
/// Which fields of a described struct may be missing from a JSON object.
///
/// A missing field is an error, unless it is a `std::optional` or has a default; then it gets the value that it has in
/// a default-constructed struct. Whether it has a default is found out like this:
///
/// - numbers, booleans and enums: yes if they have an initialiser, be it zero. `int level = 0;` may be missing,
///   `int level;` may not. The compiler tells: reading a number that was not initialised is no constant expression.
/// - all other types: yes if the member of a default-constructed struct is written as another JSON text than a
///   default-constructed value of its type: `std::string realm = "eu";` may be missing, `std::string id;` and
///   `std::vector<int> tags = {};` may not.
///
/// The first rule needs a struct whose default constructor can run at compile time. One with, say, a `std::map` in it
/// cannot; there all is well if every number of the struct is initialised (then they all have defaults), otherwise
/// compilation ends with a request to say so:
/// @code
/// template <>
/// inline constexpr auto joust::json::optional_fields<order> = joust::json::fields<&order::note, &order::tags>;
/// template <>
/// inline constexpr auto joust::json::required_fields<order> = joust::json::fields<&order::customer>;
/// @endcode
/// Both lists overrule the rules for the fields that they name, wherever they are wanted.

namespace joust::json {

/// A list of fields, as pointers to members.
template <auto... Pointers>
struct field_list {};
template <auto... Pointers>
inline constexpr field_list<Pointers...> fields{};

namespace detail {
struct no_list {};
} // namespace detail

/// The fields of `T` that may be missing although the rules say otherwise. To be specialised, before `T` is decoded.
template <class T>
inline constexpr auto optional_fields = detail::no_list{};

/// The fields of `T` that may not be missing although the rules say otherwise. To be specialised, before `T` is
/// decoded.
template <class T>
inline constexpr auto required_fields = detail::no_list{};

namespace detail {

namespace describe = boost::describe;

template <class T>
concept described_struct = std::is_class_v<T> && describe::has_describe_members<T>::value;

/// The public data members of a described struct, those of described bases first.
template <described_struct T>
using fields_of = describe::describe_members<T, describe::mod_public | describe::mod_inherited>;

template <class T, class D>
using field_type = std::remove_cvref_t<decltype(std::declval<T&>().*D::pointer)>;

template <auto Pointer, auto Other>
consteval bool same_member() {
    if constexpr (std::is_same_v<decltype(Pointer), decltype(Other)>)
        return Pointer == Other;
    else
        return false;
}

template <auto Pointer>
consteval bool lists(no_list) {
    return false;
}
template <auto Pointer, auto... Listed>
consteval bool lists(field_list<Listed...>) {
    return (same_member<Pointer, Listed>() || ...);
}

template <class T>
constexpr bool construct() {
    [[maybe_unused]] T object;
    return true;
}
template <class T, auto Pointer>
constexpr auto read_default() {
    T object;
    return object.*Pointer;
}

template <bool>
struct constant;
template <class T>
concept constant_constructible = requires { typename constant<construct<T>()>; };
template <class T, auto Pointer>
concept initialises = requires { typename constant<(read_default<T, Pointer>(), true)>; };
/// Only a class that initialises each of its numbers, those of its members and bases included, makes const objects
/// without an initialiser ([dcl.init]/8).
template <class T>
concept initialises_everything = requires { new T const; };

enum class presence {
    required,
    defaulted,
    by_value, ///< defaulted if a default-constructed struct holds there what its type's default constructor does not
              ///< make
    unknown,  ///< the compiler cannot tell
};

template <class T, class D>
consteval presence deduced_presence() {
    using type = field_type<T, D>;
    constexpr auto pointer = D::pointer;
    if (lists<pointer>(required_fields<T>))
        return presence::required;
    if (lists<pointer>(optional_fields<T>) || is_optional<type>)
        return presence::defaulted;
    if constexpr (std::is_arithmetic_v<type> || std::is_enum_v<type>) {
        if constexpr (initialises<T, pointer> || (!constant_constructible<T> && initialises_everything<T>))
            return presence::defaulted;
        else if constexpr (constant_constructible<T>)
            return presence::required;
        else if (std::same_as<decltype(optional_fields<T>), no_list const> &&
                 std::same_as<decltype(required_fields<T>), no_list const>)
            return presence::unknown;
    }
    return presence::by_value;
}

template <class T, class D>
consteval presence presence_of() {
    constexpr presence deduced = deduced_presence<T, D>();
    static_assert(deduced != presence::unknown,
                  "joust::json cannot tell which fields of this struct may be missing: it has a number without an "
                  "initialiser, and a member (such as std::map) that keeps the compiler from finding out which. "
                  "Initialise every number, or specialise joust::json::optional_fields or required_fields for it (see "
                  "joust/game/json/presence.hpp)");
    return deduced;
}

} // namespace detail

} // namespace joust::json
