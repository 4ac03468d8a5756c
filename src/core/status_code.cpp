//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/status_code.hpp"

#include <array>
#include <cstddef>

namespace joust {

namespace {

constexpr std::array<std::string_view, 17> names = {
    "OK",        "CANCELLED",       "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS",  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",    "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED",
};

} // namespace

std::string_view to_string(status_code code) noexcept {
    auto const i = static_cast<std::size_t>(code);
    return i < names.size() ? names[i] : names[static_cast<std::size_t>(status_code::unknown)];
}

std::optional<status_code> to_status_code(int number) noexcept {
    if (number < 0 || static_cast<std::size_t>(number) >= names.size())
        return std::nullopt;
    return static_cast<status_code>(number);
}

std::optional<status_code> to_status_code(std::string_view name) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name)
            return static_cast<status_code>(i);
    return std::nullopt;
}

} // namespace joust
