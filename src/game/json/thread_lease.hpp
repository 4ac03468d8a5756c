//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>

namespace joust::json {

/// This thread's object of a type while it is free, otherwise one of its own; for its storage only.
///
/// `Use` tells apart objects that are used differently. `T::shrink(most)` is called afterwards.
template <class T, class Use, std::size_t most>
class thread_lease {
public:
    thread_lease() : borrowed_(!in_use_) { in_use_ = true; }
    thread_lease(thread_lease const&) = delete;
    thread_lease& operator=(thread_lease const&) = delete;
    ~thread_lease() {
        if (borrowed_) {
            in_use_ = false;
            kept_.shrink(most);
        }
    }
    T& get() noexcept { return borrowed_ ? kept_ : own_; }

private:
    static inline thread_local T kept_;
    static inline thread_local bool in_use_ = false;
    bool borrowed_;
    T own_;
};

} // namespace joust::json
