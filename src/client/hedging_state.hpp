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

/// What follows from the failure of one of a hedged call's attempts.
enum class hedging_action : std::uint8_t {
    wait,    ///< for the others, and until `next()`
    restart, ///< this attempt at once; it was not counted
    finish,  ///< the call ends with the status of this attempt; cancel the others
};

/// The attempts of one call that are under way at the same time (gRFC A6). Time is an argument.
///
/// At `next()`, which is the start of the call at first, `try_start` tells whether another attempt is to be started.
/// Each attempt ends in `on_failure`, or in `on_answer`, after which the others are to be cancelled and not reported.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class hedging_state {
public:
    static constexpr time_point never = time_point::max();

    /// `policy` is valid and copied; `deadline`: `time_point::max()` for none.
    hedging_state(hedging_policy const& policy, time_point now, time_point deadline) noexcept;

    /// When `try_start` is to be asked; `never`: not any more.
    time_point next() const noexcept { return next_; }

    /// True: start one more attempt now; ask again, as several may be due. The first one is always started, those after
    /// it only while `throttle`, which may be null, has tokens, and before the deadline.
    bool try_start(time_point now, retry_throttle const* throttle) noexcept;

    /// One of the attempts under way failed.
    hedging_action on_failure(failed_attempt const& a, time_point now, retry_throttle* throttle) noexcept;

    /// An attempt got response headers, or an answer: the call is committed to it.
    void on_answer() noexcept { next_ = never; }

    /// None is under way and none will be: the call ends with the status of its last attempt. Look at it after
    /// `try_start`, too: a server's pushback may have ended in a time without tokens.
    bool exhausted() const noexcept { return next_ == never && under_way_ == 0; }

    /// Attempts started before the next one: its `grpc-previous-rpc-attempts`.
    std::uint32_t started() const noexcept { return started_; }
    std::uint32_t under_way() const noexcept { return under_way_; }

private:
    hedging_action end(hedging_action action) noexcept;
    void plan(time_point now, duration pause) noexcept;

    hedging_policy policy_;
    time_point deadline_;
    time_point next_;
    std::uint32_t max_attempts_;
    std::uint32_t started_ = 0;
    std::uint32_t under_way_ = 0;
    bool refused_ = false; // the transparent retry after a refusal has been used
};

} // namespace joust::client
