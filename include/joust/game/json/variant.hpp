//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/json/codec.hpp"

#include <cstddef>
#include <utility>
#include <variant>

namespace joust::json {

namespace detail {

/// Notes "wanted a number or a string, found ..." and returns false.
bool refuse_kinds(value_view found, kind_set wanted, decode_state& state);

constexpr kind_set kinds_of(value_kind kind) noexcept {
    switch (kind) {
    case value_kind::null: return takes_null;
    case value_kind::boolean: return takes_boolean;
    case value_kind::integer:
    case value_kind::real: return takes_number;
    case value_kind::string: return takes_string;
    case value_kind::array: return takes_array;
    default: return takes_object;
    }
}

/// Whether no kind is taken by two alternatives.
template <class... Ts>
consteval bool all_different() {
    kind_set seen = 0;
    bool different = true;
    for (kind_set const kinds : {codec<Ts>::kinds...}) {
        different = different && (seen & kinds) == 0;
        seen |= kinds;
    }
    return different;
}

} // namespace detail

/// A variant is written as its alternative is, and read as the one that takes the kind of the value: null, boolean,
/// number, string, array or object. So no two alternatives may take the same kind; two structs, or two sorts of
/// number, do.
template <class... Ts>
struct codec<std::variant<Ts...>> {
    using variant = std::variant<Ts...>;
    static constexpr kind_set kinds = (codec<Ts>::kinds | ...);

    static bool decode(value_view from, variant& to, decode_state& state) {
        static_assert(detail::all_different<Ts...>(),
                      "joust::json cannot read this variant: two of its alternatives are the same kind of JSON value "
                      "(null, boolean, number, string, array or object), so it could not tell which one is meant");
        kind_set const kind = detail::kinds_of(from.kind());
        bool ok = false;
        bool const known = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (((codec<Ts>::kinds & kind) != 0 && (ok = decode_as<I, Ts>(from, to, state), true)) || ...);
        }(std::index_sequence_for<Ts...>{});
        return known ? ok : detail::refuse_kinds(from, kinds, state);
    }
    static bool encode(writer& to, variant const& from) {
        return std::visit([&]<class T>(T const& value) { return codec<T>::encode(to, value); }, from);
    }
    static void schema(schema_builder& to) {
        static constexpr schema_builder::function types[] = {&detail::schema_of<Ts>...};
        to.any_of(types);
    }

private:
    template <std::size_t I, class T>
    static bool decode_as(value_view from, variant& to, decode_state& state) {
        return codec<T>::decode(from, to.index() == I ? *std::get_if<I>(&to) : to.template emplace<I>(), state);
    }
};

} // namespace joust::json
