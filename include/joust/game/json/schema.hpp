//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/json/decode.hpp"
#include "joust/game/json/encode.hpp"
#include "joust/game/json/schema_builder.hpp"

#include <boost/json/value.hpp>

namespace joust::json {

namespace detail {

boost::json::value make_schema(schema_builder::function of, decode_options const& options);
boost::json::value make_schema(schema_builder::function of, encode_options const& options);

} // namespace detail

/// The JSON Schema (2020-12) of the texts that `decode<T>` takes, a document of its own.
///
/// Described structs within others are `$defs`, so that types may hold themselves. Two things that `decode` refuses
/// cannot be said: an integer with a fraction mark (`1.0`), and an object with the same key twice.
///
/// *Errors*: throws `std::invalid_argument` when a codec's own schema is no JSON.
template <class T>
boost::json::value schema(decode_options const& options = {}) {
    return detail::make_schema(&detail::schema_of<T>, options);
}

/// The same of the texts that `encode` writes for a `T`: all fields are there.
template <class T>
boost::json::value schema(encode_options const& options) {
    return detail::make_schema(&detail::schema_of<T>, options);
}

} // namespace joust::json
