//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <vector>

namespace joust::net {

/// The order in which the addresses of a name are tried (RFC 8305, section 4; gRFC A61): IPv4 and IPv6 take turns,
/// beginning with the family of the first address, and each keeps its order.
std::vector<boost::asio::ip::tcp::endpoint>
happy_eyeballs_order(std::vector<boost::asio::ip::tcp::endpoint> const& addresses);

} // namespace joust::net
