//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace joust::game {

/// Takes the fields off a protobuf message (protobuf.dev, "Encoding"), as strict and as lenient as libprotobuf is.
///
/// All `take_` functions return false once the bytes make no sense; `error` says why. Nothing is copied.
class protobuf_reader {
public:
    explicit protobuf_reader(std::string_view bytes) noexcept
        : begin_(bytes.data()), at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

    bool at_end() const noexcept { return at_ == end_; }
    /// What is wrong, as a literal; null while nothing is.
    char const* error() const noexcept { return error_; }
    /// How far it got.
    std::size_t offset() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

    /// The number of a field and its wire type, as they are on the wire: `number << 3 | type`.
    bool take_tag(std::uint32_t& tag) noexcept;
    bool take_varint(std::uint64_t& value) noexcept;
    /// A length and as many bytes.
    bool take_bytes(std::string_view& bytes) noexcept;
    /// The same, and they must be UTF-8: otherwise `complaint`, a literal, is the error.
    bool take_text(std::string_view& text, char const* complaint) noexcept;
    /// The value of a field that nobody wants.
    bool skip(std::uint32_t tag) noexcept { return skip(tag, deepest_group); }

private:
    static constexpr int deepest_group = 100; // libprotobuf's default

    bool skip(std::uint32_t tag, int depth) noexcept;
    bool skip_group(std::uint32_t number, int depth) noexcept;
    bool skip_fixed(std::size_t size) noexcept;
    bool fail(char const* why) noexcept {
        error_ = why;
        return false;
    }
    std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }

    char const* begin_;
    char const* at_;
    char const* end_;
    char const* error_ = nullptr;
};

} // namespace joust::game
