//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/resolve_schedule.hpp"

#include <algorithm>

namespace joust::client {

bool resolve_schedule::begin() noexcept {
    if (under_way_)
        return false;
    under_way_ = true;
    due_.reset();
    return true;
}

bool resolve_schedule::on_doubt(time_point now) noexcept {
    if (under_way_)
        return false;
    time_point const earliest = last_ ? *last_ + settings_.min_interval : now;
    if (earliest <= now)
        return begin();
    due_ = due_ ? std::min(*due_, earliest) : earliest;
    return false;
}

void resolve_schedule::on_done(time_point now, bool succeeded) noexcept {
    under_way_ = false;
    last_ = now;
    due_.reset();
    if (settings_.refresh)
        due_ = now + std::max(*settings_.refresh, settings_.min_interval);
    if (!succeeded)
        due_ = now + settings_.min_interval;
}

} // namespace joust::client
