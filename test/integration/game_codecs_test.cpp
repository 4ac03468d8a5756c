//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Other codecs than JSON between our client and servers that know them, or do not.

#include "joust/game/message_pack.hpp"
#include "support/game_loopback.hpp"
#include "support/spelled_codec.hpp"

#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(game_codecs)

namespace {

using asio::awaitable;

/// Which codecs the calls came in.
struct codec_log final : game::interceptor {
    std::vector<std::string> names;

    status before(game::call& c) override {
        names.emplace_back(c.codec() == nullptr ? "json" : c.codec()->name());
        return {};
    }
};

/// What an interceptor of a client sees.
struct seen final : game::client_interceptor {
    std::vector<std::string> lines;

    status before(game::outgoing_call& c) override {
        lines.emplace_back(c.arguments());
        return {};
    }
    status after(game::outgoing_call& c) override {
        lines.emplace_back(c.answer());
        return {};
    }
    void on_error(game::outgoing_call&, status& error) override { lines.push_back(error.to_string()); }
    void on_push(game::outgoing_call&, buffer& answer) override { lines.push_back("+" + std::string(answer.view())); }
};

struct codec_loopback : loopback {
    std::shared_ptr<logic_service> logic = std::make_shared<logic_service>(io);
    std::shared_ptr<codec_log> log = std::make_shared<codec_log>();
    game::services services;

    explicit codec_loopback(game::services_options options) : services(std::move(options)) {
        services.add("logic", logic);
        services.use(log);
        server.add(services);
        listen();
    }

    game::client packing(std::chrono::steady_clock::duration fallback = std::chrono::minutes(1),
                         std::vector<game::any_client_interceptor> interceptors = {}) {
        game::client_options o;
        o.interceptors = std::move(interceptors);
        o.service = "logic";
        o.codec = game::message_pack();
        o.codec_fallback = fallback;
        o.channel.min_connections = 0;
        o.channel.max_connections = 1;
        return game::client(io.get_executor(), address, std::move(o));
    }
};

game::services_options knowing_all() {
    game::services_options o;
    o.codecs.push_back(std::make_shared<spelled_codec>());
    return o;
}

game::services_options knowing_none() {
    game::services_options o;
    o.codecs.clear();
    return o;
}

using names = std::vector<std::string>;

std::vector<player> const players{{"a", 1}, {"b", 0}, {"c", 3}};

awaitable<std::vector<result<bool>>> update_all(game::client c) {
    auto calling = c.async_stream_call<bool>("update_player", players);
    auto answers = co_await std::move(calling);
    co_return std::move(answers).value();
}

/// What a stream answers to a request, short.
awaitable<std::string> ask(game::stream& s, player const& p) {
    result<void> const written = co_await s.async_write(p);
    written.value();
    result<std::optional<game::answer<bool>>> const read = co_await s.async_read<bool>();
    result<bool> const& value = read.value().value().value;
    co_return value.has_error() ? std::to_string(value.error().application_code()) : *value ? "true" : "false";
}

awaitable<game::stream> open(game::client c) {
    result<game::stream> opened = co_await c.async_open_stream("update_player");
    co_return std::move(opened).value();
}

} // namespace

BOOST_AUTO_TEST_CASE(calls_batches_and_streams_are_made_in_the_codec) {
    codec_loopback l(knowing_all());
    auto const c = l.packing();
    l.run([&]() -> awaitable<void> {
        player_query const query{"x"};
        result<player> const found = co_await c.async_call<player>("get_player_info", query);
        BOOST_TEST((found.value() == player{"x", 10}));
        auto const answers = co_await update_all(c);
        BOOST_TEST((answers[0].value() && !answers[1].value() && answers[2].value()));
        game::stream s = co_await open(c);
        std::string const told_1 = co_await ask(s, players[0]);
        BOOST_TEST(told_1 == "true");
        std::string const told_2 = co_await ask(s, players[1]);
        BOOST_TEST(told_2 == "false");
        game::call_options spelled;
        spelled.codec = std::make_shared<spelled_codec>();
        auto calling = c.async_call<player>("get_player_info", query, spelled);
        result<player> const again = co_await std::move(calling);
        BOOST_TEST((again.value() == player{"x", 10}));
    });
    BOOST_TEST(l.log->names == (names{"msgpack", "msgpack", "msgpack", "msgpack", "msgpack", "msgpack", "x-spelled"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(interceptors_see_json_whatever_the_codec) {
    codec_loopback l(knowing_all());
    auto const log = std::make_shared<seen>();
    auto const c = l.packing(std::chrono::minutes(1), {log});
    l.run([&]() -> awaitable<void> {
        player_query const query{"x"};
        result<player> const found = co_await c.async_call<player>("get_player_info", query);
        BOOST_TEST((found.value() == player{"x", 10}));
        auto const answers = co_await update_all(c);
        BOOST_TEST((answers[0].value() && !answers[1].value() && answers[2].value()));
        game::call_options many;
        many.many_answers = true;
        auto opening = c.async_open_stream("count", many);
        result<game::stream> opened = co_await std::move(opening);
        player const once{"x", 1};
        result<void> const written = co_await opened->async_write(once);
        written.value();
        result<std::optional<game::answer<player>>> const next = co_await opened->async_read<player>();
        BOOST_TEST((next.value()->value.value() == player{"x", 0}));
        result<std::optional<game::answer<std::string>>> const last = co_await opened->async_read<std::string>();
        BOOST_TEST(last.value()->value.value() == "done");
    });
    BOOST_TEST(l.log->names == (names{"msgpack", "msgpack", "msgpack", "msgpack", "msgpack"}),
               boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(log->lines.size() == 11u);
    BOOST_TEST(log->lines[0] == R"({"player_id":"x"})");
    BOOST_TEST(log->lines[1] == R"({"player_id":"x","level":10})");
    BOOST_TEST(log->lines[8] == R"({"player_id":"x","level":1})");
    BOOST_TEST(log->lines[9] == R"(+{"player_id":"x","level":0})");
    BOOST_TEST(log->lines[10] == R"("done")");
}

BOOST_AUTO_TEST_CASE(calls_with_interceptors_fall_back_to_json_and_are_seen_once) {
    codec_loopback l(knowing_none());
    auto const log = std::make_shared<seen>();
    auto const c = l.packing(std::chrono::minutes(1), {log});
    l.run([&]() -> awaitable<void> {
        player_query const query{"x"};
        result<player> const found = co_await c.async_call<player>("get_player_info", query);
        BOOST_TEST((found.value() == player{"x", 10}));
        game::stream s = co_await open(c); // what the call has learned
        std::string const told = co_await ask(s, players[0]);
        BOOST_TEST(told == "true");
    });
    BOOST_TEST(l.log->names == (names{"json", "json"}), boost::test_tools::per_element());
    BOOST_TEST(log->lines.size() == 4u);
    codec_loopback other(knowing_none());
    auto const first = other.packing(std::chrono::minutes(1), {log});
    other.run([&]() -> awaitable<void> {
        game::stream s = co_await open(first);
        std::string const refused = co_await ask(s, players[0]);
        BOOST_TEST(refused == "415");
        game::stream next = co_await open(first); // what the stream has learned
        std::string const told = co_await ask(next, players[0]);
        BOOST_TEST(told == "true");
    });
}

BOOST_AUTO_TEST_CASE(many_answers_come_in_the_codec) {
    codec_loopback l(knowing_all());
    auto const c = l.packing();
    l.run([&]() -> awaitable<void> {
        game::call_options many;
        many.many_answers = true;
        auto opening = c.async_open_stream("count", many);
        result<game::stream> opened = co_await std::move(opening);
        player const twice{"x", 2};
        result<void> const written = co_await opened->async_write(twice);
        written.value();
        for (int i = 0; i != 2; ++i) {
            result<std::optional<game::answer<player>>> const next = co_await opened->async_read<player>();
            BOOST_TEST((next.value()->value.value() == player{"x", i}));
            BOOST_TEST(next.value()->more);
        }
        result<std::optional<game::answer<std::string>>> const last = co_await opened->async_read<std::string>();
        BOOST_TEST(last.value()->value.value() == "done");
        // And gathered, in a Call.
        result<boost::json::value> const all = co_await c.async_call("count", twice);
        BOOST_TEST(all.value().as_array().size() == 3u);
    });
}

BOOST_AUTO_TEST_CASE(calls_fall_back_to_json) {
    codec_loopback l(knowing_none());
    auto const c = l.packing();
    l.run([&]() -> awaitable<void> {
        player_query const query{"x"};
        result<player> const found = co_await c.async_call<player>("get_player_info", query);
        BOOST_TEST((found.value() == player{"x", 10}));
        game::stream s = co_await open(c); // what the call has learned
        std::string const told_3 = co_await ask(s, players[0]);
        BOOST_TEST(told_3 == "true");
    });
    BOOST_TEST(l.log->names == (names{"json", "json"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(batches_fall_back_to_json_whole) {
    codec_loopback l(knowing_none());
    auto const c = l.packing();
    l.run([&]() -> awaitable<void> {
        auto const answers = co_await update_all(c);
        BOOST_TEST((answers[0].value() && !answers[1].value() && answers[2].value()));
    });
    BOOST_TEST((l.logic->updated == players));
    BOOST_TEST(l.log->names == (names{"json", "json", "json"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(requests_of_an_open_stream_are_refused_and_the_next_stream_is_json) {
    codec_loopback l(knowing_none());
    auto const c = l.packing();
    l.run([&]() -> awaitable<void> {
        game::stream first = co_await open(c);
        std::string const told_4 = co_await ask(first, players[0]);
        BOOST_TEST(told_4 == "415");
        std::string const told_5 = co_await ask(first, players[0]);
        BOOST_TEST(told_5 == "415");
        game::stream next = co_await open(c);
        std::string const told_6 = co_await ask(next, players[0]);
        BOOST_TEST(told_6 == "true");
    });
    BOOST_TEST(l.logic->updated.size() == 1u);
}

BOOST_AUTO_TEST_CASE(client_that_insists_gets_415) {
    codec_loopback l(knowing_none());
    auto const c = l.packing(std::chrono::seconds(0));
    l.run([&]() -> awaitable<void> {
        player_query const query{"x"};
        result<player> const refused = co_await c.async_call<player>("get_player_info", query);
        BOOST_TEST(told(refused) ==
                   "UNKNOWN 415: logic.get_player_info: joust-codec \"msgpack\" is not known here, only json");
        auto const answers = co_await update_all(c);
        for (auto const& each : answers)
            BOOST_TEST(each.error().application_code() == 415);
    });
    BOOST_TEST(l.log->names.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
