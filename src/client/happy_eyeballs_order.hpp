//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/endpoint_address.hpp"

#include <vector>

namespace joust::client {

/// The order in which addresses are tried (RFC 8305, section 4; gRFC A61): the families take turns, beginning with that
/// of the first address, and each keeps its order. IPv4 and IPv6 are families; all that is no IP address is a third.
std::vector<endpoint_address> happy_eyeballs_order(std::vector<endpoint_address> addresses);

} // namespace joust::client
