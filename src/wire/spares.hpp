//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace joust::wire {

/// Keeps a few used objects that are dear to make for whoever needs one next.
///
/// *Thread safety*: safe.
template <class T>
class spares {
    static constexpr std::size_t most = 2;

public:
    spares() { kept_.reserve(most); }

    /// One that was given back, or null.
    std::unique_ptr<T> take() noexcept {
        std::lock_guard const lock(mutex_);
        if (kept_.empty())
            return nullptr;
        std::unique_ptr<T> one = std::move(kept_.back());
        kept_.pop_back();
        return one;
    }

    void give_back(std::unique_ptr<T> one) noexcept {
        std::lock_guard const lock(mutex_);
        if (kept_.size() < most)
            kept_.push_back(std::move(one));
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<T>> kept_;
};

} // namespace joust::wire
