//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/game/call.hpp"
#include "joust/game/payload.hpp"

#include <string_view>
#include <utility>

namespace joust::game::detail {

/// Reads a payload of a call in the call's codec: the one place where middleware meets codecs. An empty one is `empty`,
/// which is JSON.
template <class T>
[[nodiscard]] status read_payload(call const& c, std::string_view bytes, std::string_view empty, T& to) {
    bool const none = bytes.empty();
    status s = payload<T>::decode(to, none ? empty : bytes, none ? nullptr : c.codec(), c.decoding());
    return s.ok() ? s : c.named(std::move(s));
}

/// Appends a payload in the call's codec.
template <class T>
[[nodiscard]] status write_payload(call const& c, T const& from, buffer& out) {
    status s = payload<T>::encode(out, from, c.codec(), c.encoding());
    return s.ok() ? s : c.named(std::move(s));
}

} // namespace joust::game::detail
