//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/client.hpp"
#include "joust/game/services.hpp"
#include "support/loopback.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/value.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::test {

struct player_query {
    std::string player_id;
};
BOOST_DESCRIBE_STRUCT(player_query, (), (player_id))

struct player {
    std::string player_id;
    int level = 0;

    friend bool operator==(player const&, player const&) = default;
};
BOOST_DESCRIBE_STRUCT(player, (), (player_id, level))

struct milliseconds {
    int ms = 0;
};
BOOST_DESCRIBE_STRUCT(milliseconds, (), (ms))

struct failing {
    int code = 0;
    std::string message;
};
BOOST_DESCRIBE_STRUCT(failing, (), (code, message))

/// A service of the kind that games have.
struct logic_service {
    asio::io_context& io;
    long_wait waiting{io};
    int waits = 0;
    int cancelled_waits = 0;
    int pinged = 0;
    std::vector<player> updated;

    explicit logic_service(asio::io_context& context) : io(context) {}

    asio::awaitable<player> get_player_info(player_query q) { co_return player{q.player_id, 10}; }
    bool update_player(player const& p) {
        updated.push_back(p);
        return p.level > 0;
    }
    void ping() { ++pinged; }
    boost::json::value echo(boost::json::value v) { return v; }
    result<int> fail(failing f) {
        status s(status_code::unknown, f.message);
        s.set_application_code(f.code);
        return s;
    }
    int crash() { throw std::runtime_error("the secret"); }
    asio::awaitable<void> slow(milliseconds m) {
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(m.ms));
        co_await timer.async_wait(asio::use_awaitable);
    }
    /// Ends by cancellation only.
    asio::awaitable<void> wait() {
        ++waits;
        auto running = waiting();
        try {
            co_await std::move(running);
        } catch (boost::system::system_error const&) {
            ++cancelled_waits;
            throw;
        }
    }
    /// What came beside the arguments.
    std::map<std::string, std::string> headers(call_context& c) {
        std::map<std::string, std::string> all;
        for (auto const& [key, value] : c.request_metadata())
            all.emplace(key, value);
        c.trailing_metadata().add("x-answered", "yes");
        return all;
    }
    std::optional<std::int64_t> milliseconds_left(call_context& c) {
        using namespace std::chrono;
        if (!c.deadline())
            return std::nullopt;
        return duration_cast<std::chrono::milliseconds>(*c.deadline() - steady_clock::now()).count();
    }
    asio::awaitable<std::string> count(player p, game::responses<player>& out) {
        for (int i = 0; i != p.level; ++i) {
            player const next{p.player_id, i};
            auto pushing = out.async_push(next);
            (co_await std::move(pushing)).value();
        }
        co_return "done";
    }
    std::string large(milliseconds m) { return std::string(static_cast<std::size_t>(m.ms), 'x'); }
};
BOOST_DESCRIBE_STRUCT(logic_service, (),
                      (get_player_info, update_player, ping, echo, fail, crash, slow, wait, headers, milliseconds_left,
                       count, large))

/// A server of it. The client is for the service `logic`.
struct game_loopback : loopback {
    std::shared_ptr<logic_service> logic = std::make_shared<logic_service>(io);
    std::shared_ptr<logic_service> eu = std::make_shared<logic_service>(io);
    game::services services;

    game_loopback() : game_loopback(server_options()) {}
    explicit game_loopback(server_options options) : loopback(quiet(std::move(options))) {
        services.add("logic", logic).method("slow", {.timeout = 200ms}).method("wait", {.timeout = 1h});
        services.add("logic-eu", eu);
        server.add(services);
        listen();
    }

    game::client client(game::client_options options = {}) {
        if (options.service.empty())
            options.service = "logic";
        return game::client(io.get_executor(), address, std::move(options));
    }

    static game::client_options over_one_connection() {
        game::client_options o;
        o.channel.min_connections = 0;
        o.channel.max_connections = 1;
        return o;
    }

    /// Without the lines about handlers that fail on purpose.
    static server_options quiet(server_options options) {
        if (!options.observer)
            options.observer = std::make_shared<observer>();
        return options;
    }
};

/// What a call came to, short.
template <class T>
std::string told(result<T> const& r) {
    if (r.has_value())
        return "OK";
    std::string text(to_string(r.error().code()));
    if (r.error().application_code() != 0)
        text += " " + std::to_string(r.error().application_code());
    return text + ": " + r.error().message();
}

} // namespace joust::test
