//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "logic_service.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace game {

namespace asio = boost::asio;

namespace {

joust::status check_id(std::string const& player_id) {
    return player_id.empty() ? joust::status(joust::status_code::invalid_argument, "player_id must not be empty")
                             : joust::status();
}

player made_up(std::string const& player_id) {
    player p;
    p.player_id = player_id;
    p.name = "Player " + player_id;
    return p;
}

} // namespace

// [methods]
asio::awaitable<joust::result<player>> logic_service::get_player_info(player_query query) {
    if (joust::status bad = check_id(query.player_id); !bad.ok())
        co_return bad; // INVALID_ARGUMENT: the peer sees code 400
    auto const known = players_.find(query.player_id);
    co_return known == players_.end() ? made_up(query.player_id) : known->second;
}

joust::result<bool> logic_service::update_player(player_update const& update) {
    if (joust::status bad = check_id(update.player_id); !bad.ok())
        return bad;
    auto const [at, added] = players_.try_emplace(update.player_id, made_up(update.player_id));
    at->second.level = update.level;
    at->second.name = update.name.value_or(at->second.name);
    return true;
}
// [/methods]

// [slow]
asio::awaitable<joust::result<pause>> logic_service::slow(pause query) {
    if (query.ms < 0)
        co_return joust::status(joust::status_code::invalid_argument, "ms must not be negative");
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(query.ms));
    co_await timer.async_wait(asio::use_awaitable); // throws when the call is cancelled or its time is up
    co_return query;
}
// [/slow]

// [fail]
joust::result<void> logic_service::fail(failure const& wanted) {
    if (wanted.code == 0)
        return {};
    joust::status chosen(joust::game::from_application_code(wanted.code), wanted.message);
    chosen.set_application_code(wanted.code); // sent as it is: 404, 429, or a number of your own
    return chosen;
}

void logic_service::crash() {
    throw std::runtime_error("secret"); // goes to the log with a call id, never to the peer
}
// [/fail]

} // namespace game
