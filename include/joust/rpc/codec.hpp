//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"

#include <concepts>
#include <string>
#include <string_view>

namespace joust {

/// How messages of type `T` become bytes and back. Specialise it for your own types:
///
///     static status encode(T const& message, buffer& out);          // appends to out
///     static status decode(std::string_view bytes, T& message);     // message is default-constructed
///
/// Both return OK or the status that the call ends with. Bytes (`std::string`, `buffer`) are built in; for protobuf
/// messages include `joust/rpc/protobuf.hpp`.
template <class T>
struct codec;

/// A type that can travel as a message.
template <class T>
concept message = std::default_initializable<T> && requires(T& m, T const& c, buffer& out, std::string_view bytes) {
    { codec<T>::encode(c, out) } -> std::same_as<status>;
    { codec<T>::decode(bytes, m) } -> std::same_as<status>;
};

template <>
struct codec<std::string> {
    static status encode(std::string const& m, buffer& out) {
        out.append(m);
        return {};
    }
    static status decode(std::string_view bytes, std::string& m) {
        m.assign(bytes);
        return {};
    }
};

template <>
struct codec<buffer> {
    static status encode(buffer const& m, buffer& out) {
        out.append(m.view());
        return {};
    }
    static status decode(std::string_view bytes, buffer& m) {
        m.append(bytes);
        return {};
    }
};

} // namespace joust
