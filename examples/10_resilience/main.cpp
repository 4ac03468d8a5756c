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
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
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

// [balancer]
/// Calls stay in the zone "here" while it has a server.
class same_zone final : public joust::load_balancer {
    std::string_view name() const noexcept override { return "same_zone"; }
    std::unique_ptr<joust::picker> make_picker(std::span<joust::ready_endpoint const> ready) const override {
        std::vector<std::size_t> near, all;
        for (std::size_t i = 0; i != ready.size(); ++i) {
            all.push_back(i);
            if (ready[i].locality == "here")
                near.push_back(i);
        }
        return joust::make_picker_of(
            [from = near.empty() ? all : near, n = std::size_t(0)](joust::pick_arguments const&, double) mutable {
                return std::optional(from[n++ % from.size()]);
            });
    }
};
// [/balancer]

joust::channel near_one(asio::io_context& io, std::string const& here, std::string const& there) {
    // [resolver]
    auto const source = std::make_shared<joust::manual_resolver>(); // or a class of your own
    joust::endpoint_address near, far;
    near.address = here;
    near.locality = "here";
    far.address = there;
    far.locality = "there";
    source->push({near, far}); // from any thread, whenever they change

    joust::channel_options o;
    o.balancer = std::make_shared<same_zone>();
    joust::hedging_policy twice; // of calls with call_options::idempotent, instead of retries
    twice.max_attempts = 2;
    twice.hedging_delay = 50ms; // longer than most answers take
    o.hedging = twice;
    joust::channel const channel(io.get_executor(), source, "shop", o);
    // [/resolver]
    return channel;
}

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

asio::awaitable<void> ask_nobody(joust::channel channel) {
    // [fallback]
    auto const guess = joust::make_fallback(
        [](std::string_view /*path*/, std::string_view what, joust::status const&) -> std::optional<joust::buffer> {
            joust::buffer answer; // a message as on the wire
            answer.append(what);
            answer.append(": about 40");
            return answer;
        });
    joust::any_channel const careful = joust::with_fallback(channel, guess, 100ms); // with so much time left
    joust::response_info info;
    joust::call_options options;
    options.timeout = 2s;
    options.info = &info;
    std::string const tea = "tea";
    joust::result<std::string> const price = co_await careful.async_call(shop::price, tea, options);
    if (info.instead_of)
        std::cout << price.value() << ", for want of an answer\n"; // *info.instead_of says why
    // [/fallback]
    channel.shut_down();
}

asio::awaitable<void> ask_one(joust::channel channel) {
    joust::call_options options;
    options.idempotent = true;
    std::string const tea = "tea";
    joust::result<std::string> const price = co_await channel.async_call(shop::price, tea, options);
    if (price.value() != "tea: 42")
        throw std::runtime_error("that is not the price of tea");
    channel.shut_down();
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

    auto const all = [&]() -> asio::awaitable<void> {
        auto buying = buy(channel);
        co_await std::move(buying);
        auto asking = ask_one(near_one(io, addresses[0], addresses[2]));
        co_await std::move(asking);
        auto guessing = ask_nobody(joust::channel(io.get_executor(), "127.0.0.1:1"));
        co_await std::move(guessing);
    };
    int failed = 0;
    asio::co_spawn(io, all, [&](std::exception_ptr e) {
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
