//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/json/described.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace joust::json {

namespace detail {

/// `std::vector`, `std::deque`, `std::list` and the like; strings are none.
template <class C>
concept sequence = requires(C& c, typename C::value_type v) {
    c.begin();
    c.end();
    c.clear();
    c.push_back(std::move(v));
} && !requires { typename C::traits_type; };

/// A sequence whose elements can be decoded where they lie. `std::vector<bool>` has none that could.
template <class C>
concept indexed_sequence = sequence<C> && requires(C& c, std::size_t i) {
    { c[i] } -> std::same_as<typename C::value_type&>;
    c.resize(i);
};

/// `std::set`, `std::unordered_set`.
template <class C>
concept set = requires(C& c, typename C::key_type k) {
    { c.insert(std::move(k)).second } -> std::convertible_to<bool>;
} && !requires { typename C::mapped_type; };

/// `std::map`, `std::unordered_map`.
template <class C>
concept map = requires(C& c, typename C::key_type k, typename C::mapped_type v) {
    { c.try_emplace(std::move(k), std::move(v)).second } -> std::convertible_to<bool>;
};

bool decode_signed_key(std::string_view key, std::int64_t& to, decode_state& state, std::int64_t lowest,
                       std::int64_t highest);
bool decode_unsigned_key(std::string_view key, std::uint64_t& to, decode_state& state, std::uint64_t highest);
bool decode_enum_key(std::string_view key, std::uint64_t& to, enumerator_entry const* names, std::size_t size,
                     decode_state& state);

template <class T>
struct key_codec;

template <>
struct key_codec<std::string> {
    static bool decode(std::string_view from, std::string& to, decode_state&) {
        to.assign(from);
        return true;
    }
    static bool encode(writer& to, std::string const& from) { return to.string(from); }
    static void map_schema(schema_builder& to, schema_builder::function mapped) { to.map(mapped); }
};

template <integer T>
struct key_codec<T> {
    using limits = std::numeric_limits<T>;

    static bool decode(std::string_view from, T& to, decode_state& state) {
        std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t> n = 0;
        bool ok;
        if constexpr (std::is_signed_v<T>)
            ok = decode_signed_key(from, n, state, limits::min(), limits::max());
        else
            ok = decode_unsigned_key(from, n, state, limits::max());
        to = static_cast<T>(n);
        return ok;
    }
    static bool encode(writer& to, T from) {
        to.raw('"');
        codec<T>::encode(to, from);
        to.raw('"');
        return true;
    }
    static void map_schema(schema_builder& to, schema_builder::function mapped) {
        to.map_of_integers(mapped, std::is_signed_v<T>);
    }
};

template <described_enum E>
struct key_codec<E> {
    using names = names_of<E>;

    static bool decode(std::string_view from, E& to, decode_state& state) {
        std::uint64_t value = 0;
        bool const ok = decode_enum_key(from, value, names::table.data(), names::size, state);
        to = static_cast<E>(static_cast<std::underlying_type_t<E>>(value));
        return ok;
    }
    static bool encode(writer& to, E from) { return codec<E>::encode(to, from); }
    static void map_schema(schema_builder& to, schema_builder::function mapped) {
        to.map_of_names(mapped, names::texts);
    }
};

/// Writes the elements behind commas, between brackets.
template <class Element, class Range>
bool encode_elements(writer& to, Range const& range) {
    auto const opened = to.open();
    std::size_t index = 0;
    for (Element const& element : range) {
        to.raw(',');
        if (!codec<Element>::encode(to, element))
            return to.trace.in_element(index);
        ++index;
    }
    to.close(opened, '[', ']');
    return true;
}

} // namespace detail

/// A sequence is an array. Elements that are there already are decoded into, so that their storage is reused.
template <detail::sequence C>
struct codec<C> {
    using element = typename C::value_type;
    static constexpr kind_set kinds = takes_array;

    static bool decode(value_view from, C& to, decode_state& state) {
        if (!from.is_array())
            return state.refuse(from, "an array");
        if constexpr (requires { to.reserve(1); })
            to.reserve(from.size_hint());
        std::size_t index = 0;
        if constexpr (!detail::indexed_sequence<C>)
            to.clear();
        for (value_view const item : from.elements()) {
            if constexpr (detail::indexed_sequence<C>) {
                if (!codec<element>::decode(item, index < to.size() ? to[index] : to.emplace_back(), state))
                    return state.trace.in_element(index);
            } else {
                element value{};
                if (!codec<element>::decode(item, value, state))
                    return state.trace.in_element(index);
                to.push_back(std::move(value));
            }
            ++index;
        }
        if constexpr (detail::indexed_sequence<C>)
            to.resize(index);
        return true;
    }
    static bool encode(writer& to, C const& from) { return detail::encode_elements<element>(to, from); }
    static void schema(schema_builder& to) { to.array(&detail::schema_of<element>, false); }
};

/// A set is an array whose elements are all different.
template <detail::set C>
struct codec<C> {
    using element = typename C::key_type;
    static constexpr kind_set kinds = takes_array;

    static bool decode(value_view from, C& to, decode_state& state) {
        if (!from.is_array())
            return state.refuse(from, "an array");
        to.clear();
        std::size_t index = 0;
        for (value_view const item : from.elements()) {
            element value{};
            if (!codec<element>::decode(item, value, state))
                return state.trace.in_element(index);
            if (!to.insert(std::move(value)).second) {
                state.trace.set("repeats another element");
                return state.trace.in_element(index);
            }
            ++index;
        }
        return true;
    }
    static bool encode(writer& to, C const& from) { return detail::encode_elements<element>(to, from); }
    static void schema(schema_builder& to) { to.array(&detail::schema_of<element>, true); }
};

/// A map is an object; its keys are strings, or integers and enums as text.
template <detail::map C>
struct codec<C> {
    using key_type = typename C::key_type;
    using mapped_type = typename C::mapped_type;
    static constexpr kind_set kinds = takes_object;

    static bool decode(value_view from, C& to, decode_state& state) {
        if (!from.is_object())
            return state.refuse(from, "an object");
        to.clear();
        for (auto const [name, value] : from.members()) {
            key_type key{};
            if (!detail::key_codec<key_type>::decode(name, key, state))
                return false;
            auto const [at, inserted] = to.try_emplace(std::move(key), mapped_type{});
            if (!inserted)
                return state.trace.set("duplicate key " + quoted(name));
            if (!codec<mapped_type>::decode(value, at->second, state))
                return state.trace.in_key(name);
        }
        return true;
    }
    static bool encode(writer& to, C const& from) {
        auto const opened = to.open();
        for (auto const& [key, value] : from) {
            to.raw(',');
            if (!detail::key_codec<key_type>::encode(to, key))
                return false;
            to.raw(':');
            if (!codec<mapped_type>::encode(to, value))
                return in_key(to.trace, key);
        }
        to.close(opened, '{', '}');
        return true;
    }
    static void schema(schema_builder& to) {
        detail::key_codec<key_type>::map_schema(to, &detail::schema_of<mapped_type>);
    }

private:
    static bool in_key(error_trace& trace, key_type const& key) {
        if constexpr (std::same_as<key_type, std::string>)
            return trace.in_key(key);
        else
            return trace.in_key(std::to_string(static_cast<long long>(key)));
    }
};

} // namespace joust::json
