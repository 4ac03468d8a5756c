//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"

#include <string_view>

namespace joust::client {

/// Appends a `grpc.health.v1.HealthCheckRequest`. By hand, as this layer does without protobuf.
void encode_health_request(buffer& out, std::string_view service);

/// Whether a `grpc.health.v1.HealthCheckResponse` says SERVING. What cannot be read does not.
bool says_serving(std::string_view response) noexcept;

} // namespace joust::client
