//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status_code.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace joust::client {

/// What is known of the way an attempt has gone.
enum class attempt_fate : std::uint8_t {
    never_sent,   ///< it had a connection, which ended or ran out of streams before its headers had left
    refused,      ///< REFUSED_STREAM, or above the last stream of a GOAWAY: the server did not look at it
    unreachable,  ///< it got no connection, as none can be made: trying again at once would only turn in a circle
    may_have_run, ///< it failed without response headers
    committed,    ///< response headers came, or what was sent is too large to be kept for another attempt
};

/// An attempt that failed, by its server's or the network's doing: not by the user's cancellation.
struct failed_attempt {
    status_code code = status_code::unavailable;
    attempt_fate fate = attempt_fate::may_have_run;
    std::optional<std::string_view> pushback = {}; ///< the value of `grpc-retry-pushback-ms` in the trailers
    bool timed_out = false;                        ///< by `retry_policy::per_attempt_timeout`
};

/// The delay that a server asks for by `grpc-retry-pushback-ms`; none: a negative number or no number, which both ask
/// for no other attempt at all.
std::optional<std::chrono::steady_clock::duration> parse_pushback(std::string_view text) noexcept;

} // namespace joust::client
