//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace joust::net {

class in_process_port;

struct host_port {
    std::string host; ///< a name or an address, without brackets
    std::string port; ///< a number from 0 to 65535

    std::string to_string() const;
};

struct unix_address {
    std::string path; ///< in the abstract namespace: the name without the leading zero
    bool abstract = false;

    std::string to_string() const;
};

/// Where a server listens and a channel connects to.
using address = std::variant<host_port, unix_address, std::shared_ptr<in_process_port>>;

/// Reads `host:port`, `[v6]:port`, each also after `dns:///` or `ipv4:`/`ipv6:`; `unix:path`, `unix:///absolute/path`,
/// `unix-abstract:name`. INVALID_ARGUMENT names what is wrong.
result<address> parse_address(std::string_view text);

std::string to_string(address const& a);
/// `:authority` of calls that go there.
std::string default_authority(address const& a);
/// The name that the certificate of a server there is for.
std::string certificate_name(address const& a);
/// True when nobody but this machine can listen in.
bool stays_on_this_machine(address const& a) noexcept;

} // namespace joust::net
