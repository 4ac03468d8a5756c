//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/interceptor.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace joust::game {

struct concurrency_limit_options {
    /// What a refused client is told to wait.
    std::chrono::steady_clock::duration retry_after = std::chrono::milliseconds(100);
};

/// A limit that is found by how long calls take: while they take as long as they usually do, more are let in; when they
/// take longer, they are queueing somewhere, and fewer are.
///
/// *See*: Netflix's concurrency-limits (its Gradient2), and TCP Vegas.
struct adaptive_limit_options {
    std::size_t initial_limit = 20;
    std::size_t min_limit = 1;
    std::size_t max_limit = 1000;
    /// How many times longer than usual calls may take before the limit falls.
    double tolerance = 1.5;
    /// How much of what the last window says goes into the limit.
    double smoothing = 0.2;
    /// What the limit is multiplied with when a call in the window timed out or found something unavailable.
    double backoff = 0.9;
    /// The limit is looked at after so long ...
    std::chrono::steady_clock::duration window = std::chrono::milliseconds(500);
    /// ... and so many calls.
    std::size_t window_calls = 10;
    std::chrono::steady_clock::duration retry_after = std::chrono::milliseconds(100);
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(concurrency_limit_options const& options);
std::optional<std::string> validate(adaptive_limit_options const& options);

/// Lets in so many calls at a time; all that come to this object are counted together.
///
/// What is too much is refused with RESOURCE_EXHAUSTED, code 429: `"logic.get: more than 20 calls at a time; retry
/// after 0.1 s"`; `retry-after-ms` as with `rate_limit`. A place is given back however the call ends. Throws
/// `std::invalid_argument` for a limit of 0 and for bad options.
std::shared_ptr<interceptor> concurrency_limit(std::size_t calls, concurrency_limit_options options = {});

/// The same with a limit that is found. Not for methods that wait on purpose, as subscriptions do.
std::shared_ptr<interceptor> concurrency_limit(adaptive_limit_options const& options);

} // namespace joust::game
