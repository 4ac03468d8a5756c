//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstdint>
#include <string>

namespace joust::bench {

/// What this program has asked of the heap and of the operating system so far. Linking it replaces operator new, malloc
/// and the system calls' functions by ones that count.
struct counters {
    std::uint64_t news = 0;     ///< operator new
    std::uint64_t heap = 0;     ///< malloc and its kin, operator new included
    std::uint64_t sends = 0;    ///< send, sendmsg
    std::uint64_t receives = 0; ///< recv, recvmsg
    std::uint64_t waits = 0;    ///< epoll_wait
    std::uint64_t timers = 0;   ///< timerfd_settime

    friend counters operator-(counters const& a, counters const& b) noexcept {
        return {a.news - b.news,         a.heap - b.heap,   a.sends - b.sends,
                a.receives - b.receives, a.waits - b.waits, a.timers - b.timers};
    }

    friend counters operator+(counters const& a, counters const& b) noexcept {
        return {a.news + b.news,         a.heap + b.heap,   a.sends + b.sends,
                a.receives + b.receives, a.waits + b.waits, a.timers + b.timers};
    }

    /// `new=1 heap=2 sends=3 receives=4 waits=5 timers=6`
    std::string to_string() const;
};

counters count() noexcept;

} // namespace joust::bench
