//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "net/address.hpp"
#include "net/socket.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>

namespace joust::net {

class connect_race;
class tls_context;
class tls_handshake;
class transport;

/// How the connection is secured: by `tls`, or not at all.
struct connector_security {
    std::shared_ptr<tls_context> tls{};
    std::string name{}; ///< what the server's certificate has to be for; empty: the host
};

/// One attempt to reach an address: resolves its name, connects to the first of its addresses that answers (see
/// `connect_race`), and does the TLS handshake.
///
/// Completes once, on the executor, with a transport or with UNAVAILABLE that names the phase (`resolve`, `connect`,
/// `TLS`).
/// *Thread safety*: on its executor.
class connector : public std::enable_shared_from_this<connector> {
public:
    using handler = std::function<void(result<std::unique_ptr<transport>>)>;

    explicit connector(boost::asio::any_io_executor const& executor) : resolver_(executor), socket_(executor) {}

    void start(address const& to, connector_security security, handler h);
    /// Ends the attempt; the handler is not called any more.
    void cancel();

private:
    using tcp = boost::asio::ip::tcp;

    void start_tcp(host_port const& to);
    void start_unix(unix_address const& to);
    void start_in_process(in_process_port& to);
    void race(tcp::resolver::results_type const& found);
    void on_connected();
    void complete(result<std::unique_ptr<transport>> r);
    static status failed(std::string_view what, std::string_view where, boost::system::error_code ec);

    tcp::resolver resolver_;
    stream_socket socket_;
    std::weak_ptr<connect_race> race_; // kept by its operations
    address to_;
    connector_security security_;
    std::weak_ptr<tls_handshake> handshake_; // kept by its operations
    handler handler_;
};

} // namespace joust::net
