//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/deadline.hpp"
#include "net/socket.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace joust::net {

/// Connects to the first of several addresses that answers (Happy Eyeballs: RFC 8305, gRFC A61). The next one is tried
/// when the one before has not answered for a while, or at once when one has failed; the others go on meanwhile. When
/// one has answered, the others are closed.
///
/// Completes once, on the executor: with a socket, or with the failure of the address that was the last to fail.
///
/// *Lifetime*: its operations keep it.
/// *Thread safety*: on its executor.
class connect_race : public std::enable_shared_from_this<connect_race> {
public:
    using tcp = boost::asio::ip::tcp;
    /// `where` is the address of the socket, or of the failure.
    using handler = std::function<void(boost::system::error_code ec, stream_socket socket, tcp::endpoint const& where)>;

    static constexpr duration standard_delay = std::chrono::milliseconds(250);

    /// `addresses`, at least one, are tried in this order.
    connect_race(boost::asio::any_io_executor const& executor, std::vector<tcp::endpoint> addresses,
                 duration delay = standard_delay);

    void start(handler h);
    /// Closes all; the handler is not called any more.
    void cancel();

private:
    void start_next();
    void on_failed(std::size_t which, boost::system::error_code ec);
    void on_connected(std::size_t which);

    std::vector<tcp::endpoint> addresses_;
    std::vector<std::optional<stream_socket>> sockets_; // of those that were started; empty once they have failed
    std::size_t under_way_ = 0;
    duration delay_;
    boost::asio::steady_timer timer_; // of the next one
    handler handler_;
};

} // namespace joust::net
