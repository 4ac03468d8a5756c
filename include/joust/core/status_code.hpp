//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <optional>
#include <string_view>

namespace joust {

/// The seventeen codes of gRPC (`google.rpc.Code`).
enum class status_code : int {
    ok = 0,
    cancelled = 1,
    unknown = 2,
    invalid_argument = 3,
    deadline_exceeded = 4,
    not_found = 5,
    already_exists = 6,
    permission_denied = 7,
    resource_exhausted = 8,
    failed_precondition = 9,
    aborted = 10,
    out_of_range = 11,
    unimplemented = 12,
    internal = 13,
    unavailable = 14,
    data_loss = 15,
    unauthenticated = 16,
};

/// The code's name in gRPC's own spelling, e.g. `"DEADLINE_EXCEEDED"`; `"UNKNOWN"` for a number outside the set.
std::string_view to_string(status_code code) noexcept;

/// The code with this number, or nothing.
std::optional<status_code> to_status_code(int number) noexcept;

/// The code with this name (`"NOT_FOUND"`), or nothing.
std::optional<status_code> to_status_code(std::string_view name) noexcept;

} // namespace joust
