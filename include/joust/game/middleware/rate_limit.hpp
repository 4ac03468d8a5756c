//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/interceptor.hpp"
#include "joust/game/middleware/limit_key.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace joust::game {

struct rate_limit_options {
    /// Which calls share a limit; all that come to this object unless it says otherwise: `by_peer()`.
    limit_key key = {};
    /// How many calls may come at once; none: as many as in a second, and at least 1.
    std::optional<double> burst = {};
    /// How many keys are known at a time. When there are more, the one that called longest ago is forgotten, and may
    /// call as if it never had.
    std::size_t max_keys = 10'000;
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(rate_limit_options const& options);

/// Lets through so many calls a second; each request that a method over a whole stream reads counts as one.
///
/// What is too much is refused with RESOURCE_EXHAUSTED, code 429: `"logic.get: more than 100 calls/s from 10.0.0.1;
/// retry after 0.02 s"`. The time is in the trailing metadata `retry-after-ms`, too; those of a StreamCall come at its
/// end and tell the last one. Throws `std::invalid_argument` for a rate that is not positive and for bad options.
std::shared_ptr<interceptor> rate_limit(double calls_per_second, rate_limit_options options = {});

} // namespace joust::game
