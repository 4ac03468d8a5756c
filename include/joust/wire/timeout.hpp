//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace joust::wire {

/// The text of a `grpc-timeout` header: at most eight digits and a unit.
class timeout_text {
public:
    /// In the finest unit that fits eight digits, rounded up; below one nanosecond gives `1n`.
    explicit timeout_text(std::chrono::nanoseconds timeout) noexcept;

    std::string_view view() const noexcept { return {text_.data(), size_}; }

private:
    std::array<char, 10> text_{};
    std::uint8_t size_ = 0;
};

/// Reads a `grpc-timeout` (`"100m"`, `"5S"`); nothing when it is malformed. Too large for the type saturates.
std::optional<std::chrono::nanoseconds> parse_timeout(std::string_view text) noexcept;

} // namespace joust::wire
