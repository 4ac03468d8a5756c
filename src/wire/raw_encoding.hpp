//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <string_view>

// The functions of encoding.hpp on plain memory: they append nothing and allocate nothing. Each returns the end of what
// it wrote to `out`, which has room for the size that stands before it.

namespace joust::wire {

constexpr std::size_t percent_encoded_bound(std::size_t size) noexcept {
    return size * 3;
}
char* percent_encode_to(std::string_view text, char* out) noexcept;

constexpr std::size_t base64_encoded_size(std::size_t size) noexcept {
    return size / 3 * 4 + (size % 3 == 0 ? 0 : size % 3 + 1);
}
char* base64_encode_to(std::string_view bytes, char* out) noexcept;

constexpr std::size_t base64_decoded_bound(std::size_t size) noexcept {
    return size / 4 * 3 + 2;
}
/// nullptr when the text is no base64; what was written then means nothing.
char* base64_decode_to(std::string_view text, char* out) noexcept;

} // namespace joust::wire
