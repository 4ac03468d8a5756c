//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// TLS with certificates on both sides, Unix sockets, and no socket at all: one service at all of them.
//
// usage: transports FOLDER       with ca.pem, server.pem, server.key, client.pem, client.key; run_test makes them

#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr joust::unary_method<std::string, std::string> who_am_i{"/example.Gate/WhoAmI"};

// [identity]
std::string answer(std::string const&, joust::call_context& context) {
    joust::peer_identity const* const client = context.peer_identity();
    if (client == nullptr) // no certificate: plaintext, or a client without one
        return "somebody at " + std::string(context.peer());
    return client->uris.empty() ? client->subject : client->uris[0];
}
// [/identity]

joust::result<joust::server_credentials> server_side(std::string const& folder) {
    // [server-tls]
    joust::tls_server_options tls;
    tls.identities = {{.certificate = {.file = folder + "/server.pem"}, .key = {.file = folder + "/server.key"}}};
    tls.clients = joust::client_certificates::required; // mutual TLS
    tls.client_ca.file = folder + "/ca.pem";
    tls.reload_interval = 10s; // look at the files; broken ones are told to the observer and not used
    joust::result<joust::server_credentials> credentials = joust::server_credentials::tls(tls);
    if (credentials.has_error()) // INVALID_ARGUMENT: private key /etc/.../server.key: it does not belong to ...
        std::cerr << credentials.error() << '\n';
    // [/server-tls]
    return credentials;
}

joust::channel_options client_side(std::string const& folder) {
    // [client-tls]
    joust::tls_client_options tls;
    tls.ca.file = folder + "/ca.pem"; // empty: the authorities of the system
    tls.identity = {.certificate = {.file = folder + "/client.pem"}, .key = {.file = folder + "/client.key"}};
    tls.ssl_target_name_override = "gate.test"; // if the address does not have the name that is in the certificate
    joust::channel_options options;
    options.credentials = joust::channel_credentials::tls(tls).value();
    // [/client-tls]
    return options;
}

// [token]
asio::awaitable<joust::result<joust::access_token>> fetch_token() {
    asio::steady_timer timer(co_await asio::this_coro::executor, 1ms); // a request to somebody who knows us
    co_await timer.async_wait(asio::use_awaitable);
    co_return joust::access_token{"secret", std::chrono::steady_clock::now() + 1h};
}

void authorize(joust::channel_options& options) {
    options.call_credentials = joust::bearer_token(fetch_token); // fetched when it is needed, renewed in time
}
// [/token]

asio::awaitable<void> ask(std::string where, joust::channel channel) {
    joust::call_options const options;
    std::string const nothing;
    joust::result<std::string> said = co_await channel.async_call(who_am_i, nothing, options);
    std::cout << where << ": " << said.value() << '\n';
}

asio::awaitable<void> run(joust::server& server, std::string folder) {
    auto const executor = co_await asio::this_coro::executor;
    // [listen]
    joust::server_credentials const credentials = server_side(folder).value();
    joust::endpoint const secured = server.listen("127.0.0.1:0", credentials).value();
    joust::endpoint const local = server.listen("unix:" + folder + "/gate.sock").value(); // removed at the end
    joust::in_process const wire;                                                         // for tests
    server.listen(wire).value();
    // [/listen]
    // [channels]
    joust::channel_options with_tls = client_side(folder);
    authorize(with_tls);
    joust::channel const over_tls(executor, secured.to_string(), with_tls);
    joust::channel const over_unix(executor, local.to_string());
    joust::channel const without_socket(executor, wire);
    // [/channels]
    co_await ask("tls", over_tls);
    co_await ask("unix socket", over_unix);
    co_await ask("in process", without_socket);
    // [reload]
    joust::status const reloaded = credentials.reload(); // or at a signal; new connections get what was read
    // [/reload]
    std::cout << "reload: " << reloaded << '\n';
    server.stop();
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: transports FOLDER\n";
        return 2;
    }
    int code = 0;
    asio::io_context io(1);
    joust::server server(io.get_executor());
    server.add(who_am_i, answer);
    asio::co_spawn(io, run(server, argv[1]), [&](std::exception_ptr failed) {
        try {
            if (failed)
                std::rethrow_exception(failed);
        } catch (std::exception const& e) {
            std::cerr << "transports: " << e.what() << '\n';
            code = 1;
            io.stop();
        }
    });
    io.run();
    return code;
}
