//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/game/json.hpp"
#include "joust/game/payload_codec.hpp"
#include "joust/game/raw_json.hpp"

#include <boost/json/fwd.hpp>

#include <string_view>
#include <type_traits>

namespace joust::game {

/// How values of a type become arguments and answers, and back, in the codec of the call: all that services, clients
/// and interceptors do with payloads goes through here.
///
/// This one is for what `joust::json` can read and write. Specialise it for types that are something else, as
/// protobuf.hpp does for messages.
template <class T>
struct payload {
    /// Whether a method may take its arguments as one.
    static constexpr bool is_arguments =
        json::codec<T>::kinds == json::takes_object || std::is_same_v<T, boost::json::value>;

    /// Reads an answer, or arguments. Empty is null. `codec` is null for JSON.
    static status decode(T& to, std::string_view bytes, payload_codec const* codec, json::decode_options const& how) {
        if (bytes.empty()) {
            bytes = "null";
            codec = nullptr;
        }
        if constexpr (std::is_same_v<T, raw_json>)
            return detail::payload_to_text(to.text, bytes, codec, how);
        else if (codec == nullptr)
            return json::decode_into(to, bytes, how);
        else
            return detail::decode_payload_with(*codec, bytes, &to, &json::detail::decode_erased<T>, how);
    }

    /// Appends a value; what `T` writes as an empty text stays empty.
    static status encode(buffer& out, T const& from, payload_codec const* codec, json::encode_options const& how) {
        if (codec == nullptr)
            return json::encode(out, from, how);
        detail::scratch text;
        status failed = json::encode(text.bytes, from, how);
        if (failed.ok() && !text.bytes.empty())
            failed = detail::encode_payload_with(*codec, text.bytes.view(), out);
        return failed;
    }

    /// Appends what `encode` has made with this codec as JSON.
    static status to_json(buffer& out, std::string_view bytes, payload_codec const& codec) {
        return detail::payload_to_json(codec, bytes, out, {.max_depth = json::decode_options::deepest});
    }
};

} // namespace joust::game
