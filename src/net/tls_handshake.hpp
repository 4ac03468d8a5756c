//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "net/tls_context.hpp"
#include "net/tls_transport.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace joust::net {

/// One TLS handshake on a connected socket.
///
/// Completes once, on the socket's executor, with a transport or with UNAVAILABLE that says whose certificate is wrong
/// in what way.
/// *Thread safety*: on its executor.
class tls_handshake : public std::enable_shared_from_this<tls_handshake> {
public:
    using handler = std::function<void(result<std::unique_ptr<transport>>)>;

    tls_handshake(stream_socket socket, std::shared_ptr<tls_context> context);

    boost::asio::any_io_executor get_executor() { return stream_->get_executor(); }
    std::string const& peer() const noexcept { return peer_; }

    /// Without a `limit`, somebody else cancels.
    void start_server(std::chrono::steady_clock::duration limit, handler h);
    /// `name` is asked for (SNI) and has to be in the server's certificate.
    void start_client(std::string const& name, handler h);
    /// Ends the handshake; the handler is not called any more.
    void cancel();

private:
    void run(boost::asio::ssl::stream_base::handshake_type side);
    void on_done(error_code ec);
    status failure(error_code ec) const;
    void complete(result<std::unique_ptr<transport>> r);

    std::shared_ptr<tls_context> context_;
    std::shared_ptr<tls_stream> stream_;
    boost::asio::steady_timer timer_;
    std::string peer_;
    std::string name_;  // on a client: what the server's certificate is to be for
    std::string offer_; // on a server: what the client offers by ALPN, unless h2 is in it
    bool client_ = false;
    std::optional<peer_identity> rejected_; // whose certificate was not accepted: OpenSSL forgets it
    handler handler_;
};

} // namespace joust::net
