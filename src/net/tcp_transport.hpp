//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/transport.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace joust::net {

/// `"127.0.0.1:50051"`, `"[::1]:50051"`.
std::string to_string(boost::asio::ip::tcp::endpoint const& endpoint);

/// A connected TCP socket (Nagle off) as a transport.
std::unique_ptr<transport> make_tcp_transport(boost::asio::ip::tcp::socket socket);

} // namespace joust::net
