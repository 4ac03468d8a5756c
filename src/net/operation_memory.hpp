//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace joust::net {

/// The memory of an asynchronous operation that is under way at most once at a time: kept for the next one, as Asio's
/// own recycling keeps two blocks for a whole thread.
///
/// *Thread safety*: the operation may end on another thread than it began on; the next must begin after that.
class operation_memory {
public:
    operation_memory() = default;
    operation_memory(operation_memory const&) = delete;
    operation_memory& operator=(operation_memory const&) = delete;

    void* allocate(std::size_t n) {
        if (in_use_)
            return ::operator new(n);
        if (n > size_) {
            block_ = std::make_unique_for_overwrite<std::byte[]>(n);
            size_ = n;
        }
        in_use_ = true;
        return block_.get();
    }

    void deallocate(void* p) noexcept {
        if (p == block_.get())
            in_use_ = false;
        else
            ::operator delete(p);
    }

private:
    std::unique_ptr<std::byte[]> block_;
    std::size_t size_ = 0;
    bool in_use_ = false;
};

/// What a handler names as its allocator.
template <class T>
class operation_allocator {
public:
    using value_type = T;

    explicit operation_allocator(operation_memory& memory) noexcept : memory_(&memory) {}
    template <class U>
    operation_allocator(operation_allocator<U> const& other) noexcept // NOLINT(google-explicit-constructor): a rebind
        : memory_(other.memory_) {}

    T* allocate(std::size_t n) {
        static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
        return static_cast<T*>(memory_->allocate(n * sizeof(T)));
    }
    void deallocate(T* p, std::size_t) noexcept { memory_->deallocate(p); }

    friend bool operator==(operation_allocator const& a, operation_allocator const& b) noexcept {
        return a.memory_ == b.memory_;
    }

private:
    template <class U>
    friend class operation_allocator;

    operation_memory* memory_;
};

} // namespace joust::net
