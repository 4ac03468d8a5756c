//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/endpoint_address.hpp"
#include "joust/core/result.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace joust::client {

/// The most addresses that a channel keeps of one resolution.
inline constexpr std::size_t max_addresses = 10000;
/// The largest `weight=N`.
inline constexpr std::uint32_t max_weight = 1000000;

/// Addresses that are fit for use, and what was wrong with the others.
struct checked_addresses {
    std::vector<endpoint_address> addresses; ///< spelled as `net::to_string` does; none twice
    status problem;                          ///< OK when nothing was left out
};

/// The addresses of a list as environment variables and files hold it:
///
///     10.0.0.1:50051, [2001:db8::1]:50051      # separated by commas or line ends
///     10.0.0.2:50051 weight=3
///
/// The same address again is left out. A list with an entry that is wrong is refused whole with INVALID_ARGUMENT that
/// names line and text; of more than `max_addresses` the first are kept and the problem says so.
checked_addresses parse_address_list(std::string_view text);

/// What can be used of the addresses that a resolver gave: those that can be parsed, each once, at most
/// `max_addresses`; a weight of 0 becomes 1. The problem names the first that was left out and how many there are.
checked_addresses check_addresses(std::vector<endpoint_address> given);

} // namespace joust::client
