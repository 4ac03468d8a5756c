//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>

namespace joust::http2 {

/// The memory of one session: small blocks are kept in free lists by size, so that at steady state the heap rests.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class block_allocator {
public:
    block_allocator() = default;
    block_allocator(block_allocator const&) = delete;
    block_allocator& operator=(block_allocator const&) = delete;
    ~block_allocator();

    void* allocate(std::size_t n) noexcept;
    void* allocate_zeroed(std::size_t n) noexcept;
    void* reallocate(void* p, std::size_t n) noexcept;
    void deallocate(void* p) noexcept;

    /// Bytes in the free lists.
    std::size_t kept() const noexcept { return kept_; }

private:
    static constexpr std::size_t granule = 64;
    static constexpr std::size_t classes = 16;
    static constexpr std::size_t max_kept = 128 * 1024;

    struct header {
        std::size_t size; // usable bytes
        header* next;
    };

    header* free_[classes] = {};
    std::size_t kept_ = 0;
};

} // namespace joust::http2
