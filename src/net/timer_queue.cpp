//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/timer_queue.hpp"

namespace joust::net {

void timer_queue::put(std::size_t at, entry e) noexcept {
    heap_[at] = e;
    e.what->index_ = at;
}

void timer_queue::sift_up(std::size_t at, entry e) noexcept {
    while (at != 0) {
        std::size_t const parent = (at - 1) / 2;
        if (heap_[parent].when <= e.when)
            break;
        put(at, heap_[parent]);
        at = parent;
    }
    put(at, e);
}

void timer_queue::sift_down(std::size_t at, entry e) noexcept {
    for (std::size_t child; (child = 2 * at + 1) < heap_.size(); at = child) {
        if (child + 1 < heap_.size() && heap_[child + 1].when < heap_[child].when)
            ++child;
        if (e.when <= heap_[child].when)
            break;
        put(at, heap_[child]);
    }
    put(at, e);
}

void timer_queue::add(timed& what, time_point when) {
    remove(what);
    heap_.push_back({when, &what});
    sift_up(heap_.size() - 1, {when, &what});
}

void timer_queue::remove(timed& what) noexcept {
    if (!what.waiting())
        return;
    std::size_t const at = what.index_;
    what.index_ = timed::not_waiting;
    entry const last = heap_.back();
    heap_.pop_back();
    if (last.what == &what)
        return;
    if (at != 0 && last.when < heap_[(at - 1) / 2].when)
        sift_up(at, last);
    else
        sift_down(at, last);
}

timed* timer_queue::pop_due(time_point now) noexcept {
    if (heap_.empty() || heap_.front().when > now)
        return nullptr;
    timed* const due = heap_.front().what;
    remove(*due);
    return due;
}

} // namespace joust::net
