//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware.hpp"

#include "middleware_peer.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// Middleware around the requests of streams: each of them is a call, or all of them are that of one method.

namespace joust::test {

namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using answers = std::vector<game_answer>;

struct number {
    int n = 0;
};
BOOST_DESCRIBE_STRUCT(number, (), (n))

using numbers = game::server_stream<number, int>;

struct table {
    std::vector<int> seen;

    int twice(number a) {
        seen.push_back(a.n);
        return 2 * a.n;
    }
    awaitable<void> echo(numbers& s) {
        for (;;) {
            auto reading = s.async_read(boost::asio::use_awaitable);
            std::optional<number> const next = (co_await std::move(reading)).value();
            if (!next)
                co_return;
            seen.push_back(next->n);
            auto writing = s.async_write(next->n, boost::asio::use_awaitable);
            (co_await std::move(writing)).value();
        }
    }
    /// How many there were until it is shown a zero.
    awaitable<int> count(numbers& s) {
        for (int i = 0;; ++i) {
            auto reading = s.async_read(boost::asio::use_awaitable);
            std::optional<number> const next = (co_await std::move(reading)).value();
            if (!next || next->n == 0)
                co_return i;
        }
    }
};
BOOST_DESCRIBE_STRUCT(table, (), (twice, echo, count))

std::string play(char const* method, int n) {
    return envelope("table", method, "{\"n\":" + std::to_string(n) + "}");
}

struct fixture {
    std::shared_ptr<table> object = std::make_shared<table>();
    game::services services;
    game::service& service = services.add("table", object);
    game_peer peer{services};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(middleware_streams, fixture)

BOOST_AUTO_TEST_CASE(each_request_is_a_call) {
    std::vector<std::string> lines;
    game::log_options o;
    o.sink = [&](std::string_view line) { lines.emplace_back(line); };
    services.use(game::log(o));
    service.use("twice", game::validate(game::check(&number::n, game::at_least(0))),
                game::rate_limit(0.001, {.burst = 2}));
    game_stream stream(peer);
    BOOST_TEST((stream.send(play("twice", 1)) == answers{success("2")}));
    BOOST_TEST((stream.send(play("twice", -1)) == answers{{400, "table.twice: n: must be at least 0", ""}}));
    BOOST_TEST((stream.send(play("twice", 2)) == answers{success("4")}));
    answers const refused = stream.send(play("twice", 3));
    BOOST_TEST_REQUIRE(refused.size() == 1u);
    BOOST_TEST(refused[0].code == 429);
    BOOST_TEST(refused[0].message.starts_with("table.twice: more than 0.001 calls/s; retry after "));
    std::string retry_after;
    auto& call = stream.call();
    call.before_done = [&] {
        retry_after = call.stream->call().trailing_metadata().get("retry-after-ms").value_or("none");
    };
    BOOST_TEST(stream.finish() == "OK");
    BOOST_TEST(std::stoi(retry_after) > 0);
    BOOST_TEST(lines.size() == 4u);
    BOOST_TEST((object->seen == std::vector<int>{1, 2}));
}

BOOST_AUTO_TEST_CASE(requests_of_a_whole_stream_are_limited_one_by_one) {
    service.use("echo", game::rate_limit(0.001, {.burst = 2}));
    game_stream stream(peer);
    BOOST_TEST((stream.send(play("echo", 1)) == answers{success("1")}));
    BOOST_TEST((stream.send(play("echo", 2)) == answers{success("2")}));
    for (int i = 0; i != 3; ++i) {
        answers const refused = stream.send(play("echo", 3));
        BOOST_TEST_REQUIRE(refused.size() == 1u);
        BOOST_TEST(refused[0].code == 429);
        BOOST_TEST(refused[0].message.starts_with("table.echo: more than 0.001 calls/s; retry after "));
    }
    BOOST_TEST(stream.finish() == "OK");
    BOOST_TEST((object->seen == std::vector<int>{1, 2}));
}

BOOST_AUTO_TEST_CASE(requests_of_a_whole_stream_are_checked_one_by_one) {
    service.use("echo", game::validate(game::check(&number::n, game::at_most(5)),
                                       game::check(&number::n, "must not be seven", [](int n) { return n != 7; })));
    game_stream stream(peer);
    // A first one that is refused begins nothing.
    BOOST_TEST((stream.send(play("echo", 9)) == answers{{400, "table.echo: n: must be at most 5", ""}}));
    BOOST_TEST((stream.send(play("echo", 1)) == answers{success("1")}));
    BOOST_TEST(
        (stream.send(play("echo", 7)) == answers{{400, "table.echo: n: must be at most 5; n: must not be seven", ""}}));
    BOOST_TEST(stream.send(envelope("table", "echo", R"({"n":"x"})")).at(0).code == 400);
    BOOST_TEST((stream.send(play("echo", 2)) == answers{success("2")}));
    BOOST_TEST(stream.finish() == "OK");
    BOOST_TEST((object->seen == std::vector<int>{1, 2}));
}

BOOST_AUTO_TEST_CASE(a_rule_that_throws_refuses_its_request_only) {
    service.use("echo", game::validate([](number const& a, game::failures&) {
                    if (a.n == 3)
                        throw std::runtime_error("secret");
                }));
    game_stream stream(peer);
    BOOST_TEST((stream.send(play("echo", 1)) == answers{success("1")}));
    answers const broken = stream.send(play("echo", 3));
    BOOST_TEST_REQUIRE(broken.size() == 1u);
    BOOST_TEST(broken[0].code == 500);
    BOOST_TEST(broken[0].message.find("secret") == std::string::npos);
    BOOST_TEST((stream.send(play("echo", 2)) == answers{success("2")}));
    BOOST_TEST_REQUIRE(peer.log->lines.size() == 1u);
    BOOST_TEST(peer.log->lines[0].ends_with("secret"));
}

BOOST_AUTO_TEST_CASE(requests_and_answers_of_a_whole_stream_are_changed) {
    service.use("echo", game::transform([](boost::json::value& v) { v.at("n") = v.at("n").as_int64() + 1; },
                                        [](boost::json::value& v) { v = v.as_int64() * 10; }));
    game_stream stream(peer);
    BOOST_TEST((stream.send(play("echo", 1)) == answers{success("20")}));
    BOOST_TEST((stream.send(play("echo", 2)) == answers{success("30")}));
    BOOST_TEST(stream.send(envelope("table", "echo", "[")).at(0).code == 400);
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(sizes_of_a_whole_stream_are_limited) {
    service.use("echo", game::limits({.max_arguments = 10, .max_answer = 3}));
    game_stream stream(peer);
    BOOST_TEST((stream.send(play("echo", 1)) == answers{success("1")}));
    BOOST_TEST((stream.send(play("echo", 12345)) ==
                answers{{400, "table.echo: the arguments have 11 bytes, more than 10", ""}}));
    BOOST_TEST((stream.send(play("echo", 123)) == answers{success("123")}));
    // The method's write fails, and with it this method.
    BOOST_TEST(
        (stream.send(play("echo", 1234)) == answers{{500, "table.echo: the answer has 4 bytes, more than 3", ""}}));
}

BOOST_AUTO_TEST_CASE(a_whole_stream_takes_one_place_and_one_line) {
    std::vector<std::string> lines;
    game::log_options o;
    o.sink = [&](std::string_view line) { lines.emplace_back(line); };
    service.use("echo", game::log(o), game::concurrency_limit(1));
    for (int round = 1; round != 3; ++round) {
        game_stream stream(peer), another(peer);
        BOOST_TEST((stream.send(play("echo", 1)) == answers{success("1")}));
        BOOST_TEST((stream.send(play("echo", 2)) == answers{success("2")}));
        BOOST_TEST((another.send(play("echo", 3)) ==
                    answers{{429, "table.echo: more than 1 call at a time; retry after 0.1 s", ""}}));
        BOOST_TEST(stream.finish() == "OK");
        BOOST_TEST(lines.size() == 2u * static_cast<unsigned>(round));
    }
}

BOOST_AUTO_TEST_CASE(a_whole_stream_is_not_cached) {
    for (bool const single_flight : {false, true}) {
        game::cache_options o;
        o.single_flight = single_flight;
        service.use(game::cache(1h, o));
    }
    game_stream a(peer), b(peer);
    BOOST_TEST(a.send(play("count", 1)).empty());
    BOOST_TEST(b.send(play("count", 1)).empty());
    BOOST_TEST(b.send(play("count", 1)).empty());
    BOOST_TEST((a.send(play("count", 0)) == answers{success("1")}));
    BOOST_TEST((b.send(play("count", 0)) == answers{success("2")})); // it did not wait for the other
    BOOST_TEST(a.send(play("count", 1)).empty());                    // nor is it answered with it
}

BOOST_AUTO_TEST_CASE(a_time_limit_is_for_whole_streams_too_and_the_innermost_counts) {
    services.use(game::timeout(1h));
    service.use("echo", game::timeout(1ms));
    game_stream stream(peer);
    answers got = stream.send(play("echo", 1));
    run_until(*peer.io, [&] {
        for (std::string const& bytes : std::exchange(stream.call().messages, {}))
            got.emplace_back(bytes);
        return !got.empty() && got.back().code != 0;
    });
    BOOST_TEST(got.back() == game_answer(504, "table.echo: timed out after 0.001 s", ""));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
