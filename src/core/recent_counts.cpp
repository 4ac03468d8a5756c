//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "core/recent_counts.hpp"

namespace joust::core {

namespace {

/// How much later `a` is; the numbers may wrap around.
std::int32_t distance(std::uint32_t a, std::uint32_t b) noexcept {
    return static_cast<std::int32_t>(a - b);
}

} // namespace

void recent_counts::begin(packed& slot, std::uint64_t old, std::uint32_t quarter) noexcept {
    std::uint64_t const first = std::uint64_t{quarter} << 32 | 1;
    for (;;) {
        auto const of = static_cast<std::uint32_t>(old >> 32);
        if (old != 0 && distance(of, quarter) > 0)
            return; // older than a minute
        if (slot.compare_exchange_weak(old, of == quarter ? old + 1 : first, std::memory_order_relaxed))
            return;
    }
}

std::uint64_t recent_counts::count(std::uint32_t now, unsigned seconds) const noexcept {
    auto const quarters = static_cast<std::int32_t>(seconds * 4);
    std::uint64_t sum = 0;
    for (packed const& each : slots_) {
        std::uint64_t const slot = each.load(std::memory_order_relaxed);
        std::int32_t const ago = distance(now, static_cast<std::uint32_t>(slot >> 32));
        if (ago >= 1 && ago <= quarters)
            sum += static_cast<std::uint32_t>(slot);
    }
    return sum;
}

} // namespace joust::core
