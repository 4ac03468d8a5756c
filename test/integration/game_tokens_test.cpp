//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The named client with every kind of completion token.

#include "support/game_loopback.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <tuple>
#include <vector>

namespace joust::test::game_tokens_tests {

namespace {

using asio::awaitable;

player_query const q123{"123"};
player const p123{"123", 10};
std::vector<player> const two{{"a", 1}, {"b", 0}};

/// A server and a client on a thread of their own.
class background {
public:
    background() : thread_([this] { io_.run(); }) {}
    ~background() {
        io_.stop();
        thread_.join();
    }
    asio::io_context& io() noexcept { return io_; }
    std::thread::id id() const { return thread_.get_id(); }

private:
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
    std::thread thread_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(game_tokens, game_loopback)

BOOST_AUTO_TEST_CASE(deferred_starts_nothing_by_itself) {
    auto const c = client();
    {
        auto const call = c.async_call<player>("get_player_info", q123);
        auto const dynamic = c.async_call("echo", {{"a", 1}});
        auto const open = c.async_open_stream("ping");
        auto const exchange = c.async_stream_call<bool>("update_player", two);
        auto const one_shot = game::async_call(address, "logic.ping", game::no_arguments);
    }
    settle(io);
    BOOST_TEST(server.connection_count() == 0u);
}

BOOST_AUTO_TEST_CASE(deferred_operations_compose_into_a_group) {
    auto const c = client();
    bool done = false;
    asio::experimental::make_parallel_group(c.async_call<player>("get_player_info", q123),
                                            c.async_stream_call<bool>("update_player", two),
                                            c.async_open_stream("ping"), c.async_call("echo", {{"a", 1}}))
        .async_wait(asio::experimental::wait_for_all(),
                    [&](std::array<std::size_t, 4>, result<player> p, result<std::vector<result<bool>>> all,
                        result<game::stream> s, result<boost::json::value> v) {
                        BOOST_TEST((p.value() == p123));
                        BOOST_TEST(all.value().size() == 2u);
                        BOOST_TEST(s.has_value());
                        BOOST_TEST(v.value().at("a").as_int64() == 1);
                        done = true;
                    });
    run_until(io, [&] { return done; });
}

BOOST_AUTO_TEST_CASE(use_awaitable_and_tuples) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        game::call_options const options;
        result<player> const p = co_await c.async_call<player>("get_player_info", q123, options, asio::use_awaitable);
        BOOST_TEST((p.value() == p123));
        constexpr auto token = asio::as_tuple(asio::use_awaitable);
        std::tuple<result<player>> const tuple = co_await c.async_call<player>("get_player_info", q123, options, token);
        BOOST_TEST((std::get<0>(tuple).value() == p123));
        std::tuple<result<std::vector<result<bool>>>> const all =
            co_await c.async_stream_call<bool>("update_player", two, options, token);
        BOOST_TEST(std::get<0>(all).value().size() == 2u);
        std::tuple<result<game::stream>> opened = co_await c.async_open_stream("ping", options, token);
        game::stream s = std::move(std::get<0>(opened)).value();
        std::tuple<result<void>> const written = co_await s.async_write(game::no_arguments, token);
        BOOST_TEST(std::get<0>(written).has_value());
        std::tuple<result<std::optional<game::answer<void>>>> const read = co_await s.async_read<void>(token);
        BOOST_TEST(std::get<0>(read).value().has_value());
        result<void> const done = co_await s.async_writes_done(asio::use_awaitable);
        BOOST_TEST(done.has_value());
        std::tuple<result<void>> const finished = co_await s.async_finish(token);
        BOOST_TEST(std::get<0>(finished).has_value());
        result<player> const one_shot =
            co_await game::async_call<player>(address, "logic.get_player_info", q123, options, asio::use_awaitable);
        BOOST_TEST((one_shot.value() == p123));
    });
}

BOOST_AUTO_TEST_CASE(callbacks_are_called_after_the_initiating_function) {
    auto const c = client();
    game::client const nameless(io.get_executor(), "unix:/path");
    game::client const malformed(io.get_executor(), "no port");
    int completed = 0;
    auto const count = [&](auto const&...) { ++completed; };
    player_query const bad{"\xff"};
    std::vector<player_query> const bad_range(1, bad);
    std::vector<player> const none;
    for (game::client const& with : {c, nameless, malformed}) {
        with.async_call<player>("get_player_info", q123, {}, count);
        with.async_call("get_player_info", {{"player_id", "1"}}, {}, count);
        with.async_call<player>("get_player_info", bad, {}, count);
        with.async_open_stream("ping", {}, count);
        with.async_stream_call<bool>("update_player", two, {}, count);
        with.async_stream_call<bool>("update_player", bad_range, {}, count);
        with.async_stream_call<bool>("update_player", none, {}, count);
    }
    game::async_call<player>(io.get_executor(), address, "logic.get_player_info", q123, {}, count);
    game::async_call<player>(address, "logic.get_player_info", q123, {}, asio::bind_executor(io, count));
    BOOST_TEST(completed == 0);
    run_until(io, [&] { return completed == 23; });
}

BOOST_AUTO_TEST_CASE(move_only_callbacks_are_called) {
    auto const c = client();
    int done = 0;
    c.async_call<player>("get_player_info", q123, {}, [&, own = std::make_unique<player>(p123)](result<player> r) {
        BOOST_TEST((r.value() == *own));
        ++done;
    });
    c.async_stream_call<bool>("update_player", two, {},
                              [&, own = std::make_unique<int>(2)](result<std::vector<result<bool>>> r) {
                                  BOOST_TEST(static_cast<int>(r.value().size()) == *own);
                                  ++done;
                              });
    c.async_open_stream("ping", {}, [&, own = std::make_unique<int>(2)](result<game::stream> r) {
        BOOST_TEST(r.has_value());
        done += *own;
    });
    run_until(io, [&] { return done == 4; });
}

BOOST_AUTO_TEST_CASE(detached_ignores_the_outcome) {
    auto const c = client();
    c.async_call<void>("ping", game::no_arguments, {}, asio::detached);
    run_until(io, [&] { return logic->pinged == 1; });
}

BOOST_AUTO_TEST_CASE(handlers_run_on_their_own_executor) {
    background elsewhere;
    auto const c = client();
    std::promise<void> told;
    auto const future = told.get_future();
    int on_it = 0;
    auto const note = [&] { on_it += std::this_thread::get_id() == elsewhere.id() ? 1 : 0; };
    c.async_call<player>("get_player_info", q123, {}, asio::bind_executor(elsewhere.io(), [&](result<player>) {
                             note();
                             c.async_stream_call<bool>(
                                 "update_player", two, {}, asio::bind_executor(elsewhere.io(), [&](auto const&) {
                                     note();
                                     c.async_open_stream("ping", {},
                                                         asio::bind_executor(elsewhere.io(), [&](result<game::stream>) {
                                                             note();
                                                             told.set_value();
                                                         }));
                                 }));
                         }));
    run_until(io, [&] { return future.wait_for(0s) == std::future_status::ready; });
    BOOST_TEST(on_it == 3);
}

BOOST_AUTO_TEST_CASE(a_coroutine_elsewhere_resumes_elsewhere) {
    background elsewhere;
    auto const c = client();
    std::future<int> finished = asio::co_spawn(
        elsewhere.io(),
        [&]() -> awaitable<int> {
            int right = 0;
            for (int i = 0; i != 20; ++i) {
                result<player> const p = co_await c.async_call<player>("get_player_info", q123);
                right += p.has_value() && std::this_thread::get_id() == elsewhere.id() ? 1 : 0;
                result<std::vector<result<bool>>> const all = co_await c.async_stream_call<bool>("update_player", two);
                right += all.has_value() && std::this_thread::get_id() == elsewhere.id() ? 1 : 0;
            }
            co_return right;
        },
        asio::use_future);
    run_until(io, [&] { return finished.wait_for(0s) == std::future_status::ready; });
    BOOST_TEST(finished.get() == 40);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(game_futures)

BOOST_AUTO_TEST_CASE(use_future_waits_on_a_thread_without_a_loop) {
    background other;
    auto const logic = std::make_shared<logic_service>(other.io());
    game::services all;
    all.add("logic", logic);
    joust::server server(other.io().get_executor());
    server.add(all);
    auto const at = server.listen("127.0.0.1:0").value().to_string();
    game::client const c(other.io().get_executor(), at, {.service = "logic"});

    BOOST_TEST((c.async_call<player>("get_player_info", q123, {}, asio::use_future).get().value() == p123));
    BOOST_TEST(c.async_call("echo", {{"a", 1}}, {}, asio::use_future).get().value().at("a").as_int64() == 1);
    BOOST_TEST(c.async_stream_call<bool>("update_player", two, {}, asio::use_future).get().value().size() == 2u);
    BOOST_TEST(
        (game::async_call<player>(other.io().get_executor(), at, "logic.get_player_info", q123, {}, asio::use_future)
             .get()
             .value() == p123));
    game::stream s = c.async_open_stream("ping", {}, asio::use_future).get().value();
    BOOST_TEST(s.async_write(game::no_arguments, asio::use_future).get().has_value());
    BOOST_TEST(s.async_read<void>(asio::use_future).get().value().has_value());
    BOOST_TEST(s.async_writes_done(asio::use_future).get().has_value());
    BOOST_TEST(!s.async_read<void>(asio::use_future).get().value().has_value());
    BOOST_TEST(s.async_finish(asio::use_future).get().has_value());
    server.async_drain(patience, asio::use_future).get();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test::game_tokens_tests
