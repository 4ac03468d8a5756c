//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>
#include <optional>

namespace joust {

/// When a connection that has gone quiet is asked whether it still lives: by a PING that the peer has to answer.
struct keepalive_options {
    /// How long nothing may have come before a PING is sent; none: never.
    std::optional<std::chrono::steady_clock::duration> time = {};
    /// How long the peer may take to say anything after it; then the connection is closed. Where the system has
    /// TCP_USER_TIMEOUT, bytes that the peer's system does not take for this long end it too.
    std::chrono::steady_clock::duration timeout = std::chrono::seconds(20);
    /// A client pings also while no call is under way. Servers always do.
    bool permit_without_calls = false;
};

} // namespace joust
