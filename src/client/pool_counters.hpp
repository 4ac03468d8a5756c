//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/channel_statistics.hpp"

#include <atomic>
#include <cstdint>

namespace joust::client {

/// What is counted in a pool.
///
/// *Thread safety*: counted on the channel's executor, read from anywhere.
struct pool_counters {
    using counter = std::atomic<std::uint64_t>;

    counter connecting{0};
    counter ready{0};
    counter not_serving{0};
    counter draining{0};
    counter waiting_calls{0};
    counter connections{0};
    counter failed_connections{0};
    counter lost_connections{0};
    counter reconnections{0};
    counter probes{0};
    counter failed_probes{0};
    counter retries{0};
    counter hedges{0};
    counter breaker_rejections{0};

    static void add(counter& to) noexcept { to.fetch_add(1, std::memory_order_relaxed); }
    static void remove(counter& from) noexcept { from.fetch_sub(1, std::memory_order_relaxed); }

    channel_statistics read() const noexcept;
};

} // namespace joust::client
