//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/result.hpp"
#include "joust/game/answer_origin.hpp"
#include "joust/game/client_codec.hpp"
#include "joust/game/client_counts.hpp"
#include "joust/game/json.hpp"
#include "joust/game/payload.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace joust::game {

/// One answer of a stream.
template <class T>
struct answer {
    answer(result<T> v, bool m) : value(std::move(v)), more(m) {}

    /// What the method answered, or how it failed; the stream goes on either way.
    result<T> value;
    /// True for an answer that its request has more of (see `call_options::many_answers`).
    bool more;
};

namespace detail {

/// What is wrong with a payload, as the status of the call: the server's fault, not that of the arguments.
status unreadable(status why);

/// An answer's payload as a `T`. `codec` is null for JSON.
template <class T>
result<T> decode_payload(std::string_view bytes, json::decode_options const& how,
                         payload_codec const* codec = nullptr) {
    if constexpr (std::is_void_v<T>) {
        return {};
    } else {
        T value{};
        if (status failed = payload<T>::decode(value, bytes, codec, how); !failed.ok())
            return unreadable(std::move(failed));
        return value;
    }
}

/// Checks and opens an answer's envelope: its payload, or the status that its code means.
result<std::string_view> open_envelope(std::string_view bytes, bool* more = nullptr);

template <class T>
result<T> decode_envelope(std::string_view bytes, json::decode_options const& how, payload_codec const* codec) {
    auto const payload = open_envelope(bytes);
    if (payload.has_error())
        return payload.error();
    return decode_payload<T>(*payload, how, codec);
}

/// The outcome of a call, which is counted.
template <class T>
struct decode_answer {
    json::decode_options how;
    std::shared_ptr<call_codec> codec; ///< null for JSON
    call_count count;

    result<T> operator()(result<buffer> const& r) {
        result<T> answer = r.has_error()
                               ? result<T>(r.error())
                               : decode_envelope<T>(r->view(), how, codec == nullptr ? nullptr : codec->used.get());
        count.end(outcome_code(answer), r.has_value() ? r->size() : 0);
        return answer;
    }
};

/// With the origin of the answer, to which the options of the call point.
template <class T>
struct decode_answer<answered<T>> {
    json::decode_options how;
    std::shared_ptr<call_codec> codec;
    call_count count;
    std::unique_ptr<answer_origin> origin = std::make_unique<answer_origin>();

    result<answered<T>> operator()(result<buffer> const& r) {
        result<T> value = decode_answer<T>{how, std::move(codec), std::move(count)}(r);
        if (value.has_error())
            return value.error();
        return answered<T>(std::move(*value), std::move(*origin));
    }
};

} // namespace detail

} // namespace joust::game
