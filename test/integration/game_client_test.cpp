//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The named client: unary calls.

#include "support/game_loopback.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace joust::test {

namespace {

using asio::awaitable;

player_query const q123{"123"};

/// A service that tells its own name, to see which one a client meant.
struct teller {
    std::string name;
    std::string tell() const { return name; }
};
BOOST_DESCRIBE_STRUCT(teller, (), (tell))

using left = std::optional<std::int64_t>;

/// Calls another service for its caller.
struct proxy {
    game::client to;

    awaitable<result<left>> milliseconds_left(call_context& c) {
        game::call_options options;
        options.timeout = 1h;
        options.parent = &c;
        co_return co_await to.async_call<left>("milliseconds_left", game::no_arguments, options);
    }
    awaitable<result<int>> refused() {
        failing const how{418, "no tea"};
        co_return co_await to.async_call<int>("fail", how);
    }
};
BOOST_DESCRIBE_STRUCT(proxy, (), (milliseconds_left, refused))

} // namespace

BOOST_FIXTURE_TEST_SUITE(game_client, game_loopback)

BOOST_AUTO_TEST_CASE(described_arguments_and_answers) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        result<player> const p = co_await c.async_call<player>("get_player_info", q123);
        BOOST_TEST((p.value() == player{"123", 10}));
        player const up{"1", 2};
        result<bool> const updated = co_await c.async_call<bool>("update_player", up);
        BOOST_TEST(updated.value());
        BOOST_TEST((logic->updated == std::vector<player>{up}));
    });
}

BOOST_AUTO_TEST_CASE(no_arguments_and_no_answer) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        result<void> const plain = co_await c.async_call<void>("ping");
        BOOST_TEST(told(plain) == "OK");
        game::call_options const options;
        result<void> const with_options = co_await c.async_call<void>("ping", game::no_arguments, options);
        BOOST_TEST(told(with_options) == "OK");
        result<boost::json::value> const dynamic = co_await c.async_call("ping");
        BOOST_TEST(dynamic.value().is_null());
        result<std::optional<int>> const none = co_await c.async_call<std::optional<int>>("ping");
        BOOST_TEST(!none.value());
        result<void> const ignored = co_await c.async_call<void>("get_player_info", q123); // an answer, unwanted
        BOOST_TEST(told(ignored) == "OK");
        BOOST_TEST(logic->pinged == 4);
    });
}

BOOST_AUTO_TEST_CASE(arguments_written_by_hand) {
    auto const c = client();
    std::string const id = "77";
    run([&]() -> awaitable<void> {
        result<boost::json::value> const dynamic = co_await c.async_call("get_player_info", {{"player_id", "7"}});
        BOOST_TEST(boost::json::serialize(dynamic.value()) == R"({"player_id":"7","level":10})");
        result<player> const typed = co_await c.async_call<player>("get_player_info", {{"player_id", id}});
        BOOST_TEST((typed.value() == player{"77", 10}));
        game::arguments const named{{"player_id", id}, {"level", 3}};
        result<bool> const by_name = co_await c.async_call<bool>("update_player", named);
        BOOST_TEST(by_name.value());
        result<void> const nothing = co_await c.async_call<void>("ping", {});
        BOOST_TEST(told(nothing) == "OK");
        boost::json::value const document{{"a", {1, 2.0, nullptr}}, {"b", {{"c", "d"}}}};
        result<boost::json::value> const echoed = co_await c.async_call("echo", document);
        BOOST_TEST((echoed.value() == document));
        result<boost::json::value> const object = co_await c.async_call("echo", document.as_object());
        BOOST_TEST((object.value() == document));
        result<boost::json::value> const described = co_await c.async_call("echo", q123);
        BOOST_TEST(boost::json::serialize(described.value()) == R"({"player_id":"123"})");
        std::map<std::string, int> const map{{"x", 1}};
        result<std::map<std::string, int>> const mapped =
            co_await c.async_call<std::map<std::string, int>>("echo", map);
        BOOST_TEST((mapped.value() == map));
    });
}

BOOST_AUTO_TEST_CASE(errors_carry_their_number_and_words) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        for (auto const& [code, name] : std::map<int, std::string>{{400, "INVALID_ARGUMENT"},
                                                                   {401, "UNAUTHENTICATED"},
                                                                   {403, "PERMISSION_DENIED"},
                                                                   {404, "NOT_FOUND"},
                                                                   {409, "ABORTED"},
                                                                   {429, "RESOURCE_EXHAUSTED"},
                                                                   {499, "CANCELLED"},
                                                                   {500, "INTERNAL"},
                                                                   {501, "UNIMPLEMENTED"},
                                                                   {503, "UNAVAILABLE"},
                                                                   {504, "DEADLINE_EXCEEDED"},
                                                                   {418, "UNKNOWN"},
                                                                   {-7, "UNKNOWN"}}) {
            failing const how{code, "p\u00e4rdon"};
            result<int> const r = co_await c.async_call<int>("fail", how);
            BOOST_TEST(told(r) == name + " " + std::to_string(code) + ": p\u00e4rdon");
            BOOST_CHECK(r.error().origin() == status_origin::peer);
        }
        result<int> const nope = co_await c.async_call<int>("nope");
        BOOST_TEST(told(nope) == R"(NOT_FOUND 404: "logic.nope": service "logic" has no method "nope")");
        result<int> const unknown = co_await c.async_call<int>("update_player", {{"player_id", "7"}, {"lvl", 3}});
        BOOST_TEST(told(unknown) == R"(INVALID_ARGUMENT 400: logic.update_player: unknown field "lvl")");
        result<int> const crashed = co_await c.async_call<int>("crash");
        BOOST_TEST(told(crashed).starts_with("INTERNAL 500: logic.crash: the handler failed (call id "));
    });
}

BOOST_AUTO_TEST_CASE(answers_that_do_not_fit_are_internal) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        result<int> const object = co_await c.async_call<int>("get_player_info", q123);
        BOOST_TEST(told(object) == "INTERNAL: the answer cannot be read: wanted an integer, found an object");
        result<int> const none = co_await c.async_call<int>("ping");
        BOOST_TEST(told(none) == "INTERNAL: the answer cannot be read: wanted an integer, found null");
        result<player_query> const more = co_await c.async_call<player_query>("get_player_info", q123);
        BOOST_TEST(told(more) == R"(INTERNAL: the answer cannot be read: unknown field "level")");
        BOOST_TEST(more.error().application_code() == 0);
        BOOST_CHECK(more.error().origin() == status_origin::local);
    });
    game::client_options lenient;
    lenient.answers.ignore_unknown_fields = true;
    auto const l = client(lenient);
    run([&]() -> awaitable<void> {
        result<player_query> const more = co_await l.async_call<player_query>("get_player_info", q123);
        BOOST_TEST(more.value().player_id == "123");
    });
}

BOOST_AUTO_TEST_CASE(arguments_that_cannot_be_written_are_not_sent) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        player_query const bad{"\xff"};
        result<player> const r = co_await c.async_call<player>("get_player_info", bad);
        BOOST_TEST(told(r) == "INTERNAL: player_id: invalid UTF-8");
        game::call_options options;
        options.metadata = {{"key", "\xff"}};
        result<void> const metadata = co_await c.async_call<void>("ping", game::no_arguments, options);
        BOOST_TEST(told(metadata) == "INTERNAL: game.grpc.RpcRequest: metadata is not UTF-8");
        BOOST_TEST(server.connection_count() == 0u);
    });
}

BOOST_AUTO_TEST_CASE(names_choose_the_service) {
    auto const unset = game::client(io.get_executor(), address);
    auto const eu_only = client({.service = "logic-eu"});
    run([&]() -> awaitable<void> {
        result<void> const whole = co_await unset.async_call<void>("logic.ping");
        BOOST_TEST(told(whole) == "OK");
        BOOST_TEST(logic->pinged == 1);
        result<void> const set = co_await eu_only.async_call<void>("ping");
        BOOST_TEST(told(set) == "OK");
        BOOST_TEST(eu->pinged == 1);
        // A service name set on the client always wins.
        result<void> const wins = co_await eu_only.async_call<void>("logic.ping");
        BOOST_TEST(told(wins) == "OK");
        BOOST_TEST(eu->pinged == 2);
        // The host.
        result<void> const host = co_await unset.async_call<void>("ping");
        BOOST_TEST(told(host) == R"(NOT_FOUND 404: "127.0.0.1.ping": unknown service "127.0.0.1")");
        for (std::string const bad : {"", ".", "logic.", ".ping"}) {
            result<void> const r = co_await unset.async_call<void>(bad);
            BOOST_TEST_CONTEXT(bad << " gives " << told(r))
            BOOST_TEST(told(r).starts_with("INVALID_ARGUMENT: "));
        }
    });
}

BOOST_AUTO_TEST_CASE(the_service_is_taken_from_the_address) {
    joust::server named(io.get_executor());
    game::services all;
    for (char const* const name : {"localhost", "logic"})
        all.add(name, std::make_shared<teller>(teller{name}));
    named.add(all);
    auto const port = std::to_string(named.listen("localhost:0").value().port);
    joust::channel const ch(io.get_executor(), "localhost:" + port);
    run([&]() -> awaitable<void> {
        auto const by_host = game::client(io.get_executor(), "localhost:" + port);
        result<std::string> const host = co_await by_host.async_call<std::string>("tell");
        BOOST_TEST(host.value() == "localhost");
        // Over a channel, the address is no more than a name.
        auto const by_name = game::client(ch, "logic-service:50051");
        result<std::string> const name = co_await by_name.async_call<std::string>("tell");
        BOOST_TEST(name.value() == "logic");
        auto const without = game::client(ch, "unix:/path");
        result<std::string> const no_host = co_await without.async_call<std::string>("tell");
        BOOST_TEST(told(no_host).starts_with("INVALID_ARGUMENT: cannot tell the service of \"tell\""));
        auto opening = without.async_open_stream("tell");
        result<game::stream> const no_stream = co_await std::move(opening);
        BOOST_TEST(told(no_stream).starts_with("INVALID_ARGUMENT: cannot tell the service of \"tell\""));
    });
}

BOOST_AUTO_TEST_CASE(options_of_a_call_reach_the_server) {
    auto const c = client();
    run([&]() -> awaitable<void> {
        using text_map = std::map<std::string, std::string>;
        response_info info;
        game::call_options options;
        options.headers.add("x-trace", "abc");
        options.headers.add("x-data-bin", std::string_view("\0\xff", 2));
        options.metadata = {{"trace", "in the envelope"}, {"p\u00e4", ""}};
        options.info = &info;
        result<text_map> const all = co_await c.async_call<text_map>("headers", game::no_arguments, options);
        BOOST_TEST(told(all) == "INTERNAL 500: logic.headers: [\"x-data-bin\"]: invalid UTF-8");
        BOOST_TEST(info.trailing_metadata.get("x-answered").value_or("") == "yes");
        options.headers.erase("x-data-bin");
        result<text_map> const text = co_await c.async_call<text_map>("headers", game::no_arguments, options);
        BOOST_TEST(told(text) == "OK");
        BOOST_TEST(text.value().at("x-trace") == "abc");
        BOOST_TEST(!text.value().contains("trace"));
    });
}

BOOST_AUTO_TEST_CASE(the_timeout_is_sent) {
    auto const c = client();
    game::client_options patient;
    patient.timeout = 1h;
    auto const p = client(patient);
    run([&]() -> awaitable<void> {
        result<left> const by_default = co_await c.async_call<left>("milliseconds_left");
        BOOST_TEST(by_default.value().value() <= 3000);
        BOOST_TEST(by_default.value().value() > 1000);
        game::call_options options;
        options.timeout = 60s;
        result<left> const by_call = co_await c.async_call<left>("milliseconds_left", game::no_arguments, options);
        BOOST_TEST(by_call.value().value() <= 60'000);
        BOOST_TEST(by_call.value().value() > 50'000);
        result<left> const by_client = co_await p.async_call<left>("milliseconds_left");
        BOOST_TEST(by_client.value().value() > 3'000'000);
    });
}

BOOST_AUTO_TEST_CASE(the_deadline_of_a_parent_is_inherited) {
    joust::server front(io.get_executor());
    game::services all;
    all.add("proxy", std::make_shared<proxy>(proxy{client()}));
    front.add(all);
    auto const at = front.listen("127.0.0.1:0").value().to_string();
    run([&]() -> awaitable<void> {
        result<left> const r = co_await game::async_call<left>(at, "proxy.milliseconds_left", game::no_arguments);
        BOOST_TEST_REQUIRE(told(r) == "OK");
        BOOST_TEST(r.value().value() <= 3000);
        BOOST_TEST(r.value().value() > 1000);
        // What another service refused is passed on, number and words.
        result<int> const refused = co_await game::async_call<int>(at, "proxy.refused", game::no_arguments);
        BOOST_TEST(told(refused) == "UNKNOWN 418: no tea");
    });
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_refused_by_name) {
    auto const complaint = [&](game::client_options options) -> std::string {
        try {
            (void)game::client(io.get_executor(), address, std::move(options));
            return "none";
        } catch (std::invalid_argument const& e) {
            return e.what();
        }
    };
    BOOST_TEST(complaint({}) == "none");
    BOOST_TEST(complaint({.timeout = 0s}) == "client_options: timeout must be positive");
    BOOST_TEST(complaint({.answers = {.max_depth = 0}}) == "client_options: answers.max_depth must be from 1 to 1000");
    BOOST_TEST(complaint({.channel = {.send_queue = 0}}) == "client_options: channel.send_queue must be at least 1");
}

BOOST_AUTO_TEST_CASE(options_of_the_channel_reach_it) {
    game::client_options options;
    options.channel.authority = "somebody.else.example:1234";
    options.channel.user_agent = "a long name that no small string can hold";
    options.channel.max_receive_message_size = 10;
    auto const c = client(options);
    run([&]() -> awaitable<void> {
        result<player> const r = co_await c.async_call<player>("get_player_info", q123);
        BOOST_TEST(told(r).starts_with("RESOURCE_EXHAUSTED: "));
    });
}

BOOST_AUTO_TEST_CASE(one_shot_calls_need_no_client) {
    auto const executor = io.get_executor();
    run([&]() -> awaitable<void> {
        result<boost::json::value> const dynamic = co_await game::async_call(address, "logic.get_player_info", q123);
        BOOST_TEST(boost::json::serialize(dynamic.value()) == R"({"player_id":"123","level":10})");
        result<player> const typed = co_await game::async_call<player>(address, "logic.get_player_info", q123);
        BOOST_TEST((typed.value() == player{"123", 10}));
        result<player> const on = co_await game::async_call<player>(executor, address, "logic.get_player_info", q123);
        BOOST_TEST((on.value() == player{"123", 10}));
        game::arguments const named{{"player_id", "7"}};
        result<player> const by_hand = co_await game::async_call<player>(address, "logic.get_player_info", named);
        BOOST_TEST((by_hand.value() == player{"7", 10}));
        result<player> const in_braces =
            co_await game::async_call<player>(address, "logic.get_player_info", {{"player_id", "8"}});
        BOOST_TEST((in_braces.value() == player{"8", 10}));
        result<boost::json::value> const braces_on =
            co_await game::async_call(executor, address, "logic.get_player_info", {{"player_id", "9"}});
        BOOST_TEST(boost::json::serialize(braces_on.value()) == R"({"player_id":"9","level":10})");
        result<void> const bare = co_await game::async_call<void>(address, "logic.ping");
        BOOST_TEST(told(bare) == "OK");
        result<void> const none = co_await game::async_call<void>(address, "logic.ping", game::no_arguments);
        BOOST_TEST(told(none) == "OK");
        result<void> const refused = co_await game::async_call<void>(address, "nope.ping", game::no_arguments);
        BOOST_TEST(refused.error().application_code() == 404);
        result<void> const nobody = co_await game::async_call<void>("127.0.0.1:1", "a.b", game::no_arguments);
        BOOST_TEST(told(nobody).starts_with("UNAVAILABLE: "));
        result<void> const malformed = co_await game::async_call<void>("no port", "a.b", game::no_arguments);
        BOOST_TEST(told(malformed).starts_with("INVALID_ARGUMENT: "));
    });
    run_until(io, [&] { return server.connection_count() == 0; }); // each was closed after its call
}

BOOST_AUTO_TEST_CASE(a_client_may_go_before_its_call_ends) {
    std::optional<result<player>> answer;
    client().async_call<player>("get_player_info", q123, {}, [&](result<player> r) { answer = std::move(r); });
    run_until(io, [&] { return answer.has_value(); });
    BOOST_TEST((answer->value() == player{"123", 10}));
    run_until(io, [&] { return server.connection_count() == 0; });
}

BOOST_AUTO_TEST_CASE(a_client_may_be_a_temporary) {
    auto const executor = io.get_executor();
    run([&]() -> awaitable<void> {
        result<void> const r = co_await game::client(executor, address).async_call<void>("logic.ping");
        BOOST_TEST(told(r) == "OK");
        result<boost::json::value> const v =
            co_await game::client(executor, address).async_call("logic.echo", {{"a long name to be sure", "b"}});
        BOOST_TEST(told(v) == "OK");
    });
}

BOOST_AUTO_TEST_CASE(many_calls_at_once) {
    auto const c = client(over_one_connection());
    int answered = 0;
    for (int i = 0; i != 500; ++i) {
        player_query const q{std::to_string(i)};
        c.async_call<player>("get_player_info", q, {}, [&answered, i](result<player> r) {
            BOOST_TEST((r.value() == player{std::to_string(i), 10}));
            ++answered;
        });
    }
    run_until(io, [&] { return answered == 500; });
    BOOST_TEST(server.connection_count() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
