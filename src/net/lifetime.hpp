//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/deadline.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace joust::net {

/// How long a server's connection may live (gRFC A9). Time and chance are arguments.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class lifetime {
public:
    struct settings {
        duration preface_timeout = std::chrono::seconds(20);    ///< until the client's SETTINGS have come
        std::optional<duration> max_idle = {};                  ///< without calls
        std::optional<duration> max_age = {};                   ///< give or take a tenth
        std::optional<duration> max_age_grace = {};             ///< for the calls of a connection that is too old
        duration drain_ping_timeout = std::chrono::seconds(20); ///< until the client has answered the PING of a drain
    };

    enum class action : std::uint8_t {
        nothing,
        preface_timeout, ///< the peer has not spoken
        drain_idle,
        drain_old,
        final_goaway, ///< the peer does not answer the PING of the drain
        abort,        ///< the grace is over
    };

    /// `random01` is from [0, 1).
    lifetime(settings const& s, time_point now, double random01) noexcept;

    void on_spoken() noexcept { preface_ = never; }
    void on_drain(time_point now) noexcept;
    void on_final_goaway() noexcept { ping_ = never; }

    /// One thing that is to be done now; ask until there is nothing. `idle_since`: none while there are calls.
    action on_time(time_point now, std::optional<time_point> idle_since) noexcept;
    /// When to call `on_time` again.
    time_point next() const noexcept;

private:
    settings settings_;
    time_point preface_;
    time_point idle_;
    time_point age_;
    time_point grace_ = never;
    time_point ping_ = never;
};

} // namespace joust::net
