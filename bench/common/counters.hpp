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
    std::uint64_t news = 0;   ///< operator new
    std::uint64_t heap = 0;   ///< malloc and its kin, operator new included
    std::uint64_t sends = 0;  ///< send, sendmsg
    std::uint64_t reads = 0;  ///< recv, recvmsg that brought bytes
    std::uint64_t misses = 0; ///< and those that brought none
    std::uint64_t waits = 0;  ///< epoll_wait
    std::uint64_t timers = 0; ///< timerfd_settime

    counters& operator+=(counters const& other) noexcept;
    friend counters operator-(counters a, counters const& b) noexcept;

    /// `new=1 heap=2 sends=3 reads=4 misses=5 waits=6 timers=7`, each divided by `calls`.
    std::string per_call(double calls) const;
};

counters count() noexcept;

} // namespace joust::bench
