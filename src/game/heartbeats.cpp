//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/heartbeats.hpp"

#include "game/call_handler.hpp"
#include "game/response.hpp"
#include "joust/game/json/error_trace.hpp"
#include "joust/rpc/framing.hpp"

#include <charconv>
#include <string>
#include <utility>

namespace joust::game {

namespace {

using seconds = std::chrono::duration<double>;

} // namespace

std::string heartbeat_text(std::chrono::steady_clock::duration interval) {
    char text[64];
    auto const end = std::to_chars(text, text + sizeof text, seconds(interval).count(), std::chars_format::fixed).ptr;
    return std::string(text, end);
}

result<std::chrono::steady_clock::duration> heartbeat_interval(std::string_view asked,
                                                               std::chrono::steady_clock::duration shortest) {
    double value = 0;
    auto const read = std::from_chars(asked.data(), asked.data() + asked.size(), value, std::chars_format::fixed);
    bool const whole = read.ec == std::errc() && read.ptr == asked.data() + asked.size();
    if (!whole || !(value >= seconds(shortest).count() && value <= seconds(longest_heartbeat).count())) {
        std::string text(heartbeat_key);
        text.append(": ").append(json::quoted(asked)).append(" is no number of seconds from ");
        text.append(heartbeat_text(shortest)).append(" to ").append(heartbeat_text(longest_heartbeat));
        return status(status_code::invalid_argument, std::move(text));
    }
    return std::chrono::round<std::chrono::steady_clock::duration>(seconds(value));
}

void heartbeats::every(std::chrono::steady_clock::duration interval) {
    if (interval == interval_)
        return;
    interval_ = interval;
    wait(to_->last() + interval_);
}

void heartbeats::stop() noexcept {
    stopped_ = true;
    try {
        timer_.cancel();
    } catch (...) { // cannot fail
    }
}

void heartbeats::wait(std::chrono::steady_clock::time_point until) {
    timer_.expires_at(until); // ends the wait before
    timer_.async_wait([weak = weak_from_this()](error_code ec) {
        if (auto const self = weak.lock(); self && !ec && !self->stopped_)
            self->look();
    });
}

void heartbeats::look() {
    auto const now = std::chrono::steady_clock::now();
    if (!to_->idle()) // the client does not read what is there; when it does, it hears of us
        return wait(now + interval_);
    if (now - to_->last() >= interval_)
        to_->write(framed_heartbeat(), [](result<void>) {});
    wait(to_->last() + interval_);
}

} // namespace joust::game
