//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game/config/table.hpp"
#include "joust/game/configuration.hpp"

namespace joust::game::config {

// Each is made once, on first use.

table_of<channel_options> const& channel_table();
table_of<client_configuration> const& client_table();
table_of<server_configuration> const& server_table();
table_of<method_options> const& method_table();
table_of<keepalive_options> const& keepalive_table();
table_of<tls_identity> const& identity_table();
table_of<tls_client_options> const& tls_client_table();
table_of<tls_server_options> const& tls_server_table();

/// What the file says of the methods of each service.
void read_services(node const& n, server_configuration& to);

} // namespace joust::game::config
