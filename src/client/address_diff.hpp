//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/endpoint_address.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace joust::client {

/// What a new list of addresses changes. Indices, so that nothing is copied and whatever lies beside the lists is
/// found.
struct address_diff {
    struct pair {
        std::size_t before; ///< index in the old list
        std::size_t after;  ///< index in the new list
        bool operator==(pair const&) const = default;
    };

    std::vector<std::size_t> added;   ///< indices in the new list, in its order
    std::vector<std::size_t> removed; ///< indices in the old list, in its order
    std::vector<pair> kept;           ///< in the order of the new list; weight and locality may have changed

    bool empty() const noexcept { return added.empty() && removed.empty(); }
};

/// Endpoints are told apart by `same_endpoint`; one that is in a list again is taken for its first place.
address_diff diff_addresses(std::span<endpoint_address const> before, std::span<endpoint_address const> after);

} // namespace joust::client
