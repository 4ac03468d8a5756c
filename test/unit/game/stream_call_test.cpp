//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/services.hpp"
#include "support/game_peer.hpp"
#include "support/run.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

// StreamCall as a stock client sees it.

namespace joust::test::stream_call_tests {

namespace {

using asio::awaitable;
using answers = std::vector<game_answer>;

struct number {
    int n = 0;
};
BOOST_DESCRIBE_STRUCT(number, (), (n))

struct text {
    std::string t;
};
BOOST_DESCRIBE_STRUCT(text, (), (t))

/// Lets a test hold a method up.
struct gate {
    std::optional<event> opened;
    int entered = 0;
    int cancelled = 0;

    awaitable<void> pass() {
        if (!opened)
            opened.emplace(co_await asio::this_coro::executor);
        ++entered;
        try {
            auto waiting = opened->wait();
            co_await std::move(waiting);
        } catch (boost::system::system_error const&) {
            ++cancelled;
            throw;
        }
    }
};

struct logic {
    std::shared_ptr<gate> hold = std::make_shared<gate>();
    std::vector<std::string> pushed;

    int twice(number a) { return 2 * a.n; }
    awaitable<int> twice_later(number a) { co_return 2 * a.n; }
    awaitable<int> twice_held(number a) {
        auto passing = hold->pass();
        co_await std::move(passing);
        co_return 2 * a.n;
    }
    void nothing() {}
    void crash() { throw std::runtime_error("the secret"); }
    awaitable<int> crash_later() {
        throw std::runtime_error("the secret");
        co_return 0;
    }
    result<int> refuse() { return status(status_code::permission_denied, "not you"); }

    awaitable<void> count_to(number a, game::responses<int>& out) {
        for (int i = 1; i <= a.n; ++i) {
            auto pushing = out.async_push(i);
            (co_await std::move(pushing)).value();
            pushed.push_back(std::to_string(i));
        }
    }
    awaitable<std::string> count_and_return(number a, game::responses<int>& out, call_context&) {
        auto counting = count_to(a, out);
        co_await std::move(counting);
        co_return "done";
    }
    awaitable<result<void>> count_and_refuse(number a, game::responses<int> out) {
        auto counting = count_to(a, out);
        co_await std::move(counting);
        co_return refuse().error();
    }
    awaitable<void> count_and_crash(game::responses<int>& out, number a) {
        auto counting = count_to(a, out);
        co_await std::move(counting);
        throw std::runtime_error("the secret");
    }
    awaitable<void> count_and_wait(number a, game::responses<int>& out) {
        auto counting = count_to(a, out);
        co_await std::move(counting);
        auto passing = hold->pass();
        co_await std::move(passing);
    }
    /// The middle one cannot be written.
    awaitable<std::string> push_bad_text(game::responses<std::string>& out) {
        std::string failures;
        for (char const* const t : {"a", "\xff", "b"}) {
            auto pushing = out.async_push(t);
            result<void> const r = co_await std::move(pushing);
            if (r.has_error())
                failures += r.error().to_string();
        }
        co_return failures;
    }
    awaitable<void> push_large(number a, game::responses<std::string>& out) {
        std::string const large(10'000, 'x');
        for (int i = 0; i != a.n; ++i) {
            auto pushing = out.async_push(large);
            (co_await std::move(pushing)).value();
            pushed.push_back(std::to_string(i));
        }
    }
    std::string large(number a) { return std::string(static_cast<std::size_t>(a.n), 'x'); }
};
BOOST_DESCRIBE_STRUCT(logic, (),
                      (twice, twice_later, twice_held, nothing, crash, crash_later, refuse, count_to, count_and_return,
                       count_and_refuse, count_and_crash, count_and_wait, push_bad_text, push_large, large))

struct chat {
    std::string say(text a) { return a.t; }
};
BOOST_DESCRIBE_STRUCT(chat, (), (say))

std::string twice(int n, char const* method = "twice") {
    return envelope("logic", method, "{\"n\":" + std::to_string(n) + "}");
}

std::string asking_many(char const* method, std::string_view payload) {
    return envelope("logic", method, payload, {{"joust-answers", "many"}});
}

game_answer more(std::string_view payload) {
    return {0, "more", payload};
}

struct fixture {
    std::shared_ptr<logic> object = std::make_shared<logic>();
    std::unique_ptr<game_peer> peer = std::make_unique<game_peer>(make(object));

    fixture() = default;
    fixture(fixture const&) = delete;
    fixture& operator=(fixture const&) = delete;
    ~fixture() { close(); }

    /// Destroys the loop; the gate's timer must not outlive it.
    void close() {
        if (object)
            object->hold->opened.reset();
        peer.reset();
    }

    static game::services make(std::shared_ptr<logic> const& l) {
        game::services s;
        s.add("logic", l);
        s.add("chat", std::make_shared<chat>());
        return s;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(stream_call, fixture)

BOOST_AUTO_TEST_CASE(each_request_is_answered_before_the_next_has_to_come) {
    game_stream stream(*peer);
    for (int i = 0; i != 50; ++i) {
        BOOST_TEST((stream.send(twice(i)) == answers{success(std::to_string(2 * i))}));
        BOOST_TEST((stream.send(twice(i, "twice_later")) == answers{success(std::to_string(2 * i))}));
    }
    BOOST_TEST(stream.outcome() == "none");
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(no_request_gives_no_answer) {
    game_stream stream(*peer);
    BOOST_TEST(stream.finish() == "OK");
    BOOST_TEST(stream.receive().empty());
}

BOOST_AUTO_TEST_CASE(requests_may_name_different_methods_and_services) {
    game_stream stream(*peer);
    BOOST_TEST((stream.send(twice(1)) == answers{success("2")}));
    BOOST_TEST((stream.send(envelope("chat", "say", R"({"t":"hi"})")) == answers{success(R"("hi")")}));
    BOOST_TEST((stream.send(envelope("", "chat.say", R"({"t":"whole"})")) == answers{success(R"("whole")")}));
    BOOST_TEST((stream.send(envelope("logic", "logic.nothing")) == answers{success("")}));
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(requests_that_pile_up_are_answered_in_order) {
    game_stream stream(*peer);
    for (int i = 0; i != 100; ++i)
        BOOST_TEST_REQUIRE(stream.call().send(twice(i, i % 3 == 0 ? "twice_later" : "twice")));
    stream.call().stream->call().half_close();
    answers const got = stream.receive();
    BOOST_TEST_REQUIRE(got.size() == 100u);
    for (int i = 0; i != 100; ++i)
        BOOST_TEST(got[static_cast<std::size_t>(i)] == success(std::to_string(2 * i)));
    BOOST_TEST(stream.outcome() == "OK");
}

BOOST_AUTO_TEST_CASE(a_request_waits_for_the_answer_of_the_one_before) {
    game_stream stream(*peer);
    BOOST_TEST(stream.send(twice(1, "twice_held")).empty());
    BOOST_TEST(stream.send(twice(2)).empty());
    object->hold->opened->set();
    BOOST_TEST((stream.receive() == answers{success("2"), success("4")}));
}

BOOST_AUTO_TEST_CASE(half_close_waits_for_the_answers) {
    game_stream stream(*peer);
    BOOST_TEST(stream.send(twice(1, "twice_held")).empty());
    BOOST_TEST(stream.finish() == "none");
    object->hold->opened->set();
    BOOST_TEST((stream.receive() == answers{success("2")}));
    BOOST_TEST(stream.outcome() == "OK");
}

BOOST_AUTO_TEST_CASE(streams_on_one_connection_do_not_wait_for_each_other) {
    game_stream held(*peer), other(*peer);
    BOOST_TEST(held.send(twice(1, "twice_held")).empty());
    BOOST_TEST((other.send(twice(2)) == answers{success("4")}));
    BOOST_TEST(peer->call("chat", "say", R"({"t":"unary"})") == success(R"("unary")"));
    object->hold->opened->set();
    BOOST_TEST((held.receive() == answers{success("2")}));
}

BOOST_AUTO_TEST_CASE(errors_do_not_end_the_stream) {
    game_stream stream(*peer);
    BOOST_TEST((stream.send(envelope("logic", "refuse")) == answers{{403, "not you", ""}}));
    for (auto const& [request, code] : std::map<std::string, int>{{envelope("nope", "x"), 404},
                                                                  {envelope("logic", "nope"), 404},
                                                                  {envelope("", ""), 404},
                                                                  {"", 404},
                                                                  {envelope("logic", "twice", "\xff"), 400},
                                                                  {envelope("logic", "twice", "[]"), 400},
                                                                  {envelope("logic", "twice", R"({"m":1})"), 400},
                                                                  {envelope("logic", "crash"), 500},
                                                                  {envelope("logic", "crash_later"), 500}}) {
        answers const got = stream.send(request);
        BOOST_TEST_REQUIRE(got.size() == 1u);
        BOOST_TEST(got[0].code == code);
        BOOST_TEST(got[0].message.find("secret") == std::string::npos);
        BOOST_TEST((stream.send(twice(2)) == answers{success("4")}));
    }
    BOOST_TEST(stream.finish() == "OK");
    BOOST_TEST(peer->log->lines.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_unparsable_request_ends_the_stream_with_a_status) {
    game_stream stream(*peer);
    BOOST_TEST((stream.send(twice(1)) == answers{success("2")}));
    BOOST_TEST(stream.send("\x0a\x7f").empty());
    BOOST_TEST(stream.outcome().starts_with("INTERNAL: game.grpc.RpcRequest: "));
    BOOST_TEST(peer->call("chat", "say", R"({"t":"on"})") == success(R"("on")"));
}

BOOST_AUTO_TEST_CASE(pushed_answers_are_one_array_for_a_client_that_did_not_ask) {
    game_stream stream(*peer);
    BOOST_TEST((stream.send(twice(3, "count_to")) == answers{success("[1,2,3]")}));
    BOOST_TEST((stream.send(twice(1, "count_to")) == answers{success("[1]")}));
    BOOST_TEST((stream.send(twice(0, "count_to")) == answers{success("[]")}));
    BOOST_TEST((stream.send(twice(2, "count_and_return")) == answers{success(R"([1,2,"done"])")}));
    BOOST_TEST((stream.send(twice(0, "count_and_return")) == answers{success(R"(["done"])")}));
    BOOST_TEST((stream.send(twice(2, "count_and_refuse")) == answers{{403, "not you", ""}}));
    BOOST_TEST(stream.send(twice(2, "count_and_crash")).at(0).code == 500);
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(pushed_answers_are_one_array_in_a_unary_call) {
    BOOST_TEST(peer->call("logic", "count_to", R"({"n":3})") == success("[1,2,3]"));
    BOOST_TEST(peer->call("logic", "count_to", R"({"n":0})") == success("[]"));
    BOOST_TEST(peer->call("logic", "count_and_return", R"({"n":1})") == success(R"([1,"done"])"));
    BOOST_TEST(peer->call("logic", "count_and_refuse", R"({"n":1})") == game_answer(403, "not you", ""));
    // One answer is all that a unary call has.
    BOOST_TEST(peer->call("logic", "count_to", R"({"n":2})", {{"joust-answers", "many"}}) == success("[1,2]"));
}

BOOST_AUTO_TEST_CASE(pushed_answers_come_one_by_one_for_a_client_that_asked) {
    game_stream stream(*peer);
    BOOST_TEST(
        (stream.send(asking_many("count_to", R"({"n":3})")) == answers{more("1"), more("2"), more("3"), success("")}));
    BOOST_TEST((stream.send(asking_many("count_to", R"({"n":0})")) == answers{success("")}));
    BOOST_TEST(
        (stream.send(asking_many("count_and_return", R"({"n":1})")) == answers{more("1"), success(R"("done")")}));
    BOOST_TEST(
        (stream.send(asking_many("count_and_refuse", R"({"n":1})")) == answers{more("1"), {403, "not you", ""}}));
    answers const crashed = stream.send(asking_many("count_and_crash", R"({"n":1})"));
    BOOST_TEST_REQUIRE(crashed.size() == 2u);
    BOOST_TEST(crashed[0] == more("1"));
    BOOST_TEST(crashed[1].code == 500);
    BOOST_TEST(crashed[1].message.starts_with("logic.count_and_crash: the handler failed"));
    // Methods that push nothing, and other requests of the same stream, are as ever.
    BOOST_TEST((stream.send(asking_many("twice", R"({"n":1})")) == answers{success("2")}));
    BOOST_TEST((stream.send(asking_many("twice_later", R"({"n":1})")) == answers{success("2")}));
    BOOST_TEST((stream.send(asking_many("nope", "")).at(0).code == 404));
    BOOST_TEST((stream.send(twice(2, "count_to")) == answers{success("[1,2]")}));
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(only_the_one_value_asks_for_many) {
    game_stream stream(*peer);
    for (auto const& [key, value] : std::map<std::string, std::string>{
             {"joust-answers", "Many"}, {"joust-answers ", "many"}, {"many", "joust-answers"}, {"", ""}})
        BOOST_TEST(
            (stream.send(envelope("logic", "count_to", R"({"n":2})", {{key, value}})) == answers{success("[1,2]")}));
}

BOOST_AUTO_TEST_CASE(pushed_answers_come_before_the_method_is_done) {
    game_stream stream(*peer);
    BOOST_TEST((stream.send(asking_many("count_and_wait", R"({"n":2})")) == answers{more("1"), more("2")}));
    object->hold->opened->set();
    BOOST_TEST((stream.receive() == answers{success("")}));
}

BOOST_AUTO_TEST_CASE(answers_that_cannot_be_pushed_are_told_to_the_method) {
    game_stream stream(*peer);
    std::string const why = R"("INTERNAL: invalid UTF-8")";
    BOOST_TEST((stream.send(envelope("logic", "push_bad_text")) == answers{success(R"(["a","b",)" + why + "]")}));
    BOOST_TEST(
        (stream.send(asking_many("push_bad_text", "")) == answers{more(R"("a")"), more(R"("b")"), success(why)}));
}

BOOST_AUTO_TEST_CASE(pushing_waits_for_a_client_that_does_not_read) {
    game_stream stream(*peer);
    peer->link->set_capacity(peer->link->to_client, 0);
    BOOST_TEST(stream.send(asking_many("push_large", R"({"n":200})")).empty());
    // 64 KiB of send queue, and a batch that is under way.
    std::size_t const before = object->pushed.size();
    BOOST_TEST(before < 50u);
    BOOST_TEST(before > 3u);
    BOOST_TEST(peer->poll() == 0u); // it waits, it does not spin
    peer->link->set_capacity(peer->link->to_client, memory_link::unlimited);
    answers const got = stream.receive();
    BOOST_TEST(got.size() == 201u);
    BOOST_TEST(object->pushed.size() == 200u);
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(requests_are_not_read_ahead_of_a_client_that_does_not_read) {
    game_stream stream(*peer);
    peer->link->set_capacity(peer->link->to_client, 0);
    for (int i = 0; i != 100; ++i)
        BOOST_TEST_REQUIRE(stream.call().send(twice(100'000, "large")));
    peer->poll();
    BOOST_TEST(peer->poll() == 0u);
    peer->link->set_capacity(peer->link->to_client, memory_link::unlimited);
    BOOST_TEST(stream.receive().size() == 100u);
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(a_client_that_resets_the_stream_cancels_the_method) {
    for (char const* const method : {"twice_held", "count_and_wait"}) {
        int const before = object->hold->cancelled;
        game_stream stream(*peer);
        stream.send(asking_many(method, R"({"n":1})"));
        stream.call().stream->abort(status(status_code::cancelled, "enough"));
        peer->poll();
        BOOST_TEST(object->hold->cancelled == before + 1);
        BOOST_TEST(peer->log->lines.empty()); // that is no failure of the handler
    }
    BOOST_TEST(peer->call("chat", "say", R"({"t":"on"})") == success(R"("on")"));
}

BOOST_AUTO_TEST_CASE(a_client_that_resets_a_call_cancels_the_method) {
    probe_call call;
    peer->start(call, twice(1, "twice_held"));
    BOOST_TEST(object->hold->entered == 1);
    call.stream->abort(status(status_code::cancelled, "enough"));
    peer->poll();
    BOOST_TEST(object->hold->cancelled == 1);
    BOOST_TEST(peer->log->lines.empty());
    BOOST_TEST(peer->call("chat", "say", R"({"t":"on"})") == success(R"("on")"));
}

BOOST_AUTO_TEST_CASE(a_client_that_vanishes_cancels_the_methods) {
    game_stream stream(*peer), idle(*peer);
    probe_call call;
    stream.send(twice(1, "twice_held"));
    peer->start(call, twice(1, "twice_held"));
    BOOST_TEST(object->hold->entered == 2);
    peer->link->close();
    peer->poll();
    BOOST_TEST(object->hold->cancelled == 2);
    BOOST_TEST(peer->log->lines.empty());
}

BOOST_AUTO_TEST_CASE(an_io_context_may_be_destroyed_with_calls_under_way) {
    std::weak_ptr<logic> const probe = object;
    {
        probe_call call;
        peer->start(call, twice(1, "twice_held"));
        probe_call pushing_call;
        peer->start(pushing_call, twice(1, "count_and_wait"));
        game_stream waiting(*peer), pushing(*peer), idle(*peer), blocked(*peer);
        waiting.send(twice(1, "twice_held"));
        pushing.send(asking_many("count_and_wait", R"({"n":1})"));
        peer->link->set_capacity(peer->link->to_client, 0);
        blocked.send(asking_many("push_large", R"({"n":200})"));
        BOOST_TEST(object->hold->entered == 4);
        object->hold->opened.reset(); // refers to the io_context
        object.reset();
        peer->client.reset(); // what is under way keeps the connections and their link
        peer->server.reset();
        peer->link.reset();
        BOOST_TEST(!probe.expired());
        peer->io.reset();
    }
    close();
    BOOST_TEST(probe.expired());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test::stream_call_tests
