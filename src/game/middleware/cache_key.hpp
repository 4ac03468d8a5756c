//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/call.hpp"
#include "joust/game/middleware/cache.hpp"

#include <optional>
#include <string>

namespace joust::game {

/// What tells the answer of a call from others: method, codec, arguments, user, metadata. Nothing: it is not cached.
std::optional<std::string> make_cache_key(call const& c, cache_options const& options);

} // namespace joust::game
