//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/game/json/containers.hpp"
#include "joust/game/json/described.hpp"
#include "joust/game/json/dynamic.hpp"
#include "joust/game/json/parser.hpp"
#include "joust/game/json/scalars.hpp"
#include "joust/game/json/tuples.hpp"
#include "joust/game/json/variant.hpp"

#include <concepts>
#include <string_view>
#include <utility>

namespace joust::json {

namespace detail {

using decode_function = bool (*)(value_view from, void* to, decode_state& state);

status decode_text(parser& with, std::string_view text, void* to, decode_function decode,
                   decode_options const& options);
/// With this thread's parser.
status decode_text(std::string_view text, void* to, decode_function decode, decode_options const& options);

template <class T>
bool decode_erased(value_view from, void* to, decode_state& state) {
    return codec<T>::decode(from, *static_cast<T*>(to), state);
}

} // namespace detail

/// Reads a JSON text into `to`, whatever it held before; its storage is reused where possible.
///
/// `T` is a described struct or enum, `bool`, an integer, a floating-point number, `std::string`, `std::optional`, a
/// container of these, `std::variant` (see variant.hpp), a `boost::json::value`, or a type with its own `codec`.
/// Members of the text that a struct does not have are refused unless the options ignore them; fields that the text
/// does not have are refused unless they have a default (see presence.hpp). Duplicate keys are refused, also in a
/// `boost::json::value`; only within what the options ignore they are not looked for.
///
/// *Errors*: INVALID_ARGUMENT, for example `"players[3].level: wanted an integer, found a string"`, and those of
/// `parser::parse`. After an error `to` holds some valid value.
/// *Thread safety*: distinct objects safe. Without a parser, one of the calling thread is used: it is created on the
/// first call, and storage for more than 256 KiB of text is given back after each. What it holds between calls is
/// capacity only, no result depends on it, and a call from within a call (from a `codec`) gets a parser of its own.
template <class T>
[[nodiscard]] status decode_into(T& to, std::string_view text, decode_options const& options = {}) {
    return detail::decode_text(text, &to, &detail::decode_erased<T>, options);
}
template <class T>
[[nodiscard]] status decode_into(T& to, parser& with, std::string_view text, decode_options const& options = {}) {
    return detail::decode_text(with, text, &to, &detail::decode_erased<T>, options);
}

/// Reads a JSON text as a new value. Otherwise like `decode_into`.
template <std::default_initializable T>
result<T> decode(std::string_view text, decode_options const& options = {}) {
    T value{};
    if (status failed = decode_into(value, text, options); !failed.ok())
        return failed;
    return value;
}
template <std::default_initializable T>
result<T> decode(parser& with, std::string_view text, decode_options const& options = {}) {
    T value{};
    if (status failed = decode_into(value, with, text, options); !failed.ok())
        return failed;
    return value;
}

} // namespace joust::json
