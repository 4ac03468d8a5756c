//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace joust::game {

/// Who gave the answer of a call.
enum class answer_source : std::uint8_t {
    server,
    interceptor, ///< one of the client's, in place of the server
    last_good,   ///< a fallback: what the server answered to the same arguments some time ago
    value,       ///< a fallback: a constant
    function,    ///< a fallback: made for this call
};

/// Why a server did not answer, as far as a fallback is concerned.
enum class degradation : std::uint8_t {
    none,          ///< it did, or it failed for another reason
    circuit_open,  ///< the circuit breaker let no call through
    no_connection, ///< there was no connection to it, none in time, or it was lost
    deadline,      ///< the time was up, or nearly
};

/// The name in words: `"last_good"`, `"circuit_open"`.
std::string_view to_string(answer_source source) noexcept;
std::string_view to_string(degradation why) noexcept;

/// What a failed call's status says, by its code, origin and cause. A lost connection counts as none, an UNAVAILABLE
/// that the server sent does not; a DEADLINE_EXCEEDED counts whoever sent it.
degradation degradation_of(status const& outcome) noexcept;

/// Where an answer came from. See `call_options::origin` and `answered`.
struct answer_origin {
    answer_source source = answer_source::server;
    /// How old a last good answer is.
    std::chrono::steady_clock::duration age = {};
    /// What the call ended with, for which a fallback stands in; else OK.
    status cause = {};

    /// A fallback answered.
    bool degraded() const noexcept { return source > answer_source::interceptor; }
    degradation why() const noexcept { return degradation_of(cause); }
};

/// An answer with its origin: `async_call<answered<player>>("get_player_info", query)`.
template <class T>
struct answered {
    answered(T v, answer_origin o) : value(std::move(v)), origin(std::move(o)) {}

    T value;
    answer_origin origin;
};

} // namespace joust::game
