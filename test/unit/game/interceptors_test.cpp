//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/interceptor.hpp"

#include "joust/game/services.hpp"
#include "support/game_peer.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// Hooks around the methods of JSON services.

namespace joust::test {

BOOST_AUTO_TEST_SUITE(game_interceptors)

namespace {

namespace asio = boost::asio;
using asio::awaitable;
using namespace std::chrono_literals;

using steps = std::vector<std::string>;

/// Writes down what it hears.
struct witness final : game::interceptor {
    witness(steps& to, std::string n) : log(to), name(std::move(n)) {}

    status before(game::call& c) override {
        log.push_back(name + " before " + std::string(c.arguments()));
        if (answer)
            c.set_answer(*answer);
        return refusal;
    }
    status after(game::call& c) override {
        log.push_back(name + " after " + std::string(c.answer()));
        return spoiled;
    }
    void on_error(game::call& c, status& error) override {
        log.push_back(name + " on_error " + std::string(error.message()));
        if (instead) {
            error = status();
            c.set_answer(*instead);
        }
    }
    status on_push(game::call&, buffer& pushed) override {
        log.push_back(name + " on_push " + std::string(pushed.view()));
        pushed.push_back('0');
        return {};
    }

    steps& log;
    std::string name;
    status refusal;
    status spoiled;
    std::optional<std::string> answer;
    std::optional<std::string> instead;
};

/// The same, taking its time.
struct slow_witness final : game::async_interceptor {
    slow_witness(steps& to, std::string n) : inner(to, std::move(n)) {}

    static awaitable<void> pause() { co_await asio::post(asio::use_awaitable); }
    awaitable<status> before(game::call& c) override {
        co_await pause();
        co_return inner.before(c);
    }
    awaitable<status> after(game::call& c) override {
        co_await pause();
        co_return inner.after(c);
    }
    awaitable<void> on_error(game::call& c, status& error) override {
        co_await pause();
        inner.on_error(c, error);
    }

    witness inner;
};

struct number {
    int value = 0;
};
BOOST_DESCRIBE_STRUCT(number, (), (value))

struct math {
    int twice(number n) { return 2 * n.value; }
    awaitable<int> twice_later(number n) {
        co_await asio::post(asio::use_awaitable);
        co_return 2 * n.value;
    }
    result<int> fail(number) { return status(status_code::not_found, "no such number"); }
    int crash(number) { throw std::runtime_error("secret"); }
    awaitable<int> never(number) {
        asio::steady_timer far(co_await asio::this_coro::executor, 1h);
        co_await far.async_wait(asio::use_awaitable);
        co_return 0;
    }
    awaitable<int> push(number n, game::responses<int>& out) {
        for (int i = 0; i != 2; ++i) {
            auto pushing = out.async_push(i, asio::use_awaitable);
            (co_await std::move(pushing)).value();
        }
        co_return n.value;
    }
};
BOOST_DESCRIBE_STRUCT(math, (), (twice, twice_later, fail, crash, never, push))

/// A server whose service `math` is watched by three interceptors.
struct watched {
    steps log;
    game::services s;
    std::shared_ptr<witness> server = std::make_shared<witness>(log, "server");
    std::shared_ptr<witness> service = std::make_shared<witness>(log, "service");
    std::shared_ptr<witness> method = std::make_shared<witness>(log, "method");

    watched() {
        s.use(server);
        game::service& m = s.add("math", std::make_shared<math>());
        m.use(service);
        for (char const* const name : {"twice", "twice_later", "fail", "crash", "never", "push"})
            m.use(name, method);
    }
};

std::string joined(steps const& all) {
    std::string text;
    for (auto const& one : all)
        text += one + "; ";
    return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(before_runs_first_to_last_and_after_last_to_first) {
    for (char const* const name : {"twice", "twice_later"}) {
        watched w;
        game_peer peer(w.s);
        BOOST_TEST(peer.call("math", name, R"({"value":4})") == success("8"));
        BOOST_TEST(joined(w.log) == "server before {\"value\":4}; service before {\"value\":4}; method before "
                                    "{\"value\":4}; method after 8; service after 8; server after 8; ");
    }
}

BOOST_AUTO_TEST_CASE(coroutines_and_plain_hooks_mix) {
    steps log;
    game::services s;
    s.use(std::make_shared<slow_witness>(log, "slow"), std::make_shared<witness>(log, "plain"));
    s.add("math", std::make_shared<math>());
    game_peer peer(s);
    BOOST_TEST(peer.call("math", "twice", R"({"value":1})") == success("2"));
    BOOST_TEST(joined(log) == "slow before {\"value\":1}; plain before {\"value\":1}; plain after 2; slow after 2; ");
    log.clear();
    BOOST_TEST(peer.call("math", "fail").message == "no such number");
    BOOST_TEST(joined(log) ==
               "slow before ; plain before ; plain on_error no such number; slow on_error no such number; ");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_heard_by_those_who_were_asked) {
    for (char const* const name : {"twice", "twice_later"}) {
        watched w;
        w.service->refusal = status(status_code::resource_exhausted, "too much");
        game_peer peer(w.s);
        BOOST_TEST(peer.call("math", name) == game_answer(429, "too much", ""));
        BOOST_TEST(joined(w.log) ==
                   "server before ; service before ; service on_error too much; server on_error too much; ");
    }
}

BOOST_AUTO_TEST_CASE(an_answer_stands_in_for_the_method) {
    for (char const* const name : {"twice", "twice_later", "push", "crash"}) {
        watched w;
        w.service->answer = "7";
        game_peer peer(w.s);
        BOOST_TEST(peer.call("math", name) == success("7"));
        BOOST_TEST(joined(w.log) == "server before ; service before ; service after 7; server after 7; ");
    }
}

BOOST_AUTO_TEST_CASE(an_error_may_be_made_an_answer) {
    for (char const* const name : {"fail", "crash", "never"}) {
        watched w;
        w.s.find("math")->method("never", {.timeout = 1ms});
        w.method->instead = "0";
        game_peer peer(w.s);
        probe_call call;
        peer.start(call, envelope("math", name));
        while (!call.outcome && peer.io->run_one() != 0) {
        }
        BOOST_TEST_REQUIRE(call.messages.size() == 1u);
        BOOST_TEST(game_answer(call.messages[0]) == success("0"));
        BOOST_TEST_REQUIRE(w.log.size() == 6u);
        BOOST_TEST(w.log[3].starts_with("method on_error "));
        BOOST_TEST(w.log[4] == "service after 0");
        BOOST_TEST(w.log[5] == "server after 0");
    }
}

BOOST_AUTO_TEST_CASE(an_answer_may_be_made_an_error) {
    watched w;
    w.method->spoiled = status(status_code::data_loss, "spoiled");
    game_peer peer(w.s);
    BOOST_TEST(peer.call("math", "twice", R"({"value":1})") == game_answer(500, "spoiled", ""));
    BOOST_TEST(w.log.back() == "server on_error spoiled");
}

BOOST_AUTO_TEST_CASE(arguments_and_answers_may_be_changed) {
    struct changes final : game::interceptor {
        status before(game::call& c) override {
            c.set_arguments(buffer(R"({"value":21})"));
            return {};
        }
        status after(game::call& c) override {
            std::string const text = "[" + std::string(c.answer()) + "]";
            c.set_answer(text);
            return {};
        }
    };
    game::services s;
    s.add("math", std::make_shared<math>()).use(std::make_shared<changes>());
    game_peer peer(s);
    for (char const* const name : {"twice", "twice_later"})
        BOOST_TEST(peer.call("math", name, R"({"value":1})") == success("[42]"));
}

BOOST_AUTO_TEST_CASE(hooks_that_throw_fail_as_methods_do) {
    struct throws final : game::interceptor {
        explicit throws(char const* w) : where(w) {}
        status before(game::call&) override { return act("before"); }
        status after(game::call&) override { return act("after"); }
        void on_error(game::call&, status&) override { (void)act("on_error"); }
        status act(std::string_view here) const {
            if (here == where)
                throw std::runtime_error("secret");
            return {};
        }
        std::string_view where;
    };
    for (bool const later : {false, true})
        for (auto const& [where, method] : {std::pair("before", "twice"), std::pair("after", "twice"),
                                            std::pair("on_error", "fail"), std::pair("before", "twice_later")}) {
            steps log;
            game::services s;
            s.use(std::make_shared<witness>(log, "outer"));
            if (later)
                s.use(std::make_shared<slow_witness>(log, "slow"));
            s.use(std::make_shared<throws>(where));
            s.add("math", std::make_shared<math>());
            game_peer peer(s);
            game_answer const answer = peer.call("math", method);
            BOOST_TEST(answer.code == 500);
            BOOST_TEST(answer.message.starts_with("math." + std::string(method) + ": the handler failed (call id "));
            BOOST_TEST_REQUIRE(peer.log->lines.size() == 1u);
            BOOST_TEST(peer.log->lines[0].ends_with("math." + std::string(method) + ": secret"));
            BOOST_TEST(log.back().starts_with("outer on_error "));
        }
}

BOOST_AUTO_TEST_CASE(each_request_of_a_stream_is_a_call) {
    watched w;
    game_peer peer(w.s);
    game_stream stream(peer);
    BOOST_TEST(stream.send(envelope("math", "twice", R"({"value":1})")) == std::vector{success("2")},
               boost::test_tools::per_element());
    BOOST_TEST(w.log.size() == 6u);
    BOOST_TEST(stream.send(envelope("math", "fail")).size() == 1u);
    BOOST_TEST(w.log.size() == 12u);
    BOOST_TEST(stream.send(envelope("math", "twice_later", R"({"value":3})")) == std::vector{success("6")},
               boost::test_tools::per_element());
    BOOST_TEST(w.log.size() == 18u);
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(pushed_answers_go_through_the_hooks) {
    watched w;
    game_peer peer(w.s);
    BOOST_TEST(peer.call("math", "push", R"({"value":5})") == success("[0000,1000,5]"));
    BOOST_TEST(w.log[3] == "method on_push 0");
    BOOST_TEST(w.log[4] == "service on_push 00");
    BOOST_TEST(w.log[5] == "server on_push 000");
    game_stream stream(peer);
    auto const got = stream.send(envelope("math", "push", R"({"value":5})", {{"joust-answers", "many"}}));
    BOOST_TEST(got == (std::vector<game_answer>{{0, "more", "0000"}, {0, "more", "1000"}, success("5")}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_was_asked_hears_of_a_cancelled_call) {
    for (bool const later : {false, true}) {
        watched w;
        if (later)
            w.s.find("math")->use("never", std::make_shared<slow_witness>(w.log, "slow"));
        game_peer peer(w.s);
        probe_call call;
        peer.start(call, envelope("math", "never"));
        BOOST_TEST(w.log.size() == (later ? 4u : 3u));
        call.stream->abort(status(status_code::cancelled, "cancelled"));
        peer.poll();
        BOOST_TEST_REQUIRE(w.log.size() == (later ? 8u : 6u));
        BOOST_TEST(w.log.back().starts_with("server on_error "));
    }
}

BOOST_AUTO_TEST_CASE(an_interceptor_may_set_the_time_limit) {
    struct hurry final : game::interceptor {
        status before(game::call& c) override {
            c.set_timeout(1ms);
            return {};
        }
    };
    game::services s;
    s.add("math", std::make_shared<math>()).method("never", {.timeout = 1h}).use("never", std::make_shared<hurry>());
    game_peer peer(s);
    probe_call call;
    peer.start(call, envelope("math", "never"));
    while (!call.outcome && peer.io->run_one() != 0) {
    }
    BOOST_TEST_REQUIRE(call.messages.size() == 1u);
    BOOST_TEST(game_answer(call.messages[0]) == game_answer(504, "math.never: timed out after 0.001 s", ""));
}

BOOST_AUTO_TEST_CASE(values_and_identity_go_from_hook_to_hook) {
    struct says final : game::interceptor {
        status before(game::call& c) override {
            c.set_identity("ann");
            c.set_value(7);
            return {};
        }
    };
    struct hears final : game::interceptor {
        status before(game::call& c) override {
            return status(status_code::aborted, std::string(c.identity()) + std::to_string(*c.find_value<int>()) +
                                                    std::string(c.service()) + "/" + std::string(c.method()) +
                                                    std::string(c.find_metadata("k").value_or("-")));
        }
    };
    game::services s;
    s.add("math", std::make_shared<math>()).use(std::make_shared<says>(), std::make_shared<hears>());
    game_peer peer(s);
    BOOST_TEST(peer.call("math", "twice", {}, {{"k", "v"}}).message == "ann7math/twicev");
}

BOOST_AUTO_TEST_CASE(interceptors_may_come_while_the_server_serves) {
    steps log;
    game::services s;
    game::service& m = s.add("math", std::make_shared<math>());
    game_peer peer(s);
    BOOST_TEST(peer.call("math", "twice") == success("0"));
    m.use("twice", std::make_shared<witness>(log, "method"));
    s.use(std::make_shared<witness>(log, "server"));
    BOOST_TEST(peer.call("math", "twice") == success("0"));
    BOOST_TEST(joined(log) == "server before ; method before ; method after 0; server after 0; ");
    s.add("new", std::make_shared<math>());
    log.clear();
    BOOST_TEST(peer.call("new", "twice") == success("0"));
    BOOST_TEST(joined(log) == "server before ; server after 0; ");
}

BOOST_AUTO_TEST_CASE(null_and_unknown_are_refused) {
    game::services s;
    game::service& m = s.add("math", std::make_shared<math>());
    std::shared_ptr<game::interceptor> const none;
    BOOST_CHECK_THROW(s.use(none), std::invalid_argument);
    BOOST_CHECK_THROW(m.use(none), std::invalid_argument);
    BOOST_CHECK_THROW(m.use("twice", none), std::invalid_argument);
    steps log;
    BOOST_CHECK_THROW(m.use("nope", std::make_shared<witness>(log, "w")), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
