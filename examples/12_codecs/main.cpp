//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Other payloads than JSON: MessagePack, protobuf messages, and a codec of our own.

#include "bencode.hpp"
#include "score.pb.h"

#include <joust/game/protobuf.hpp>
#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using example::Score;
using example::ScoreRequest;

namespace {

struct item {
    std::string name;
    int count = 1;
};
BOOST_DESCRIBE_STRUCT(item, (), (name, count))

struct query {
    std::string player_id;
};
BOOST_DESCRIBE_STRUCT(query, (), (player_id))

// [service]
/// Methods do not know what their calls are written in.
struct bag_service {
    std::vector<item> contents(query const&) { return {{"rope", 2}, {"lamp", 1}}; }

    Score score(ScoreRequest const& of) { // a message, with joust/game/protobuf.hpp
        Score s;
        s.set_points(42);
        s.add_medals("for " + of.player_id());
        return s;
    }
};
BOOST_DESCRIBE_STRUCT(bag_service, (), (contents, score))
// [/service]

asio::awaitable<void> call_all(asio::any_io_executor executor, std::string address) {
    query const anns{"ann"};

    // [client]
    joust::game::client_options options;
    options.codec = joust::game::message_pack();
    joust::game::client const bag(executor, address, options);
    joust::result<std::vector<item>> packed = co_await bag.async_call<std::vector<item>>("bag.contents", anns);
    // [/client]
    std::cout << packed.value().size() << " kinds of items\n";

    // [call]
    joust::game::call_options own;
    own.codec = std::make_shared<bencode>(); // for this call
    auto calling = bag.async_call<std::vector<item>>("bag.contents", anns, own);
    joust::result<std::vector<item>> written_by_hand = co_await std::move(calling);
    // [/call]
    std::cout << "the first is a " << written_by_hand.value().front().name << '\n';

    // [messages]
    ScoreRequest request;
    request.set_player_id("ann");
    joust::game::call_options binary;
    binary.codec = joust::game::protobuf_codec();
    auto scoring = bag.async_call<Score>("bag.score", request, binary);
    joust::result<Score> const score = co_await std::move(scoring);
    // [/messages]
    std::cout << score.value().points() << " points " << score.value().medals(0) << '\n';

    // The same method in JSON.
    joust::game::call_options json;
    json.codec = nullptr;
    auto asking = bag.async_call<joust::game::raw_json>("bag.score", request, json);
    joust::result<joust::game::raw_json> const text = co_await std::move(asking);
    std::cout << text.value().text << '\n';
}

} // namespace

int main() {
    asio::io_context io;
    // [server]
    joust::game::services_options options; // knows MessagePack
    options.codecs.push_back(joust::game::protobuf_codec());
    options.codecs.push_back(std::make_shared<bencode>());
    joust::game::services services(options);
    services.add("bag", std::make_shared<bag_service>());
    // [/server]
    joust::server server(io.get_executor());
    server.add(services);
    auto const endpoint = server.listen("127.0.0.1:0").value();

    int failed = 0;
    asio::co_spawn(io, call_all(io.get_executor(), endpoint.to_string()), [&](std::exception_ptr e) {
        try {
            if (e)
                std::rethrow_exception(e);
        } catch (std::exception const& why) {
            std::cerr << "error: " << why.what() << '\n';
            failed = 1;
        }
        server.stop();
    });
    io.run();
    return failed;
}
