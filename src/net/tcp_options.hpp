//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/keepalive_options.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace joust::net {

/// Where the system can (Linux): bytes that the peer does not acknowledge, or has no room for, end the connection after
/// the timeout of the keepalive (gRFC A18). Nothing when keepalive is off.
void set_user_timeout(boost::asio::ip::tcp::socket::native_handle_type socket, keepalive_options const& o) noexcept;

} // namespace joust::net
