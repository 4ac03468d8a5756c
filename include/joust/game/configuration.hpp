//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/game/client.hpp"
#include "joust/game/client_options.hpp"
#include "joust/game/services.hpp"
#include "joust/rpc/server.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace joust::game {

/// What a configuration says of the server.
struct server_configuration {
    std::vector<std::string> listen = {};
    server_options options = {};
    /// Of the JSON services: what `services` is to be made with.
    services_options service_options = {};
    std::optional<tls_server_options> tls = {};

    /// Sets what the file says of methods; the rest stays. Throws `std::invalid_argument` for a service or a method
    /// that is not there.
    void apply(services& to) const;

    /// With the certificates that `tls` names; not secured without.
    result<server_credentials> credentials() const;
    /// Listens at each address of `listen`.
    ///
    /// *Errors*: of `credentials` and `server::listen`; FAILED_PRECONDITION when there is no address.
    result<std::vector<endpoint>> listen_at(joust::server& server) const;

    struct method_changes; // private to the library
    std::shared_ptr<method_changes const> methods = {};
};

/// What a configuration says of one client.
struct client_configuration {
    /// Where its servers are. Empty: as the environment says, `LOGIC_SERVICES` for the client `logic`.
    std::string address = {};
    client_options options = {};
    std::optional<tls_client_options> tls = {};

    /// A client with these options.
    ///
    /// *Errors*: INVALID_ARGUMENT for certificates that cannot be read, FAILED_PRECONDITION when the environment has no
    /// address, see `services_of_environment`.
    result<client> connect(boost::asio::any_io_executor executor, std::string_view name) const;
};

/// The options of a server and of clients from one JSON file, in which comments may stand:
///
///     {
///         "server": {"listen": ["0.0.0.0:50051"], "max_receive_message_size": "16MiB"},
///         "clients": {"logic": {"address": "dns:///logic:50051", "timeout": "500ms"}}
///     }
///
/// What is not there has the default of the option. docs/configuration.md has them all.
struct configuration {
    server_configuration server = {};
    std::map<std::string, client_configuration, std::less<>> clients = {};

    /// Reads a file. The names of other files in it are relative to its folder.
    ///
    /// *Errors*: INVALID_ARGUMENT with a line for each thing that is wrong, which names the file, the option and its
    /// limits: `game.json: clients.logic.max_conections: unknown; did you mean max_connections?`. Of values out of
    /// range, an object without other mistakes tells the first. NOT_FOUND when it cannot be read.
    static result<configuration> load(std::string const& file);
    /// The same with a text.
    static result<configuration> parse(std::string_view text);

    /// The client of this name, see `client_configuration::connect`; with the default options when the file does not
    /// name it.
    result<client> connect(boost::asio::any_io_executor executor, std::string_view name) const;
};

/// docs/configuration.md: every option, from the table that the files are read by.
std::string configuration_reference();

/// What a client of this service finds its servers by: `env:LOGIC_SERVICES` for `logic`; letters become large, what is
/// no letter or digit becomes `_`.
///
/// *Errors*: FAILED_PRECONDITION that names the variable, when it is not set or empty.
result<std::string> services_of_environment(std::string_view service);

} // namespace joust::game
