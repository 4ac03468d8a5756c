//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace joust::net {

/// A TCP or a Unix socket.
using stream_socket = boost::asio::generic::stream_protocol::socket;

/// `"127.0.0.1:50051"`, `"[::1]:50051"`.
std::string to_string(boost::asio::ip::tcp::endpoint const& endpoint);

/// The endpoint of a TCP socket.
boost::asio::ip::tcp::endpoint to_tcp(boost::asio::generic::stream_protocol::endpoint const& endpoint);

/// The address of the peer: `"127.0.0.1:40000"`, `"unix:/run/players.sock"`, `"unix-abstract:players"`; for a client of
/// a Unix socket, which has none, `"unix:pid=4711,uid=1000"` where the system tells.
std::string peer_text(stream_socket const& socket);
/// The address of this side.
std::string local_text(stream_socket const& socket);

bool is_unix(stream_socket const& socket) noexcept;

} // namespace joust::net
