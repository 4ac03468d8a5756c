//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/cache.hpp"

#include "middleware_peer.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>

// A cache around real calls: both kinds, and one flight for those that come together.

namespace joust::test {

BOOST_AUTO_TEST_SUITE(middleware_cache)

namespace {

using namespace std::chrono_literals;

game::cache_options one_each(bool single_flight) {
    game::cache_options o;
    o.single_flight = single_flight;
    return o;
}

} // namespace

BOOST_AUTO_TEST_CASE(same_arguments_are_answered_once) {
    for (bool const single_flight : {false, true}) {
        middleware_peer p;
        p.service.use("get", game::cache(1h, one_each(single_flight)));
        BOOST_TEST(p.call("get") == success("\"1:?:1\""));
        BOOST_TEST(p.call("get") == success("\"1:?:1\""));
        BOOST_TEST(p.call("get", R"({"id":"2"})") == success("\"2:?:2\""));
        BOOST_TEST(p.call("get", R"({"id": "2"})") == success("\"2:?:3\"")); // byte for byte
        BOOST_TEST(p.call("get") == success("\"1:?:1\""));
        BOOST_TEST(p.object->calls == 3);
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_an_answer_and_no_arguments_are_an_empty_object) {
    for (bool const single_flight : {false, true}) {
        middleware_peer p;
        p.service.use("nothing", game::cache(1h, one_each(single_flight)));
        BOOST_TEST(p.call("nothing", "") == success(""));
        BOOST_TEST(p.call("nothing", "{}") == success(""));
        BOOST_TEST(p.object->calls == 1);
    }
}

BOOST_AUTO_TEST_CASE(errors_and_pushed_answers_are_not_kept) {
    for (bool const single_flight : {false, true}) {
        middleware_peer p;
        p.services.use(game::cache(1h, one_each(single_flight)));
        for (int i = 0; i != 2; ++i) {
            BOOST_TEST(p.call("fail").code == 404);
            BOOST_TEST(p.call("push") == success("[1,2]"));
        }
        BOOST_TEST(p.object->calls == 4);
    }
}

BOOST_AUTO_TEST_CASE(methods_do_not_share_answers) {
    middleware_peer p;
    p.services.use(game::cache(1h));
    BOOST_TEST(p.call("get") == success("\"1:?:1\""));
    BOOST_TEST(p.call("fail").code == 404);
    BOOST_TEST(p.call("get") == success("\"1:?:1\""));
}

BOOST_AUTO_TEST_CASE(an_answer_never_crosses_users) {
    for (bool const single_flight : {false, true}) {
        middleware_peer p;
        p.service.use("get", game::cache(1h, one_each(single_flight)));
        joust::metadata const ann{{"authorization", "ann"}};
        joust::metadata const bob{{"authorization", "bob"}};
        BOOST_TEST(p.call_with("get", ann) == success("\"1:?:1\""));
        BOOST_TEST(p.call_with("get", bob) == success("\"1:?:2\""));
        BOOST_TEST(p.call_with("get", {}) == success("\"1:?:3\""));
        // A proxy's word in the call, the user's in the envelope; and every value of a key counts.
        BOOST_TEST(p.call_with("get", ann, {{"authorization", "x"}}) == success("\"1:?:4\""));
        BOOST_TEST(p.call_with("get", ann, {{"authorization", "y"}}) == success("\"1:?:5\""));
        BOOST_TEST(p.call_with("get", {}, {{"authorization", "ann"}}) == success("\"1:?:6\""));
        BOOST_TEST(p.call_with("get", {{"authorization", "ann"}, {"authorization", "bob"}}) == success("\"1:?:7\""));
        BOOST_TEST(p.call_with("get", ann) == success("\"1:?:1\""));
        BOOST_TEST(p.call_with("get", bob) == success("\"1:?:2\""));
    }
}

BOOST_AUTO_TEST_CASE(who_was_identified_shares_with_nobody_else) {
    middleware_peer p;
    p.service.use("get", game::auth(game::known_tokens({{"1", "ann"}, {"2", "bob"}, {"3", "ann"}})), game::cache(1h));
    BOOST_TEST(p.call_with("get", {{"authorization", "Bearer 1"}}) == success("\"1:ann:1\""));
    BOOST_TEST(p.call_with("get", {{"authorization", "Bearer 2"}}) == success("\"1:bob:2\""));
    BOOST_TEST(p.call_with("get", {{"authorization", "Bearer 3"}}) == success("\"1:ann:1\""));
    BOOST_TEST(p.call_with("get", {{"authorization", "Bearer 4"}}).code == 401);
}

BOOST_AUTO_TEST_CASE(who_is_found_out_within_the_cache_shares_with_nobody) {
    // In the wrong order: the key of a call is made before it is known who calls.
    auto const who = game::auth(game::known_tokens({{"1", "ann"}, {"2", "bob"}}), {.key = "x-token", .scheme = ""});
    for (bool const single_flight : {false, true}) {
        middleware_peer p;
        p.service.use("get", game::cache(1h, one_each(single_flight)), who);
        BOOST_TEST(p.call_with("get", {{"x-token", "1"}}) == success("\"1:ann:1\""));
        BOOST_TEST(p.call_with("get", {{"x-token", "2"}}) == success("\"1:bob:2\""));
        BOOST_TEST(p.call_with("get", {{"x-token", "1"}}) == success("\"1:ann:3\""));
    }
    for (std::string const id : {"1", "broken"}) { // nor does who waits for the other
        middleware_peer p;
        p.service.use("wait", game::cache(1h), who);
        probe_call ann, bob;
        p.start(ann, "wait", "{\"id\":\"" + id + "\"}", {{"x-token", "1"}});
        p.start(bob, "wait", "{\"id\":\"" + id + "\"}", {{"x-token", "2"}});
        BOOST_TEST(p.object->calls == 1);
        p.object->tell_all();
        p.peer->poll();
        BOOST_TEST(ann.messages.size() == 1u);
        BOOST_TEST(bob.messages.empty());
        BOOST_TEST(p.object->calls == 2);
        p.object->tell_all();
        p.peer->poll();
        BOOST_TEST(p.answer_of(bob) == (id == "1" ? success("\"1:2\"") : game_answer(500, "broken", "")));
    }
}

BOOST_AUTO_TEST_CASE(codecs_do_not_share_answers) {
    middleware_peer p;
    game::cache_options o;
    o.key = [](game::call const&) { return "the same"; };
    p.service.use("get", game::cache(1h, o));
    std::map<std::string, std::string> const packed{{"joust-codec", "msgpack"}};
    for (int i = 0; i != 2; ++i) {
        BOOST_TEST(p.call("get") == success("\"1:?:1\""));
        BOOST_TEST(p.call("get",
                          "\x81\xa2id\xa1"
                          "1",
                          packed) == success("\xa5"
                                             "1:?:2"));
    }
}

BOOST_AUTO_TEST_CASE(users_share_when_they_are_meant_to) {
    middleware_peer p;
    game::cache_options o;
    o.shared = true;
    o.vary = {"lang"};
    p.service.use("get", game::cache(1h, o));
    BOOST_TEST(p.call_with("get", {{"authorization", "ann"}}) == success("\"1:?:1\""));
    BOOST_TEST(p.call_with("get", {{"authorization", "bob"}}) == success("\"1:?:1\""));
    BOOST_TEST(p.call_with("get", {{"lang", "de"}}) == success("\"1:?:2\""));
    BOOST_TEST(p.call_with("get", {}, {{"lang", "de"}}) == success("\"1:?:3\""));
    BOOST_TEST(p.call_with("get", {{"lang", "de"}}) == success("\"1:?:2\""));
}

BOOST_AUTO_TEST_CASE(a_key_of_ones_own_decides) {
    middleware_peer p;
    game::cache_options o;
    o.key = [](game::call const& c) -> std::optional<std::string> {
        if (c.arguments().find('9') != std::string_view::npos)
            return std::nullopt;
        return std::to_string(c.arguments().size());
    };
    p.service.use("get", game::cache(1h, o));
    p.service.use("update", game::cache(1h, o));
    BOOST_TEST(p.call("get", R"({"id":"1"})") == success("\"1:?:1\""));
    BOOST_TEST(p.call("get", R"({"id":"2"})") == success("\"1:?:1\""));
    BOOST_TEST(p.call("get", R"({"id":"9"})") == success("\"9:?:2\""));
    BOOST_TEST(p.call("get", R"({"id":"9"})") == success("\"9:?:3\""));
}

BOOST_AUTO_TEST_CASE(a_table_can_be_seen_and_cleared_and_has_bounds) {
    auto const table = std::make_shared<game::answer_table>(game::answer_table_options{.max_entries = 2});
    middleware_peer p;
    game::cache_options o;
    o.table = table;
    p.service.use("get", game::cache(1h, o));
    for (char const* const id : {"1", "2", "3", "1"})
        BOOST_TEST(p.call("get", R"({"id":")" + std::string(id) + "\"}").code == 0);
    BOOST_TEST(p.object->calls == 4);
    BOOST_TEST(table->counted().entries == 2u);
    BOOST_TEST(table->counted().evictions == 2u);
    BOOST_TEST(p.call("get") == success("\"1:?:4\""));
    table->erase("logic.get");
    BOOST_TEST(p.call("get") == success("\"1:?:5\""));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_too_old_is_not_given) {
    middleware_peer p;
    p.service.use("get", game::cache(1ns));
    BOOST_TEST(p.call("get") == success("\"1:?:1\""));
    BOOST_TEST(p.call("get") == success("\"1:?:2\""));
}

BOOST_AUTO_TEST_CASE(of_calls_that_come_together_one_runs) {
    middleware_peer p;
    p.service.use("wait", game::cache(1h));
    probe_call a, b, c, other;
    p.start(a, "wait");
    p.start(b, "wait");
    p.start(c, "wait");
    p.start(other, "wait", R"({"id":"2"})");
    BOOST_TEST(p.object->calls == 2);
    BOOST_TEST(b.messages.empty());
    p.object->tell_all();
    p.peer->poll();
    for (probe_call const* const each : {&a, &b, &c})
        BOOST_TEST(p.answer_of(*each) == success("\"1:1\""));
    BOOST_TEST(p.answer_of(other) == success("\"2:2\""));
    BOOST_TEST(p.call("wait") == success("\"1:1\""));
    BOOST_TEST(p.object->calls == 2);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_method_is_that_of_all_who_wait) {
    middleware_peer p;
    p.service.use("wait", game::cache(1h));
    for (int round = 1; round != 3; ++round) {
        probe_call a, b;
        p.start(a, "wait", R"({"id":"broken"})");
        p.start(b, "wait", R"({"id":"broken"})");
        p.object->tell_all();
        p.peer->poll();
        BOOST_TEST(p.answer_of(a) == game_answer(500, "broken", ""));
        BOOST_TEST(p.answer_of(b) == game_answer(500, "broken", ""));
        BOOST_TEST(p.object->calls == round);
    }
}

BOOST_AUTO_TEST_CASE(when_the_one_that_runs_is_cancelled_another_one_runs) {
    middleware_peer p;
    p.service.use("wait", game::cache(1h));
    probe_call a, b, c;
    p.start(a, "wait");
    p.start(b, "wait");
    p.start(c, "wait");
    a.stream->abort(status(status_code::cancelled, "enough"));
    p.peer->poll();
    BOOST_TEST(p.object->calls == 2);
    BOOST_TEST(!b.outcome.has_value());
    p.object->tell_all();
    p.peer->poll();
    BOOST_TEST(p.answer_of(b) == success("\"1:2\""));
    BOOST_TEST(p.answer_of(c) == success("\"1:2\""));
}

BOOST_AUTO_TEST_CASE(who_waits_can_be_cancelled_alone) {
    middleware_peer p;
    p.service.use("wait", game::cache(1h));
    probe_call a, b, c;
    p.start(a, "wait");
    p.start(b, "wait");
    p.start(c, "wait");
    b.stream->abort(status(status_code::cancelled, "enough"));
    p.peer->poll();
    a.stream->abort(status(status_code::cancelled, "enough")); // c runs now, not b
    p.peer->poll();
    BOOST_TEST(p.object->calls == 2);
    p.object->tell_all();
    p.peer->poll();
    BOOST_TEST(p.answer_of(c) == success("\"1:2\""));
    BOOST_TEST(b.messages.empty());
}

BOOST_AUTO_TEST_CASE(a_refusal_of_one_caller_is_not_that_of_another) {
    middleware_peer p;
    game::cache_options o;
    o.shared = true;
    // Within the cache, where it ought not to be: only one user may.
    p.service.use("wait", game::cache(1h, o),
                  game::auth([](std::string token, game::call&) -> boost::asio::awaitable<result<std::string>> {
                      co_await boost::asio::post(boost::asio::use_awaitable);
                      if (token != "ann")
                          co_return status(status_code::permission_denied, "not you");
                      co_return token;
                  }));
    probe_call bob, ann;
    game_peer& peer = p.connect();
    auto const open = [&](probe_call& c, joust::metadata const& custom) {
        auto* const stream = peer.client->open_call(
            {.path = game_peer::call_path, .authority = "test", .user_agent = "joust", .custom = &custom},
            peer.client->settings().call, {}, c);
        c.opened = true;
        c.stream = net::client_stream_ref(*stream);
        c.read();
        BOOST_TEST_REQUIRE(c.send(envelope("logic", "wait", R"({"id":"1"})")));
        c.stream->call().half_close();
    };
    open(bob, {{"authorization", "Bearer bob"}});
    open(ann, {{"authorization", "Bearer ann"}});
    peer.poll();
    BOOST_TEST(p.answer_of(bob) == game_answer(403, "logic.wait: not you", ""));
    p.object->tell_all();
    peer.poll();
    BOOST_TEST(p.answer_of(ann) == success("\"1:1\""));
}

BOOST_AUTO_TEST_CASE(a_server_may_go_while_calls_wait) {
    auto const cache = game::cache(1h);
    for (int i = 0; i != 2; ++i) {
        middleware_peer p;
        p.service.use("wait", cache);
        probe_call a, b;
        p.start(a, "wait");
        p.start(b, "wait");
        BOOST_TEST(p.object->calls == 1); // the flight of the server before has ended with it
        for (probe_call* const each : {&a, &b}) {
            each->stream->set_listener(nullptr);
            each->stream = {};
        }
    }
}

BOOST_AUTO_TEST_CASE(the_same_cache_twice_around_a_call_is_one) {
    middleware_peer p;
    auto const cache = game::cache(1h);
    p.services.use(cache);
    p.service.use("get", cache);
    BOOST_TEST(p.call("get") == success("\"1:?:1\""));
    BOOST_TEST(p.call("get") == success("\"1:?:1\""));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
