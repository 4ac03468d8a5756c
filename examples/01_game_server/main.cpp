//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A server of two JSON services, logic and chat, which probes and grpcurl understand: with health and reflection.
//
// usage: game_server [--listen HOST:PORT]

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

std::optional<std::string> listen_address(int argc, char** argv) {
    std::string address = "127.0.0.1:50051";
    for (int i = 1; i < argc; ++i) {
        std::string_view const argument = argv[i];
        if (argument == "--listen" && i + 1 < argc)
            address = argv[++i];
        else if (argument.starts_with("--listen="))
            address = argument.substr(argument.find('=') + 1);
        else
            return std::nullopt;
    }
    return address;
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
    auto const address = listen_address(argc, argv);
    if (!address) {
        std::cerr << "usage: game_server [--listen HOST:PORT]\n";
        return 2;
    }
    asio::io_context io(1);
    joust::server_options options;
    options.use_strands = false; // one thread runs the io_context
    joust::server server(io.get_executor(), options);
    server.add(make_services(io.get_executor()));
    add_operations(server);
    auto const endpoint = server.listen(*address);
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
