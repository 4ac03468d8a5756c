//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"
#include "joust/game/call.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace joust::game {

/// `"logic.get: what"` with this code, and the number that belongs to it.
status refusal(call const& c, status_code code, std::string_view what);

/// What a limit says: 429, `"logic.get: what; retry after 0.02 s"`, and the trailing metadata `retry-after-ms`.
status limited(call& c, std::string_view what, std::chrono::steady_clock::duration retry_after);

/// `"100"`, `"0.5"`
std::string number_text(double number);

/// `"0.02 s"`
std::string seconds_text(std::chrono::milliseconds time);

/// Throws `std::invalid_argument` when there is a complaint: `"rate_limit: max_keys must be at least 1"`.
void refuse_options(std::string_view middleware, std::optional<std::string> const& complaint);

} // namespace joust::game
