//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The server of gRPC's interop tests, with the flags that those of other implementations have.
//
// usage: interop_server --port PORT [--use_tls --tls_cert_file FILE --tls_key_file FILE]
//
// Prints `listening on HOST:PORT` when it can be called; drains and ends on SIGTERM.

#include "joust/rpc/server.hpp"
#include "suite/interop_service.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;
using namespace joust;

namespace {

struct flags {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    bool use_tls = false;
    std::string tls_cert_file;
    std::string tls_key_file;
};

void add(CLI::App& to, flags& f) {
    to.add_option("--address", f.address, "Where to listen")->capture_default_str();
    to.add_option("--port", f.port, "0: any that is free")->capture_default_str();
    to.add_flag("--use_tls", f.use_tls, "TLS; needs both files");
    to.add_option("--tls_cert_file", f.tls_cert_file, "PEM");
    to.add_option("--tls_key_file", f.tls_key_file, "PEM");
}

server_credentials credentials_of(flags const& f) {
    if (!f.use_tls)
        return {};
    tls_server_options tls;
    tls.identities.resize(1);
    tls.identities[0].certificate.file = f.tls_cert_file;
    tls.identities[0].key.file = f.tls_key_file;
    return server_credentials::tls(tls).value();
}

int serve(flags const& f) {
    asio::io_context io(1);
    server_options options;
    options.use_strands = false;
    server s(io.get_executor(), options);
    s.add(test::interop::interop_service("joust-" + std::to_string(::getpid())));
    server_credentials const credentials = credentials_of(f);
    endpoint const at = s.listen(f.address + ":" + std::to_string(f.port), credentials).value();
    std::cout << "listening on " << at.to_string() << std::endl;
    asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](error_code, int) { s.async_drain(std::chrono::seconds(2), [](error_code) {}); });
    io.run();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app("The server of gRPC's interop tests");
    flags f;
    add(app, f);
    CLI11_PARSE(app, argc, argv);
    try {
        return serve(f);
    } catch (std::exception const& e) {
        std::cerr << "interop_server: " << e.what() << '\n';
        return 1;
    }
}
