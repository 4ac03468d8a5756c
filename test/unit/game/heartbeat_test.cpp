//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/heartbeats.hpp"
#include "joust/game/services.hpp"
#include "support/game_peer.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

// Heartbeats as a stock client sees them.

namespace joust::test {

namespace {

using asio::awaitable;
using answers = std::vector<game_answer>;

struct number {
    int n = 0;
};
BOOST_DESCRIBE_STRUCT(number, (), (n))

struct logic {
    std::optional<event> released;

    int twice(number a) { return 2 * a.n; }
    awaitable<int> held(number a) {
        released.emplace(co_await asio::this_coro::executor);
        auto waiting = released->wait();
        co_await std::move(waiting);
        co_return a.n;
    }
    awaitable<void> echo(game::server_stream<number, int>& s) {
        for (;;) {
            auto reading = s.async_read(asio::use_awaitable);
            result<std::optional<number>> const got = co_await std::move(reading);
            if (!got.value())
                co_return;
            auto writing = s.async_write((*got)->n, asio::use_awaitable);
            result<void> const written = co_await std::move(writing);
            written.value();
        }
    }
};
BOOST_DESCRIBE_STRUCT(logic, (), (twice, held, echo))

std::string asking(char const* method, std::string const& seconds) {
    return envelope("logic", method, R"({"n":7})", {{"joust-heartbeat", seconds}});
}

game_answer const beat(0, "heartbeat", "");

struct fixture {
    std::shared_ptr<logic> object = std::make_shared<logic>();
    std::unique_ptr<game_peer> peer = std::make_unique<game_peer>(make(object, 1ms));

    fixture() = default;
    fixture(fixture const&) = delete;
    fixture& operator=(fixture const&) = delete;
    ~fixture() {
        object->released.reset(); // its timer must not outlive the loop
        peer.reset();
    }

    static game::services make(std::shared_ptr<logic> const& l, std::chrono::steady_clock::duration shortest) {
        game::services s({.min_heartbeat = shortest});
        s.add("logic", l).method("held", {.timeout = 1h});
        return s;
    }

    /// Until so many heartbeats came; everything that did.
    answers wait_for_beats(game_stream& stream, std::ptrdiff_t n) {
        answers all;
        run_until(*peer->io, [&] {
            for (std::string const& bytes : std::exchange(stream.call().messages, {}))
                all.emplace_back(bytes);
            return std::count(all.begin(), all.end(), beat) >= n;
        });
        return all;
    }

    static answers without_beats(answers all) {
        std::erase(all, beat);
        return all;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(heartbeats, fixture)

BOOST_AUTO_TEST_CASE(they_come_while_a_method_thinks) {
    game_stream stream(*peer);
    stream.send(asking("held", "0.001"));
    answers all = wait_for_beats(stream, 3);
    object->released->set();
    answers const rest = stream.receive();
    all.insert(all.end(), rest.begin(), rest.end());
    BOOST_TEST((without_beats(all) == answers{success("7")}));
}

BOOST_AUTO_TEST_CASE(they_go_on_until_the_stream_ends) {
    game_stream stream(*peer);
    BOOST_TEST((without_beats(stream.send(asking("twice", "0.001"))) == answers{success("14")}));
    wait_for_beats(stream, 3);
    BOOST_TEST((without_beats(stream.send(asking("echo", "0.002"))) == answers{success("7")}));
    wait_for_beats(stream, 3);
    BOOST_TEST(stream.finish() == "OK");
    BOOST_TEST(without_beats(stream.receive()).empty());
}

BOOST_AUTO_TEST_CASE(answers_stand_in_for_them) {
    game_stream stream(*peer);
    stream.send(asking("echo", "3600"));
    for (int i = 0; i != 10; ++i)
        BOOST_TEST((stream.send(envelope("logic", "echo", R"({"n":1})")) == answers{success("1")}));
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(they_do_not_pile_up_before_a_client_that_does_not_read) {
    game_stream stream(*peer), other(*peer);
    stream.send(asking("twice", "0.001"));
    peer->link->set_capacity(peer->link->to_client, 0);
    // More than the queue takes, so that the stream has something to wait for.
    for (int i = 0; i != 3000; ++i)
        BOOST_TEST_REQUIRE(stream.call().send(envelope("logic", "nope", std::string(100, 'x'))));
    peer->poll();
    std::size_t const before = peer->link->to_client.bytes.size();
    asio::steady_timer later(*peer->io, 20ms); // twenty intervals
    bool over = false;
    later.async_wait([&](error_code) { over = true; });
    run_until(*peer->io, [&] { return over; });
    BOOST_TEST(peer->link->to_client.bytes.size() == before);
    peer->link->set_capacity(peer->link->to_client, memory_link::unlimited);
    answers const all = without_beats(stream.receive());
    BOOST_TEST(all.size() >= 3000u);
}

BOOST_AUTO_TEST_CASE(who_does_not_ask_hears_none) {
    game_stream asks(*peer), silent(*peer);
    asks.send(asking("held", "0.001"));
    silent.send(envelope("logic", "twice", R"({"n":1})"));
    wait_for_beats(asks, 5);
    BOOST_TEST(silent.receive().empty());
    // One answer is all that a call has.
    BOOST_TEST(peer->call("logic", "twice", R"({"n":1})", {{"joust-heartbeat", "0.001"}}) == success("2"));
    BOOST_TEST(peer->call("logic", "twice", R"({"n":1})", {{"joust-heartbeat", "often"}}) == success("2"));
}

BOOST_AUTO_TEST_CASE(an_interval_out_of_range_is_refused) {
    game_peer strict(make(object, 1s));
    game_stream stream(strict);
    for (char const* const bad : {"0.999", "3600.1", "0", "-1", "1e3", "1s", " 1", "1 ", "", "nan", "inf", "0x10"})
        BOOST_TEST(
            (stream.send(asking("twice", bad)) == answers{{400,
                                                           "logic.twice: joust-heartbeat: \"" + std::string(bad) +
                                                               "\" is no number of seconds from 1 to 3600",
                                                           ""}}));
    for (char const* const good : {"1", "1.0", "1.5", "3600"})
        BOOST_TEST((stream.send(asking("twice", good)) == answers{success("14")}));
    BOOST_CHECK_THROW(make(object, 0s), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(an_interval_is_read_as_it_is_written) {
    for (auto const interval : {1000ms, 1500ms, 3'600'000ms, 30'000ms, 1001ms}) {
        auto const read = game::heartbeat_interval(game::heartbeat_text(interval), 1s);
        BOOST_TEST_REQUIRE(read.has_value());
        BOOST_TEST((*read == interval));
    }
}

BOOST_AUTO_TEST_CASE(an_io_context_may_be_destroyed_between_two) {
    std::weak_ptr<logic> const probe = object;
    {
        game_stream thinking(*peer), idle(*peer);
        thinking.send(asking("held", "3600"));
        idle.send(asking("echo", "3600"));
        object->released.reset();
        peer->client.reset();
        peer->server.reset();
        peer->link.reset();
        peer->io.reset();
    }
    peer.reset();
    object = std::make_shared<logic>();
    BOOST_TEST(probe.expired());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
