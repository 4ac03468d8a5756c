//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/net/tls_options.hpp"

#include <memory>
#include <utility>

namespace joust {

namespace net {
class tls_server_store;
class tls_client_store;
} // namespace net

/// How a server's connections are secured: by TLS, or, default-constructed, not at all. A cheap handle: copies share
/// the certificates.
///
/// *Thread safety*: safe.
class server_credentials {
public:
    server_credentials() noexcept = default;

    /// Reads the certificates and keys.
    ///
    /// *Errors*: INVALID_ARGUMENT that says which option, or which file and what is wrong with it: it cannot be read,
    /// is no PEM, the key is another certificate's, the certificate has expired.
    static result<server_credentials> tls(tls_server_options options);

    /// Reads the files again, for connections that are made from now on. When that fails, with the errors of `tls`,
    /// what was read before stays.
    status reload() const;

    bool secure() const noexcept { return store_ != nullptr; }
    std::shared_ptr<net::tls_server_store> const& store() const noexcept { return store_; }

private:
    explicit server_credentials(std::shared_ptr<net::tls_server_store> store) noexcept : store_(std::move(store)) {}

    std::shared_ptr<net::tls_server_store> store_;
};

/// How a channel's connections are secured: by TLS, or, default-constructed, not at all. A cheap handle: copies share
/// the certificates.
///
/// *Thread safety*: safe.
class channel_credentials {
public:
    channel_credentials() noexcept = default;

    /// As `server_credentials::tls`.
    static result<channel_credentials> tls(tls_client_options options);

    /// As `server_credentials::reload`.
    status reload() const;

    bool secure() const noexcept { return store_ != nullptr; }
    std::shared_ptr<net::tls_client_store> const& store() const noexcept { return store_; }

private:
    explicit channel_credentials(std::shared_ptr<net::tls_client_store> store) noexcept : store_(std::move(store)) {}

    std::shared_ptr<net::tls_client_store> store_;
};

} // namespace joust
