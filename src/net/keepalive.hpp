//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/keepalive_options.hpp"
#include "net/deadline.hpp"

#include <cstdint>

namespace joust::net {

/// When to ask a quiet peer for a sign of life, and when to give it up (gRFC A8, A9). Time is an argument.
///
///              nothing read for `time`: ping
///     waiting --------------------------------> pinged --nothing read for `timeout`--> give up
///       |  ^                                      |
///       |  +------------- something read ---------+
///       |  ^
///       |  | a call begins
///       v  |
///     dormant: due, but there are no calls
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class keepalive {
public:
    enum class action : std::uint8_t { nothing, ping, give_up };

    keepalive(keepalive_options const& o, time_point now) noexcept;

    void on_read(time_point now) noexcept { last_read_ = now; }
    /// True when a call that begins has to `wake` it.
    bool dormant() const noexcept { return state_ == state::dormant; }
    void wake() noexcept { state_ = state::waiting; }

    action on_time(time_point now, bool has_calls) noexcept;
    /// When to call `on_time` again.
    time_point next() const noexcept;

    /// Begins, if the options were without a time; false: there was one.
    bool turn_on(keepalive_options const& o, time_point now) noexcept;

    /// The peer finds that there are too many pings.
    void slow_down() noexcept;

private:
    enum class state : std::uint8_t { off, waiting, pinged, dormant };

    keepalive_options options_;
    state state_;
    time_point last_read_;
    time_point pinged_{};
};

/// The options after a GOAWAY "too_many_pings": twice the time.
keepalive_options slower(keepalive_options o) noexcept;

} // namespace joust::net
