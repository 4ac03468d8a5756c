//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/pool_counters.hpp"

namespace joust::client {

channel_statistics pool_counters::read() const noexcept {
    auto const value = [](counter const& of) { return of.load(std::memory_order_relaxed); };
    channel_statistics s;
    s.connecting = value(connecting);
    s.ready = value(ready);
    s.not_serving = value(not_serving);
    s.draining = value(draining);
    s.waiting_calls = value(waiting_calls);
    s.connections = value(connections);
    s.failed_connections = value(failed_connections);
    s.lost_connections = value(lost_connections);
    s.reconnections = value(reconnections);
    s.probes = value(probes);
    s.failed_probes = value(failed_probes);
    s.retries = value(retries);
    s.hedges = value(hedges);
    s.breaker_rejections = value(breaker_rejections);
    return s;
}

} // namespace joust::client
