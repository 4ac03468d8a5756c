//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The named client: methods that serve a whole stream, and heartbeats.

#include "support/game_loopback.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(game_server_stream)

namespace {

using asio::awaitable;
using moves = game::server_stream<player, std::string>;

struct match {
    asio::io_context& io;
    long_wait waiting{io};
    event gate{io.get_executor()};

    explicit match(asio::io_context& context) : io(context) {}

    /// Says who plays, until somebody has level 0.
    awaitable<status> play(moves& s) {
        for (;;) {
            auto reading = s.async_read(asio::use_awaitable);
            result<std::optional<player>> const got = co_await std::move(reading);
            if (!got.value())
                co_return status();
            player const& p = **got;
            if (p.level == 0)
                co_return status(status_code::aborted, p.player_id + " gives up");
            auto writing = s.async_write(p.player_id + " plays", asio::use_awaitable);
            result<void> const written = co_await std::move(writing);
            written.value();
        }
    }
    /// Reads when it is told to, and then to the end.
    awaitable<std::string> count_later(moves& s) {
        auto waits = gate.wait();
        co_await std::move(waits);
        for (int n = 0;; ++n) {
            auto reading = s.async_read(asio::use_awaitable);
            result<std::optional<player>> const got = co_await std::move(reading);
            if (!got.value())
                co_return std::to_string(n);
        }
    }
    awaitable<void> wait(moves&) {
        auto running = waiting();
        co_await std::move(running);
    }
    awaitable<milliseconds> slow(milliseconds m) {
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(m.ms));
        co_await timer.async_wait(asio::use_awaitable);
        co_return m;
    }
};
BOOST_DESCRIBE_STRUCT(match, (), (play, count_later, wait, slow))

struct served : loopback {
    std::shared_ptr<match> object = std::make_shared<match>(io);

    explicit served(server_options options = {}) : loopback(std::move(options)) {
        game::services services({.min_heartbeat = 1ms});
        services.add("match", object);
        server.add(services);
        listen();
    }
};

/// A server of StreamCall that reads, and says nothing.
struct silent : loopback {
    silent() {
        constexpr bidi_streaming_method<octets, octets> stream_call{"/game.grpc.GameService/StreamCall"};
        server.add(stream_call, [](joust::server_stream<octets, octets>& s) -> awaitable<void> {
            while ((co_await test::read(s)).value()) {
            }
        });
        listen();
    }
};

game::client client_of(loopback& of) {
    return game::client(of.io.get_executor(), of.address, game_loopback::over_one_connection());
}

awaitable<game::stream> open(game::client c, std::string name, game::call_options options = {}) {
    result<game::stream> opened = co_await c.async_open_stream(name, options);
    co_return std::move(opened).value();
}

template <class Arguments>
awaitable<void> write(game::stream& s, Arguments const& arguments) {
    result<void> const written = co_await s.async_write(arguments);
    written.value();
}

/// The next answer, short.
awaitable<std::string> next(game::stream& s) {
    result<std::optional<game::answer<std::optional<std::string>>>> const got =
        co_await s.async_read<std::optional<std::string>>();
    if (got.has_error())
        co_return told(got);
    if (!got->has_value())
        co_return "end";
    game::answer<std::optional<std::string>> const& a = **got;
    std::string const text = a.value.has_value() ? a.value->value_or("null") : told(a.value);
    co_return text + (a.more ? " ..." : "");
}

awaitable<std::string> finish(game::stream& s) {
    result<void> const finished = co_await s.async_finish();
    co_return told(finished);
}

game::call_options beating(std::chrono::milliseconds interval) {
    game::call_options o;
    o.heartbeat = interval;
    return o;
}

player const ann{"ann", 1};
player const bob{"bob", 2};
player const quitter{"eve", 0};
milliseconds const nonsense{1};

} // namespace

BOOST_AUTO_TEST_CASE(requests_and_answers_go_both_ways) {
    served peer;
    auto const c = client_of(peer);
    peer.run([&]() -> awaitable<void> {
        game::call_options many;
        many.many_answers = true;
        game::stream s = co_await open(c, "match.play", many);
        std::string heard;
        for (player const* const p : {&ann, &bob}) {
            co_await write(s, *p);
            heard += co_await next(s) + "; ";
        }
        co_await write(s, nonsense);
        std::string const refused = co_await next(s);
        BOOST_TEST(refused.starts_with("INVALID_ARGUMENT 400: match.play: "));
        co_await write(s, quitter);
        heard += co_await next(s) + "; ";
        co_await write(s, bob); // the next run
        heard += co_await next(s) + "; ";
        result<void> const done = co_await s.async_writes_done();
        BOOST_TEST(told(done) == "OK");
        heard += co_await next(s) + "; ";
        heard += co_await next(s) + "; ";
        BOOST_TEST(heard == "ann plays ...; bob plays ...; ABORTED 409: eve gives up; bob plays ...; null; end; ");
        std::string const end = co_await finish(s);
        BOOST_TEST(end == "OK");
    });
}

BOOST_AUTO_TEST_CASE(a_method_that_does_not_read_holds_its_client_back) {
    constexpr int all = 500;
    server_options small;
    small.stream_window = 65'535;
    served peer(small);
    game::client_options o = game_loopback::over_one_connection();
    o.channel.send_queue = 4096;
    game::client const c(peer.io.get_executor(), peer.address, o);
    int written = 0;
    std::optional<std::string> answer;
    auto const play = [&]() -> awaitable<void> {
        game::stream s = co_await open(c, "match.count_later");
        player const large{std::string(10'000, 'x'), 1};
        for (; written != all; ++written)
            co_await write(s, large);
        result<void> const done = co_await s.async_writes_done();
        BOOST_TEST(told(done) == "OK");
        answer = co_await next(s);
    };
    asio::co_spawn(peer.io, play(), asio::detached);
    test::run_until(peer.io, [&] { return written >= 5; });
    for (int i = 0; i != 100; ++i)
        settle(peer.io);
    BOOST_TEST(written < 15); // what the window and both queues hold
    peer.object->gate.set();
    test::run_until(peer.io, [&] { return answer.has_value(); });
    BOOST_TEST(*answer == std::to_string(all));
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_cancels_the_method) {
    served peer;
    auto const c = client_of(peer);
    peer.run([&]() -> awaitable<void> {
        {
            game::stream s = co_await open(c, "match.wait");
            co_await write(s, ann);
            auto started = peer.object->waiting.started.wait();
            co_await std::move(started);
        }
        auto cancelled = peer.object->waiting.cancelled.wait();
        co_await std::move(cancelled);
    });
}

BOOST_AUTO_TEST_CASE(a_call_is_unimplemented) {
    served peer;
    auto const c = client_of(peer);
    peer.run([&]() -> awaitable<void> {
        result<std::string> const r = co_await c.async_call<std::string>("match.play", ann);
        BOOST_TEST(told(r) == "UNIMPLEMENTED 501: match.play: it serves a stream, not a call: use StreamCall");
    });
}

BOOST_AUTO_TEST_CASE(heartbeats_are_heard_and_not_shown) {
    served peer;
    auto const c = client_of(peer);
    peer.run([&]() -> awaitable<void> {
        game::call_options const often = beating(20ms);
        game::stream s = co_await open(c, "match.slow", often);
        milliseconds const longer{200}; // more than three of them
        co_await write(s, longer);
        result<std::optional<game::answer<milliseconds>>> const got = co_await s.async_read<milliseconds>();
        BOOST_TEST_REQUIRE(told(got) == "OK");
        BOOST_TEST((*got)->value.value().ms == 200);
        result<void> const done = co_await s.async_writes_done();
        BOOST_TEST(told(done) == "OK");
        std::string const last = co_await next(s);
        BOOST_TEST(last == "end");
        std::string const end = co_await finish(s);
        BOOST_TEST(end == "OK");
        // A list of requests, likewise.
        std::vector<milliseconds> const two{{100}, {150}};
        auto calling = c.async_stream_call<milliseconds>("match.slow", two, often);
        auto const answers = co_await std::move(calling);
        BOOST_TEST_REQUIRE(told(answers) == "OK");
        BOOST_TEST(answers->at(1).value().ms == 150);
    });
}

BOOST_AUTO_TEST_CASE(a_read_that_was_cancelled_between_them_loses_nothing) {
    served peer;
    auto const c = client_of(peer);
    peer.run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "match.slow", beating(10ms));
        milliseconds const m{100};
        co_await write(s, m);
        bool answered = false;
        int cancelled = 0;
        while (!answered) {
            asio::cancellation_signal stop;
            event over(peer.io.get_executor());
            s.async_read<milliseconds>(
                asio::bind_cancellation_slot(stop.slot(), [&](result<std::optional<game::answer<milliseconds>>> r) {
                    answered = r.has_value();
                    cancelled += r.has_error() ? 1 : 0;
                    if (answered)
                        BOOST_TEST((*r)->value.value().ms == 100);
                    over.set();
                }));
            asio::steady_timer timer(peer.io, 7ms);
            co_await timer.async_wait(asio::use_awaitable);
            stop.emit(asio::cancellation_type::total);
            auto waiting = over.wait();
            co_await std::move(waiting);
        }
        BOOST_TEST(cancelled > 0);
    });
}

BOOST_AUTO_TEST_CASE(a_server_that_falls_silent_is_given_up) {
    silent peer;
    auto const c = client_of(peer);
    peer.run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "match.slow", beating(5ms));
        milliseconds const m{1};
        co_await write(s, m);
        std::string const got = co_await next(s);
        BOOST_TEST(got == "UNAVAILABLE: nothing heard for 0.015 s");
        std::string const again = co_await next(s);
        BOOST_TEST(again == "UNAVAILABLE: nothing heard for 0.015 s");
        std::string const end = co_await finish(s);
        BOOST_TEST(end == "UNAVAILABLE: nothing heard for 0.015 s");
    });
}

BOOST_AUTO_TEST_CASE(a_stream_without_requests_is_not_given_up) {
    served peer;
    auto const c = client_of(peer);
    peer.run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "match.slow", beating(5ms));
        std::optional<std::string> got;
        event over(peer.io.get_executor());
        s.async_read<milliseconds>([&](result<std::optional<game::answer<milliseconds>>> r) {
            got = told(r);
            over.set();
        });
        asio::steady_timer timer(peer.io, 50ms); // the server was not asked yet
        co_await timer.async_wait(asio::use_awaitable);
        BOOST_TEST(!got);
        milliseconds const m{1};
        co_await write(s, m);
        auto waiting = over.wait();
        co_await std::move(waiting);
        BOOST_TEST(*got == "OK");
    });
}

BOOST_AUTO_TEST_CASE(an_interval_out_of_range_is_refused) {
    served peer;
    auto const c = client_of(peer);
    peer.run([&]() -> awaitable<void> {
        for (std::chrono::milliseconds const bad : {0ms, -1ms, 3'600'001ms}) {
            game::call_options const o = beating(bad);
            result<game::stream> const opened = co_await c.async_open_stream("match.slow", o);
            BOOST_TEST(told(opened) ==
                       "INVALID_ARGUMENT: call_options.heartbeat must be positive, and an hour at most");
        }
    });
}

BOOST_AUTO_TEST_CASE(the_loop_may_be_destroyed_between_them) {
    auto peer = std::make_unique<served>();
    std::optional<game::stream> s;
    auto const c = std::make_unique<game::client>(client_of(*peer));
    peer->run([&]() -> awaitable<void> {
        s.emplace(co_await open(*c, "match.play", beating(1h)));
        co_await write(*s, ann);
        std::string const first = co_await next(*s);
        BOOST_TEST(first == "ann plays");
    });
    auto const kept = std::make_shared<int>();
    s->async_read<std::string>([kept](auto const&) {});
    settle(peer->io);
    BOOST_TEST(kept.use_count() == 2);
    s.reset();
    settle(peer->io);
    BOOST_TEST(kept.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
