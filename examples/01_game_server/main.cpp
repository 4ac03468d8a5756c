//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A server of two JSON services, logic and chat, which probes and grpcurl understand: with health and reflection.
//
// usage: game_server [--listen ADDRESS] [--cert FILE --key FILE [--ca FILE]]
//
// ADDRESS is host:port or unix:path. With a certificate it speaks TLS, with --ca it requires certificates of its
// clients, too.

#include "chat_service.hpp"
#include "logic_service.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

struct arguments {
    std::string listen = "127.0.0.1:50051";
    std::string cert, key, ca;
};

std::optional<arguments> parse(int argc, char** argv) {
    arguments all;
    for (int i = 1; i < argc; ++i) {
        std::string_view const given = argv[i];
        std::string_view const name = given.substr(0, given.find('='));
        std::string* const value = name == "--listen" ? &all.listen
                                   : name == "--cert" ? &all.cert
                                   : name == "--key"  ? &all.key
                                   : name == "--ca"   ? &all.ca
                                                      : nullptr;
        if (value == nullptr || (name.size() == given.size() && i + 1 == argc))
            return std::nullopt;
        *value = name.size() == given.size() ? argv[++i] : given.substr(name.size() + 1);
    }
    return all;
}

joust::result<joust::server_credentials> credentials(arguments const& from) {
    if (from.cert.empty() && from.key.empty() && from.ca.empty())
        return joust::server_credentials();
    joust::tls_server_options tls;
    tls.identities = {{.certificate = {.file = from.cert}, .key = {.file = from.key}}};
    tls.client_ca.file = from.ca;
    tls.clients = from.ca.empty() ? joust::client_certificates::ignored : joust::client_certificates::required;
    tls.reload_interval = 10s;
    return joust::server_credentials::tls(tls);
}

// [register]
joust::game::services make_services(asio::any_io_executor const& executor) {
    joust::game::services services;
    // Each name has players of its own.
    for (std::string_view const name : {"logic", "logic_eu", "logic_us"})
        services.add(name, std::make_shared<game::logic_service>())
            .method("slow", {.timeout = 3s, .description = "answers after `ms` milliseconds"});
    services.add("chat", std::make_shared<game::chat_service>(executor))
        .method("subscribe", {.timeout = 1h, .description = "what is said from now on"});
    return services;
}
// [/register]

// [ops]
void add_operations(joust::server& server) {
    joust::health_service health; // "" is serving from the start
    health.set("game.grpc.GameService", joust::serving_status::serving);
    server.add(health);
    server.add(joust::reflection_service());
}
// [/ops]

} // namespace

// [main]
int main(int argc, char** argv) {
    auto const given = parse(argc, argv);
    if (!given) {
        std::cerr << "usage: game_server [--listen ADDRESS] [--cert FILE --key FILE [--ca FILE]]\n";
        return 2;
    }
    auto const secured = credentials(*given);
    if (secured.has_error()) {
        std::cerr << "game_server: " << secured.error().message() << '\n';
        return 1;
    }
    asio::io_context io(1);
    joust::server_options options;
    options.use_strands = false; // one thread runs the io_context
    joust::server server(io.get_executor(), options);
    server.add(make_services(io.get_executor()));
    add_operations(server);
    auto const endpoint = server.listen(given->listen, *secured);
    if (endpoint.has_error()) {
        std::cerr << "game_server: " << endpoint.error().message() << '\n';
        return 1;
    }
    std::cout << "listening on " << endpoint->to_string() << std::endl;

    asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](joust::error_code, int) {
        signals.async_wait([](joust::error_code ec, int) {
            if (!ec)
                std::_Exit(EXIT_FAILURE); // asked twice
        });
        server.async_drain(5s, [&](joust::error_code) { signals.cancel(); });
    });
    io.run();
}
// [/main]
