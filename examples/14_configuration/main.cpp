//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A server and its client that are set up by one JSON file. With --reference: docs/configuration.md.

#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe/class.hpp>

#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

namespace asio = boost::asio;

namespace {

struct greeting {
    std::string text;
};
BOOST_DESCRIBE_STRUCT(greeting, (), (text))

struct echo_service {
    std::string say(greeting const& g) { return g.text; }
};
BOOST_DESCRIBE_STRUCT(echo_service, (), (say))

// [serve]
/// Serves at every address of the file.
joust::result<std::vector<joust::endpoint>> serve(joust::server& server, joust::game::configuration const& c) {
    joust::game::services services(c.server.service_options);
    services.add("echo", std::make_shared<echo_service>());
    c.server.apply(services); // "services": {"echo": {"say": {"timeout": "1s"}}}
    server.add(services);
    return c.server.listen_at(server);
}
// [/serve]

asio::awaitable<void> ask(joust::game::client echo) {
    greeting const hello{"hello"};
    joust::result<std::string> const r = co_await echo.async_call<std::string>("say", hello);
    std::cout << "echo.say: " << (r ? *r : r.error().message()) << '\n';
}

int run(std::string const& file) {
    // [load]
    joust::result<joust::game::configuration> const loaded = joust::game::configuration::load(file);
    if (loaded.has_error()) {
        std::cerr << loaded.error().message() << '\n'; // a line for each mistake
        return 1;
    }
    joust::game::configuration const& c = *loaded;
    asio::io_context io;
    joust::server server(io.get_executor(), c.server.options);
    // [/load]
    auto const at = serve(server, c);
    if (at.has_error()) {
        std::cerr << at.error() << '\n';
        return 1;
    }
    // [connect]
    joust::result<joust::game::client> const echo = c.connect(io.get_executor(), "echo");
    // [/connect]
    if (echo.has_error()) {
        std::cerr << echo.error() << '\n';
        return 1;
    }
    asio::co_spawn(io, ask(*echo), [&](std::exception_ptr) { io.stop(); });
    io.run();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc == 2 && std::string_view(argv[1]) == "--reference") {
            std::cout << joust::game::configuration_reference();
            return 0;
        }
        if (argc != 2) {
            std::cerr << "usage: configuration FILE | --reference\n";
            return 2;
        }
        return run(argv[1]);
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
