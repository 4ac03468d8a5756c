//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "common/counters.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <iomanip>
#include <new>
#include <sstream>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace {

// Programs here count on one thread; the resolver's may race, and a lost count is better than a locked instruction.
class tally {
public:
    tally& operator++() noexcept {
        n_.store(get() + 1, std::memory_order_relaxed);
        return *this;
    }
    std::uint64_t get() const noexcept { return n_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> n_{0};
};

constinit tally news, heap, sends, reads, misses, waits, timers;

ssize_t note_read(ssize_t n) noexcept {
    n > 0 ? ++reads : ++misses;
    return n;
}

} // namespace

namespace joust::bench {

namespace {

constexpr struct {
    char const* name;
    std::uint64_t counters::*member;
} members[] = {
    {"new", &counters::news},      {"heap", &counters::heap},     {"sends", &counters::sends},
    {"reads", &counters::reads},   {"misses", &counters::misses}, {"waits", &counters::waits},
    {"timers", &counters::timers},
};

} // namespace

counters& counters::operator+=(counters const& other) noexcept {
    for (auto const& m : members)
        this->*m.member += other.*m.member;
    return *this;
}

counters operator-(counters a, counters const& b) noexcept {
    for (auto const& m : members)
        a.*m.member -= b.*m.member;
    return a;
}

std::string counters::per_call(double calls) const {
    std::ostringstream text;
    text << std::fixed << std::setprecision(4);
    for (auto const& m : members)
        text << (&m == members ? "" : " ") << m.name << '=' << static_cast<double>(this->*m.member) / calls;
    return text.str();
}

counters count() noexcept {
    return {news.get(), heap.get(), sends.get(), reads.get(), misses.get(), waits.get(), timers.get()};
}

} // namespace joust::bench

// -- the heap, by glibc's other names for it

extern "C" {

void* __libc_malloc(std::size_t n);
void* __libc_calloc(std::size_t n, std::size_t m);
void* __libc_realloc(void* p, std::size_t n);
void* __libc_memalign(std::size_t alignment, std::size_t n);

void* malloc(std::size_t n) noexcept {
    ++heap;
    return __libc_malloc(n);
}

void* calloc(std::size_t n, std::size_t m) noexcept {
    ++heap;
    return __libc_calloc(n, m);
}

void* realloc(void* p, std::size_t n) noexcept {
    ++heap;
    return __libc_realloc(p, n);
}

void* aligned_alloc(std::size_t alignment, std::size_t n) noexcept {
    ++heap;
    return __libc_memalign(alignment, n);
}

int posix_memalign(void** p, std::size_t alignment, std::size_t n) noexcept {
    ++heap;
    *p = __libc_memalign(alignment, n);
    return *p != nullptr ? 0 : ENOMEM;
}

} // extern "C"

// The inlined pair of operators confuses this warning: malloc here, free there.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

void* operator new(std::size_t n) {
    ++news;
    if (void* const p = malloc(n == 0 ? 1 : n))
        return p;
    throw std::bad_alloc();
}

void* operator new[](std::size_t n) {
    return operator new(n);
}

void operator delete(void* p) noexcept {
    std::free(p);
}

void operator delete[](void* p) noexcept {
    std::free(p);
}

void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}

void operator delete[](void* p, std::size_t) noexcept {
    std::free(p);
}

// -- the operating system

extern "C" {

ssize_t send(int fd, void const* bytes, std::size_t n, int flags) {
    ++sends;
    return syscall(SYS_sendto, fd, bytes, n, flags, nullptr, 0);
}

ssize_t sendmsg(int fd, msghdr const* message, int flags) {
    ++sends;
    return syscall(SYS_sendmsg, fd, message, flags);
}

ssize_t recv(int fd, void* into, std::size_t n, int flags) {
    return note_read(syscall(SYS_recvfrom, fd, into, n, flags, nullptr, nullptr));
}

ssize_t recvmsg(int fd, msghdr* message, int flags) {
    return note_read(syscall(SYS_recvmsg, fd, message, flags));
}

int epoll_wait(int fd, epoll_event* events, int most, int timeout) {
    ++waits;
    return static_cast<int>(syscall(SYS_epoll_pwait, fd, events, most, timeout, nullptr, 0));
}

int timerfd_settime(int fd, int flags, itimerspec const* when, itimerspec* before) noexcept {
    ++timers;
    return static_cast<int>(syscall(SYS_timerfd_settime, fd, flags, when, before));
}

} // extern "C"
