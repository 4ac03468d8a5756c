//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/load_balancer.hpp"
#include "joust/client/service_config.hpp"

#include <memory>

namespace joust::client {

/// The built-in balancer that a service config names, or null.
std::shared_ptr<load_balancer> make_balancer(load_balancing_config const& config);

} // namespace joust::client
