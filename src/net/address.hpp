//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"

#include <string>
#include <string_view>

namespace joust::net {

struct host_port {
    std::string host; ///< a name or an address, without brackets
    std::string port; ///< a number from 0 to 65535

    std::string to_string() const;
};

/// Reads `host:port`, `[v6]:port`, each also after `dns:///` or `ipv4:`/`ipv6:`. INVALID_ARGUMENT names what is wrong.
result<host_port> parse_address(std::string_view text);

} // namespace joust::net
