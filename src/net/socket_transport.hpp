//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/socket.hpp"
#include "net/transport.hpp"

#include <memory>

namespace joust::net {

/// A connected socket (of TCP: Nagle off) as a transport.
std::unique_ptr<transport> make_socket_transport(stream_socket socket);

} // namespace joust::net
