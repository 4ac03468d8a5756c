//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/ping_police.hpp"

#include <algorithm>

namespace joust::net {

bool ping_police::on_ping(time_point now, bool has_calls, bool answered) noexcept {
    constexpr duration without_calls = std::chrono::hours(2);
    if (answered) {
        strikes_ = 0;
        last_.reset();
    }
    duration const interval = has_calls || settings_.permit_without_calls
                                  ? settings_.min_interval
                                  : std::max(without_calls, settings_.min_interval);
    if (last_ && now < after(*last_, interval))
        ++strikes_;
    last_ = now;
    return settings_.max_strikes != 0 && strikes_ > settings_.max_strikes;
}

} // namespace joust::net
