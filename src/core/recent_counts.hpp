//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace joust::core {

/// How many things happened in each quarter of a second of the last minute.
///
/// *Thread safety*: safe. What happens while it is read may be counted or not.
class recent_counts {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using span = std::chrono::duration<std::int64_t, std::ratio<1, 4>>;

    /// The number of the quarter that this is in.
    static std::uint32_t quarter_of(time_point when) noexcept {
        return static_cast<std::uint32_t>(std::chrono::floor<span>(when.time_since_epoch()).count());
    }

    /// Something happened in this quarter.
    void add(std::uint32_t quarter) noexcept {
        auto& slot = slots_[quarter % slots_.size()];
        std::uint64_t const old = slot.load(std::memory_order_relaxed);
        if (static_cast<std::uint32_t>(old >> 32) == quarter)
            slot.fetch_add(1, std::memory_order_relaxed);
        else
            begin(slot, old, quarter);
    }

    /// How often in the whole seconds that ended with the quarter before this one; at most 60 of them.
    std::uint64_t count(std::uint32_t now, unsigned seconds) const noexcept;

private:
    using packed = std::atomic<std::uint64_t>; // the quarter in the upper half, the count in the lower one

    static void begin(packed& slot, std::uint64_t old, std::uint32_t quarter) noexcept;

    std::array<packed, 256> slots_{};
};

} // namespace joust::core
