//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status_code.hpp"

#include <cstdint>
#include <initializer_list>

namespace joust {

/// Some of the seventeen codes: those that are retried, those that count as failures. As cheap as a number.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class status_code_set {
public:
    constexpr status_code_set() noexcept = default;
    constexpr status_code_set(std::initializer_list<status_code> codes) noexcept {
        for (status_code const code : codes)
            insert(code);
    }

    constexpr void insert(status_code code) noexcept { bits_ |= bit(code); }
    constexpr bool contains(status_code code) const noexcept { return (bits_ & bit(code)) != 0; }
    constexpr bool empty() const noexcept { return bits_ == 0; }

    friend constexpr bool operator==(status_code_set, status_code_set) noexcept = default;

private:
    /// A number outside the enumeration belongs to no set.
    static constexpr std::uint32_t bit(status_code code) noexcept {
        auto const number = static_cast<unsigned>(code);
        return number < 32 ? std::uint32_t(1) << number : 0;
    }

    std::uint32_t bits_ = 0;
};

} // namespace joust
