//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "core/histogram.hpp"
#include "core/recent_counts.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>

namespace joust::core {

/// What `call_counters` has counted.
struct call_totals {
    std::uint64_t begun = 0;
    std::uint64_t ended = 0;
    /// Those of `ended` that failed, by code; 0 stands for codes that there was no room for.
    std::map<int, std::uint64_t> failures = {};
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t nanoseconds = 0; ///< of all that ended, together
    histogram latencies = {};
    double per_second = 0;           ///< in the last second
    double per_second_of_ten = 0;    ///< in the last ten
    double per_second_of_minute = 0; ///< in the last minute

    call_totals& operator+=(call_totals const& other);
};

/// Counts the calls of a method.
///
/// Each thread counts in a shard of its own as long as there are no more than 16 of them, so that cores don't take
/// cache lines from each other; reading adds the shards up. A shard has 7.5 KiB and is made when its thread first
/// counts.
///
/// *Thread safety*: safe. What is counted while it is read may be in the totals or not, or in parts.
class call_counters {
public:
    using time_point = std::chrono::steady_clock::time_point;

    call_counters() = default;
    call_counters(call_counters const&) = delete;
    call_counters& operator=(call_counters const&) = delete;
    ~call_counters();

    /// A call began.
    void begin(time_point now) noexcept;
    /// One of them ended, well if `code` is 0.
    void end(int code, std::chrono::nanoseconds elapsed, std::size_t bytes_in, std::size_t bytes_out) noexcept;

    call_totals read(time_point now) const;

private:
    static constexpr std::size_t most_codes = 15;
    using counter = std::atomic<std::uint64_t>;

    struct alignas(64) shard {
        counter begun{0};
        counter bytes_in{0};
        counter bytes_out{0};
        counter nanoseconds{0};
        counter most{0};
        std::array<std::atomic<int>, most_codes> codes{};
        std::array<counter, most_codes + 1> failures{}; // the last one is of all other codes
        recent_counts recent;
        std::array<counter, histogram::buckets> latencies{};
    };

    /// This thread's; null when there is no memory for it.
    shard* mine() noexcept;
    static void count_failure(shard& in, int code) noexcept;
    static void add(shard const& from, call_totals& to);

    std::array<std::atomic<shard*>, 16> shards_{};
};

} // namespace joust::core
