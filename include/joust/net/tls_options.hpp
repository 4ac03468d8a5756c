//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace joust {

/// A text in PEM, or the file that it is read from: one of both.
struct pem_source {
    std::string text = {};
    std::string file = {};

    bool empty() const noexcept { return text.empty() && file.empty(); }
    friend bool operator==(pem_source const&, pem_source const&) = default;
};

/// Who somebody is: a certificate, followed by those that vouch for it, and its private key.
struct tls_identity {
    pem_source certificate = {};
    pem_source key = {};

    bool empty() const noexcept { return certificate.empty() && key.empty(); }
    friend bool operator==(tls_identity const&, tls_identity const&) = default;
};

enum class tls_version : std::uint8_t { tls1_2, tls1_3 };

/// What a server wants of its clients' certificates.
enum class client_certificates : std::uint8_t {
    ignored,   ///< they are not asked for
    requested, ///< a client may have none, but not a bad one
    required,  ///< mutual TLS
};

/// How a server speaks TLS.
struct tls_server_options {
    /// A client gets the first one whose certificate is for the name that it asked for (SNI), else the first one.
    std::vector<tls_identity> identities = {};
    joust::client_certificates clients = joust::client_certificates::ignored;
    /// The certificates that vouch for the clients' ones.
    pem_source client_ca = {};
    tls_version min_version = tls_version::tls1_2;
    tls_version max_version = tls_version::tls1_3;
    /// How long a handshake may take.
    std::chrono::steady_clock::duration handshake_timeout = std::chrono::seconds(10);
    /// How often the files are looked at for a change, on the server's executor. Zero: never.
    std::chrono::steady_clock::duration reload_interval = {};

    friend bool operator==(tls_server_options const&, tls_server_options const&) = default;
};

/// How a client speaks TLS.
struct tls_client_options {
    /// The certificates that vouch for the server's one. Empty: those of the system.
    pem_source ca = {};
    /// The client's own, for servers that ask for one. May be empty.
    tls_identity identity = {};
    /// The name to ask for (SNI) and to find in the server's certificate; also the calls' `:authority`, unless the
    /// channel has one. Empty: the host of the address.
    std::string ssl_target_name_override = {};
    tls_version min_version = tls_version::tls1_2;
    tls_version max_version = tls_version::tls1_3;
    /// Before a connection is made, the files are looked at for a change, unless that was done less than this ago.
    /// Zero: never.
    std::chrono::steady_clock::duration reload_interval = {};

    friend bool operator==(tls_client_options const&, tls_client_options const&) = default;
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(tls_server_options const& options);
std::optional<std::string> validate(tls_client_options const& options);

} // namespace joust
