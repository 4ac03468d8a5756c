//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstdint>

namespace joust {

/// What a channel has, and what it has done so far.
struct channel_statistics {
    // Connections, by state.
    std::uint64_t connecting = 0;
    std::uint64_t ready = 0;
    std::uint64_t not_serving = 0; ///< whose server says, or shows, that it does not serve: see `health_check_options`
    std::uint64_t draining = 0;    ///< that take no more calls
    /// Calls that wait for a connection, a free stream, or their next attempt.
    std::uint64_t waiting_calls = 0;

    // Since the channel was made.
    std::uint64_t connections = 0;        ///< that were made
    std::uint64_t failed_connections = 0; ///< that could not be made
    std::uint64_t lost_connections = 0;   ///< that ended, or that the server wanted to end
    std::uint64_t reconnections = 0;      ///< that took the place of a lost one
    std::uint64_t probes = 0;             ///< of servers' health
    std::uint64_t failed_probes = 0;      ///< that found a server which does not serve, or none
    std::uint64_t retries = 0;            ///< attempts of calls after their first, without those of hedged calls
    std::uint64_t hedges = 0;             ///< the same of hedged calls
    std::uint64_t breaker_rejections = 0; ///< calls that found all circuit breakers open
};

} // namespace joust
