//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/channel_statistics.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <map>
#include <string>

/// @file
/// What services and clients have counted. All of it is described: `json::encode` writes it.

namespace joust {

BOOST_DESCRIBE_STRUCT(channel_statistics, (),
                      (connecting, ready, not_serving, draining, waiting_calls, connections, failed_connections,
                       lost_connections, reconnections, probes, failed_probes, retries, hedges, breaker_rejections))

namespace game {

/// How long calls took, in milliseconds. All but the average and the greatest are right within 1/32.
struct latency_statistics {
    double average = 0;
    double p50 = 0;
    double p90 = 0;
    double p99 = 0;
    double p999 = 0;
    double max = 0;
};
BOOST_DESCRIBE_STRUCT(latency_statistics, (), (average, p50, p90, p99, p999, max))

/// Calls that began in each of the last seconds, on average. What began within the last quarter of a second is not yet
/// in it.
struct rate_statistics {
    double last_1s = 0;
    double last_10s = 0;
    double last_60s = 0;
};
BOOST_DESCRIBE_STRUCT(rate_statistics, (), (last_1s, last_10s, last_60s))

/// Calls since the beginning: of a method while it is registered, of a client while it lives. Of a stream, each request
/// is a call.
struct call_statistics {
    std::uint64_t calls = 0; ///< all of them: those that succeeded, that failed, and that are in flight
    std::uint64_t successes = 0;
    std::uint64_t failures = 0;
    std::uint64_t in_flight = 0;
    /// Failures by the code of the answer (game-service.md), or what would have been one: 499 if the client had gone
    /// away. Of more than 15 different ones, the rest are counted as 0.
    std::map<int, std::uint64_t> errors = {};
    std::uint64_t bytes_in = 0;  ///< payloads that came, without envelopes
    std::uint64_t bytes_out = 0; ///< payloads that went
    latency_statistics latency_ms = {};
    rate_statistics calls_per_second = {};
};
BOOST_DESCRIBE_STRUCT(call_statistics, (),
                      (calls, successes, failures, in_flight, errors, bytes_in, bytes_out, latency_ms,
                       calls_per_second))

/// What became of the calls of a service.
struct service_statistics {
    call_statistics total = {};
    std::map<std::string, call_statistics> methods = {};
};
BOOST_DESCRIBE_STRUCT(service_statistics, (), (total, methods))

/// What `services::statistics` gives.
struct services_statistics {
    std::map<std::string, service_statistics> services = {};
    std::uint64_t unknown = 0; ///< calls of a service or method that there was not
};
BOOST_DESCRIBE_STRUCT(services_statistics, (), (services, unknown))

/// What `client::statistics` gives.
struct client_statistics {
    call_statistics total = {};
    std::uint64_t timeouts = 0; ///< failures for want of time, here or at the server
    // Those of the channel, which others may use, too:
    std::uint64_t retries = 0;            ///< attempts after the first, hedged ones included
    std::uint64_t breaker_rejections = 0; ///< calls that a circuit breaker did not let through
    channel_statistics channel = {};
};
BOOST_DESCRIBE_STRUCT(client_statistics, (), (total, timeouts, retries, breaker_rejections, channel))

} // namespace game

} // namespace joust
