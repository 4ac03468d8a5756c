//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status_code_set.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace joust {

/// Never more attempts for one call than this, whatever a policy asks for (gRFC A6).
inline constexpr std::uint32_t most_attempts = 5;

/// How calls that failed are made again (gRFC A6).
///
/// Only calls whose answer has not begun, and, unless the method is idempotent, only those that the server provably has
/// not run. Attempts that never reached a server are repeated without any policy and are not counted.
struct retry_policy {
    /// How often a call is made at most, the first time included; what is above 5 counts as 5.
    std::uint32_t max_attempts = 4;
    /// The pause before the n-th retry: `initial_backoff` times `backoff_multiplier` to the power of n-1, at most
    /// `max_backoff`, times a random number from 0.8 to 1.2.
    std::chrono::steady_clock::duration initial_backoff = std::chrono::milliseconds(100);
    std::chrono::steady_clock::duration max_backoff = std::chrono::seconds(1);
    double backoff_multiplier = 2;
    /// What a call may end with to be made again.
    status_code_set retryable_status_codes = {status_code::unavailable};
    /// An attempt whose answer has not begun by then (response headers) is reset. It counts as UNAVAILABLE with the
    /// cause `connection_error::attempt_timeout`, and it is made again whatever `retryable_status_codes` says, which
    /// may be empty then; all else (number, idempotence, pause, budget, the deadline of the call) counts as ever. The
    /// last attempt has this time, too. None: an attempt may take as long as the call.
    std::optional<std::chrono::steady_clock::duration> per_attempt_timeout = {};
};

/// How calls are made several times without waiting for the first to fail (gRFC A6): the first answer wins, the others
/// are cancelled. Only for methods that may run more than once. Each attempt goes to another endpoint while there is
/// one. Streams, and requests that are too large to be kept, are made once.
struct hedging_policy {
    /// How often a call is made at most; what is above 5 counts as 5.
    std::uint32_t max_attempts = 2;
    /// The pause between one attempt and the next; zero: all at once.
    std::chrono::steady_clock::duration hedging_delay = std::chrono::milliseconds(100);
    /// A failure with one of these starts the next attempt at once; any other ends the call.
    status_code_set non_fatal_status_codes = {status_code::unavailable};
};

/// Keeps retries and hedging from adding to an overload (gRFC A6). A channel has up to `max_tokens`; a failed attempt
/// takes one, an answered call gives `token_ratio` back, and nothing is retried or hedged unless more than half are
/// left.
struct retry_throttling {
    double max_tokens = 10;   ///< at most 1000
    double token_ratio = 0.1; ///< digits after the third are cut off
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(retry_policy const& policy);
std::optional<std::string> validate(hedging_policy const& policy);
std::optional<std::string> validate(retry_throttling const& throttling);

} // namespace joust
