//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/keepalive.hpp"

namespace joust::net {

keepalive_options slower(keepalive_options o) noexcept {
    if (o.time)
        o.time = *o.time > duration::max() / 2 ? duration::max() : *o.time * 2;
    return o;
}

keepalive::keepalive(keepalive_options const& o, time_point now) noexcept
    : options_(o), state_(o.time ? state::waiting : state::off), last_read_(now) {}

keepalive::action keepalive::on_time(time_point now, bool has_calls) noexcept {
    if (state_ == state::pinged) {
        if (last_read_ <= pinged_)
            return now < after(pinged_, options_.timeout) ? action::nothing : action::give_up;
        state_ = state::waiting;
    }
    if (state_ != state::waiting || now < next())
        return action::nothing;
    if (!has_calls && !options_.permit_without_calls) {
        state_ = state::dormant;
        return action::nothing;
    }
    state_ = state::pinged;
    pinged_ = now;
    return action::ping;
}

time_point keepalive::next() const noexcept {
    switch (state_) {
    case state::waiting: return after(last_read_, options_.time.value_or(duration::max()));
    case state::pinged: return after(pinged_, options_.timeout);
    case state::off:
    case state::dormant: break;
    }
    return never;
}

bool keepalive::turn_on(keepalive_options const& o, time_point now) noexcept {
    if (state_ != state::off || !o.time)
        return false;
    options_ = o;
    state_ = state::waiting;
    last_read_ = now;
    return true;
}

void keepalive::slow_down() noexcept {
    options_ = slower(options_);
}

} // namespace joust::net
