//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstdint>
#include <string_view>

namespace joust {

/// What can be said of a channel as a whole. *See*: gRPC Connectivity Semantics.
enum class connectivity_state : std::uint8_t {
    idle,              ///< no connection, and nobody has asked for one
    connecting,        ///< none yet, but at least one is being made
    ready,             ///< calls can be made
    transient_failure, ///< none can be made at the moment; another attempt follows
    shutdown,          ///< for good
};

/// `"READY"`
constexpr std::string_view to_string(connectivity_state s) noexcept {
    switch (s) {
    case connectivity_state::idle: return "IDLE";
    case connectivity_state::connecting: return "CONNECTING";
    case connectivity_state::ready: return "READY";
    case connectivity_state::transient_failure: return "TRANSIENT_FAILURE";
    case connectivity_state::shutdown: return "SHUTDOWN";
    }
    return "?";
}

} // namespace joust
