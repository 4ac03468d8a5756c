//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "virtual_time.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <ctime>
#include <optional>
#include <random>

namespace joust::sim {

namespace {

constexpr std::int64_t second = 1'000'000'000;

/// Asio's epoll reactor waits for one timerfd, which it sets to its earliest timer. Here it is an eventfd.
struct machine {
    bool simulated = false;
    std::int64_t now = 0;            // nanoseconds
    std::optional<std::int64_t> due; // of the timerfd
    int fd = -1;
    bool expired = false; // the eventfd says so
    std::mt19937_64 random;

    void expire() {
        due.reset();
        std::uint64_t const one = 1;
        expired = ::write(fd, &one, sizeof one) == sizeof one;
    }

    void set(itimerspec const& to, bool absolute) {
        if (expired) {
            std::uint64_t ignored = 0;
            expired = ::read(fd, &ignored, sizeof ignored) < 0;
        }
        std::int64_t const value = to.it_value.tv_sec * second + to.it_value.tv_nsec;
        // Asio cuts durations down to microseconds: one more, lest it wake up too early and wait again.
        due = absolute ? value : now + value + 1000;
        if (*due <= now)
            expire();
    }
};

machine the_machine;

} // namespace

virtual_time::virtual_time(std::uint64_t seed) {
    the_machine.simulated = true;
    the_machine.now = 1000 * second;
    the_machine.due.reset();
    the_machine.random.seed(seed);
}

virtual_time::~virtual_time() {
    the_machine.simulated = false;
}

bool virtual_time::advance() {
    if (!the_machine.due)
        return false;
    the_machine.now = *the_machine.due;
    the_machine.expire();
    return true;
}

} // namespace joust::sim

using joust::sim::the_machine;

extern "C" {

int clock_gettime(clockid_t which, timespec* out) noexcept {
    if (which != CLOCK_MONOTONIC || !the_machine.simulated)
        return static_cast<int>(::syscall(SYS_clock_gettime, which, out));
    out->tv_sec = the_machine.now / joust::sim::second;
    out->tv_nsec = the_machine.now % joust::sim::second;
    return 0;
}

int timerfd_create(clockid_t, int) noexcept {
    the_machine.expired = false;
    return the_machine.fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

int timerfd_settime(int, int flags, itimerspec const* to, itimerspec*) noexcept {
    the_machine.set(*to, (flags & TFD_TIMER_ABSTIME) != 0);
    return 0;
}

// Saves the system calls: nothing but the timer can be ready.
int epoll_wait(int fd, epoll_event* events, int most, int timeout) {
    if (the_machine.simulated && !the_machine.expired)
        return 0;
    return static_cast<int>(::syscall(SYS_epoll_wait, fd, events, most, timeout));
}

} // extern "C"

// What std::random_device's operator() calls.
std::random_device::result_type std::random_device::_M_getval() {
    return static_cast<result_type>(the_machine.random());
}
