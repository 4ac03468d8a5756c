//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/buffer.hpp"

#include <algorithm>

namespace joust {

void buffer::reserve(std::size_t capacity) {
    if (capacity <= capacity_)
        return;
    auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
    if (size_ != 0)
        std::memcpy(larger.get(), data_.get(), size_);
    data_ = std::move(larger);
    capacity_ = capacity;
}

void buffer::reserve_more(std::size_t n) {
    constexpr std::size_t smallest = 64;
    reserve(std::max({smallest, size_ + n, capacity_ + capacity_ / 2}));
}

} // namespace joust
