//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/method_config.hpp"
#include "joust/client/retry_policy.hpp"
#include "joust/core/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace joust {

/// The balancing policy that a service config chose, with its parameters.
struct load_balancing_config {
    /// `pick_first`, `round_robin`, `weighted_round_robin`, `least_request`, `ring_hash`, or one of the user's.
    std::string policy;
    /// Of `pick_first`.
    bool shuffle_address_list = false;
    /// Of `least_request`: among how many the choice is made, 2 to 10.
    std::uint32_t choice_count = 2;
    /// Of `ring_hash`: points of the ring.
    std::uint64_t min_ring_size = 1024;
    std::uint64_t max_ring_size = 4096;
    /// All of its parameters: a JSON object, for policies of the user.
    std::string json = "{}";

    friend bool operator==(load_balancing_config const&, load_balancing_config const&) = default;
};

/// What the owner of a service wants its clients to do (gRFC A2, A6, A17, A21, A24): a resolver yields it with the
/// addresses, or a user puts it together or reads it from a file.
struct service_config {
    method_configs methods;
    std::optional<retry_throttling> throttling;
    std::optional<load_balancing_config> load_balancing;
    /// What health checks ask for; none: servers are not asked.
    std::optional<std::string> health_check_service;

    /// Reads the JSON form. A config with anything wrong in it is rejected whole; fields that are not known here are
    /// not looked at, as they may be another implementation's.
    ///
    /// *Errors*: INVALID_ARGUMENT with the path of the first field that is wrong, e.g.
    /// `methodConfig[2].retryPolicy.maxAttempts: must be at least 2`.
    static result<service_config> parse(std::string_view json);
    /// The same, with these policies known besides the built-in ones.
    static result<service_config> parse(std::string_view json, std::span<std::string_view const> policies);

    /// Shorthand for `methods.find`. Allocates nothing.
    method_config const* find(std::string_view path) const noexcept { return methods.find(path); }
};

} // namespace joust
