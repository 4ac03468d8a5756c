//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <string>
#include <vector>

namespace joust {

/// Who a peer is by its certificate, which has been verified.
struct peer_identity {
    std::string subject = {};     ///< `"CN=player-service,O=Example"` (RFC 2253)
    std::string common_name = {}; ///< the CN of the subject, or empty
    // The subject's alternative names, by kind.
    std::vector<std::string> dns_names = {};
    std::vector<std::string> uris = {}; ///< `"spiffe://example.org/player"`
    std::vector<std::string> ip_addresses = {};
    std::vector<std::string> emails = {};
};

} // namespace joust
