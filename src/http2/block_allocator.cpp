//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/block_allocator.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

namespace joust::http2 {

block_allocator::~block_allocator() {
    for (header* list : free_)
        while (list != nullptr) {
            header* const next = list->next;
            std::free(list);
            list = next;
        }
}

void* block_allocator::allocate(std::size_t n) noexcept {
    std::size_t const index = n == 0 ? 0 : (n - 1) / granule;
    if (index < classes) {
        n = (index + 1) * granule;
        if (header* h = free_[index]) {
            free_[index] = h->next;
            kept_ -= n;
            return h + 1;
        }
    }
    void* const raw = std::malloc(sizeof(header) + n);
    if (raw == nullptr)
        return nullptr;
    return new (raw) header{n, nullptr} + 1;
}

void* block_allocator::allocate_zeroed(std::size_t n) noexcept {
    void* const p = allocate(n);
    if (p != nullptr)
        std::memset(p, 0, n);
    return p;
}

void* block_allocator::reallocate(void* p, std::size_t n) noexcept {
    if (p == nullptr)
        return allocate(n);
    std::size_t const had = (static_cast<header*>(p) - 1)->size;
    if (n <= had)
        return p;
    void* const larger = allocate(n);
    if (larger == nullptr)
        return nullptr;
    std::memcpy(larger, p, had);
    deallocate(p);
    return larger;
}

void block_allocator::deallocate(void* p) noexcept {
    if (p == nullptr)
        return;
    header* const h = static_cast<header*>(p) - 1;
    std::size_t const index = (h->size - 1) / granule;
    if (h->size > classes * granule || kept_ + h->size > max_kept) {
        std::free(h);
        return;
    }
    h->next = free_[index];
    free_[index] = h;
    kept_ += h->size;
}

} // namespace joust::http2
