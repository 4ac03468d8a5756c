//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware.hpp"

#include "middleware_peer.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// Limits, authentication, logs and the rest around real calls. The clock is the real one: limits are so low, or times
// so long, that it does not matter how much of it passes.

namespace joust::test {

BOOST_AUTO_TEST_SUITE(middleware)

namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;

/// Calls, and what the trailers say besides.
game_answer call_limited(middleware_peer& p, std::string_view method, std::string& retry_after) {
    probe_call c;
    c.before_done = [&] { retry_after = c.stream->call().trailing_metadata().get("retry-after-ms").value_or("none"); };
    p.start(c, method);
    return p.answer_of(c);
}

} // namespace

BOOST_AUTO_TEST_CASE(rate_is_limited_and_the_time_to_retry_is_told) {
    middleware_peer p;
    p.service.use("get", game::rate_limit(0.001, {.key = game::by_peer(), .burst = 2}));
    BOOST_TEST(p.call("get") == success("\"1:?:1\""));
    BOOST_TEST(p.call("get") == success("\"1:?:2\""));
    std::string retry_after;
    game_answer const refused = call_limited(p, "get", retry_after);
    BOOST_TEST(refused.code == 429);
    BOOST_TEST(refused.message.starts_with("logic.get: more than 0.001 calls/s from memory; retry after "));
    BOOST_TEST(refused.message.ends_with(" s"));
    int const ms = std::stoi(retry_after);
    BOOST_TEST(ms > 0);
    BOOST_TEST(ms <= 1'000'000);
    BOOST_TEST(p.object->calls == 2);
    BOOST_TEST(p.call("update", R"({"to":{"id":"1"},"friends":[]})") == success("3")); // not limited
}

BOOST_AUTO_TEST_CASE(a_limit_counts_what_has_the_same_key) {
    middleware_peer p;
    // The key may be a secret, and is not told.
    p.services.use(game::rate_limit(
        0.001, {.key = [](game::call const& c) { return std::string(c.find_metadata("tenant").value_or("")); }}));
    BOOST_TEST(p.call("get", R"({"id":"1"})", {{"tenant", "a"}}).code == 0);
    BOOST_TEST(p.call("get", R"({"id":"1"})", {{"tenant", "b"}}).code == 0);
    game_answer const refused = p.call("nothing", "", {{"tenant", "a"}});
    BOOST_TEST(refused.code == 429);
    BOOST_TEST(refused.message.starts_with("logic.nothing: more than 0.001 calls/s; retry after "));

    middleware_peer q;
    q.services.use(game::rate_limit(0.001, {.key = game::by_method()}));
    BOOST_TEST(q.call("get").code == 0);
    BOOST_TEST(q.call("nothing", "").code == 0);
    BOOST_TEST(q.call("nothing", "").code == 429);
}

BOOST_AUTO_TEST_CASE(concurrency_is_limited_and_places_come_back) {
    middleware_peer p;
    p.service.use("wait", game::concurrency_limit(2));
    p.service.use("fail", game::concurrency_limit(1));
    p.service.use("update", game::concurrency_limit(1));
    for (int round = 0; round != 3; ++round) {
        probe_call a, b;
        p.start(a, "wait");
        p.start(b, "wait");
        std::string retry_after;
        BOOST_TEST(call_limited(p, "wait", retry_after) ==
                   game_answer(429, "logic.wait: more than 2 calls at a time; retry after 0.1 s", ""));
        BOOST_TEST(retry_after == "100");
        p.object->tell_all();
        p.peer->poll();
        BOOST_TEST(p.answer_of(a).code == 0);
        BOOST_TEST(p.answer_of(b).code == 0);
    }
    for (int i = 0; i != 3; ++i) {
        BOOST_TEST(p.call("fail").code == 404);
        BOOST_TEST(p.call("update", "[]").code == 400); // arguments that cannot be read
    }
}

BOOST_AUTO_TEST_CASE(a_cancelled_call_gives_its_place_back) {
    middleware_peer p;
    p.service.use("wait", game::concurrency_limit(1));
    for (int i = 0; i != 3; ++i) {
        probe_call c;
        p.start(c, "wait");
        BOOST_TEST(p.object->waiting.size() == 1u);
        c.stream->abort(status(status_code::cancelled, "enough"));
        p.peer->poll();
        BOOST_TEST(p.object->waiting.empty());
    }
    BOOST_TEST(p.object->calls == 3);
}

BOOST_AUTO_TEST_CASE(a_destroyed_server_gives_places_back) {
    auto const limit = game::concurrency_limit(1);
    for (int i = 0; i != 2; ++i) {
        middleware_peer p;
        p.service.use("wait", limit);
        probe_call c;
        p.start(c, "wait");
        BOOST_TEST(p.object->calls == 1);
        c.stream->set_listener(nullptr);
        c.stream = {};
        // Nobody answers the call: everything goes.
    }
}

BOOST_AUTO_TEST_CASE(several_limits_around_a_call_count_for_themselves) {
    middleware_peer p;
    p.services.use(game::concurrency_limit(2));
    p.service.use("wait", game::concurrency_limit(1));
    for (int round = 0; round != 3; ++round) {
        probe_call a, b;
        p.start(a, "wait");
        p.start(b, "wait"); // lets go of the outer place, too
        BOOST_TEST(p.answer_of(b).message == "logic.wait: more than 1 call at a time; retry after 0.1 s");
        BOOST_TEST(p.call("nothing", "").code == 0);
        p.object->tell_all();
        p.peer->poll();
        BOOST_TEST(p.answer_of(a).code == 0);
    }
}

BOOST_AUTO_TEST_CASE(an_adaptive_limit_lets_calls_through) {
    middleware_peer p;
    game::adaptive_limit_options o;
    o.initial_limit = o.max_limit = 1;
    p.service.use("wait", game::concurrency_limit(o));
    probe_call a, b;
    p.start(a, "wait");
    p.start(b, "wait");
    BOOST_TEST(p.answer_of(b).code == 429);
    p.object->tell_all();
    p.peer->poll();
    BOOST_TEST(p.answer_of(a).code == 0);
}

BOOST_AUTO_TEST_CASE(an_adaptive_limit_learns_from_how_calls_end) {
    middleware_peer p;
    game::adaptive_limit_options o;
    o.initial_limit = 4;
    o.backoff = 0.5;
    o.window = 1ms;
    o.window_calls = 1;
    p.service.add("busy", [] { return status(status_code::unavailable, "busy"); });
    auto const limit = game::concurrency_limit(o);
    p.service.use("busy", limit);
    p.service.use("wait", limit);
    std::string refused;
    for (int i = 0; i != 10'000 && refused.empty(); ++i) { // until enough windows have passed
        BOOST_TEST_REQUIRE(p.call("busy", "").code == 503);
        if (i % 100 != 99)
            continue;
        probe_call a, b;
        p.start(a, "wait");
        p.start(b, "wait");
        p.object->tell_all();
        p.peer->poll();
        BOOST_TEST(p.answer_of(a).code == 0);
        refused = p.answer_of(b).code == 429 ? p.answer_of(b).message : "";
    }
    BOOST_TEST(refused == "logic.wait: more than 1 call at a time; retry after 0.1 s");
}

BOOST_AUTO_TEST_CASE(a_token_tells_who_calls) {
    middleware_peer p;
    p.service.use("get", game::auth(game::known_tokens({{"4711", "ann"}, {"0815", "bob"}})));
    BOOST_TEST(p.call_with("get", {{"authorization", "Bearer 4711"}}) == success("\"1:ann:1\""));
    BOOST_TEST(p.call_with("get", {{"authorization", "bearer 0815"}}) == success("\"1:bob:2\""));
    BOOST_TEST(p.call_with("get", {}, {{"authorization", "Bearer 4711"}}) == success("\"1:ann:3\""));
    BOOST_TEST(p.call_with("get", {{"authorization", "Bearer 1"}}, {{"authorization", "Bearer 4711"}}) ==
               game_answer(401, "logic.get: unknown token", ""));
    BOOST_TEST(p.call_with("get", {}) == game_answer(401, "logic.get: no metadata 'authorization'", ""));
    BOOST_TEST(p.call_with("get", {{"authorization", "Basic 4711"}}) ==
               game_answer(401, "logic.get: the metadata 'authorization' are not 'Bearer TOKEN'", ""));
    BOOST_TEST(p.object->calls == 3);
}

BOOST_AUTO_TEST_CASE(who_called_is_forgotten_with_the_request) {
    middleware_peer p;
    p.services.add("open", p.object);
    p.service.use("get", game::auth(game::known_tokens({{"4711", "ann"}})));
    game_peer& peer = p.connect();
    game_stream stream(peer);
    auto const answers = [&](std::string_view service, std::map<std::string, std::string> const& metadata) {
        auto const all = stream.send(envelope(service, "get", R"({"id":"1"})", metadata));
        BOOST_TEST_REQUIRE(all.size() == 1u);
        return all[0].payload;
    };
    BOOST_TEST(answers("logic", {{"authorization", "Bearer 4711"}}) == "\"1:ann:1\"");
    BOOST_TEST(answers("open", {}) == "\"1::2\"");
}

BOOST_AUTO_TEST_CASE(no_token_may_be_fine) {
    middleware_peer p;
    p.service.use(
        "get", game::auth(game::known_tokens({{"4711", "ann"}}), {.key = "x-token", .scheme = "", .optional = true}));
    BOOST_TEST(p.call_with("get", {}) == success("\"1:?:1\""));
    BOOST_TEST(p.call_with("get", {{"x-token", "4711"}}) == success("\"1:ann:2\""));
    BOOST_TEST(p.call_with("get", {{"x-token", "x"}}).code == 401);
}

BOOST_AUTO_TEST_CASE(a_verifier_may_wait) {
    middleware_peer p;
    p.service.use("get", game::auth([](std::string token, game::call& c) -> awaitable<result<std::string>> {
                      co_await boost::asio::post(boost::asio::use_awaitable);
                      c.set_value(7);
                      if (token == "broken")
                          throw std::runtime_error("secret");
                      if (token == "away")
                          co_return status(status_code::unavailable, "nobody to ask");
                      if (token == "banned")
                          co_return status(status_code::permission_denied);
                      co_return token;
                  }));
    auto const with = [&](std::string const& token) {
        return p.call_with("get", {{"authorization", "Bearer " + token}});
    };
    BOOST_TEST(with("ann") == success("\"1:ann:1\""));
    BOOST_TEST(with("away") == game_answer(503, "logic.get: nobody to ask", ""));
    BOOST_TEST(with("banned") == game_answer(403, "logic.get: this token will not do", ""));
    game_answer const broken = with("broken");
    BOOST_TEST(broken.code == 500);
    BOOST_TEST(broken.message.find("secret") == std::string::npos);
    BOOST_TEST(p.call_with("get", {}).code == 401);
}

BOOST_AUTO_TEST_CASE(who_may_not_is_refused) {
    middleware_peer p;
    p.service.use("get", game::auth(game::known_tokens({{"1", "ann"}, {"2", "bob"}})),
                  game::authorize([](game::call& c) { return c.identity() == "ann"; }));
    BOOST_TEST(p.call_with("get", {{"authorization", "Bearer 1"}}).code == 0);
    BOOST_TEST(p.call_with("get", {{"authorization", "Bearer 2"}}) ==
               game_answer(403, "logic.get: bob may not do this", ""));
}

BOOST_AUTO_TEST_CASE(calls_are_logged) {
    middleware_peer p;
    std::vector<std::string> lines;
    game::log_options o;
    o.sink = [&](std::string_view line) { lines.emplace_back(line); };
    o.payloads = true;
    o.max_payload = 9;
    p.services.use(game::log(o));
    BOOST_TEST(p.call("get", "{\"id\":\"1\xc3\xa4\"}").code == 0); // the ninth byte is half a character
    BOOST_TEST(p.call("fail").code == 404);
    BOOST_TEST_REQUIRE(lines.size() == 2u);
    BOOST_TEST(lines[0].find(" level=info call=") != std::string::npos);
    BOOST_TEST(lines[0].find(" method=logic.get peer=memory:1 code=0 ms=") != std::string::npos);
    BOOST_TEST(lines[0].find(" arguments_bytes=12 ") != std::string::npos);
    BOOST_TEST(lines[0].find(R"( arguments="{\"id\":\"1" answer=)") != std::string::npos);
    BOOST_TEST(lines[1].find(" level=error ") != std::string::npos);
    BOOST_TEST(lines[1].find(R"( error="no 1" )") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_log_that_fails_harms_no_call) {
    middleware_peer p;
    game::log_options o;
    o.sink = [](std::string_view) { throw std::runtime_error("disk full"); };
    p.services.use(game::log(o));
    BOOST_TEST(p.call("get").code == 0);
    BOOST_TEST(p.call("fail").code == 404);
}

BOOST_AUTO_TEST_CASE(slow_calls_and_errors_are_logged_whatever_the_sample) {
    middleware_peer p;
    std::vector<std::string> lines;
    game::log_options o;
    o.sink = [&](std::string_view line) { lines.emplace_back(line); };
    o.sample = 0;
    p.service.use("get", game::log(o));
    p.service.use("fail", game::log(o));
    o.slow = 1ns;
    p.service.use("nothing", game::log(o));
    (void)p.call("get");
    BOOST_TEST(lines.empty());
    (void)p.call("fail");
    (void)p.call("nothing", "");
    BOOST_TEST_REQUIRE(lines.size() == 2u);
    BOOST_TEST(lines[1].find(" level=slow ") != std::string::npos);
    BOOST_TEST(lines[1].find("arguments=") == std::string::npos); // nobody asked for payloads
}

BOOST_AUTO_TEST_CASE(time_is_limited) {
    middleware_peer p;
    p.services.use(game::timeout(1ms));
    probe_call c;
    p.start(c, "wait");
    while (!c.outcome && p.peer->io->run_one() != 0) {
    }
    BOOST_TEST(p.answer_of(c) == game_answer(504, "logic.wait: timed out after 0.001 s", ""));
}

BOOST_AUTO_TEST_CASE(payloads_are_changed_as_values) {
    middleware_peer p;
    p.service.use("get", game::transform([](boost::json::value& v) { v.as_object()["id"] = "changed"; },
                                         [](boost::json::value& v) -> status {
                                             v = boost::json::object{{"answer", v}};
                                             return {};
                                         }));
    p.service.use("nothing", game::transform(nullptr, [](boost::json::value& v) { BOOST_TEST(v.is_null()); }));
    p.service.use("push", game::transform(nullptr, [](boost::json::value& v) { v = v.as_int64() * 10; }));
    BOOST_TEST(p.call("get", "") == success(R"({"answer":"changed:?:1"})"));
    BOOST_TEST(p.call("nothing", "") == success("")); // nothing stays nothing
    BOOST_TEST(p.call("push") == success("[10,20]"));
    BOOST_TEST(p.call("get", "[").code == 400);
    BOOST_TEST(p.call("get", "[1]").code == 500); // as_object throws: as if the method did
}

BOOST_AUTO_TEST_CASE(payloads_of_other_codecs_are_validated_and_changed) {
    middleware_peer p;
    p.service.use("get", game::validate([](player_query const& q, game::failures& found) {
                      if (q.id == "2")
                          found.add("id", "must not be 2");
                  }),
                  game::transform([](boost::json::value& v) { v.as_object()["id"] = "changed"; },
                                  [](boost::json::value& v) { v = boost::json::array{v}; }));
    std::map<std::string, std::string> const packed{{"joust-codec", "msgpack"}};
    BOOST_TEST(p.call("get",
                      "\x81\xa2id\xa1"
                      "1",
                      packed) == success("\x91\xab"
                                         "changed:?:1"));
    BOOST_TEST(p.call("get",
                      "\x81\xa2id\xa1"
                      "2",
                      packed) == game_answer(400, "logic.get: id: must not be 2", ""));
    BOOST_TEST(p.call("get", R"({"id":"1"})") == success(R"(["changed:?:2"])"));
    BOOST_TEST(p.call("get", "\x81", packed).code == 400);
}

BOOST_AUTO_TEST_CASE(payloads_are_changed_as_texts) {
    middleware_peer p;
    p.service.use(
        "get", game::transform([](std::string_view text) { return R"({"id":")" + std::to_string(text.size()) + "\"}"; },
                               [](std::string_view text) -> result<std::string> {
                                   if (text.find('9') != std::string_view::npos)
                                       return status(status_code::data_loss, "a nine");
                                   return "[" + std::string(text) + "]";
                               }));
    BOOST_TEST(p.call("get", "whatever") == success("[\"8:?:1\"]"));
    BOOST_TEST(p.call("get", "whatever.") == game_answer(500, "a nine", ""));
}

BOOST_AUTO_TEST_CASE(sizes_are_limited) {
    middleware_peer p;
    p.services.use(game::limits({.max_arguments = 10, .max_answer = 7}));
    BOOST_TEST(p.call("get") == success("\"1:?:1\""));
    BOOST_TEST(p.call("get", R"({"id":"12"})") ==
               game_answer(400, "logic.get: the arguments have 11 bytes, more than 10", ""));
    p.object->calls = 9;
    BOOST_TEST(p.call("get") == game_answer(500, "logic.get: the answer has 8 bytes, more than 7", ""));
    BOOST_TEST(p.call("nothing", "") == success(""));
}

BOOST_AUTO_TEST_CASE(bad_options_are_refused_by_name) {
    auto const complaint = [](auto make) -> std::string {
        try {
            (void)make();
        } catch (std::invalid_argument const& e) {
            return e.what();
        }
        return "none";
    };
    BOOST_TEST(complaint([] { return game::rate_limit(0); }) == "rate_limit: calls_per_second must be positive");
    BOOST_TEST(complaint([] { return game::rate_limit(NAN); }) == "rate_limit: calls_per_second must be positive");
    BOOST_TEST(complaint([] { return game::rate_limit(1, {.burst = 0.5}); }) == "rate_limit: burst must be at least 1");
    BOOST_TEST(complaint([] { return game::rate_limit(1, {.max_keys = 0}); }) ==
               "rate_limit: max_keys must be at least 1");
    BOOST_TEST(complaint([] { return game::concurrency_limit(0u); }) ==
               "concurrency_limit: the limit must be at least 1");
    BOOST_TEST(complaint([] { return game::concurrency_limit(1, {.retry_after = 0s}); }) ==
               "concurrency_limit: retry_after must be positive");
    BOOST_TEST(complaint([] { return game::cache(0s); }) == "cache: ttl must be positive");
    BOOST_TEST(complaint([] { return game::cache(1s, {.limits = {.max_entries = 0}}); }) ==
               "cache: limits.max_entries must be at least 1");
    BOOST_TEST(complaint([] { return game::cache(1s, {.vary = {""}}); }) == "cache: vary must not hold an empty key");
    BOOST_TEST(complaint([] { return game::auth(game::verifier()); }) == "auth: there is no function to ask");
    BOOST_TEST(complaint([] { return game::auth(game::known_tokens({}), {.key = "X-Token"}); }) ==
               "auth: key must be lower-case, as metadata are");
    for (auto const& [token, name] : {std::pair("", "ann"), std::pair("4711", "")})
        BOOST_TEST(complaint([&, t = token, n = name] {
                       return game::known_tokens({{"1", "bob"}, {t, n}});
                   }) == "known_tokens: a token and whose it is must not be empty");
    BOOST_TEST(complaint([] { return game::log({.slow = 0s}); }) == "log: slow must be positive");
    BOOST_TEST(complaint([] { return game::log({.sample = 1.5}); }) == "log: sample must be from 0 to 1");
    BOOST_TEST(complaint([] { return game::timeout(0s); }) == "timeout: the time must be positive");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
