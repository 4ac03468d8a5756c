//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>

namespace joust::client {

/// The pauses between attempts to connect (gRPC connection backoff). Chance is an argument.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class backoff {
public:
    using duration = std::chrono::steady_clock::duration;

    struct settings {
        duration initial;
        double multiplier;
        duration max;
        double jitter;
    };

    explicit backoff(settings const& s) noexcept : settings_(s), next_(s.initial) {}

    /// The pause after another failure; `random01` is from [0, 1).
    duration on_failure(double random01) noexcept;
    void on_success() noexcept { next_ = settings_.initial; }

private:
    settings settings_;
    duration next_;
};

} // namespace joust::client
