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

/// Counts the pings that come too soon (gRFC A8, A9). Time is an argument.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class ping_police {
public:
    struct settings {
        duration min_interval = std::chrono::minutes(5);
        bool permit_without_calls = false; ///< or else pings without calls are to be two hours apart
        std::uint32_t max_strikes = 2;     ///< 0: none are counted
    };

    explicit ping_police(settings const& s) noexcept : settings_(s) {}

    /// True when it was one too many. `answered`: HEADERS or DATA were sent since the last ping, which forgives all.
    bool on_ping(time_point now, bool has_calls, bool answered) noexcept;

private:
    settings settings_;
    std::optional<time_point> last_;
    std::uint32_t strikes_ = 0;
};

} // namespace joust::net
