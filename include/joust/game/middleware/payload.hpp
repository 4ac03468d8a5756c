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
#include "joust/game/json.hpp"

#include <string_view>
#include <utility>

namespace joust::game::detail {

status unknown_codec(call const& c);

/// Reads a payload of a call: the one place where middleware meets codecs. An empty one is `empty`.
/// *Errors*: INVALID_ARGUMENT as of the method's own arguments.
template <class T>
[[nodiscard]] status read_payload(call const& c, std::string_view payload, std::string_view empty, T& to) {
    if (c.codec() != nullptr)
        return unknown_codec(c);
    status s = json::decode_into(to, payload.empty() ? empty : payload, c.decoding());
    return s.ok() ? s : c.named(std::move(s));
}

/// Appends a payload of a call.
template <class T>
[[nodiscard]] status write_payload(call const& c, T const& from, buffer& out) {
    if (c.codec() != nullptr)
        return unknown_codec(c);
    status s = json::encode(out, from, c.encoding());
    return s.ok() ? s : c.named(std::move(s));
}

} // namespace joust::game::detail
