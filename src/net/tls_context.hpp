//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/net/tls_options.hpp"

#include <boost/asio/ssl/context.hpp>

#include <deque>
#include <memory>
#include <string>

namespace joust::net {

/// The certificates of one side, ready for handshakes. Its options have been read: texts only, with the names of their
/// files for errors.
///
/// *Thread safety*: safe once made.
class tls_context {
public:
    static result<std::shared_ptr<tls_context>> make(tls_server_options const& options);
    static result<std::shared_ptr<tls_context>> make(tls_client_options const& options);

    tls_context() = default;
    tls_context(tls_context const&) = delete;
    tls_context& operator=(tls_context const&) = delete;
    ~tls_context() = default;

    /// What streams are made of. On a server, SNI may exchange it during the handshake, so this object must live so
    /// long.
    boost::asio::ssl::context& native() noexcept { return contexts_.front(); }

    /// Makes a server's handshake leave in `into` what a client without h2 has offered by ALPN, as it came; null: no
    /// longer.
    static void watch_offer(SSL* ssl, std::string* into);

private:
    boost::asio::ssl::context& add(tls_version min, tls_version max);
    static int on_server_name(SSL* ssl, int* alert, void* self);

    std::deque<boost::asio::ssl::context> contexts_; // one for each identity; a client has one
};

} // namespace joust::net
