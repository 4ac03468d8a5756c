//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "client/attempt.hpp"
#include "client/retry_throttle.hpp"
#include "client/saturated.hpp"
#include "joust/client/retry_policy.hpp"

#include <cstdint>

namespace joust::client {

enum class retry_action : std::uint8_t {
    give_up,  ///< the call ends with the status of this attempt
    retry_at, ///< another attempt at `when`
    retry_now ///< a transparent one, at once
};

/// Why a call is not made again.
enum class retry_stop : std::uint8_t {
    none,
    committed,      ///< its answer had begun, or its request is too large to be kept
    not_retryable,  ///< no policy, or a code that it does not name, and not for the time of the attempt
    not_idempotent, ///< it may have run, and may not run twice
    pushback,       ///< the server asked not to
    throttled,      ///< too few tokens
    attempts,       ///< made as often as it may be
    deadline,       ///< it would start at the deadline or later
};

struct retry_decision {
    retry_action action = retry_action::give_up;
    retry_stop reason = retry_stop::none; ///< of giving up
    time_point when = {};                 ///< of the next attempt
};

/// The attempts of one call (gRFC A6), one after the other. Time and chance are arguments.
///
///     attempt failed
///       deadline over, or committed ------------------> give up
///       never sent ----------------------------------> retry now
///       refused, for the first time of the call -----> retry now
///       all that may speak against it, in the order of retry_stop --> give up
///       otherwise -----------------------------------> retry at now + backoff, or + pushback
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class retry_state {
public:
    /// `policy` (valid, copied) may be null: only what never ran is repeated. `deadline`: `time_point::max()` for none.
    retry_state(retry_policy const* policy, bool idempotent, time_point deadline) noexcept;

    /// What follows after an attempt failed. `random01` is from [0, 1); `throttle` may be null.
    retry_decision on_failure(failed_attempt const& a, time_point now, double random01,
                              retry_throttle* throttle) noexcept;

    /// The counted attempts before the one under way: `grpc-previous-rpc-attempts`, which is sent unless it is 0.
    std::uint32_t previous_attempts() const noexcept { return retries_; }

private:
    retry_decision retry_by_policy(failed_attempt const& a, time_point now, double random01,
                                   retry_throttle* throttle) noexcept;
    duration backoff(double random01) const noexcept;

    retry_policy policy_;
    time_point deadline_;
    std::uint32_t max_attempts_; // 1 without a policy
    std::uint32_t retries_ = 0;
    std::uint32_t retries_since_pushback_ = 0; // a pushback begins the backoff anew
    bool idempotent_;
    bool refused_ = false; // the transparent retry after a refusal has been used
};

} // namespace joust::client
