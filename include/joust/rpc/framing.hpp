//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/result.hpp"
#include "joust/rpc/codec.hpp"
#include "joust/wire/message.hpp"

#include <cstddef>

namespace joust {

/// How one message of a stream is sent.
struct write_options {
    /// False: not compressed, whatever the call's encoding.
    bool compress = true;
};

/// A message with its prefix, as `server_messages` and `client_messages` take it. `append(buffer&)` writes the bytes
/// and returns OK, or the status that stands in the message's place.
template <class Append>
result<buffer> make_framed(Append append) {
    buffer framed;
    std::size_t const at = wire::begin_message(framed);
    if (status s = append(framed); !s.ok())
        return s;
    wire::end_message(framed, at);
    return framed;
}

/// The same with a message and its codec.
template <message T>
result<buffer> encode_framed(T const& m) {
    return make_framed([&](buffer& out) { return codec<T>::encode(m, out); });
}

template <message T>
result<buffer> encode_framed(T const& m, write_options how) {
    result<buffer> framed = encode_framed(m);
    if (!how.compress && framed.has_value())
        wire::keep_plain(*framed);
    return framed;
}

} // namespace joust
