//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"
#include "joust/game/call.hpp"
#include "joust/game/middleware/auth.hpp"

#include <optional>
#include <string_view>

namespace joust::game {

/// The token after its scheme (whose case does not count), or nothing when the value is of another scheme.
std::optional<std::string_view> token_of(std::string_view value, std::string_view scheme) noexcept;

struct shown_token {
    std::optional<std::string_view> token;
    status refusal = {}; ///< without a token; OK when none is needed
};

shown_token find_token(call const& c, auth_options const& options);

} // namespace joust::game
