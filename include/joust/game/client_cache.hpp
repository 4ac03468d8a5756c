//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"
#include "joust/game/client.hpp"
#include "joust/game/client_options.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace joust::game {

struct configuration;

/// What the clients of a cache start from: as any client, but they keep no connections that no call needs.
client_options options_for_cache();

/// How clients are kept.
struct client_cache_options {
    /// Those of each client.
    client_options client = options_for_cache();
    /// What `client_cache::service` knows of services beside the environment; null: nothing.
    std::shared_ptr<joust::game::configuration const> configuration = {};
    /// Clients that are kept; the one that was not asked for the longest time goes first.
    std::size_t max_clients = 100;
    /// One that was not asked for so long goes with the next `get`, or with `drop_idle`.
    std::chrono::steady_clock::duration idle_timeout = std::chrono::minutes(10);
};

/// Says which option is out of range, or nothing.
std::optional<std::string> validate(client_cache_options const& options);

/// Clients by address, made when they are first asked for and shared from then on: for programs that call many
/// addresses of which they do not know in advance.
///
///     joust::game::client_cache cache(executor);
///     joust::result<player> p = co_await cache.async_call<player>("10.0.0.1:50051", "logic.get_player_info", query);
///     joust::game::client const logic = cache.service("logic").value(); // of LOGIC_SERVICES
///
/// It has no timer: what is idle goes when something else is asked for, or by `drop_idle`. A client that went is still
/// good for those who hold a copy.
///
/// *Lifetime*: a cheap handle; copies share the clients. *Thread safety*: safe.
class client_cache {
public:
    /// Throws `std::invalid_argument` when an option is out of range.
    client_cache(boost::asio::any_io_executor executor, client_cache_options options);
    explicit client_cache(boost::asio::any_io_executor executor);

    /// The client of an address, as `client` takes it.
    client get(std::string_view address) const;
    /// The client of a service: with the address and the options of the configuration, else with the addresses of the
    /// environment, `LOGIC_SERVICES` for `logic`.
    ///
    /// *Errors*: FAILED_PRECONDITION that names the variable when it is not set; as `configuration::connect`.
    result<client> service(std::string_view name) const;

    /// Calls a method of an address: `get(address).async_call<T>(name, ...)`.
    template <class T = boost::json::value, class Arguments, class Token = boost::asio::deferred_t>
    auto async_call(std::string_view address, std::string_view name, Arguments const& arguments,
                    call_options options = {}, Token&& token = {}) const {
        return get(address).template async_call<T>(name, arguments, std::move(options), std::forward<Token>(token));
    }
    template <class T = boost::json::value, class Token = boost::asio::deferred_t>
    auto async_call(std::string_view address, std::string_view name, arguments const& with, call_options options = {},
                    Token&& token = {}) const {
        return get(address).template async_call<T>(name, with, std::move(options), std::forward<Token>(token));
    }
    template <class T = boost::json::value>
    auto async_call(std::string_view address, std::string_view name) const {
        return get(address).template async_call<T>(name);
    }

    /// How many there are.
    std::size_t size() const;
    /// Drops those that are idle for too long; how many.
    std::size_t drop_idle() const;
    /// Drops all.
    void clear() const;

private:
    struct entries;

    std::shared_ptr<entries> entries_;
};

} // namespace joust::game
