//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What a server of JSON services tells of itself, and what it and its client have counted.

#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/serialize.hpp>

#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace game = joust::game;

namespace {

struct player_query {
    std::string player_id;
};
struct player {
    std::string player_id;
    int level = 10;
};
BOOST_DESCRIBE_STRUCT(player_query, (), (player_id))
BOOST_DESCRIBE_STRUCT(player, (), (player_id, level))

struct logic_service {
    asio::awaitable<joust::result<player>> get_player_info(player_query query) {
        if (query.player_id.empty())
            co_return joust::status(joust::status_code::not_found, "no such player");
        co_return player{query.player_id};
    }
    bool debug() { return true; }
};
BOOST_DESCRIBE_STRUCT(logic_service, (), (get_player_info, debug))

int wrong = 0;

void expect(bool as_it_should_be, std::string const& what) {
    std::cout << what << (as_it_should_be ? "" : " (but should not)") << '\n';
    wrong += as_it_should_be ? 0 : 1;
}

// [options]
game::services make_services() {
    game::services_options options;
    options.introspection = true; // the default: have the service `joust`
    game::services services(options);
    services.add("logic", std::make_shared<logic_service>())
        .address("logic-service:50051") // where clients find it
        .method("get_player_info", {.description = "a player by id", .idempotent = true, .max_attempts = 3})
        .method("debug", {.hidden = true});
    return services;
}
// [/options]

void show_description(game::services const& services) {
    // [describe]
    for (game::service_description const& service : services.describe().services)
        for (game::method_description const& method : service.methods)
            std::cout << service.name << '.' << method.name << ": " << method.description << "\n  takes "
                      << boost::json::serialize(method.arguments) << '\n'; // JSON Schema 2020-12
    // [/describe]
}

asio::awaitable<void> ask(std::string address, game::services services) {
    game::client const client(co_await asio::this_coro::executor, address);
    player_query const known{"7"}, unknown;
    for (player_query const& query : {known, known, unknown})
        (void)co_await client.async_call<player>("logic.get_player_info", query);

    // [stats]
    game::services_statistics const counted = services.statistics();
    game::call_statistics const& calls = counted.services.at("logic").methods.at("get_player_info");
    std::cout << calls.calls << " calls, " << calls.failures << " failed, half of them within " << calls.latency_ms.p50
              << " ms\n";
    std::string const json = joust::json::encode_to_string(counted).value(); // it is all described
    // [/stats]
    expect(calls.calls == 3 && calls.errors.at(404) == 1, json);

    // [client]
    game::client_statistics const mine = client.statistics();
    std::cout << mine.total.successes << " good answers, " << mine.timeouts << " timeouts, " << mine.retries
              << " retries, " << mine.channel.ready << " connections\n";
    // [/client]
    expect(mine.total.successes == 2 && mine.total.failures == 1, "the client has counted");

    // [remote]
    game::introspection_query query;
    query.service = "logic";
    auto const remote = co_await client.async_call<game::services_statistics>("joust.stats", query);
    auto const names = co_await client.async_call<std::vector<game::service_summary>>("joust.list");
    // [/remote]
    expect(remote.value().services.at("logic").total.calls == 3, "the server tells others");
    expect(names.value().size() == 2 && names.value()[1].methods.size() == 1, "but not of hidden methods");
}

} // namespace

int main() {
    asio::io_context io(1);
    joust::server server(io.get_executor());
    game::services const services = make_services();
    server.add(services);
    auto const endpoint = server.listen("127.0.0.1:0");
    show_description(services);
    asio::co_spawn(io, ask(endpoint.value().to_string(), services), [&](std::exception_ptr failed) {
        server.stop();
        if (failed)
            std::rethrow_exception(failed);
    });
    io.run();
    return wrong;
}
