//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Time limits, cancellation, and ends that come too early.

#include "support/game_loopback.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace joust::test {

namespace {

using asio::awaitable;

std::vector<boost::json::object> const one_request(1);

/// Keeps what the observer of a server hears.
class failure_log final : public observer {
public:
    std::atomic<int> failures = 0;
    void handler_failed(std::string_view, std::string_view, std::string_view) noexcept override { ++failures; }
};

/// Goes on when it is cancelled.
struct stubborn {
    int finished = 0;

    awaitable<int> answer_all_the_same(milliseconds m) {
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(m.ms));
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        ++finished;
        co_return 1;
    }
    awaitable<int> throw_instead(milliseconds m) {
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(m.ms));
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        ++finished;
        throw std::runtime_error("the secret");
    }
    awaitable<std::string> push_and_wait(milliseconds m, game::responses<int>& out) {
        for (int i = 0; i != 2; ++i) {
            auto pushing = out.async_push(i);
            (co_await std::move(pushing)).value();
        }
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(m.ms));
        co_await timer.async_wait(asio::use_awaitable);
        co_return "too late";
    }
};
BOOST_DESCRIBE_STRUCT(stubborn, (), (answer_all_the_same, throw_instead, push_and_wait))

struct stubborn_loopback : loopback {
    std::shared_ptr<failure_log> log;
    std::shared_ptr<stubborn> object = std::make_shared<stubborn>();

    stubborn_loopback() : stubborn_loopback(std::make_shared<failure_log>()) {}
    explicit stubborn_loopback(std::shared_ptr<failure_log> l) : loopback({.observer = l}), log(std::move(l)) {
        game::services services;
        services.add("s", object)
            .method("answer_all_the_same", {.timeout = 5ms})
            .method("throw_instead", {.timeout = 5ms})
            .method("push_and_wait", {.timeout = 20ms});
        server.add(services);
        listen();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(game_limits, game_loopback)

BOOST_AUTO_TEST_CASE(the_limit_of_a_method_is_504) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        milliseconds const none{0};
        result<void> const fine = co_await c.async_call<void>("slow", none);
        BOOST_TEST(told(fine) == "OK");
        milliseconds const hour{3'600'000};
        result<void> const late = co_await c.async_call<void>("slow", hour);
        BOOST_TEST(told(late) == "DEADLINE_EXCEEDED 504: logic.slow: timed out after 0.2 s");
        result<void> const on = co_await c.async_call<void>("ping");
        BOOST_TEST(told(on) == "OK");
    });
}

BOOST_AUTO_TEST_CASE(the_limit_of_a_method_does_not_end_its_stream) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        std::vector<milliseconds> const times{{0}, {3'600'000}, {1}, {3'600'000}, {0}};
        result<std::vector<result<void>>> const all = co_await c.async_stream_call<void>("slow", times);
        BOOST_TEST_REQUIRE(all.value().size() == 5u);
        for (std::size_t i = 0; i != 5; ++i)
            BOOST_TEST(told((*all)[i]) ==
                       (i % 2 == 0 ? "OK" : "DEADLINE_EXCEEDED 504: logic.slow: timed out after 0.2 s"));
    });
}

BOOST_AUTO_TEST_CASE(the_deadline_of_the_client_is_a_grpc_status) {
    auto const c = client();
    game::call_options soon;
    soon.timeout = 20ms;
    run([&]() -> awaitable<void> {
        result<void> const late = co_await c.async_call<void>("wait", game::no_arguments, soon);
        BOOST_TEST(told(late).starts_with("DEADLINE_EXCEEDED: the deadline passed"));
        co_await logic->waiting.cancelled.wait(); // the server knows it, too
        game::call_options over;
        over.timeout = 0ms;
        result<void> const never = co_await c.async_call<void>("ping", game::no_arguments, over);
        BOOST_TEST(told(never).starts_with("DEADLINE_EXCEEDED: "));
        BOOST_TEST(logic->pinged == 0);
    });
}

BOOST_AUTO_TEST_CASE(very_long_limits_are_no_limits) {
    auto const never = std::chrono::steady_clock::duration::max();
    joust::server patient(io.get_executor());
    game::services all;
    all.add("logic", logic).method("slow", {.timeout = never}).method("wait", {.timeout = never});
    patient.add(all);
    game::client_options options;
    options.timeout = never;
    auto const at = patient.listen("127.0.0.1:0").value().to_string();
    game::client const c(io.get_executor(), at, options);
    run([&]() -> awaitable<void> {
        milliseconds const five{5};
        result<void> const fine = co_await c.async_call<void>("logic.slow", five);
        BOOST_TEST(told(fine) == "OK");
    });
}

BOOST_AUTO_TEST_CASE(a_cancelled_call_cancels_its_method) {
    auto const c = client(over_one_connection());
    asio::cancellation_signal signal;
    std::optional<result<void>> answer;
    c.async_call<void>("wait", game::no_arguments, {},
                       asio::bind_cancellation_slot(signal.slot(), [&](result<void> r) { answer = std::move(r); }));
    run_until(io, [&] { return logic->waiting.started.is_set(); });
    signal.emit(asio::cancellation_type::total); // too late for that
    settle(io);
    BOOST_TEST(!answer.has_value());
    signal.emit(asio::cancellation_type::terminal);
    run_until(io, [&] { return answer && logic->waiting.cancelled.is_set(); });
    BOOST_TEST(told(*answer) == "CANCELLED: the call was cancelled");
    BOOST_TEST(server.connection_count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_cancelled_exchange_cancels_its_method) {
    auto const c = client();
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial}) {
        int const before = logic->waits;
        asio::cancellation_signal signal;
        std::optional<result<std::vector<result<void>>>> answer;
        c.async_stream_call<void>("wait", one_request, {},
                                  asio::bind_cancellation_slot(signal.slot(), [&](auto r) { answer = std::move(r); }));
        run_until(io, [&] { return logic->waits == before + 1; });
        signal.emit(asio::cancellation_type::total);
        settle(io);
        BOOST_TEST(!answer.has_value());
        signal.emit(type);
        run_until(io, [&] { return answer && logic->cancelled_waits == before + 1; });
        BOOST_TEST(told(*answer) == "CANCELLED: the call was cancelled");
    }
}

BOOST_AUTO_TEST_CASE(an_exchange_is_cancelled_while_it_connects) {
    // Accepts connections and says nothing.
    asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
    auto const at = "127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    game::client const c(io.get_executor(), at);
    for (auto const type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total}) {
        asio::cancellation_signal signal;
        std::optional<result<std::vector<result<void>>>> answer;
        std::optional<result<game::stream>> stream;
        asio::cancellation_signal stream_signal;
        c.async_stream_call<void>("logic.ping", one_request, {},
                                  asio::bind_cancellation_slot(signal.slot(), [&](auto r) { answer = std::move(r); }));
        c.async_open_stream("logic.ping", {}, asio::bind_cancellation_slot(stream_signal.slot(), [&](auto r) {
                                stream.emplace(std::move(r));
                            }));
        settle(io);
        auto const before = std::chrono::steady_clock::now();
        signal.emit(type);
        stream_signal.emit(type);
        run_until(io, [&] { return answer && stream; });
        BOOST_TEST(told(*answer) == "CANCELLED: the call was cancelled");
        BOOST_TEST(told(*stream) == "CANCELLED: the call was cancelled");
        BOOST_TEST((std::chrono::steady_clock::now() - before < 3s)); // connecting takes 5
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_stops_cancels_its_methods) {
    auto const c = client();
    std::optional<result<void>> call;
    std::optional<result<std::vector<result<void>>>> exchange;
    c.async_call<void>("wait", game::no_arguments, {}, [&](result<void> r) { call = std::move(r); });
    c.async_stream_call<void>("wait", one_request, {}, [&](auto r) { exchange = std::move(r); });
    run_until(io, [&] { return logic->waits == 2; });
    server.stop();
    run_until(io, [&] { return call && exchange && logic->waiting.cancelled.is_set(); });
    BOOST_TEST(told(*call).starts_with("UNAVAILABLE: "));
    BOOST_TEST(told(*exchange).starts_with("UNAVAILABLE: "));
}

BOOST_AUTO_TEST_CASE(a_drain_waits_for_methods) {
    auto const c = client();
    std::optional<result<void>> call, late;
    std::optional<error_code> drained;
    milliseconds const ten{10};
    c.async_call<void>("slow", ten, {}, [&](result<void> r) { call = std::move(r); });
    run_until(io, [&] { return server.connection_count() == 1; });
    server.async_drain(10s, [&](error_code ec) { drained = ec; });
    run_until(io, [&] { return call && drained; });
    BOOST_TEST(told(*call) == "OK");
    BOOST_TEST(!*drained);
}

BOOST_AUTO_TEST_CASE(a_drain_ends_what_does_not_end) {
    auto const c = client();
    std::optional<result<void>> call;
    std::optional<result<std::vector<result<void>>>> exchange;
    std::optional<error_code> drained;
    c.async_call<void>("wait", game::no_arguments, {}, [&](result<void> r) { call = std::move(r); });
    c.async_stream_call<void>("wait", one_request, {}, [&](auto r) { exchange = std::move(r); });
    run_until(io, [&] { return logic->waits == 2; });
    server.async_drain(10ms, [&](error_code ec) { drained = ec; });
    run_until(io, [&] { return call && exchange && drained; });
    BOOST_TEST(told(*call).starts_with("UNAVAILABLE: "));
    BOOST_TEST(told(*exchange).starts_with("UNAVAILABLE: "));
    BOOST_TEST((*drained == asio::error::timed_out));
}

BOOST_AUTO_TEST_CASE(an_answer_may_come_after_its_client) {
    // The client drops its connection while methods of all kinds are under way.
    {
        auto const c = client();
        bool wrote = false;
        c.async_open_stream("count", {.many_answers = true}, [&](result<game::stream> r) {
            auto s = std::make_shared<game::stream>(std::move(r).value());
            player const many{"x", 1'000'000};
            s->async_write(many, [&wrote, s](result<void>) { wrote = true; });
        });
        std::optional<result<void>> call;
        c.async_call<void>("wait", game::no_arguments, {}, [&](result<void> r) { call = std::move(r); });
        run_until(io, [&] { return wrote && logic->waiting.started.is_set(); });
        BOOST_TEST(!call.has_value());
    }
    server.stop();
    run_until(io, [&] { return logic->waiting.cancelled.is_set(); });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(game_limits_of_stubborn_methods, stubborn_loopback)

BOOST_AUTO_TEST_CASE(what_comes_after_the_limit_is_not_sent) {
    game::client const c(io.get_executor(), address, {.service = "s"});
    run([&]() -> awaitable<void> {
        milliseconds const hour{3'600'000};
        result<int> const answered = co_await c.async_call<int>("answer_all_the_same", hour);
        BOOST_TEST(told(answered) == "DEADLINE_EXCEEDED 504: s.answer_all_the_same: timed out after 0.005 s");
        BOOST_TEST(object->finished == 1);
        result<int> const thrown = co_await c.async_call<int>("throw_instead", hour);
        BOOST_TEST(told(thrown) == "DEADLINE_EXCEEDED 504: s.throw_instead: timed out after 0.005 s");
        BOOST_TEST(object->finished == 2);
        BOOST_TEST(log->failures == 1);
        result<boost::json::value> const pushed = co_await c.async_call("push_and_wait", hour);
        BOOST_TEST(told(pushed) == "DEADLINE_EXCEEDED 504: s.push_and_wait: timed out after 0.02 s");
        BOOST_TEST(log->failures == 1);
    });
}

BOOST_AUTO_TEST_CASE(what_was_pushed_before_the_limit_was_sent) {
    game::client const c(io.get_executor(), address, {.service = "s"});
    game::call_options many;
    many.many_answers = true;
    run([&]() -> awaitable<void> {
        result<game::stream> opened = co_await c.async_open_stream("push_and_wait", many);
        game::stream s = std::move(opened).value();
        for (int round = 0; round != 2; ++round) {
            milliseconds const hour{3'600'000};
            result<void> const written = co_await s.async_write(hour);
            BOOST_TEST(told(written) == "OK");
            for (int i = 0; i != 2; ++i) {
                result<std::optional<game::answer<int>>> const a = co_await s.async_read<int>();
                BOOST_TEST(a.value().value().value.value() == i);
                BOOST_TEST(a.value().value().more);
            }
            result<std::optional<game::answer<int>>> const last = co_await s.async_read<int>();
            BOOST_TEST(last.value().value().value.error().application_code() == 504);
            BOOST_TEST(!last.value().value().more);
        }
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(game_lifetimes)

BOOST_AUTO_TEST_CASE(an_io_context_may_go_with_calls_under_way) {
    std::weak_ptr<logic_service> probe;
    {
        game_loopback lo;
        probe = lo.logic;
        auto const c = lo.client();
        game::client const elsewhere(lo.io.get_executor(), "127.0.0.1:1");
        std::shared_ptr<game::stream> stream;
        int completed = 0;
        auto const count = [&](auto const&...) { ++completed; };
        c.async_call<void>("wait", game::no_arguments, {}, count);
        c.async_stream_call<void>("wait", one_request, {}, count);
        c.async_open_stream("wait", {}, [&](result<game::stream> r) {
            stream = std::make_shared<game::stream>(std::move(r).value());
            stream->async_write(game::no_arguments, [stream](result<void>) {});
            // The stream is owned by its own operation.
            stream->async_read<void>([stream](auto const&) {});
        });
        run_until(lo.io, [&] { return lo.logic->waits == 3; });
        stream.reset();
        // A coroutine that holds a client, waiting for a call and in the middle of a stream.
        asio::co_spawn(
            lo.io,
            [own = lo.client()]() -> awaitable<void> {
                result<game::stream> opened = co_await own.async_open_stream("wait");
                result<void> const written = co_await opened.value().async_write(game::no_arguments);
                (void)written;
                result<void> const r = co_await own.async_call<void>("wait", game::no_arguments);
                (void)r;
            },
            asio::detached);
        run_until(lo.io, [&] { return lo.logic->waits == 5; });
        // Not even connected yet.
        elsewhere.async_call<void>("a.b", game::no_arguments, {}, count);
        elsewhere.async_stream_call<void>("a.b", one_request, {}, count);
        elsewhere.async_open_stream("a.b", {}, count);
        BOOST_TEST(completed == 0);
    }
    BOOST_TEST(probe.expired());
}

BOOST_AUTO_TEST_CASE(many_threads_share_a_client_and_a_server) {
    game_loopback lo;
    auto const c = lo.client({.timeout = 30s});
    std::atomic<int> answered = 0, failed = 0;
    constexpr int per_kind = 200;
    std::vector<player> const players(20, player{"x", 0});
    for (int i = 0; i != per_kind; ++i) {
        asio::post(lo.io, [&, i] {
            player_query const q{std::to_string(i)};
            c.async_call<player>("get_player_info", q, {}, [&, i](result<player> r) {
                ++(r.has_value() && r->player_id == std::to_string(i) ? answered : failed);
            });
        });
        asio::co_spawn(
            asio::make_strand(lo.io),
            [&, i]() -> awaitable<void> {
                result<std::vector<result<player>>> const all = co_await c.async_stream_call<player>("echo", players);
                ++(all.has_value() && all->size() == 20 && all->back().has_value() ? answered : failed);
                if (i % 2 == 0) {
                    player_query const anyone{"x"};
                    result<void> const prompt = co_await c.async_call<void>("get_player_info", anyone);
                    ++(prompt.has_value() ? answered : failed);
                } else {
                    milliseconds const beyond_its_limit{3'600'000};
                    result<void> const late = co_await c.async_call<void>("slow", beyond_its_limit);
                    ++(late.has_error() ? answered : failed);
                }
            },
            asio::detached);
    }
    auto const guard = asio::make_work_guard(lo.io);
    std::vector<std::thread> threads;
    for (int i = 0; i != 3; ++i)
        threads.emplace_back([&] {
            while (answered + failed < 3 * per_kind)
                lo.io.run_for(10ms);
        });
    for (std::thread& t : threads)
        t.join();
    BOOST_TEST(answered == 3 * per_kind);
    BOOST_TEST(failed == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
