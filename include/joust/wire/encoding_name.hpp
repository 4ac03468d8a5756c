//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace joust {

/// The name of an encoding of messages, `"gzip"`, held in place: options with one stay cheap to move.
class encoding_name {
public:
    /// Compressors with longer names are refused (`compressors::add`).
    static constexpr std::size_t max_size = 22;

    constexpr encoding_name() noexcept = default;
    // NOLINTBEGIN(google-explicit-constructor): a name is its text
    /// A name that is too long is cut, and then one that nobody knows.
    constexpr encoding_name(std::string_view name) noexcept
        : size_(static_cast<std::uint8_t>(std::min(name.size(), max_size + 1))) {
        std::copy_n(name.data(), size_, text_.data());
    }
    constexpr encoding_name(char const* name) noexcept : encoding_name(std::string_view(name)) {}
    encoding_name(std::string const& name) noexcept : encoding_name(std::string_view(name)) {}

    // NOLINTEND(google-explicit-constructor)

    constexpr std::string_view view() const noexcept { return {text_.data(), size_}; }
    constexpr bool empty() const noexcept { return size_ == 0; }

    friend constexpr bool operator==(encoding_name const& a, encoding_name const& b) noexcept {
        return a.view() == b.view();
    }

private:
    std::array<char, max_size + 1> text_{};
    std::uint8_t size_ = 0;
};

} // namespace joust
