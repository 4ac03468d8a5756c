//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/result.hpp"
#include "joust/game/json/containers.hpp"
#include "joust/game/json/described.hpp"
#include "joust/game/json/dynamic.hpp"
#include "joust/game/json/scalars.hpp"
#include "joust/game/json/tuples.hpp"
#include "joust/game/json/variant.hpp"
#include "joust/game/json/writer.hpp"

#include <string>

namespace joust::json {

namespace detail {

status encode_error(error_trace const& trace);

} // namespace detail

/// Appends a value as compact JSON in UTF-8, not ASCII-escaped.
///
/// All types of `decode_into`, and `std::string_view`. Integers keep every digit, floating-point numbers are written in
/// their shortest form that reads back the same and keep a fraction or exponent mark (`10.0`), NaN and infinities are
/// `null`. Empty optionals are `null`, as fields too unless the options leave them out.
///
/// *Errors*: INTERNAL, for example `"players[3].name: invalid UTF-8"`, also for an enum that is no enumerator. Then,
/// and when an exception leaves it (`std::bad_alloc`), the buffer holds what it held before. *Thread safety*: distinct
/// objects safe.
template <class T>
[[nodiscard]] status encode(buffer& out, T const& value, encode_options const& options = {}) {
    writer to(out, options);
    if (!codec<T>::encode(to, value))
        return detail::encode_error(to.trace);
    to.finish();
    return {};
}

/// The same as a string.
template <class T>
result<std::string> encode_to_string(T const& value, encode_options const& options = {}) {
    buffer out;
    if (status failed = encode(out, value, options); !failed.ok())
        return failed;
    return std::string(out.view());
}

} // namespace joust::json
