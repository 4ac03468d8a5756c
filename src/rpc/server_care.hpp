//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/server.hpp"
#include "net/connection.hpp"

#include <optional>
#include <string>

namespace joust::rpc {

/// `validate` of the options that say how connections are cared for.
std::optional<std::string> validate_care(server_options const& o);

void set_care(net::connection_settings& s, server_options const& o);

} // namespace joust::rpc
