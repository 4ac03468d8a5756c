//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game/response_outbox.hpp"
#include "joust/core/status.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace joust::game {

inline constexpr std::chrono::seconds longest_heartbeat{3600};

/// Reads what a client asked for. *Errors*: INVALID_ARGUMENT, which says what would do.
result<std::chrono::steady_clock::duration> heartbeat_interval(std::string_view asked,
                                                               std::chrono::steady_clock::duration shortest);

/// The same as a client writes it.
std::string heartbeat_text(std::chrono::steady_clock::duration interval);

/// Lets the client of a stream know that the server is there, whenever nothing else has been sent for a while. One
/// timer; what is sent only moves the time at which it has to look again.
///
/// *Thread safety*: on the call's executor.
class heartbeats final : public std::enable_shared_from_this<heartbeats> {
public:
    heartbeats(boost::asio::any_io_executor const& io, std::shared_ptr<response_outbox> to)
        : to_(std::move(to)), timer_(io) {}

    /// Begins, or goes on in another interval.
    void every(std::chrono::steady_clock::duration interval);
    void stop() noexcept;

private:
    void wait(std::chrono::steady_clock::time_point until);
    void look();

    std::shared_ptr<response_outbox> to_;
    boost::asio::steady_timer timer_;
    std::chrono::steady_clock::duration interval_{};
    bool stopped_ = false;
};

} // namespace joust::game
