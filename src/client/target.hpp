//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/endpoint_address.hpp"
#include "joust/core/result.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace joust::client {

/// What the text that a channel is made with stands for.
struct target {
    enum class source : std::uint8_t {
        addresses,   ///< those in `addresses`
        dns,         ///< all addresses of the name `dns.host`
        file,        ///< the list in the file `name`
        environment, ///< the list in the environment variable `name`
    };

    source from = source::addresses;
    std::vector<endpoint_address> addresses = {};
    net::host_port dns = {};
    std::string name = {};

    bool operator==(target const& other) const {
        return from == other.from && addresses == other.addresses && dns.host == other.dns.host &&
               dns.port == other.dns.port && name == other.name;
    }
};

/// Reads one address (see `net::parse_address`), a list of them separated by commas, `ipv4:` or `ipv6:` with one or
/// more numeric addresses, `dns:///host:port`, `file:path` or `file:///absolute/path`, `env:NAME`.
///
/// A plain `host:port` stays one address, whose name is resolved whenever it is connected to; after `dns:` it is one
/// endpoint for each address of the name. INVALID_ARGUMENT names the text, for lists the entry too, and what is wrong.
result<target> parse_target(std::string_view text);

} // namespace joust::client
