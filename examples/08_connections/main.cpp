//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// How connections are cared for: limits and times of a server, keepalive of a client, answers to what is not gRPC.

#include <joust/joust.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <iostream>
#include <optional>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

inline constexpr joust::unary_method<std::string, std::string> shout{"/example.Text/Shout"};

// [http]
std::optional<joust::http_response> site(joust::http_request const& request) {
    if (request.method == "GET" && request.path == "/version")
        return joust::http_response{200, {{"content-type", "text/plain"}}, "1.2.3\n"};
    return joust::serve_healthz(request); // keeps /healthz; what it does not know is refused
}
// [/http]

// [server]
joust::server_options server_options() {
    joust::server_options o;
    o.max_connections = 1000;
    o.max_concurrent_streams = 250;
    o.max_connection_idle = 5min;
    o.max_connection_age = 1h; // lets a balancer spread the clients anew
    o.max_connection_age_grace = 30s;
    o.keepalive = {.time = 1min, .timeout = 10s};
    o.pings = {.min_interval = 10s, .permit_without_calls = true}; // what our clients need
    o.http = site;
    return o;
}
// [/server]

// [client]
joust::channel_options channel_options() {
    joust::channel_options o;
    o.keepalive = {.time = 30s, .timeout = 5s, .permit_without_calls = true};
    return o;
}
// [/client]

} // namespace

int main() {
    asio::io_context io(1);
    joust::server server(io.get_executor(), server_options());
    server.add(shout, [](std::string text) { return text + "!"; });
    auto const endpoint = server.listen("127.0.0.1:0").value();
    joust::channel const channel(io.get_executor(), endpoint.to_string(), channel_options());

    int exit_code = 1;
    channel.async_call(shout, std::string("hello"), {}, [&](joust::result<std::string> answer) {
        std::cout << (answer ? *answer : answer.error().to_string()) << '\n';
        exit_code = answer ? 0 : 1;
        io.stop();
    });
    io.run();

    // [validate]
    joust::channel_options impatient;
    impatient.keepalive.time = 1s;
    std::cout << validate(impatient).value_or("fine") << '\n'; // keepalive.time must be at least 10s
    // [/validate]
    return exit_code;
}
