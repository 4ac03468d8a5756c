//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What a client of JSON services does about its servers unless it is told otherwise.

#include "support/game_loopback.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(game_resilience)

namespace {

using asio::awaitable;

/// Waits the first time it is called, on whichever server, and then answers.
struct shared_counter {
    std::shared_ptr<int> calls; // on all servers
    std::shared_ptr<event> for_ever;
    int calls_here = 0;

    awaitable<int> count() {
        ++calls_here;
        if (++*calls == 1)
            co_await for_ever->wait();
        co_return *calls;
    }
};
BOOST_DESCRIBE_STRUCT(shared_counter, (), (count))

struct two_game_servers {
    asio::io_context io{1};
    std::shared_ptr<int> calls = std::make_shared<int>(0);
    std::array<std::shared_ptr<shared_counter>, 2> counters;
    std::array<std::unique_ptr<joust::server>, 2> servers;
    std::string target;

    two_game_servers() {
        auto const for_ever = std::make_shared<event>(io.get_executor());
        for (std::size_t i = 0; i != 2; ++i) {
            counters[i] = std::make_shared<shared_counter>();
            counters[i]->calls = calls;
            counters[i]->for_ever = for_ever;
            game::services services;
            services.add("logic", counters[i]);
            servers[i] = std::make_unique<joust::server>(io.get_executor(), game_loopback::quiet({}));
            servers[i]->add(services);
            target += (target.empty() ? "" : ",") + servers[i]->listen("127.0.0.1:0").value().to_string();
        }
    }

    std::size_t connections() const { return servers[0]->connection_count() + servers[1]->connection_count(); }

    /// The server that runs the call goes.
    result<int> call_and_lose_the_server(bool idempotent) {
        game::client_options options;
        options.service = "logic";
        game::client const c(io.get_executor(), target, options);
        game::call_options how;
        how.idempotent = idempotent;
        std::optional<result<int>> outcome;
        c.async_call<int>("count", game::no_arguments, how, [&](result<int> r) { outcome = std::move(r); });
        run_until(io, [&] { return *calls == 1; });
        servers[counters[0]->calls_here != 0 ? 0 : 1]->stop();
        run_until(io, [&] { return outcome.has_value(); });
        return *outcome;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(there_are_ten_connections_spread_over_the_addresses) {
    two_game_servers at;
    *at.calls = 1; // nobody waits
    game::client_options options;
    options.service = "logic";
    game::client const c(at.io.get_executor(), at.target, options);
    run(at.io, [&]() -> awaitable<void> {
        auto calling = c.async_call<int>("count");
        BOOST_TEST((co_await std::move(calling)).value() == 2);
    });
    run_until(at.io, [&] { return at.connections() == 10; });
    settle(at.io);
    BOOST_TEST(at.servers[0]->connection_count() == 5U);
    BOOST_TEST(at.servers[1]->connection_count() == 5U);
}

BOOST_AUTO_TEST_CASE(defaults_are_those_that_are_documented) {
    channel_options const o = game::default_channel_options();
    BOOST_TEST(!validate(o).has_value());
    BOOST_TEST(o.min_connections == 10U);
    BOOST_TEST(o.max_connections == 20U);
    BOOST_CHECK(o.connect_timeout == 5s);
    BOOST_CHECK(o.balancer == nullptr); // round robin
    BOOST_TEST_REQUIRE(o.retry.has_value());
    BOOST_TEST(o.retry->max_attempts == 4U);
    BOOST_CHECK(o.retry->retryable_status_codes.contains(status_code::unavailable));
    BOOST_CHECK(!o.retry->retryable_status_codes.contains(status_code::deadline_exceeded));
    BOOST_TEST_REQUIRE(o.circuit_breaker.has_value());
    BOOST_TEST(o.circuit_breaker->consecutive_failures == 5U);
    BOOST_CHECK(o.circuit_breaker->open_time == 30s);
    BOOST_TEST(o.circuit_breaker->success_threshold == 3U);
    BOOST_TEST(o.circuit_breaker->window_size == 100U);
    BOOST_TEST_REQUIRE(o.health_check.has_value());
    BOOST_CHECK(o.health_check->interval == 10s);
    BOOST_TEST(o.health_check->failure_threshold == 3U);
    BOOST_TEST(o.health_check->success_threshold == 1U);
    BOOST_CHECK(o.keepalive.time == 30s);
}

BOOST_AUTO_TEST_CASE(method_that_may_have_run_is_not_called_again) {
    two_game_servers at;
    BOOST_TEST(told(at.call_and_lose_the_server(false)).starts_with("UNAVAILABLE: "));
    BOOST_TEST(*at.calls == 1);
}

BOOST_AUTO_TEST_CASE(idempotent_one_is_on_the_other_server) {
    two_game_servers at;
    BOOST_TEST(at.call_and_lose_the_server(true).value() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
