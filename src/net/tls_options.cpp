//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/net/tls_options.hpp"

#include <utility>

namespace joust {

namespace {

using complaint = std::optional<std::string>;

complaint check(pem_source const& source, std::string const& name) {
    if (!source.text.empty() && !source.file.empty())
        return name + " must be either text or file, not both";
    return std::nullopt;
}

complaint check(tls_identity const& identity, std::string const& name) {
    if (auto bad = check(identity.certificate, name + ".certificate"))
        return bad;
    if (auto bad = check(identity.key, name + ".key"))
        return bad;
    if (identity.certificate.empty())
        return name + ".certificate must not be empty";
    if (identity.key.empty())
        return name + ".key must not be empty";
    return std::nullopt;
}

template <class Options>
complaint check_common(Options const& o) {
    if (o.max_version < o.min_version)
        return "max_version must be at least min_version";
    if (o.reload_interval < o.reload_interval.zero())
        return "reload_interval must not be negative";
    return std::nullopt;
}

} // namespace

complaint validate(tls_server_options const& o) {
    if (o.identities.empty())
        return "identities must not be empty";
    for (std::size_t i = 0; i != o.identities.size(); ++i)
        if (auto bad = check(o.identities[i], "identities[" + std::to_string(i) + "]"))
            return bad;
    if (auto bad = check(o.client_ca, "client_ca"))
        return bad;
    if (o.clients != client_certificates::ignored && o.client_ca.empty())
        return "client_ca must not be empty when client certificates are asked for";
    if (o.clients == client_certificates::ignored && !o.client_ca.empty())
        return "client_ca must be empty unless client certificates are asked for (clients)";
    if (o.handshake_timeout <= std::chrono::steady_clock::duration::zero())
        return "handshake_timeout must be positive";
    return check_common(o);
}

complaint validate(tls_client_options const& o) {
    if (auto bad = check(o.ca, "ca"))
        return bad;
    if (!o.identity.empty())
        if (auto bad = check(o.identity, "identity"))
            return bad;
    return check_common(o);
}

} // namespace joust
