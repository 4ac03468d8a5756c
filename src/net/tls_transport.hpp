//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/socket.hpp"
#include "net/transport.hpp"

#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <optional>

namespace joust::net {

using tls_stream = boost::asio::ssl::stream<stream_socket>;

/// A stream whose handshake has been done, as a transport.
std::unique_ptr<transport> make_tls_transport(std::shared_ptr<tls_stream> stream,
                                              std::optional<peer_identity> identity);

} // namespace joust::net
