//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Services, methods, options and interceptors come and go while several threads serve. ThreadSanitizer is the judge of
// what is not seen here.

#include "joust/game/client.hpp"
#include "joust/game/description.hpp"
#include "joust/game/interceptor.hpp"
#include "joust/game/services.hpp"
#include "joust/game/statistics.hpp"
#include "joust/rpc/server.hpp"
#include "support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(game_registration)

namespace {

using asio::awaitable;

std::atomic<int> alive{0};
std::atomic<int> open_calls{0};

struct fleeting {
    fleeting() { ++alive; }
    fleeting(fleeting const&) = delete;
    fleeting& operator=(fleeting const&) = delete;
    ~fleeting() { --alive; }

    int now() { return 7; }
    awaitable<int> later() {
        co_await asio::post(asio::use_awaitable);
        co_return 7;
    }
};
BOOST_DESCRIBE_STRUCT(fleeting, (), (now, later))

struct counts final : game::interceptor {
    status before(game::call&) override {
        ++open_calls;
        return {};
    }
    status after(game::call&) override {
        --open_calls;
        return {};
    }
    void on_error(game::call&, status&) override { --open_calls; }
};

/// Calls in turn; true when each was answered by the method, or with 404.
awaitable<bool> call_all(game::client c, int turns) {
    for (int i = 0; i != turns; ++i) {
        std::string const method = i % 3 == 0 ? "fleeting.now" : i % 3 == 1 ? "fleeting.later" : "steady.extra";
        result<int> const r = co_await c.async_call<int>(method);
        if (r.has_error() ? r.error().application_code() != 404 : *r != 7)
            co_return false;
    }
    co_return true;
}

} // namespace

BOOST_AUTO_TEST_CASE(services_come_and_go_under_load) {
    asio::thread_pool pool(4);
    joust::server server(pool.get_executor());
    game::services services;
    game::service& steady = services.add("steady");
    server.add(services);
    game::client_options options;
    options.service = "steady";
    options.channel.min_connections = options.channel.max_connections = 4;
    auto const at = server.listen("127.0.0.1:0").value().to_string();
    std::optional<game::client> c(std::in_place, pool.get_executor(), at, options);

    std::vector<std::future<bool>> calling;
    for (int i = 0; i != 8; ++i)
        calling.push_back(asio::co_spawn(asio::make_strand(pool), call_all(*c, 150), asio::use_future));
    auto const over = [&] {
        for (auto const& each : calling)
            if (each.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
                return false;
        return true;
    };
    auto const until = std::chrono::steady_clock::now() + patience;
    int rounds = 0;
    for (; !over() && std::chrono::steady_clock::now() < until; ++rounds) {
        game::service& s = services.add("fleeting", std::make_shared<fleeting>());
        s.method("later", {.timeout = 1h}).use(std::make_shared<counts>()).address("here:1");
        steady.add("extra", [] { return 7; }).use("extra", std::make_shared<counts>());
        (void)services.describe();
        (void)services.statistics();
        s.remove("now");
        s.use("later", std::make_shared<counts>());
        steady.remove("extra");
        services.remove("fleeting");
    }
    for (auto& each : calling) {
        BOOST_TEST_REQUIRE((each.wait_for(patience) == std::future_status::ready));
        BOOST_TEST(each.get());
    }
    BOOST_TEST(rounds > 0);
    c.reset(); // its connections keep the pool at work
    server.async_drain(patience, asio::use_future).wait();
    pool.join();
    BOOST_TEST(alive == 0);
    BOOST_TEST(open_calls == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
