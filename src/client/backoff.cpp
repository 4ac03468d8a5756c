//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/backoff.hpp"

#include <algorithm>

namespace joust::client {

backoff::duration backoff::on_failure(double random01) noexcept {
    auto const scale = [](duration d, double by) {
        return std::chrono::duration_cast<duration>(std::chrono::duration<double, duration::period>(d) * by);
    };
    duration const pause = scale(next_, 1 + settings_.jitter * (2 * random01 - 1));
    next_ = std::min(scale(next_, settings_.multiplier), settings_.max);
    return pause;
}

} // namespace joust::client
