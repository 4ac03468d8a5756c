//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "model.hpp"

#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/describe/class.hpp>

#include <map>
#include <string>

namespace game {

/// The players. Whoever is asked about is there: unknown players are made up.
// [service]
class logic_service {
public:
    boost::asio::awaitable<joust::result<player>> get_player_info(player_query query);
    joust::result<bool> update_player(player_update const& update);
    /// The same; meant for a stream, one request per player.
    joust::result<bool> batch_update(player_update const& update) { return update_player(update); }
    /// Answers after a while, with what it was asked for.
    boost::asio::awaitable<joust::result<pause>> slow(pause query);
    /// Answers with this code and message.
    joust::result<void> fail(failure const& wanted);
    /// Fails as no method should.
    void crash();

private:
    std::map<std::string, player, std::less<>> players_; // not locked: one thread runs this server
};
BOOST_DESCRIBE_STRUCT(logic_service, (), (get_player_info, update_player, batch_update, slow, fail, crash))
// [/service]

} // namespace game
