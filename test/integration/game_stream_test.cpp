//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The named client: streams.

#include "joust/game/raw_json.hpp"
#include "support/game_loopback.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace joust::test {

namespace {

using asio::awaitable;

template <class T, class Arguments>
awaitable<game::answer<T>> exchange(game::stream& s, Arguments const& arguments) {
    result<void> const written = co_await s.async_write(arguments);
    written.value();
    result<std::optional<game::answer<T>>> read = co_await s.async_read<T>();
    co_return std::move(read).value().value();
}

awaitable<game::stream> open(game::client c, std::string name, game::call_options options = {}) {
    result<game::stream> opened = co_await c.async_open_stream(name, options);
    co_return std::move(opened).value();
}

/// Half-closes and reads to the end; how the stream ended.
awaitable<std::string> end_of(game::stream& s) {
    result<void> const half_closed = co_await s.async_writes_done();
    if (half_closed.has_error())
        co_return told(half_closed);
    result<std::optional<game::answer<boost::json::value>>> const last = co_await s.async_read();
    if (last.has_error())
        co_return told(last);
    BOOST_TEST(!last->has_value());
    result<void> const finished = co_await s.async_finish();
    co_return told(finished);
}

player const good{"x", 1};
player const bad{"x", 0};

} // namespace

BOOST_FIXTURE_TEST_SUITE(game_stream, game_loopback)

BOOST_AUTO_TEST_CASE(answers_come_one_by_one_in_order) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "update_player");
        for (int i = 0; i != 1000; ++i) {
            player const p{std::to_string(i), i % 2};
            game::answer<bool> const a = co_await exchange<bool>(s, p);
            BOOST_TEST_REQUIRE(a.value.value() == (i % 2 == 1));
            BOOST_TEST_REQUIRE(!a.more);
        }
        std::string const end = co_await end_of(s);
        BOOST_TEST(end == "OK");
        BOOST_TEST(logic->updated.size() == 1000u);
        BOOST_TEST(logic->updated[999].player_id == "999");
    });
}

BOOST_AUTO_TEST_CASE(many_requests_may_be_written_before_an_answer_is_read) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "update_player");
        for (int i = 0; i != 1000; ++i) {
            player const p{std::to_string(i), i % 2};
            result<void> const written = co_await s.async_write(p);
            BOOST_TEST_REQUIRE(told(written) == "OK");
        }
        result<void> const half_closed = co_await s.async_writes_done();
        BOOST_TEST(told(half_closed) == "OK");
        for (int i = 0; i != 1000; ++i) {
            result<std::optional<game::answer<bool>>> const a = co_await s.async_read<bool>();
            BOOST_TEST_REQUIRE(a.value().value().value.value() == (i % 2 == 1));
        }
        result<std::optional<game::answer<bool>>> const end = co_await s.async_read<bool>();
        BOOST_TEST(!end.value());
        result<void> const finished = co_await s.async_finish();
        BOOST_TEST(told(finished) == "OK");
    });
}

BOOST_AUTO_TEST_CASE(an_error_is_an_answer_and_the_stream_goes_on) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "update_player");
        game::arguments const wrong{{"player_id", "7"}, {"lvl", 3}};
        game::answer<bool> const refused = co_await exchange<bool>(s, wrong.value());
        BOOST_TEST(told(refused.value) == R"(INVALID_ARGUMENT 400: logic.update_player: unknown field "lvl")");
        game::answer<bool> const fine = co_await exchange<bool>(s, good);
        BOOST_TEST(fine.value.value());
        // An answer of another type than the one that is read.
        game::answer<int> const unreadable = co_await exchange<int>(s, good);
        BOOST_TEST(told(unreadable.value) == "INTERNAL: the answer cannot be read: wanted an integer, found a boolean");
        // What cannot be written is not sent.
        player const not_utf8{"\xff", 1};
        result<void> const unwritten = co_await s.async_write(not_utf8);
        BOOST_TEST(told(unwritten) == "INTERNAL: player_id: invalid UTF-8");
        game::answer<game::raw_json> const text = co_await exchange<game::raw_json>(s, good);
        BOOST_TEST(text.value.value().text == "true");
        std::string const end = co_await end_of(s);
        BOOST_TEST(end == "OK");
    });
}

BOOST_AUTO_TEST_CASE(requests_without_arguments) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "logic.ping");
        game::answer<boost::json::value> const a = co_await exchange<boost::json::value>(s, game::no_arguments);
        BOOST_TEST(a.value.value().is_null());
        result<void> const written = co_await s.async_write(game::no_arguments);
        BOOST_TEST(told(written) == "OK");
        result<std::optional<game::answer<void>>> const b = co_await s.async_read<void>();
        BOOST_TEST(told(b.value().value().value) == "OK");
        std::string const end = co_await end_of(s);
        BOOST_TEST(end == "OK");
        BOOST_TEST(logic->pinged == 2);
    });
}

BOOST_AUTO_TEST_CASE(pushed_answers_come_one_by_one_when_asked_for) {
    auto const c = client();
    game::call_options many;
    many.many_answers = true;
    run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "count", many);
        for (int n : {3, 0, 1}) {
            player const p{"x", n};
            result<void> const written = co_await s.async_write(p);
            BOOST_TEST_REQUIRE(told(written) == "OK");
            for (int i = 0; i != n; ++i) {
                result<std::optional<game::answer<player>>> const a = co_await s.async_read<player>();
                BOOST_TEST(a.value().value().more);
                BOOST_TEST((a.value().value().value.value() == player{"x", i}));
            }
            result<std::optional<game::answer<std::string>>> const last = co_await s.async_read<std::string>();
            BOOST_TEST(!last.value().value().more);
            BOOST_TEST(last.value().value().value.value() == "done");
        }
        std::string const end = co_await end_of(s);
        BOOST_TEST(end == "OK");
    });
}

BOOST_AUTO_TEST_CASE(pushed_answers_are_an_array_when_not_asked_for) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        player const two{"x", 2};
        result<boost::json::value> const unary = co_await c.async_call("count", two);
        std::string const expected = R"([{"player_id":"x","level":0},{"player_id":"x","level":1},"done"])";
        BOOST_TEST(boost::json::serialize(unary.value()) == expected);
        game::stream s = co_await open(c, "count");
        game::answer<game::raw_json> const a = co_await exchange<game::raw_json>(s, two);
        BOOST_TEST(a.value.value().text == expected);
        BOOST_TEST(!a.more);
    });
}

BOOST_AUTO_TEST_CASE(a_range_of_requests_gives_as_many_answers) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        std::vector<player> players(1000, good);
        players[500] = bad;
        result<std::vector<result<bool>>> const all = co_await c.async_stream_call<bool>("update_player", players);
        BOOST_TEST_REQUIRE(all.value().size() == 1000u);
        for (std::size_t i = 0; i != 1000; ++i)
            BOOST_TEST_REQUIRE((*all)[i].value() == (i != 500));
        std::list<boost::json::value> const mixed{{{"player_id", "1"}, {"level", 1}}, {{"level", 1}}, nullptr};
        result<std::vector<result<bool>>> const some = co_await c.async_stream_call<bool>("update_player", mixed);
        BOOST_TEST_REQUIRE(some.value().size() == 3u);
        BOOST_TEST((*some)[0].value());
        BOOST_TEST(told((*some)[1]) == R"(INVALID_ARGUMENT 400: logic.update_player: missing field "player_id")");
        BOOST_TEST((*some)[2].error().application_code() == 400);
        std::vector<player> const none;
        result<std::vector<result<bool>>> const empty = co_await c.async_stream_call<bool>("update_player", none);
        BOOST_TEST(empty.value().empty());
        game::call_options asks; // one answer each it is, all the same
        asks.many_answers = true;
        result<std::vector<result<boost::json::value>>> const pushed =
            co_await c.async_stream_call<boost::json::value>("count", players, asks);
        BOOST_TEST(pushed.value().size() == 1000u);
    });
}

BOOST_AUTO_TEST_CASE(a_range_that_cannot_be_sent_fails_as_a_whole) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        std::vector<player> players(10, good);
        players[7].player_id = "\xff";
        result<std::vector<result<bool>>> const r = co_await c.async_stream_call<bool>("update_player", players);
        BOOST_TEST(told(r) == "INTERNAL: player_id: invalid UTF-8");
        BOOST_TEST(logic->updated.empty());
        std::vector<player> const fine(10, good);
        result<std::vector<result<bool>>> const nameless = co_await c.async_stream_call<bool>("logic.", fine);
        BOOST_TEST(told(nameless).starts_with("INVALID_ARGUMENT: no method name"));
        result<std::vector<result<bool>>> const unknown = co_await c.async_stream_call<bool>("nope", fine);
        BOOST_TEST_REQUIRE(unknown.value().size() == 10u); // the stream itself went well
        BOOST_TEST((*unknown)[9].error().application_code() == 404);
    });
}

BOOST_AUTO_TEST_CASE(large_ranges_do_not_lock_up) {
    // More than all windows and queues hold, both ways.
    auto const c = client();
    run([&]() -> awaitable<void> {
        std::string const large(20'000, 'x');
        std::vector<player_query> const queries(500, player_query{large});
        result<std::vector<result<player>>> const all =
            co_await c.async_stream_call<player>("get_player_info", queries);
        BOOST_TEST_REQUIRE(all.value().size() == 500u);
        for (auto const& one : *all)
            BOOST_TEST_REQUIRE((one.value().player_id == large));
    });
}

BOOST_AUTO_TEST_CASE(a_stream_ends_with_its_grpc_status) {
    game::client_options small;
    small.channel.max_receive_message_size = 1000;
    auto const c = client(small);
    run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "large");
        milliseconds const hundred{100};
        game::answer<std::string> const fits = co_await exchange<std::string>(s, hundred);
        BOOST_TEST(fits.value.value().size() == 100u);
        milliseconds const two_thousand{2000};
        result<void> const written = co_await s.async_write(two_thousand);
        BOOST_TEST(told(written) == "OK");
        result<std::optional<game::answer<std::string>>> const a = co_await s.async_read<std::string>();
        BOOST_TEST(told(a).starts_with("RESOURCE_EXHAUSTED: "));
        result<void> const finished = co_await s.async_finish();
        BOOST_TEST(told(finished).starts_with("RESOURCE_EXHAUSTED: "));
        std::vector<milliseconds> const both{hundred, two_thousand, hundred};
        result<std::vector<result<std::string>>> const all = co_await c.async_stream_call<std::string>("large", both);
        BOOST_TEST(told(all).starts_with("RESOURCE_EXHAUSTED: "));
    });
}

BOOST_AUTO_TEST_CASE(a_timeout_ends_the_stream) {
    auto const c = client();
    game::call_options soon;
    soon.timeout = 30ms;
    run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "wait", soon);
        result<void> const written = co_await s.async_write(game::no_arguments);
        BOOST_TEST(told(written) == "OK");
        result<std::optional<game::answer<void>>> const a = co_await s.async_read<void>();
        BOOST_TEST(told(a).starts_with("DEADLINE_EXCEEDED: "));
        co_await logic->waiting.cancelled.wait();
        std::vector<boost::json::object> const one(1);
        result<std::vector<result<void>>> const all = co_await c.async_stream_call<void>("wait", one, soon);
        BOOST_TEST(told(all).starts_with("DEADLINE_EXCEEDED: "));
    });
}

BOOST_AUTO_TEST_CASE(streams_have_no_timeout_of_their_own) {
    game::client_options hasty;
    hasty.timeout = 1ms;
    auto const c = client(hasty);
    run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "milliseconds_left");
        using left = std::optional<std::int64_t>;
        game::answer<left> const a = co_await exchange<left>(s, game::no_arguments);
        BOOST_TEST(!a.value.value());
    });
}

BOOST_AUTO_TEST_CASE(dropping_a_stream_cancels_its_method) {
    auto const c = client(over_one_connection());
    run([&]() -> awaitable<void> {
        {
            game::stream s = co_await open(c, "wait");
            result<void> const written = co_await s.async_write(game::no_arguments);
            BOOST_TEST(told(written) == "OK");
            co_await logic->waiting.started.wait();
            BOOST_TEST(!logic->waiting.cancelled.is_set());
        }
        co_await logic->waiting.cancelled.wait();
        result<void> const on = co_await c.async_call<void>("ping");
        BOOST_TEST(told(on) == "OK");
        BOOST_TEST(server.connection_count() == 1u);
    });
}

BOOST_AUTO_TEST_CASE(a_read_that_stops_waiting_loses_no_answer) {
    using namespace asio::experimental::awaitable_operators;
    auto const c = client();
    run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "logic.slow");
        milliseconds const ten{10};
        result<void> const written = co_await s.async_write(ten);
        BOOST_TEST(told(written) == "OK");
        int waits = 0;
        for (;; ++waits) {
            asio::steady_timer timer(io, 1ms);
            auto either = s.async_read<void>(asio::use_awaitable) || timer.async_wait(asio::use_awaitable);
            auto const first = co_await std::move(either);
            if (first.index() == 1)
                continue;
            result<std::optional<game::answer<void>>> const& r = std::get<0>(first);
            if (r.has_error() && r.error().cause() == asio::error::operation_aborted)
                continue;
            BOOST_TEST(told(r.value().value().value) == "OK");
            break;
        }
        BOOST_TEST(waits > 1);
        std::string const end = co_await end_of(s);
        BOOST_TEST(end == "OK");
    });
}

BOOST_AUTO_TEST_CASE(headers_and_metadata_reach_the_server) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        game::call_options options;
        options.headers.add("x-trace", "abc");
        options.metadata = {{"trace", "in the envelope"}};
        game::stream s = co_await open(c, "headers", options);
        using text_map = std::map<std::string, std::string>;
        game::answer<text_map> const a = co_await exchange<text_map>(s, game::no_arguments);
        BOOST_TEST(a.value.value().at("x-trace") == "abc");
        std::string const end = co_await end_of(s);
        BOOST_TEST(end == "OK");
        BOOST_TEST(s.trailing_metadata().get("x-answered").value_or("") == "yes");
    });
}

BOOST_AUTO_TEST_CASE(streams_may_be_moved) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        game::stream s = co_await open(c, "update_player");
        game::stream moved = std::move(s);
        game::answer<bool> const first = co_await exchange<bool>(moved, good);
        BOOST_TEST(first.value.value());
        game::stream other = co_await open(c, "ping");
        other = std::move(moved);
        game::answer<bool> const second = co_await exchange<bool>(other, bad);
        BOOST_TEST(!second.value.value());
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
