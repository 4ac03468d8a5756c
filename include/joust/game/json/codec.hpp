//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/json/error_trace.hpp"
#include "joust/game/json/options.hpp"
#include "joust/game/json/schema_builder.hpp"
#include "joust/game/json/value_view.hpp"
#include "joust/game/json/writer.hpp"

#include <string_view>

namespace joust::json {

/// Which kinds of JSON value a type takes, as a set of bits; a variant tells its alternatives apart by them.
using kind_set = unsigned;
inline constexpr kind_set takes_null = 1;
inline constexpr kind_set takes_boolean = 2;
inline constexpr kind_set takes_number = 4;
inline constexpr kind_set takes_string = 8;
inline constexpr kind_set takes_array = 16;
inline constexpr kind_set takes_object = 32;
inline constexpr kind_set takes_anything = 63;

/// What a decoding function knows besides the value.
class decode_state {
public:
    explicit decode_state(decode_options const& of) noexcept : options(of) {}

    /// Notes "wanted `wanted`, found ..." and returns false.
    bool refuse(value_view found, std::string_view wanted);

    decode_options const& options;
    error_trace trace;
};

/// How values of a type are read and written.
///
/// Specialise it for types of your own that are neither described nor containers:
/// @code
/// template <>
/// struct joust::json::codec<uuid> {
///     static constexpr kind_set kinds = takes_string;
///     static bool decode(value_view from, uuid& to, decode_state& state);   // false: the error is in state.trace
///     static bool encode(writer& to, uuid const& from);                      // false: the error is in to.trace
///     static void schema(schema_builder& to);                                // if `kinds` is not all there is to say
/// };
/// @endcode
/// `decode` gives `to` a new value whatever it held before, and may reuse its storage.
template <class T>
struct codec {
    static constexpr kind_set kinds = 0;

    template <class U>
    static constexpr bool supported = false;

    template <class U>
    static bool decode(value_view, U&, decode_state&) {
        static_assert(supported<U>, "joust::json cannot read this type: describe it with BOOST_DESCRIBE_STRUCT or "
                                    "BOOST_DESCRIBE_ENUM, or specialise joust::json::codec");
        return false;
    }
    template <class U>
    static bool encode(writer&, U const&) {
        static_assert(supported<U>, "joust::json cannot write this type: describe it with BOOST_DESCRIBE_STRUCT or "
                                    "BOOST_DESCRIBE_ENUM, or specialise joust::json::codec");
        return false;
    }
};

namespace detail {

/// What the library calls for the schema of a type, whoever wrote its codec.
template <class T>
void schema_of(schema_builder& to) {
    if constexpr (requires { codec<T>::schema(to); })
        codec<T>::schema(to);
    else
        to.kinds(codec<T>::kinds);
}

} // namespace detail

} // namespace joust::json
