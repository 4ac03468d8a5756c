//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "core/call_counters.hpp"
#include "joust/game/statistics.hpp"

namespace joust::game {

call_statistics to_statistics(core::call_totals const& totals);

} // namespace joust::game
