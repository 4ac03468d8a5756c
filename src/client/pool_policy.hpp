//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace joust::client {

/// How many connections a channel has to a service.
struct pool_options {
    using duration = std::chrono::steady_clock::duration;

    std::size_t min_connections = 10; ///< kept even when idle
    std::size_t max_connections = 20;
    duration idle_timeout = std::chrono::seconds(60); ///< for those above the minimum
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(pool_options const& options);

/// One address of the service, as the policy sees it.
struct pooled_address {
    bool backing_off = false; ///< no new connection may be tried now, as the last attempt failed
};

/// One connection of the pool, as the policy sees it.
struct pooled_connection {
    using time_point = std::chrono::steady_clock::time_point;
    enum class state : std::uint8_t { connecting, ready };
    /// The address of a connection whose address the resolver has taken back.
    static constexpr std::size_t no_address = static_cast<std::size_t>(-1);

    std::size_t address = 0; ///< index among the addresses, or `no_address`
    state at = state::connecting;
    std::size_t streams = 0;     ///< in flight
    std::size_t max_streams = 0; ///< of a ready one
    time_point idle_since = {};  ///< of a ready one without streams
};

/// What is to be done, in this order.
struct pool_decision {
    /// Indices of connections that leave the pool: they take no new call and close once those in flight are done.
    std::vector<std::size_t> close;
    /// Indices of addresses, each to be connected to once more; again for another connection.
    std::vector<std::size_t> open;
    bool operator==(pool_decision const&) const = default;
};

/// Decides which connections a channel opens and closes. Ask whenever a connection becomes ready, is lost or runs out
/// of streams, a call is queued, the addresses change, and at `next_shrink`; connections that were told to close are no
/// longer passed in.
///
/// - There are `min_connections`, or one for each address if that is more, but at most `max_connections`; the
///   addresses, but for those backing off, have them in equal numbers. With more addresses than `max_connections` the
///   first have one each: shuffle them, lest all clients use the same.
/// - When an address has no free stream on any of its connections, and no call can go elsewhere or calls are queued, it
///   gets one more; the next one not before that has become ready.
/// - A connection above the minimum closes after `idle_timeout` without calls, the longest idle first, as long as its
///   address has another one with a free stream.
/// - A connection with calls in flight leaves the pool only when its address was taken back, or another address would
///   have none otherwise. These are not counted in `max_connections` while they finish.
class pool_policy {
public:
    using time_point = pooled_connection::time_point;

    explicit pool_policy(pool_options const& options) noexcept : options_(options) {}

    /// `addresses`: all that the resolver gave, in an order that stays; `queued`: calls that wait.
    pool_decision decide(std::span<pooled_address const> addresses, std::span<pooled_connection const> connections,
                         std::size_t queued, time_point now) const;

    /// When a connection may have been idle for long enough to close, if one can.
    std::optional<time_point> next_shrink(std::span<pooled_address const> addresses,
                                          std::span<pooled_connection const> connections) const;

private:
    pool_options options_;
};

} // namespace joust::client
