//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

/// @file
/// Ready-made interceptors of JSON services.
/// @code
/// services.add("logic", object).use("get_player_info", rate_limit(100), cache(300s), validate(id_not_empty));
/// @endcode

#include "joust/game/middleware/auth.hpp"
#include "joust/game/middleware/cache.hpp"
#include "joust/game/middleware/concurrency_limit.hpp"
#include "joust/game/middleware/limits.hpp"
#include "joust/game/middleware/log.hpp"
#include "joust/game/middleware/rate_limit.hpp"
#include "joust/game/middleware/timeout.hpp"
#include "joust/game/middleware/transform.hpp"
#include "joust/game/middleware/validate.hpp"
