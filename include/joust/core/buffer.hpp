//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace joust {

/// A growable array of bytes that does not zero what it grows by and keeps its storage when cleared.
///
/// Messages travel in buffers: codecs append to them, the connection takes them over by move.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class buffer {
public:
    buffer() noexcept = default;
    explicit buffer(std::string_view bytes) { append(bytes); }
    buffer(buffer const& other) : buffer(other.view()) {}
    buffer(buffer&& other) noexcept
        : data_(std::move(other.data_)), size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0)) {}
    buffer& operator=(buffer other) noexcept {
        swap(other);
        return *this;
    }
    ~buffer() = default;

    void swap(buffer& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
    }

    std::uint8_t* data() noexcept { return data_.get(); }
    std::uint8_t const* data() const noexcept { return data_.get(); }
    std::size_t size() const noexcept { return size_; }
    std::size_t capacity() const noexcept { return capacity_; }
    bool empty() const noexcept { return size_ == 0; }

    std::string_view view() const noexcept { return {reinterpret_cast<char const*>(data_.get()), size_}; }
    std::span<std::uint8_t const> bytes() const noexcept { return {data_.get(), size_}; }

    /// True when the bytes lie in this buffer's content.
    bool contains(std::string_view bytes) const noexcept {
        std::less<> const before;
        char const* const begin = view().data();
        return !before(bytes.data(), begin) && before(bytes.data(), begin + size_);
    }

    /// Forgets the content, keeps the storage.
    void clear() noexcept { size_ = 0; }

    /// Forgets everything past the first `size` bytes.
    void truncate(std::size_t size) noexcept {
        if (size < size_)
            size_ = size;
    }

    /// Forgets the first `n` bytes and moves the rest to the front.
    void erase_front(std::size_t n) noexcept {
        size_ -= n;
        if (size_ != 0)
            std::memmove(data_.get(), data_.get() + n, size_);
    }

    void reserve(std::size_t capacity);

    /// Grows by `n` bytes of unspecified content and returns where they begin.
    std::uint8_t* grow(std::size_t n) {
        if (capacity_ - size_ < n)
            reserve_more(n);
        std::uint8_t* at = data_.get() + size_;
        size_ += n;
        return at;
    }

    /// Appends a copy; the bytes may not lie in this buffer, whose storage may move.
    void append(void const* bytes, std::size_t n) {
        if (n != 0)
            std::memcpy(grow(n), bytes, n);
    }
    void append(std::string_view bytes) { append(bytes.data(), bytes.size()); }
    void append(std::span<std::uint8_t const> bytes) { append(bytes.data(), bytes.size()); }
    void push_back(char c) { *grow(1) = static_cast<std::uint8_t>(c); }

private:
    void reserve_more(std::size_t n);

    std::unique_ptr<std::uint8_t[]> data_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace joust
