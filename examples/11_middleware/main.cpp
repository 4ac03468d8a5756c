//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Middleware of a JSON service: a log, tokens, a rate limit, a cache, checks of arguments, and one of your own.

#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

namespace asio = boost::asio;
namespace game = joust::game;
using namespace std::chrono_literals;

namespace {

struct player_query {
    std::string player_id;
};
struct player {
    std::string player_id;
    int level = 1;
};
struct player_update {
    player to;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(player_query, (), (player_id))
BOOST_DESCRIBE_STRUCT(player, (), (player_id, level))
BOOST_DESCRIBE_STRUCT(player_update, (), (to, reason))

class logic_service {
public:
    player get_player_info(player_query const& query) {
        std::cout << "  (the method runs)\n";
        return {query.player_id, level_};
    }
    // [caller]
    std::string update_player(player_update const& update, joust::call_context& context) {
        level_ = update.to.level;
        return "set by " + context.value<game::caller>()->identity; // as auth has found
    }
    // [/caller]

private:
    int level_ = 10;
};
BOOST_DESCRIBE_STRUCT(logic_service, (), (get_player_info, update_player))

// [own]
/// Nobody plays at night.
class opening_hours final : public game::interceptor {
public:
    explicit opening_hours(bool const& open) : open_(open) {}

    joust::status before(game::call& c) override {
        if (open_)
            return {};
        return c.named(joust::status(joust::status_code::unavailable, "come back in the morning")); // code 503
    }

private:
    bool const& open_;
};
// [/own]

// [rules]
void id_not_empty(player_query const& query, game::failures& found) {
    if (query.player_id.empty())
        found.add("player_id", "must not be empty");
}

auto const good_update = game::validate(
    game::within(&player_update::to, // the player
                 game::check(&player::player_id, game::not_empty(), game::longest(32)),
                 game::check(&player::level, game::between(1, 100))),
    game::check(&player_update::reason, "must say why", [](std::string const& text) { return text.size() > 3; }));
// [/rules]

void serve(game::services& services, bool const& open) {
    // [use]
    auto const kept = std::make_shared<game::answer_table>();
    game::cache_options caching;
    caching.table = kept; // only to be able to clear it

    services.use(game::log({.slow = 100ms, .sample = 0.01}), std::make_shared<opening_hours>(open),
                 game::auth(game::known_tokens({{"4711", "ann"}, {"0815", "bob"}})));
    services.add("logic", std::make_shared<logic_service>())
        .use(game::rate_limit(1000, {.key = game::by_identity(), .burst = 4}))
        .use("get_player_info", game::validate(id_not_empty), game::cache(300s, caching))
        .use("update_player", game::authorize([](game::call& c) { return c.identity() == "ann"; }), good_update,
             game::transform(nullptr, [kept](boost::json::value&) { kept->erase("logic.get_player_info"); }));
    // [/use]
}

asio::awaitable<void> show(game::client const& client, std::string method, std::string arguments, std::string token) {
    game::call_options options;
    if (!token.empty())
        options.headers.add("authorization", "Bearer " + token);
    game::raw_json const text(arguments);
    joust::result<game::raw_json> const answer = co_await client.async_call<game::raw_json>(method, text, options);
    std::cout << method << ' ' << arguments << " -> ";
    if (answer)
        std::cout << answer->text << '\n';
    else
        std::cout << answer.error().application_code() << ' ' << answer.error().message() << '\n';
}

asio::awaitable<void> call_all(std::string address, bool& open) {
    game::client const client(co_await asio::this_coro::executor, address, game::options_for_one_call());
    struct step {
        std::string_view method, arguments, token;
    };
    static constexpr step steps[] = {
        {"logic.get_player_info", R"({"player_id":"123"})", ""},                                    // 401
        {"logic.get_player_info", R"({"player_id":"123"})", "0815"},                                // runs
        {"logic.get_player_info", R"({"player_id":"123"})", "0815"},                                // does not
        {"logic.get_player_info", R"({"player_id":""})", "0815"},                                   // 400
        {"logic.update_player", R"({"to":{"player_id":"","level":101},"reason":""})", "4711"},      // 400, three things
        {"logic.update_player", R"({"to":{"player_id":"123","level":11},"reason":"won"})", "0815"}, // 403
        {"logic.update_player", R"({"to":{"player_id":"123","level":11},"reason":"victory"})", "4711"},
        {"logic.get_player_info", R"({"player_id":"123"})", "4711"}, // runs again
    };
    for (step const& each : steps) {
        auto showing = show(client, std::string(each.method), std::string(each.arguments), std::string(each.token));
        co_await std::move(showing);
    }
    open = false;
    auto last = show(client, "logic.get_player_info", R"({"player_id":"123"})", "4711"); // 503
    co_await std::move(last);
}

} // namespace

int main() {
    asio::io_context io(1);
    bool open = true;
    game::services services;
    serve(services, open);
    joust::server server(io.get_executor());
    server.add(services);
    auto const endpoint = server.listen("127.0.0.1:0").value();

    int failed = 0;
    asio::co_spawn(io, call_all(endpoint.to_string(), open), [&](std::exception_ptr e) {
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
