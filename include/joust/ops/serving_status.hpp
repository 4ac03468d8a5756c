//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstdint>

namespace joust {

/// What `grpc.health.v1` says of a service; the numbers are the protocol's.
enum class serving_status : std::uint8_t {
    unknown = 0,
    serving = 1,
    not_serving = 2,
    service_unknown = 3, ///< there is no such service
};

} // namespace joust
