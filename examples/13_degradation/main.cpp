//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A client that has an answer though its server has none, and interceptors around its calls.

#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe/class.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace shop {

struct item {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(item, (), (name))

struct offer {
    std::string name;
    int price = 0;
};
BOOST_DESCRIBE_STRUCT(offer, (), (name, price))

struct prices {
    offer get(item const& i) { return {i.name, 42}; }
    int stock(item const&) { return 7; }
};
BOOST_DESCRIBE_STRUCT(prices, (), (get, stock))

} // namespace shop

namespace {

// [fallbacks]
joust::game::client_options with_fallbacks() {
    joust::game::client_options o;
    joust::game::last_good_options recent;
    recent.max_age = 5min;
    o.fallbacks["get"].last_good(recent).value(shop::offer{"sold out", 0});
    o.fallbacks["stock"]
        .function([](joust::game::outgoing_call const& call) { return call.arguments().empty() ? 0 : 1; })
        .reserve(200ms); // a call is given up so long before its deadline
    return o;
}
// [/fallbacks]

// [interceptor]
/// Who calls, and a line for each call.
class identified final : public joust::game::client_interceptor {
public:
    joust::status before(joust::game::outgoing_call& call) override {
        call.set_metadata("shop", "number 9");
        return {};
    }
    joust::status after(joust::game::outgoing_call& call) override {
        std::clog << call.method() << ": " << call.answer() << " by " << to_string(call.origin().source) << '\n';
        return {};
    }
    void on_error(joust::game::outgoing_call& call, joust::status& error) override {
        std::clog << call.method() << ": " << error << '\n';
    }
};
// [/interceptor]

asio::awaitable<void> buy(joust::game::client prices, std::string expected) {
    // [answered]
    shop::item const tea{"tea"};
    using answered = joust::game::answered<shop::offer>;
    joust::result<answered> const r = co_await prices.async_call<answered>("get", tea);
    if (r && r->origin.degraded())
        std::cout << "an old price: " << to_string(r->origin.why()) << ", " << r->origin.cause << '\n';
    // [/answered]
    std::string const text = r.value().value.name + " by " + std::string(to_string(r->origin.source));
    if (text != expected)
        throw std::runtime_error(text + ", not " + expected);
}

void run(asio::io_context& io, asio::awaitable<void> what) {
    std::exception_ptr failure;
    bool done = false;
    asio::co_spawn(io, std::move(what), [&](std::exception_ptr e) {
        failure = std::move(e);
        done = true;
    });
    io.restart();
    while (!done)
        io.run_one();
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace

int main() {
    try {
        asio::io_context io;
        joust::game::services services;
        services.add("prices", std::make_shared<shop::prices>());
        auto server = std::make_unique<joust::server>(io.get_executor());
        server->add(services);
        std::string const address = server->listen("127.0.0.1:0").value().to_string();

        // [client]
        joust::game::client_options options = with_fallbacks();
        options.service = "prices";
        options.interceptors = {std::make_shared<identified>()}; // the first is outermost
        options.channel.min_connections = 1;
        joust::game::client const prices(io.get_executor(), address, options);
        // [/client]
        run(io, buy(prices, "tea by server"));
        server.reset(); // gone
        run(io, buy(prices, "tea by last_good"));

        // [cache]
        joust::game::client_cache const cache(io.get_executor()); // for addresses that are not known in advance
        joust::game::client const shop = cache.get(address);
        joust::result<joust::game::client> const logic = cache.service("logic"); // of LOGIC_SERVICES
        if (logic.has_error())
            std::cout << logic.error().message() << '\n';
        // [/cache]
        return 0;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
