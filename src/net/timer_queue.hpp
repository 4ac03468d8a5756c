//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace joust::net {

/// Something that waits for a point in time in a `timer_queue`. Must not be destroyed while it does.
class timed {
public:
    virtual void on_expired() = 0;
    bool waiting() const noexcept { return index_ != not_waiting; }

protected:
    timed() = default;
    ~timed() = default;

private:
    friend class timer_queue;
    static constexpr std::size_t not_waiting = static_cast<std::size_t>(-1);
    std::size_t index_ = not_waiting;
};

/// The deadlines of one connection, a binary heap: one timer of the operating system serves them all.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class timer_queue {
public:
    using time_point = std::chrono::steady_clock::time_point;

    bool empty() const noexcept { return heap_.empty(); }
    time_point earliest() const noexcept { return heap_.front().when; }

    void add(timed& what, time_point when);
    /// Does nothing when it does not wait.
    void remove(timed& what) noexcept;
    /// Takes out one that is due, or null.
    timed* pop_due(time_point now) noexcept;

private:
    struct entry {
        time_point when;
        timed* what;
    };

    void put(std::size_t at, entry e) noexcept;
    void sift_up(std::size_t at, entry e) noexcept;
    void sift_down(std::size_t at, entry e) noexcept;

    std::vector<entry> heap_;
};

} // namespace joust::net
