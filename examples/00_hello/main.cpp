//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A JSON service and a client for it, in one program.

#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <memory>
#include <string>

// [server]
namespace asio = boost::asio;

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
    asio::awaitable<player> get_player_info(player_query query) { co_return player{query.player_id}; }
    bool update_player(player const& p) { return p.level > 0; }
};
BOOST_DESCRIBE_STRUCT(logic_service, (), (get_player_info, update_player))

joust::result<joust::endpoint> serve(joust::server& server, std::string const& address) {
    joust::game::services services;
    services.add("logic", std::make_shared<logic_service>()); // every described method is callable
    server.add(services);
    return server.listen(address); // "0.0.0.0:50051"; port 0 picks one
}
// [/server]

// [client]
asio::awaitable<void> ask(std::string address) {
    joust::game::client client(co_await asio::this_coro::executor, address);
    player_query const query{"123"};
    joust::result<player> p = co_await client.async_call<player>("logic.get_player_info", query);
    std::cout << (p ? p->player_id + " is at level " + std::to_string(p->level) : p.error().to_string()) << '\n';
}
// [/client]

int main() {
    asio::io_context io;
    joust::server server(io.get_executor());
    auto const endpoint = serve(server, "127.0.0.1:0").value();
    asio::co_spawn(io, ask(endpoint.to_string()), [&](std::exception_ptr failed) {
        server.stop();
        if (failed)
            std::rethrow_exception(failed);
    });
    io.run();
}
