//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Middleware over sockets: what clients made with joust see of it, and users that are told apart by their certificates.

#include "joust/game/middleware.hpp"
#include "support/game_loopback.hpp"
#include "support/tls_loopback.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstddef>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(game_middleware)

namespace {

using asio::awaitable;

/// How many of these calls succeed.
awaitable<int> successes(game::client c, std::string method, int turns) {
    int good = 0;
    for (int i = 0; i != turns; ++i) {
        result<int> const r = co_await c.async_call<int>(method);
        good += r.has_value() ? 1 : 0;
    }
    co_return good;
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_client_is_told_when_to_come_again, game_loopback) {
    services.find("logic")->use("ping", game::rate_limit(0.001, {.burst = 1}));
    auto const c = client();
    run([&]() -> awaitable<void> {
        result<void> const first = co_await c.async_call<void>("ping");
        BOOST_TEST(told(first) == "OK");
        response_info info;
        game::call_options options;
        options.info = &info;
        options.idempotent = true;
        result<void> const second = co_await c.async_call<void>("ping", game::no_arguments, options);
        BOOST_TEST(
            told(second).starts_with("RESOURCE_EXHAUSTED 429: logic.ping: more than 0.001 calls/s; retry after "));
        BOOST_TEST(std::stoi(std::string(info.trailing_metadata.get("retry-after-ms").value_or("0"))) > 0);
        BOOST_TEST(info.attempts == 1u); // it is an answer: the client does not make it worse
    });
    BOOST_TEST(logic->pinged == 1);
}

BOOST_FIXTURE_TEST_CASE(a_cached_answer_does_not_go_to_another_certificate, tls_loopback) {
    int calls = 0;
    game::services services;
    services.add("logic").add("count", [&] { return ++calls; }).use("count", game::cache(1h));
    server.add(services);
    auto o = server_side();
    o.clients = client_certificates::requested;
    o.client_ca.text = authority.pem();
    auto const at = listen(o);
    auto const count_as = [&](std::optional<certificate_request> const& who) {
        auto side = client_side();
        if (who)
            side.identity = identity(authority.signed_for(*who));
        game::client_options options = game_loopback::over_one_connection();
        options.service = "logic";
        options.channel.credentials = channel_credentials::tls(side).value();
        game::client const c(io.get_executor(), at, options);
        int answer = 0;
        test::run(io, [&]() -> awaitable<void> {
            result<int> const r = co_await c.async_call<int>("count");
            answer = r.value();
        });
        return answer;
    };
    BOOST_TEST(count_as(certificate_request{"ann"}) == 1);
    BOOST_TEST(count_as(certificate_request{"bob"}) == 2);
    BOOST_TEST(count_as(certificate_request{"ann", "DNS:other.test"}) == 3);
    BOOST_TEST(count_as(std::nullopt) == 4);
    BOOST_TEST(count_as(certificate_request{"ann"}) == 1);
    BOOST_TEST(count_as(certificate_request{"ann", "DNS:other.test"}) == 3);
    BOOST_TEST(count_as(std::nullopt) == 4);
}

BOOST_AUTO_TEST_CASE(threads_share_limits_and_flights) {
    asio::thread_pool pool(4);
    std::atomic<int> runs{0};
    joust::server server(pool.get_executor());
    game::services services;
    services.add("logic")
        .add("once",
             [&]() -> awaitable<int> {
                 ++runs;
                 for (int i = 0; i != 100; ++i)
                     co_await asio::post(asio::use_awaitable);
                 co_return 7;
             })
        .add("few", [] { return 1; })
        .use("once", game::cache(1h))
        .use("few", game::rate_limit(0.001, {.burst = 10}));
    server.add(services);
    game::client_options options;
    options.service = "logic";
    options.channel.min_connections = options.channel.max_connections = 4; // on strands of their own
    auto const at = server.listen("127.0.0.1:0").value().to_string();
    std::optional<game::client> c(std::in_place, pool.get_executor(), at, options);
    int good[2] = {};
    std::vector<std::future<int>> calling;
    for (int i = 0; i != 16; ++i)
        calling.push_back(
            asio::co_spawn(asio::make_strand(pool), successes(*c, i % 2 == 0 ? "once" : "few", 20), asio::use_future));
    for (std::size_t i = 0; i != calling.size(); ++i) {
        BOOST_TEST_REQUIRE((calling[i].wait_for(patience) == std::future_status::ready));
        good[i % 2] += calling[i].get();
    }
    BOOST_TEST(good[0] == 8 * 20);
    BOOST_TEST(runs == 1);
    BOOST_TEST(good[1] == 10);
    c.reset(); // its connections keep the pool at work
    server.async_drain(patience, asio::use_future).wait();
    pool.join();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
