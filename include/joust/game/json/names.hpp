//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace joust::json::detail {

/// A name known at compile time, compared without a call while it is at most 16 characters long.
class known_name {
public:
    constexpr known_name(std::string_view name) // NOLINT(google-explicit-constructor): a name is its text
        : text_(name.data()), size_(static_cast<std::uint32_t>(name.size())), head_(word(name, 0)),
          tail_(name.size() < 8 ? 0 : word(name, name.size() - 8)),
          mask_(name.size() < 8 ? word("\xff\xff\xff\xff\xff\xff\xff\xff", 8 - name.size()) : ~std::uint64_t{0}) {}

    constexpr std::string_view text() const noexcept { return {text_, size_}; }

    /// Whether the texts are the same. `other` comes from a `document`, whose strings are readable past their end.
    bool matches(std::string_view other) const noexcept {
        if (other.size() != size_ || (load(other.data()) & mask_) != head_)
            return false;
        if (size_ <= 8)
            return true;
        return load(other.data() + size_ - 8) == tail_ &&
               (size_ <= 16 || std::memcmp(other.data() + 8, text_ + 8, size_ - 16) == 0);
    }

private:
    static std::uint64_t load(char const* at) noexcept {
        std::uint64_t bits;
        std::memcpy(&bits, at, sizeof bits);
        return bits;
    }
    /// What `load` gets from up to eight characters, the others being zero.
    static constexpr std::uint64_t word(std::string_view text, std::size_t from) {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i != 8 && from + i < text.size(); ++i) {
            std::size_t const shift = std::endian::native == std::endian::little ? i : 7 - i;
            bits |= std::uint64_t{static_cast<unsigned char>(text[from + i])} << (8 * shift);
        }
        return bits;
    }

    char const* text_;
    std::uint32_t size_;
    std::uint64_t head_;
    std::uint64_t tail_;
    std::uint64_t mask_;
};

/// The index of the entry with this name, looked for from `first` on and around; `size` if there is none.
template <class Entry>
std::size_t find_name(Entry const* entries, std::size_t size, std::size_t first, std::string_view name) noexcept {
    for (std::size_t i = first; i < size; ++i)
        if (entries[i].name.matches(name))
            return i;
    for (std::size_t i = 0; i < first && i < size; ++i)
        if (entries[i].name.matches(name))
            return i;
    return size;
}

} // namespace joust::json::detail
