//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"

#include <cstddef>
#include <limits>
#include <string>

namespace joust::call {

/// The bounds of one call. Messages are counted without their prefix.
struct limits {
    std::size_t max_receive_message_size = 4 * 1024 * 1024;
    std::size_t max_send_message_size = std::numeric_limits<std::size_t>::max();
    std::size_t max_header_list_size = 8 * 1024;
    /// Requests that are not gRPC's are not refused at once: their owner may answer them.
    bool http_fallback = false;
};

/// RESOURCE_EXHAUSTED when a message of this size may not be sent.
inline status check_send_limit(limits const& l, std::size_t size) {
    constexpr std::size_t longest = 0xffffffff; // the length prefix has four bytes
    std::size_t const limit = l.max_send_message_size < longest ? l.max_send_message_size : longest;
    if (size <= limit)
        return {};
    return status(status_code::resource_exhausted, "message of " + std::to_string(size) +
                                                       " bytes exceeds max_send_message_size of " +
                                                       std::to_string(limit) + " bytes");
}

} // namespace joust::call
