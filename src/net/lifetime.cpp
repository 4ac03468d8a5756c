//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/lifetime.hpp"

#include <algorithm>

namespace joust::net {

namespace {

duration jittered(duration d, double random01) noexcept {
    constexpr double jitter = 0.1;
    double const ticks = static_cast<double>(d.count()) * (1 - jitter + 2 * jitter * random01);
    return ticks < static_cast<double>(duration::max().count()) ? duration(static_cast<duration::rep>(ticks))
                                                                : duration::max();
}

} // namespace

lifetime::lifetime(settings const& s, time_point now, double random01) noexcept
    : settings_(s), preface_(after(now, s.preface_timeout)), idle_(s.max_idle ? after(now, *s.max_idle) : never),
      age_(s.max_age ? after(now, jittered(*s.max_age, random01)) : never) {}

void lifetime::on_drain(time_point now) noexcept {
    idle_ = never;
    ping_ = after(now, settings_.drain_ping_timeout);
}

lifetime::action lifetime::on_time(time_point now, std::optional<time_point> idle_since) noexcept {
    if (now >= preface_) {
        preface_ = never;
        return action::preface_timeout;
    }
    if (now >= grace_) {
        grace_ = never;
        return action::abort;
    }
    if (now >= ping_) {
        ping_ = never;
        return action::final_goaway;
    }
    if (now >= age_) {
        age_ = idle_ = never;
        if (settings_.max_age_grace)
            grace_ = after(now, *settings_.max_age_grace);
        return action::drain_old;
    }
    if (settings_.max_idle && now >= idle_) {
        // Calls come and go without a word to this timer: only now does it look.
        idle_ = after(idle_since.value_or(now), *settings_.max_idle);
        if (now >= idle_) {
            idle_ = never;
            return action::drain_idle;
        }
    }
    return action::nothing;
}

time_point lifetime::next() const noexcept {
    return std::min({preface_, idle_, age_, grace_, ping_});
}

} // namespace joust::net
