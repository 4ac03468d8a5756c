//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// joust.test.Echo for stock clients.
//
// usage: echo_server [--listen HOST:PORT]
//
// Prints `listening on HOST:PORT` when it can be called; drains and ends on SIGTERM.

#include "support/echo_service.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <csignal>
#include <iostream>
#include <string>
#include <string_view>

namespace asio = boost::asio;

int main(int argc, char** argv) {
    std::string address = "127.0.0.1:0";
    if (argc == 3 && std::string_view(argv[1]) == "--listen") {
        address = argv[2];
    } else if (argc != 1) {
        std::cerr << "usage: echo_server [--listen HOST:PORT]\n";
        return 2;
    }
    asio::io_context io(1);
    joust::test::echo_service service;
    joust::server server(io.get_executor());
    server.add(service);
    auto const endpoint = server.listen(address);
    if (endpoint.has_error()) {
        std::cerr << "echo_server: " << endpoint.error().message() << '\n';
        return 1;
    }
    std::cout << "listening on " << endpoint->to_string() << std::endl;

    asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait(
        [&](joust::error_code, int) { server.async_drain(std::chrono::seconds(5), [](joust::error_code) {}); });
    io.run();
}
