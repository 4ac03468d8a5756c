//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/config/tables.hpp"

#include <string>

namespace joust::game {

namespace {

using config::option;
using config::table;

std::string escaped(std::string_view text) {
    std::string out;
    for (char const c : text)
        out.append(c == '|' ? "\\|" : std::string(1, c));
    return out;
}

/// The rows of a table; nested objects follow in place, with their path.
void append_rows(std::string& out, table const& t, void const* defaults, std::string const& path) {
    for (option const& o : t.options()) {
        std::string const name = path + std::string(o.name);
        std::string const shown = o.show(defaults);
        out += "| `" + name + "` | " + o.type + " | " + (shown.empty() ? "" : "`" + shown + "`") + " | " +
               escaped(o.doc) + " |\n";
        if (o.nested == nullptr)
            continue;
        bool const list = o.type.starts_with("list");
        append_rows(out, *o.nested, o.part(defaults), name + (list ? "[]." : "."));
    }
}

void append_section(std::string& out, std::string_view title, std::string_view what, table const& t,
                    void const* defaults) {
    out.append("\n## ").append(title).append("\n\n").append(what);
    out += "\n\n| option | type | default | |\n|---|---|---|---|\n";
    append_rows(out, t, defaults, {});
}

constexpr std::string_view head = R"(# Configuration

<!-- Written by `configuration_reference()`; ctest holds this file to it: examples/14_configuration/run_test. -->

The options of a server and of clients, from one JSON file. `joust::game::configuration::load` reads it
([example](../examples/14_configuration/main.cpp)):

    {
        "server": {
            "listen": ["0.0.0.0:50051"],
            "max_receive_message_size": "16MiB",
            "services": {"logic": {"get_player_info": {"timeout": "500ms"}}}
        },
        "clients": {
            "logic": {"address": "dns:///logic:50051", "timeout": "1.5s", "circuit_breaker": {"open_time": "10s"}},
            "chat": {} // CHAT_SERVICES="host:port,host:port" in the environment
        }
    }

- Comments (`//`, `/* */`) and a comma after the last member are allowed.
- A *duration* is a text with a unit: `"300ms"`, `"1.5s"`, `"2h"`; `ns`, `us`, `ms`, `s`, `m`, `h`. A *size* is a number
  of bytes or a text: `"64KiB"`, `"4MiB"`, `"1GiB"`. A *file* is the name of one, relative to the folder of the
  configuration. A *code* is a gRPC status, `"UNAVAILABLE"`.
- What may be `null` is off then. An object, even an empty one, turns it on, with the defaults for what it does not say.
- A file with anything wrong is refused whole. Each mistake has a line, with the option and its limits:
  `game.json: clients.logic.max_conections: unknown; did you mean max_connections?` Of values out of range, an object
  without other mistakes tells the first.
- Whether files, addresses and the services and methods of `services` are there is seen when they are used: by
  `credentials`, `listen_at`, `connect` and `apply`.
- What is code (interceptors, fallbacks, codecs of your own, observers, resolvers) is set in the program, on the structs
  that were read.
)";

} // namespace

std::string configuration_reference() {
    std::string out(head);
    server_configuration const server;
    client_configuration const client;
    method_options const method;
    append_section(
        out, "server",
        "`server_configuration`, with the fields of `joust::game::services_options` and `joust::server_options`.",
        config::server_table(), &server);
    append_section(out, "server.services.SERVICE.METHOD",
                   "`joust::game::method_options`. What is not said stays as the program has it.",
                   config::method_table(), &method);
    append_section(out, "clients.NAME",
                   "`client_configuration`, with the fields of `client_options` and `joust::channel_options`.",
                   config::client_table(), &client);
    return out;
}

} // namespace joust::game
