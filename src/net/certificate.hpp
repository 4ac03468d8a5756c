//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/peer_identity.hpp"

#include <openssl/ssl.h>

#include <optional>
#include <string>

namespace joust::net {

peer_identity identity_of(X509 const* certificate);
/// Who the peer of a handshake is that has succeeded; nothing without a certificate.
std::optional<peer_identity> identity_of_peer(SSL* ssl);

/// What a certificate is for, for error texts: `"*.example.org, 10.0.0.1"`.
std::string names_of(peer_identity const& identity);

} // namespace joust::net
