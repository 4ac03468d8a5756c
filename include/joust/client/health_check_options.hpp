//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace joust {

/// Asks the servers of a channel by `grpc.health.v1.Health` whether they want calls (gRFC A17). A server without that
/// service counts as healthy, and is asked by HTTP/2 pings for a sign of life while calls are under way: each
/// `interval`, but not more often than every 10 s, answered within `timeout`, unless the channel has a `keepalive` of
/// its own.
struct health_check_options {
    /// The service asked for; empty: the server as a whole.
    std::string service_name = {};
    /// The pause between the answer of one probe and the next.
    std::chrono::steady_clock::duration interval = std::chrono::seconds(10);
    /// How long an answer may take.
    std::chrono::steady_clock::duration timeout = std::chrono::seconds(5);
    /// So many failed probes in a row take an address out ...
    std::uint32_t failure_threshold = 3;
    /// ... and so many good ones bring it back.
    std::uint32_t success_threshold = 1;
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(health_check_options const& options);

} // namespace joust
