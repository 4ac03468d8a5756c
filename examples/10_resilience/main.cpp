//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A channel to three servers that come, go and fail, and a caller that does not notice.

#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace shop {
inline constexpr joust::unary_method<std::string, std::string> price{"/example.Shop/Price"};
} // namespace shop

namespace {

// [observer]
/// Hears what the channel does about its servers.
class log_of_channel final : public joust::observer {
    void channel_state_changed(std::string_view target, std::string_view state) noexcept override {
        std::clog << "channel to " << target << ": " << state << '\n';
    }
};
// [/observer]

// [options]
joust::channel_options resilient() {
    joust::channel_options o;
    o.min_connections = 3; // over all addresses; more are made when streams run out
    o.max_connections = 6;
    o.balancer = joust::least_request();

    joust::retry_policy retry; // of calls with call_options::idempotent
    retry.max_attempts = 3;
    retry.initial_backoff = 20ms;
    o.retry = retry;

    joust::circuit_breaker_options breaker; // one for each address
    breaker.consecutive_failures = 5;
    breaker.open_time = 30s;
    breaker.on_event = [](joust::circuit_event const& e) {
        std::clog << "breaker of " << e.address << ": " << to_string(e.to) << ", " << to_string(e.reason) << '\n';
    };
    o.circuit_breaker = breaker;

    o.health_check = joust::health_check_options(); // grpc.health.v1, every 10 s
    o.keepalive.time = 30s;                         // a peer that is gone without a word
    o.observer = std::make_shared<log_of_channel>();
    return o;
}
// [/options]

/// A server that is no use, or one that is.
std::unique_ptr<joust::server> serve(asio::io_context& io, bool broken, std::string& address) {
    auto server = std::make_unique<joust::server>(io.get_executor());
    server->add(shop::price, [broken](std::string const& what) -> joust::result<std::string> {
        if (broken)
            return joust::status(joust::status_code::unavailable, "the database is away");
        return what + ": 42";
    });
    address = server->listen("127.0.0.1:0").value().to_string();
    return server;
}

asio::awaitable<void> buy(joust::channel channel) {
    // [calls]
    joust::call_options options;
    options.timeout = 2s;          // over all attempts
    options.idempotent = true;     // may be made again, on another server
    options.wait_for_ready = true; // rather than fail while no server is there
    std::string const tea = "tea";
    for (int i = 0; i != 30; ++i) {
        joust::result<std::string> const price = co_await channel.async_call(shop::price, tea, options);
        if (price.value() != "tea: 42")
            throw std::runtime_error("that is not the price of tea");
    }
    // [/calls]
    std::cout << "30 calls, none failed\n";
    channel.shut_down();
}

} // namespace

int main() {
    asio::io_context io;
    std::vector<std::string> addresses(3);
    std::vector<std::unique_ptr<joust::server>> servers;
    for (std::string& address : addresses)
        servers.push_back(serve(io, servers.size() == 1, address));

    // [channel]
    std::string const target = addresses[0] + "," + addresses[1] + "," + addresses[2];
    joust::channel const channel(io.get_executor(), target, resilient());
    // [/channel]

    int failed = 0;
    asio::co_spawn(io, buy(channel), [&](std::exception_ptr e) {
        try {
            if (e)
                std::rethrow_exception(e);
        } catch (std::exception const& why) {
            std::cerr << "error: " << why.what() << '\n';
            failed = 1;
        }
        for (auto const& server : servers)
            server->stop();
    });
    io.run();
    return failed;
}
