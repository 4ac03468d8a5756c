//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/middleware.hpp"
#include "joust/game/services.hpp"
#include "support/game_peer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/describe/class.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// A service and calls with metadata, for the tests of middleware.

namespace joust::test {

struct gamer {
    std::string id;
    int level = 1;
    std::optional<double> score;
};
BOOST_DESCRIBE_STRUCT(gamer, (), (id, level, score))

struct gamer_update {
    gamer to;
    std::vector<gamer> friends;
};
BOOST_DESCRIBE_STRUCT(gamer_update, (), (to, friends))

struct player_query {
    std::string id;
};
BOOST_DESCRIBE_STRUCT(player_query, (), (id))

/// Counts what reaches it.
struct logic {
    int calls = 0;
    std::vector<boost::asio::steady_timer*> waiting;

    std::string get(player_query q, call_context& context) {
        ++calls;
        auto const* const who = context.value<game::caller>();
        return q.id + ":" + (who == nullptr ? "?" : who->identity) + ":" + std::to_string(calls);
    }
    int update(gamer_update) { return ++calls; }
    void nothing() { ++calls; }
    result<int> fail(player_query q) {
        ++calls;
        return status(status_code::not_found, "no " + q.id);
    }
    /// Answers when told.
    boost::asio::awaitable<result<std::string>> wait(player_query q) {
        int const number = ++calls;
        boost::asio::steady_timer told(co_await boost::asio::this_coro::executor, std::chrono::hours(1));
        waiting.push_back(&told);
        (void)co_await told.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        std::erase(waiting, &told);
        auto const state = co_await boost::asio::this_coro::cancellation_state;
        if (state.cancelled() != boost::asio::cancellation_type::none)
            throw boost::system::system_error(boost::asio::error::operation_aborted);
        if (q.id == "broken")
            co_return status(status_code::data_loss, "broken");
        co_return q.id + ":" + std::to_string(number);
    }
    boost::asio::awaitable<int> push(player_query, game::responses<int>& out) {
        ++calls;
        auto pushing = out.async_push(1, boost::asio::use_awaitable);
        (co_await std::move(pushing)).value();
        co_return 2;
    }

    void tell_all() {
        for (auto* const each : waiting)
            each->cancel();
    }
};
BOOST_DESCRIBE_STRUCT(logic, (), (get, update, nothing, fail, wait, push))

/// Services with a `logic`, and a client.
struct middleware_peer {
    std::shared_ptr<logic> object = std::make_shared<logic>();
    game::services services;
    game::service& service = services.add("logic", object);
    std::optional<game_peer> peer;

    game_peer& connect() {
        if (!peer)
            peer.emplace(services);
        return *peer;
    }

    game_answer call(std::string_view method, std::string_view payload = R"({"id":"1"})",
                     std::map<std::string, std::string> const& metadata = {}) {
        return connect().call("logic", method, payload, metadata);
    }

    /// Begins a Call with metadata of its own.
    void start(probe_call& c, std::string_view method, std::string_view payload = R"({"id":"1"})",
               joust::metadata const& custom = {}, std::map<std::string, std::string> const& metadata = {}) {
        game_peer& p = connect();
        auto* const stream = p.client->open_call(
            {.path = game_peer::call_path, .authority = "test", .user_agent = "joust", .custom = &custom},
            p.client->settings().call, {}, c);
        BOOST_TEST_REQUIRE(stream != nullptr);
        c.opened = true;
        c.stream = net::client_stream_ref(*stream);
        c.read();
        BOOST_TEST_REQUIRE(c.send(envelope("logic", method, payload, metadata)));
        c.stream->call().half_close();
        p.poll();
    }

    game_answer call_with(std::string_view method, joust::metadata const& custom,
                          std::map<std::string, std::string> const& metadata = {}) {
        probe_call c;
        start(c, method, R"({"id":"1"})", custom, metadata);
        return answer_of(c);
    }

    static game_answer answer_of(probe_call const& c) {
        BOOST_TEST_REQUIRE(c.messages.size() == 1u);
        return game_answer(c.messages[0]);
    }
};

} // namespace joust::test
