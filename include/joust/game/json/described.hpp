//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/json/names.hpp"
#include "joust/game/json/presence.hpp"

#include <boost/describe/enumerators.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <typeinfo>

namespace joust::json {

namespace detail {

inline constexpr std::size_t most_fields = 256;

/// One field of a described struct, with the type of both erased.
struct field_entry {
    known_name name;
    bool (*decode)(value_view from, void* object, decode_state& state);
    /// Gives the field its default value; false if it may not be missing.
    bool (*set_default)(void* object);
};

/// The value of an enumerator, with its type erased.
struct enumerator_entry {
    known_name name;
    std::uint64_t value;
};

template <class E>
constexpr std::uint64_t erase_enum(E e) {
    return static_cast<std::uint64_t>(static_cast<std::underlying_type_t<E>>(e));
}

bool decode_object(value_view from, void* object, field_entry const* fields, std::size_t size, decode_state& state);
bool decode_enum(value_view from, std::uint64_t& to, enumerator_entry const* names, std::size_t size,
                 decode_state& state);
/// Nothing if no enumerator has the value.
std::string_view enumerator_name(std::uint64_t value, enumerator_entry const* names, std::size_t size) noexcept;
bool refuse_enumerator(std::uint64_t value, error_trace& trace);
/// Whether the two write different texts; each appends its value to the writer.
bool written_differently(void (*a)(writer&), void (*b)(writer&));

/// What missing fields are set from.
template <class T>
T const& default_of() {
    static T const object{};
    return object;
}

template <class T, class D>
bool decode_field(value_view from, void* object, decode_state& state) {
    return codec<field_type<T, D>>::decode(from, static_cast<T*>(object)->*D::pointer, state);
}

template <class T, class D>
bool has_default() {
    if constexpr (presence_of<T, D>() == presence::by_value) {
        using type = field_type<T, D>;
        static bool const differs =
            written_differently([](writer& w) { codec<type>::encode(w, default_of<T>().*D::pointer); },
                                [](writer& w) { codec<type>::encode(w, type{}); });
        return differs;
    } else {
        return presence_of<T, D>() == presence::defaulted;
    }
}

template <class T, class D>
bool set_default(void* object) {
    if (!has_default<T, D>())
        return false;
    static_cast<T*>(object)->*D::pointer = default_of<T>().*D::pointer;
    return true;
}

/// The fields of a struct, as tables and functions over them.
template <class T, class Fields>
struct struct_fields;

template <class T, template <class...> class L, class... D>
struct struct_fields<T, L<D...>> {
    static constexpr std::size_t size = sizeof...(D);
    static_assert(size <= most_fields, "joust::json takes structs of at most 256 fields");
    static constexpr std::array<field_entry, size> table{
        field_entry{std::string_view(D::name), &decode_field<T, D>, &set_default<T, D>}...};

    static bool encode(writer& to, T const& from) { return (encode_field<D>(to, from.*D::pointer) && ...); }

private:
    /// `,"name":`
    template <class Field>
    static constexpr auto label() {
        constexpr std::string_view name = Field::name;
        std::array<char, name.size() + 4> text{};
        std::size_t at = 0;
        for (char const c : {',', '"'})
            text[at++] = c;
        for (char const c : name)
            text[at++] = c;
        for (char const c : {'"', ':'})
            text[at++] = c;
        return text;
    }
    template <class Field>
    static constexpr auto label_of = label<Field>();

    template <class Field, class M>
    static bool encode_field(writer& to, M const& value) {
        if constexpr (is_optional<M>)
            if (!value && to.options.omit_empty)
                return true;
        to.raw(std::string_view(label_of<Field>.data(), label_of<Field>.size()));
        return codec<M>::encode(to, value) || to.trace.in_field(Field::name);
    }
};

/// The presence rules for a schema; a struct that is only written may be one that they cannot tell of.
template <class T, class D>
schema_builder::presence when_missing(writer& value) {
    if constexpr (std::default_initializable<T>) {
        if constexpr (deduced_presence<T, D>() != presence::unknown) {
            if (has_default<T, D>())
                return codec<field_type<T, D>>::encode(value, default_of<T>().*D::pointer)
                           ? schema_builder::presence::has_default
                           : schema_builder::presence::may_be_missing;
        }
    }
    return schema_builder::presence::required;
}

/// Apart from `struct_fields`, as most structs are never asked for their schema.
template <class T, class Fields>
struct schema_fields;

template <class T, template <class...> class L, class... D>
struct schema_fields<T, L<D...>> {
    static constexpr std::array<schema_builder::field, sizeof...(D)> table{schema_builder::field{
        D::name, &schema_of<field_type<T, D>>, is_optional<field_type<T, D>>, &when_missing<T, D>}...};
};

template <class E, class Enumerators>
struct enum_names;

template <class E, template <class...> class L, class... D>
struct enum_names<E, L<D...>> {
    static constexpr std::size_t size = sizeof...(D);
    static constexpr std::array<enumerator_entry, size> table{
        enumerator_entry{std::string_view(D::name), erase_enum(D::value)}...};
    static constexpr std::array<std::string_view, size> texts{std::string_view(D::name)...};
};

template <class E>
concept described_enum = std::is_enum_v<E> && boost::describe::has_describe_enumerators<E>::value;

template <described_enum E>
using names_of = enum_names<E, boost::describe::describe_enumerators<E>>;

} // namespace detail

/// A described struct is an object of its public members and those of its described bases. `presence.hpp` says which
/// of them may be missing.
template <detail::described_struct T>
struct codec<T> {
    using fields = detail::struct_fields<T, detail::fields_of<T>>;
    static constexpr kind_set kinds = takes_object;

    static bool decode(value_view from, T& to, decode_state& state) {
        return detail::decode_object(from, &to, fields::table.data(), fields::size, state);
    }
    static bool encode(writer& to, T const& from) {
        auto const opened = to.open();
        if (!fields::encode(to, from))
            return false;
        to.close(opened, '{', '}');
        return true;
    }
    static void schema(schema_builder& to) {
        to.object(typeid(T), detail::schema_fields<T, detail::fields_of<T>>::table);
    }
};

/// A described enum is the name of an enumerator, as text.
template <detail::described_enum E>
struct codec<E> {
    using names = detail::names_of<E>;
    static constexpr kind_set kinds = takes_string;

    static bool decode(value_view from, E& to, decode_state& state) {
        std::uint64_t value;
        if (!detail::decode_enum(from, value, names::table.data(), names::size, state))
            return false;
        to = static_cast<E>(static_cast<std::underlying_type_t<E>>(value));
        return true;
    }
    static bool encode(writer& to, E from) {
        std::uint64_t const value = detail::erase_enum(from);
        std::string_view const name = detail::enumerator_name(value, names::table.data(), names::size);
        return name.empty() ? detail::refuse_enumerator(value, to.trace) : to.string(name);
    }
    static void schema(schema_builder& to) { to.names(names::texts); }
};

} // namespace joust::json
