//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <typeinfo>

namespace joust::json {

class writer;

namespace detail {
struct schema_document;
} // namespace detail

/// Says what a type looks like, for its JSON Schema: `codec<T>::schema(schema_builder&)` calls one of these functions.
///
/// A codec of your own calls `text`:
/// @code
/// static void schema(schema_builder& to) { to.text(R"({"type":"string","pattern":"^#[0-9a-f]{6}$"})"); }
/// @endcode
/// Without the function, only the kinds that the codec takes are told.
///
/// *Lifetime*: that of the call which it is passed to. *Thread safety*: none.
class schema_builder {
public:
    /// Describes a type, which is erased.
    using function = void (*)(schema_builder&);

    enum class presence : std::uint8_t { required, may_be_missing, has_default };
    struct field {
        std::string_view name;
        function type;
        bool is_optional; ///< a `std::optional`
        /// Whether an object may be read without it; appends the value that it has then, if that can be written.
        presence (*when_missing)(writer& value);
    };

    schema_builder(detail::schema_document& of, boost::json::value& to) noexcept : document_(of), to_(to) {}

    /// Any JSON Schema. Throws `std::invalid_argument` when it is no JSON.
    void text(std::string_view schema);
    /// Nothing but the kinds of JSON value, as `codec<T>::kinds` has them.
    void kinds(unsigned kinds);

    void integer(std::int64_t lowest, std::int64_t highest);
    void integer(std::uint64_t highest);
    /// A number that may be fractional; NaN and infinities are written as null.
    void real();
    void names(std::span<std::string_view const> enumerators);
    void nullable(function type);
    void any_of(std::span<function const> types);
    void array(function element, bool all_different);
    void array(function element, std::size_t size);
    void tuple(std::span<function const> elements);
    void map(function mapped);
    /// Of a map whose keys are integers.
    void map_of_integers(function mapped, bool with_sign);
    void map_of_names(function mapped, std::span<std::string_view const> enumerators);
    void object(std::type_info const& type, std::span<field const> fields);

private:
    void fields(boost::json::object& to, std::span<field const> fields);
    boost::json::value describe(function type);

    detail::schema_document& document_;
    boost::json::value& to_;
};

} // namespace joust::json
