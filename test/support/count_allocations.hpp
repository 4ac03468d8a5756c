//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

// Counts what the program asks of operator new. Included by one file of a test binary: it replaces the operators.

namespace joust::test {

inline std::size_t allocation_count = 0;
inline std::size_t largest_allocation = 0; ///< in bytes, since it was set to 0

} // namespace joust::test

// The inlined pair of operators confuses this warning: malloc here, free there.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

void* operator new(std::size_t n) {
    ++joust::test::allocation_count;
    if (n > joust::test::largest_allocation)
        joust::test::largest_allocation = n;
    if (void* const p = std::malloc(n == 0 ? 1 : n))
        return p;
    throw std::bad_alloc();
}

void* operator new[](std::size_t n) {
    return operator new(n);
}

// Those of the sanitizers would not call the ones above, and `delete` would not know where the memory is from.
void* operator new(std::size_t n, std::nothrow_t const&) noexcept {
    ++joust::test::allocation_count;
    return std::malloc(n == 0 ? 1 : n);
}

void* operator new[](std::size_t n, std::nothrow_t const&) noexcept {
    return operator new(n, std::nothrow);
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
