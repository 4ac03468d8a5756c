//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace joust::wire {

/// Where a message unfolds to: a buffer that doubles with what comes, up to the limit and the one byte more that shows
/// that the limit is passed.
class bounded_output {
public:
    bounded_output(buffer& out, std::size_t limit) noexcept
        : out_(out), most_(limit < std::numeric_limits<std::size_t>::max() ? limit + 1 : limit) {}

    /// Where to write next, not empty unless the limit is passed. `expected` more bytes are a guess.
    std::span<std::uint8_t> room(std::size_t expected) {
        constexpr std::size_t smallest = 256;
        constexpr std::size_t largest_step = std::size_t{1} << 30; // zlib counts in `unsigned`
        std::size_t const size = out_.size();
        if (out_.capacity() == size) {
            std::size_t const wanted = size + std::max({smallest, size, std::min(expected, most_ - size)});
            out_.reserve(std::min(wanted, most_));
        }
        std::size_t const n = std::min({out_.capacity() - size, most_ - size, largest_step});
        begin_ = size;
        return {out_.grow(n), n};
    }

    /// So much of the room was used.
    void wrote(std::size_t n) noexcept { out_.truncate(begin_ + n); }

    bool passed() const noexcept { return out_.size() == most_; }

private:
    buffer& out_;
    std::size_t most_;
    std::size_t begin_ = 0;
};

} // namespace joust::wire
