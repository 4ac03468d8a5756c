//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/result.hpp"
#include "joust/game/client_counts.hpp"
#include "joust/game/json.hpp"
#include "joust/game/raw_json.hpp"

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

/// An answer's payload as a `T`: empty is null.
template <class T>
result<T> decode_payload(std::string_view payload, json::decode_options const& how) {
    if constexpr (std::is_void_v<T>) {
        return {};
    } else {
        std::string_view const text = payload.empty() ? std::string_view("null") : payload;
        if constexpr (std::is_same_v<T, raw_json>) {
            return raw_json(std::string(text));
        } else {
            result<T> value = json::decode<T>(text, how);
            if (value.has_error())
                return unreadable(value.error());
            return value;
        }
    }
}

/// Checks and opens an answer's envelope: its payload, or the status that its code means.
result<std::string_view> open_envelope(std::string_view bytes, bool* more = nullptr);

template <class T>
result<T> decode_envelope(std::string_view bytes, json::decode_options const& how) {
    auto const payload = open_envelope(bytes);
    if (payload.has_error())
        return payload.error();
    return decode_payload<T>(*payload, how);
}

/// The outcome of a call, which is counted.
template <class T>
struct decode_answer {
    json::decode_options how;
    call_count count;

    result<T> operator()(result<buffer> const& r) {
        result<T> answer = r.has_error() ? result<T>(r.error()) : decode_envelope<T>(r->view(), how);
        count.end(detail::outcome_code(answer), r.has_value() ? r->size() : 0);
        return answer;
    }
};

} // namespace detail

} // namespace joust::game
