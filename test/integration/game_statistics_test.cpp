//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What a client counts of its calls, and a server under many threads.

#include "joust/game/description.hpp"
#include "joust/game/statistics.hpp"
#include "support/game_loopback.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace joust::test {

namespace {

using asio::awaitable;
using errors = std::map<int, std::uint64_t>;

player_query const q123{"123"};

struct fixture : game_loopback {
    game::call_statistics at_server(std::string const& method) const {
        return services.statistics().services.at("logic").methods.at(method);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(game_statistics, fixture)

BOOST_AUTO_TEST_CASE(a_client_counts_successes_and_failures) {
    auto const c = client(over_one_connection());
    auto const copy = c;
    run([&]() -> awaitable<void> {
        (void)(co_await c.async_call<player>("get_player_info", q123)).value();
        (void)(co_await copy.async_call<player>("get_player_info", q123)).value();
        failing const how{418, "no tea"};
        (void)co_await c.async_call<int>("fail", how);
        (void)co_await c.async_call<int>("none");
        (void)co_await c.async_call<int>("crash");
        (void)co_await c.async_call<std::string>("get_player_info", q123); // an answer of another type
        (void)co_await c.async_call<int>(".");                             // no name
    });
    auto const s = c.statistics();
    BOOST_TEST(s.total.calls == 7u);
    BOOST_TEST(s.total.successes == 2u);
    BOOST_TEST(s.total.failures == 5u);
    BOOST_TEST(s.total.in_flight == 0u);
    BOOST_TEST((s.total.errors == errors{{400, 1}, {404, 1}, {418, 1}, {500, 2}}));
    BOOST_TEST(s.timeouts == 0u);
    BOOST_TEST(s.total.bytes_in > 0u);
    BOOST_TEST(s.total.bytes_out > 0u);
    BOOST_TEST(s.total.latency_ms.max > 0);
    BOOST_TEST(s.channel.ready == 1u);
    BOOST_TEST(s.channel.connections == 1u);
    BOOST_TEST(json::encode_to_string(s).has_value());
}

BOOST_AUTO_TEST_CASE(a_client_counts_timeouts_whoever_noticed) {
    auto const c = client(over_one_connection());
    run([&]() -> awaitable<void> {
        milliseconds const long_time{60'000};
        (void)co_await c.async_call<void>("slow", long_time); // 504 of the server, after 200 ms
        game::call_options hurried;
        hurried.timeout = 1ms;
        (void)co_await c.async_call<void>("wait", game::no_arguments, hurried);
    });
    BOOST_TEST(c.statistics().timeouts == 2u);
    BOOST_TEST((c.statistics().total.errors == errors{{504, 2}}));
    BOOST_TEST((at_server("slow").errors == errors{{504, 1}}));
}

BOOST_AUTO_TEST_CASE(cancelled_calls_are_counted_on_both_sides) {
    auto const c = client(over_one_connection());
    asio::cancellation_signal cancel;
    std::optional<result<void>> outcome;
    game::call_options const options;
    c.async_call<void>("wait", game::no_arguments, options,
                       asio::bind_cancellation_slot(cancel.slot(), [&](result<void> r) { outcome = std::move(r); }));
    run_until(io, [&] { return logic->waits == 1; });
    BOOST_TEST(c.statistics().total.in_flight == 1u);
    BOOST_TEST(at_server("wait").in_flight == 1u);
    cancel.emit(asio::cancellation_type::terminal);
    run_until(io, [&] { return outcome && at_server("wait").in_flight == 0; });
    BOOST_TEST((c.statistics().total.errors == errors{{499, 1}}));
    BOOST_TEST((at_server("wait").errors == errors{{499, 1}}));
}

BOOST_AUTO_TEST_CASE(a_deadline_that_passes_is_504_at_the_server_too) {
    auto const c = client(over_one_connection());
    run([&]() -> awaitable<void> {
        game::call_options hurried;
        hurried.timeout = 30ms;
        (void)co_await c.async_call<void>("wait", game::no_arguments, hurried);
    });
    run_until(io, [&] { return at_server("wait").in_flight == 0; });
    BOOST_TEST(at_server("wait").failures == 1u);
    // Whichever came first: the passing of the deadline, or the client's word that it is gone.
    BOOST_TEST((at_server("wait").errors.contains(504) || at_server("wait").errors.contains(499)));
}

BOOST_AUTO_TEST_CASE(requests_of_streams_are_calls) {
    auto const c = client(over_one_connection());
    run([&]() -> awaitable<void> {
        std::vector<player> const updates{{"1", 5}, {"2", 6}, {"3", 7}};
        (void)(co_await c.async_stream_call<bool>("update_player", updates)).value();
        BOOST_TEST(c.statistics().total.successes == 3u);

        result<game::stream> opened = co_await c.async_open_stream("fail");
        game::stream stream = std::move(opened).value();
        failing const how{409, "no"};
        for (int i = 0; i != 2; ++i) {
            (co_await stream.async_write(how)).value();
            (void)(co_await stream.async_read<int>()).value();
        }
        BOOST_TEST((c.statistics().total.errors == errors{{409, 2}}));
        (co_await stream.async_write(how)).value(); // and never hears of it
        BOOST_TEST(c.statistics().total.in_flight == 1u);
    });
    BOOST_TEST((c.statistics().total.errors == errors{{409, 2}, {499, 1}}));
    BOOST_TEST(c.statistics().total.calls == 6u);
}

BOOST_AUTO_TEST_CASE(many_answers_are_one_call) {
    auto const c = client(over_one_connection());
    run([&]() -> awaitable<void> {
        game::call_options many;
        many.many_answers = true;
        result<game::stream> opened = co_await c.async_open_stream("count", many);
        game::stream stream = std::move(opened).value();
        player const three{"x", 3};
        (co_await stream.async_write(three)).value();
        for (bool more = true; more;) {
            auto const next = co_await stream.async_read();
            more = next.value()->more;
        }
        (co_await stream.async_writes_done()).value();
        (co_await stream.async_finish()).value();
    });
    BOOST_TEST(c.statistics().total.successes == 1u);
    BOOST_TEST(c.statistics().total.calls == 1u);
}

BOOST_AUTO_TEST_CASE(a_stream_that_breaks_fails_what_was_asked) {
    auto const c = client(over_one_connection());
    run([&]() -> awaitable<void> {
        result<game::stream> opened = co_await c.async_open_stream("wait");
        game::stream stream = std::move(opened).value();
        (co_await stream.async_write(game::no_arguments)).value();
        while (logic->waits == 0)
            co_await asio::post(asio::use_awaitable);
        server.stop();
        auto const next = co_await stream.async_read();
        BOOST_TEST(next.has_error());
    });
    BOOST_TEST(c.statistics().total.failures == 1u);
    BOOST_TEST(c.statistics().total.in_flight == 0u);
}

BOOST_AUTO_TEST_CASE(what_joust_says_of_a_server_can_be_read) {
    auto const c = client(over_one_connection());
    run([&]() -> awaitable<void> {
        (void)(co_await c.async_call<player>("get_player_info", q123)).value();
        game::client const about(io.get_executor(), address, game::options_for_one_call());
        auto const stats = co_await about.async_call<game::services_statistics>("joust.stats");
        BOOST_TEST_REQUIRE(stats.has_value());
        BOOST_TEST(stats->services.at("logic").methods.at("get_player_info").successes == 1u);
        auto const described = co_await about.async_call<game::services_description>("joust.describe");
        BOOST_TEST_REQUIRE(described.has_value());
        BOOST_TEST(described->services.size() == 3u);
    });
}

// More threads than a method has shards.
BOOST_AUTO_TEST_CASE(threads_count_together) {
    constexpr int threads = 20, times = 50;
    asio::thread_pool pool(threads);
    game::services of_pool;
    of_pool.add("math").add("twice", [](milliseconds n) { return 2 * n.ms; });
    joust::server on_pool(pool.get_executor());
    on_pool.add(of_pool);
    std::string const where = on_pool.listen("127.0.0.1:0").value().to_string();
    std::vector<game::client> clients;
    std::vector<std::future<void>> done;
    for (int i = 0; i != threads; ++i) {
        game::client_options o = over_one_connection();
        o.service = "math";
        clients.emplace_back(pool.get_executor(), where, o);
        done.push_back(asio::co_spawn(
            pool,
            [c = clients.back()]() -> awaitable<void> {
                milliseconds const n{3};
                for (int k = 0; k != times; ++k)
                    (void)(co_await c.async_call<int>("twice", n)).value();
            },
            asio::use_future));
    }
    for (auto& each : done)
        each.get();
    auto const s = of_pool.statistics().services.at("math").total;
    BOOST_TEST(s.successes == std::uint64_t{threads} * times);
    BOOST_TEST(s.calls == s.successes);
    BOOST_TEST(s.bytes_out == s.successes);
    for (auto const& each : clients)
        BOOST_TEST(each.statistics().total.successes == std::uint64_t{times});
    clients.clear();
    on_pool.stop();
    pool.join();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
