//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/admission.hpp"

#include "joust/core/connection_error.hpp"

#include <string>

namespace joust::net {

std::shared_ptr<admission::place const> admission::enter() {
    std::size_t const before = taken_.fetch_add(1, std::memory_order_relaxed);
    if (before < most_)
        return std::make_shared<place const>(shared_from_this(), before >= limit_);
    taken_.fetch_sub(1, std::memory_order_relaxed);
    return nullptr;
}

status admission::turned_away() const {
    return status(status_code::unavailable,
                  "far more than max_connections = " + std::to_string(limit_) + " connections: closed at once",
                  status_origin::local, connection_error::server_full);
}

} // namespace joust::net
