//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace joust::http2 {

/// A message on its way out. Counted, because a write in flight may still refer to one that its stream is done with.
struct outgoing {
    buffer data;
    std::size_t offset = 0; ///< what the session has taken of it
    std::uint32_t references = 0;
    outgoing* next = nullptr;
};

/// Free list of `outgoing`s; keeps small storages, so that at steady state nothing is allocated.
class outgoing_pool {
public:
    outgoing_pool() = default;
    outgoing_pool(outgoing_pool const&) = delete;
    outgoing_pool& operator=(outgoing_pool const&) = delete;
    ~outgoing_pool();

    /// An empty node with one reference.
    outgoing* acquire();
    void release(outgoing* node) noexcept;

private:
    outgoing* free_ = nullptr;
    std::size_t free_count_ = 0;
};

/// The bytes of one write: small things copied together, large messages referred to.
///
/// *Lifetime*: not longer than the pool's.
class output {
public:
    explicit output(outgoing_pool& pool) noexcept : pool_(pool) {}
    output(output const&) = delete;
    output& operator=(output const&) = delete;
    ~output() { clear(); }

    bool empty() const noexcept { return size() == 0; }
    std::size_t size() const noexcept { return copied_.size() + referenced_; }

    void copy(void const* bytes, std::size_t n) { copied_.append(bytes, n); }
    /// Refers to `n` bytes of the node's data and holds a reference to it until cleared.
    void refer(outgoing& node, std::size_t offset, std::size_t n);

    /// Appends the pieces to `into`, in order. They live until this object changes.
    void pieces(std::vector<std::span<std::uint8_t const>>& into) const;

    /// Releases what was referred to; keeps a small storage only.
    void clear() noexcept;

private:
    struct reference {
        std::size_t at; // position in copied_ that the referred bytes come before
        outgoing* node;
        std::size_t offset;
        std::size_t size;
    };

    outgoing_pool& pool_;
    buffer copied_;
    std::vector<reference> references_;
    std::size_t referenced_ = 0;
};

} // namespace joust::http2
