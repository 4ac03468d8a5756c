//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/call.hpp"
#include "joust/game/payload.hpp"

#include <boost/json/fwd.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

/// @file
/// Arguments and answers of a `call` as C++ values, whatever codec it is made in: for interceptors.

namespace joust::game {

namespace detail {

/// Reads the arguments of a request of this call: `bytes`, in its codec; empty is an empty object.
template <class T>
status decode_arguments(T& to, call const& c, std::string_view bytes) {
    static_assert(
        payload<T>::is_arguments,
        "a method takes its arguments as one described struct: BOOST_DESCRIBE_STRUCT(my_arguments, (), (name, "
        "...)); a map, boost::json::object, boost::json::value, and a protobuf message with "
        "joust/game/protobuf.hpp will do, too");
    payload_codec const* codec = c.codec();
    if (bytes.empty()) {
        bytes = "{}";
        codec = nullptr;
    }
    if constexpr (std::is_same_v<T, boost::json::value>) {
        auto& object = to.emplace_object();
        return payload<std::remove_cvref_t<decltype(object)>>::decode(object, bytes, codec, c.decoding());
    } else {
        return payload<T>::decode(to, bytes, codec, c.decoding());
    }
}

template <class T>
status encode_answer(buffer& out, T const& value, payload_codec const* codec, json::encode_options const& how) {
    status failed = payload<T>::encode(out, value, codec, how);
    return failed.ok() ? failed : unwritable(std::move(failed));
}

} // namespace detail

/// The arguments of a call. *Errors*: as the method would refuse them.
template <std::default_initializable T>
result<T> read_arguments(call const& c) {
    T value{};
    if (status failed = detail::decode_arguments(value, c, c.arguments()); !failed.ok())
        return failed;
    return value;
}

/// Gives the method, and the interceptors further in, other arguments.
template <class T>
[[nodiscard]] status write_arguments(call& c, T const& value) {
    buffer bytes;
    status failed = payload<T>::encode(bytes, value, c.codec(), c.encoding());
    if (failed.ok())
        c.set_arguments(std::move(bytes));
    return failed;
}

/// The answer of a call that has one; null if that is nothing.
template <std::default_initializable T>
result<T> read_answer(call const& c) {
    T value{};
    if (status failed = payload<T>::decode(value, c.answer(), c.codec(), c.decoding()); !failed.ok())
        return failed;
    return value;
}

/// Replaces the answer, see `call::set_answer`.
template <class T>
[[nodiscard]] status write_answer(call& c, T const& value) {
    buffer bytes;
    status failed = detail::encode_answer(bytes, value, c.codec(), c.encoding());
    if (failed.ok())
        c.set_answer(bytes.view());
    return failed;
}

} // namespace joust::game
