//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/observer.hpp"
#include "joust/core/result.hpp"
#include "net/address.hpp"
#include "net/admission.hpp"
#include "net/socket.hpp"
#include "net/socket_file.hpp"
#include "net/tls_store.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace joust::net {

class tls_handshake;
class transport;

struct listener_settings {
    bool use_strands = true;
    std::shared_ptr<tls_server_store> tls{}; // none: plaintext
    std::shared_ptr<observer> watcher{};
    std::shared_ptr<admission> doors;
};

/// The sockets of one address, and the TLS handshakes of those who came through them.
///
/// *Thread safety*: safe. Each acceptor and each connection has an executor of its own.
class listener : public std::enable_shared_from_this<listener> {
public:
    /// Called on the executor of the connection. The place is held as long as the connection is.
    using handler = std::function<void(std::unique_ptr<transport>, std::shared_ptr<admission::place const>)>;

    listener(boost::asio::any_io_executor executor, listener_settings settings);
    listener(listener const&) = delete;
    listener& operator=(listener const&) = delete;
    ~listener() = default;

    /// Binds the sockets; every address of a name. INVALID_ARGUMENT, or UNAVAILABLE with the cause.
    status open(std::string_view where);
    /// Begins to accept. Once.
    void start(handler h);
    /// No more connections: those whose handshake is under way are dropped.
    void close();

    // Valid once `open` has succeeded.
    std::string const& host() const noexcept { return host_; }
    std::uint16_t port() const noexcept { return port_; }

private:
    using acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;
    using endpoint = boost::asio::generic::stream_protocol::endpoint;

    status open_tcp(host_port const& at, std::string_view where);
    status open_unix(unix_address const& at, std::string_view where);
    error_code open_acceptor(endpoint const& at, bool is_tcp);
    void accept(std::shared_ptr<acceptor> a);
    void retry_accept(std::shared_ptr<acceptor> a);
    void adopt(stream_socket socket);
    void begin_handshake(stream_socket socket, std::shared_ptr<admission::place const> place);
    void watch_files();

    boost::asio::any_io_executor executor_;
    listener_settings settings_;
    handler handler_;
    std::string host_;
    std::uint16_t port_ = 0;
    socket_file file_;

    std::mutex mutex_;
    bool closed_ = false;
    std::vector<std::shared_ptr<acceptor>> acceptors_;
    std::vector<std::weak_ptr<tls_handshake>> handshakes_;
    boost::asio::steady_timer reload_timer_;
};

} // namespace joust::net
