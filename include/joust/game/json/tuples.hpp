//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/json/containers.hpp"

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace joust::json {

namespace detail {

template <class T>
inline constexpr bool is_tuple = false;
template <class... Ts>
inline constexpr bool is_tuple<std::tuple<Ts...>> = true;
template <class A, class B>
inline constexpr bool is_tuple<std::pair<A, B>> = true;

/// Whether the value is an array of this many elements.
bool check_size(value_view array, std::size_t wanted, decode_state& state);

} // namespace detail

/// An array of exactly N elements.
template <class T, std::size_t N>
struct codec<std::array<T, N>> {
    static constexpr kind_set kinds = takes_array;

    static bool decode(value_view from, std::array<T, N>& to, decode_state& state) {
        if (!detail::check_size(from, N, state))
            return false;
        std::size_t index = 0;
        for (value_view const item : from.elements()) {
            if (!codec<T>::decode(item, to[index], state))
                return state.trace.in_element(index);
            ++index;
        }
        return true;
    }
    static bool encode(writer& to, std::array<T, N> const& from) { return detail::encode_elements<T>(to, from); }
    static void schema(schema_builder& to) { to.array(&detail::schema_of<T>, N); }
};

/// A pair or tuple is an array of exactly as many elements.
template <class T>
    requires detail::is_tuple<T>
struct codec<T> {
    static constexpr std::size_t size = std::tuple_size_v<T>;
    static constexpr kind_set kinds = takes_array;

    static bool decode(value_view from, T& to, decode_state& state) {
        if (!detail::check_size(from, size, state))
            return false;
        auto item = from.elements().begin();
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (decode_element<I>(*item++, std::get<I>(to), state) && ...);
        }(std::make_index_sequence<size>{});
    }
    static bool encode(writer& to, T const& from) {
        auto const opened = to.open();
        bool const ok = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return (encode_element<I>(to, std::get<I>(from)) && ...);
        }(std::make_index_sequence<size>{});
        if (ok)
            to.close(opened, '[', ']');
        return ok;
    }
    static void schema(schema_builder& to) {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            static constexpr std::array<schema_builder::function, size> types{
                &detail::schema_of<std::tuple_element_t<I, T>>...};
            to.tuple(types);
        }(std::make_index_sequence<size>{});
    }

private:
    template <std::size_t I, class E>
    static bool decode_element(value_view from, E& to, decode_state& state) {
        return codec<E>::decode(from, to, state) || state.trace.in_element(I);
    }
    template <std::size_t I, class E>
    static bool encode_element(writer& to, E const& from) {
        to.raw(',');
        return codec<E>::encode(to, from) || to.trace.in_element(I);
    }
};

} // namespace joust::json
