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
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust {

/// The key-value pairs that travel beside a call: HTTP/2 header fields by another name.
///
/// Keys are lower-case and may repeat; order is kept. A key that ends in `-bin` carries arbitrary bytes (base64 on the
/// wire, plain here); the values of all others are printable ASCII. All text lies in one block, so that copying and
/// clearing are cheap.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
/// *See*: gRPC over HTTP/2, Custom-Metadata.
class metadata {
public:
    using value_type = std::pair<std::string_view, std::string_view>;
    class const_iterator;

    metadata() = default;
    metadata(std::initializer_list<value_type> entries);

    /// Appends a pair; upper-case letters of the key are lowered. The pair is not checked: see `validate`.
    void add(std::string_view key, std::string_view value);

    /// Removes every value of `key` and appends this one.
    void set(std::string_view key, std::string_view value);

    /// Removes every value of `key`; returns how many there were.
    std::size_t erase(std::string_view key);

    /// The first value of `key`, or nothing. The view lives until this object changes.
    std::optional<std::string_view> get(std::string_view key) const noexcept;

    /// Every value of `key`, in order.
    std::vector<std::string_view> get_all(std::string_view key) const;

    bool contains(std::string_view key) const noexcept { return get(key).has_value(); }
    std::size_t size() const noexcept { return entries_.size(); }
    bool empty() const noexcept { return entries_.empty(); }

    /// Forgets the pairs, keeps the storage.
    void clear() noexcept;

    value_type operator[](std::size_t i) const noexcept;
    const_iterator begin() const noexcept;
    const_iterator end() const noexcept;

    friend bool operator==(metadata const& a, metadata const& b) noexcept;

private:
    struct entry {
        std::uint32_t key;
        std::uint32_t key_size;
        std::uint32_t value;
        std::uint32_t value_size;
    };

    void compact(); // closes the gaps that erased pairs left, lest `set` in a loop grow the text for ever

    buffer text_;
    std::vector<entry> entries_;
};

class metadata::const_iterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = metadata::value_type;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = value_type;

    const_iterator() = default;
    const_iterator(metadata const* of, std::size_t at) noexcept : of_(of), at_(at) {}

    value_type operator*() const noexcept { return (*of_)[at_]; }
    const_iterator& operator++() noexcept {
        ++at_;
        return *this;
    }
    const_iterator operator++(int) noexcept {
        const_iterator before = *this;
        ++at_;
        return before;
    }
    friend bool operator==(const_iterator const&, const_iterator const&) = default;

private:
    metadata const* of_ = nullptr;
    std::size_t at_ = 0;
};

/// True for keys whose values are arbitrary bytes (`...-bin`).
bool is_binary_key(std::string_view key) noexcept;

/// Why this pair may not be sent as metadata, or nothing: an empty key, a character outside `[0-9a-z_.-]`, a name
/// that gRPC or HTTP/2 reserves (`grpc-...` but for `grpc-retry-pushback-ms`, `:...`, `te`, `content-type` ...), or a
/// value that is not printable ASCII.
std::optional<std::string> validate(std::string_view key, std::string_view value);

/// The first complaint of `validate` about any pair, or nothing.
std::optional<std::string> validate(metadata const& m);

} // namespace joust
