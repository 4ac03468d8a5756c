//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/make_balancer.hpp"

#include <cstddef>

namespace joust::client {

std::shared_ptr<load_balancer> make_balancer(load_balancing_config const& config) {
    if (config.policy == "pick_first")
        return pick_first(config.shuffle_address_list);
    if (config.policy == "round_robin")
        return round_robin();
    if (config.policy == "weighted_round_robin")
        return weighted_round_robin();
    if (config.policy == "least_request")
        return least_request(config.choice_count);
    if (config.policy == "ring_hash")
        return ring_hash(static_cast<std::size_t>(config.max_ring_size));
    return nullptr;
}

} // namespace joust::client
