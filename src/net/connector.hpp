//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "net/address.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>

namespace joust::net {

/// One attempt to reach a host: resolves its name and tries its addresses in turn.
///
/// Completes once, on the executor, with a socket or with UNAVAILABLE that names the phase (`resolve`, `connect`).
/// *Thread safety*: on its executor.
class connector : public std::enable_shared_from_this<connector> {
public:
    using handler = std::function<void(result<boost::asio::ip::tcp::socket>)>;

    explicit connector(boost::asio::any_io_executor const& executor) : resolver_(executor), socket_(executor) {}

    void start(host_port const& to, handler h);
    /// Ends the attempt; the handler is not called any more.
    void cancel();

private:
    using tcp = boost::asio::ip::tcp;

    void try_next(tcp::resolver::results_type::const_iterator next, boost::system::error_code last);
    void complete(result<tcp::socket> r);
    static status failed(std::string_view what, std::string_view where, boost::system::error_code ec);

    tcp::resolver resolver_;
    tcp::socket socket_;
    tcp::resolver::results_type found_;
    tcp::endpoint last_tried_;
    host_port to_;
    handler handler_;
};

} // namespace joust::net
