//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Interceptors of a client of JSON services: around its calls, and around each request of its streams.

#include "support/game_loopback.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace joust::test {

namespace {

using asio::awaitable;
using game::outgoing_call;

/// Writes down what is asked of it, and does what it is told.
struct script {
    std::vector<std::string> lines;

    void note(std::string const& name, std::string const& what) { lines.push_back(name + "." + what); }
    std::string text() {
        std::string all;
        for (std::string const& each : std::exchange(lines, {}))
            all += (all.empty() ? "" : " ") + each;
        return all;
    }
};

class plain final : public game::client_interceptor {
public:
    plain(script& s, std::string name) : script_(s), name_(std::move(name)) {}

    std::function<status(outgoing_call&)> in_before = [](outgoing_call&) { return status(); };
    std::function<status(outgoing_call&)> in_after = [](outgoing_call&) { return status(); };
    std::function<void(outgoing_call&, status&)> in_error = [](outgoing_call&, status&) {};

    status before(outgoing_call& c) override {
        script_.note(name_, "before:" + std::string(c.method()));
        return in_before(c);
    }
    status after(outgoing_call& c) override {
        script_.note(name_, "after:" + std::string(c.answer()));
        return in_after(c);
    }
    void on_error(outgoing_call& c, status& error) override {
        script_.note(name_, "error:" + std::string(to_string(error.code())));
        in_error(c, error);
    }
    void on_push(outgoing_call&, buffer& answer) override { script_.note(name_, "push:" + std::string(answer.view())); }

private:
    script& script_;
    std::string name_;
};

class waiting final : public game::async_client_interceptor {
public:
    waiting(script& s, std::string name) : script_(s), name_(std::move(name)) {}

    std::function<awaitable<void>()> meanwhile = [] { return a_moment(); };

    awaitable<status> before(outgoing_call& c) override {
        script_.note(name_, "before:" + std::string(c.method()));
        auto passing = meanwhile();
        co_await std::move(passing);
        co_return status();
    }
    awaitable<status> after(outgoing_call& c) override {
        auto passing = a_moment();
        co_await std::move(passing);
        script_.note(name_, "after:" + std::string(c.answer()));
        co_return status();
    }
    awaitable<void> on_error(outgoing_call&, status& error) override {
        auto passing = a_moment();
        co_await std::move(passing);
        script_.note(name_, "error:" + std::string(to_string(error.code())));
    }

    static awaitable<void> a_moment() {
        asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
        co_await timer.async_wait(asio::use_awaitable);
    }

private:
    script& script_;
    std::string name_;
};

struct intercepted : game_loopback {
    script seen;
    std::shared_ptr<plain> a = std::make_shared<plain>(seen, "a");
    std::shared_ptr<plain> b = std::make_shared<plain>(seen, "b");
    std::shared_ptr<waiting> w = std::make_shared<waiting>(seen, "w");
    player_query const q{"7"};
    player const good{"x", 1};

    game::client with(std::vector<game::any_client_interceptor> list) {
        game::client_options o = over_one_connection();
        o.interceptors = std::move(list);
        return client(std::move(o));
    }

    /// The outcome of `get_player_info`.
    template <class T = player>
    result<T> ask(game::client const& c, std::string const& method = "get_player_info") {
        result<T> r = status();
        run([&]() -> awaitable<void> {
            auto calling = c.async_call<T>(method, q);
            r = co_await std::move(calling);
        });
        return r;
    }

    std::string updated(game::client const& c, std::vector<player> const& all) {
        std::string text;
        run([&]() -> awaitable<void> {
            auto calling = c.async_stream_call<bool>("update_player", all);
            auto const r = co_await std::move(calling);
            if (r.has_error())
                text = told(r);
            else
                for (auto const& each : *r)
                    text += (text.empty() ? "" : ", ") + (each ? std::string(*each ? "true" : "false") : told(each));
        });
        return text;
    }
};

std::string const the_player = R"({"player_id":"7","level":10})";

} // namespace

BOOST_FIXTURE_TEST_SUITE(game_client_interceptors, intercepted)

BOOST_AUTO_TEST_CASE(the_first_is_the_outermost) {
    BOOST_TEST(ask(with({a, b}))->level == 10);
    BOOST_TEST(seen.text() ==
               "a.before:get_player_info b.before:get_player_info b.after:" + the_player + " a.after:" + the_player);
}

BOOST_AUTO_TEST_CASE(plain_ones_and_coroutines_stand_in_one_order) {
    BOOST_TEST(ask(with({a, w, b}))->level == 10);
    BOOST_TEST(seen.text() == "a.before:get_player_info w.before:get_player_info b.before:get_player_info b.after:" +
                                  the_player + " w.after:" + the_player + " a.after:" + the_player);
}

BOOST_AUTO_TEST_CASE(the_request_can_be_changed) {
    a->in_before = [](outgoing_call& c) {
        BOOST_TEST(c.arguments() == R"({"player_id":"7"})");
        BOOST_TEST(c.service() == "logic");
        BOOST_TEST(!c.in_stream());
        c.set_arguments(R"({"player_id":"8"})");
        c.set_metadata("realm", "north");
        c.set_metadata("realm", "south");
        c.set_metadata("gone", "1");
        c.erase_metadata("gone");
        c.options().metadata.add("x-token", "4711");
        return status();
    };
    b->in_before = [](outgoing_call& c) {
        BOOST_TEST(c.arguments() == R"({"player_id":"8"})");
        BOOST_TEST(c.find_metadata("realm").value() == "south");
        BOOST_TEST(!c.find_metadata("gone"));
        return status();
    };
    BOOST_TEST(ask(with({a, b}))->player_id == "8");
    a->in_before = [](outgoing_call& c) {
        c.set_method("headers");
        c.set_arguments({});
        c.options().metadata.add("x-token", "4711");
        return status();
    };
    BOOST_TEST((ask<std::map<std::string, std::string>>(with({a}))->at("x-token") == "4711"));
}

BOOST_AUTO_TEST_CASE(the_answer_can_be_seen_and_changed) {
    a->in_after = [](outgoing_call& c) {
        BOOST_CHECK(c.origin().source == game::answer_source::server);
        BOOST_TEST_REQUIRE(c.info() != nullptr);
        BOOST_TEST(c.info()->attempts == 1u);
        std::string const whole(c.answer());
        c.set_answer(whole.substr(0, whole.find("10")) + "11}");
        return status();
    };
    for (auto const& list : {std::vector<game::any_client_interceptor>{a}, {a, w}})
        BOOST_TEST(ask(with(list))->level == 11);
}

BOOST_AUTO_TEST_CASE(a_refused_call_is_not_made) {
    b->in_before = [](outgoing_call&) { return status(status_code::permission_denied, "not here"); };
    for (auto const& list : {std::vector<game::any_client_interceptor>{a, b, a}, {a, b, w}}) {
        BOOST_TEST(told(ask<void>(with(list), "ping")) == "PERMISSION_DENIED: not here");
        BOOST_TEST(seen.text() == "a.before:ping b.before:ping b.error:PERMISSION_DENIED a.error:PERMISSION_DENIED");
    }
    BOOST_TEST(logic->pinged == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_before_the_call_is_the_answer) {
    b->in_before = [](outgoing_call& c) {
        c.set_answer(R"({"player_id":"cached","level":1})");
        return status();
    };
    a->in_after = [](outgoing_call& c) {
        BOOST_CHECK(c.origin().source == game::answer_source::interceptor);
        BOOST_TEST(c.info() == nullptr);
        return status();
    };
    for (auto const& list : {std::vector<game::any_client_interceptor>{a, b, a}, {a, b, w}}) {
        BOOST_TEST(ask(with(list))->player_id == "cached");
        BOOST_TEST(seen.lines.size() == 4u);
        seen.lines.clear();
    }
}

BOOST_AUTO_TEST_CASE(errors_of_methods_come_to_on_error) {
    auto const fail = [&](game::client const& c) {
        std::string text;
        run([&]() -> awaitable<void> {
            failing const f{404, "nobody"};
            auto calling = c.async_call<int>("fail", f);
            text = told(co_await std::move(calling));
        });
        return text;
    };
    BOOST_TEST(fail(with({a, b})) == "NOT_FOUND 404: nobody");
    BOOST_TEST(seen.text() == "a.before:fail b.before:fail b.error:NOT_FOUND a.error:NOT_FOUND");
    b->in_error = [](outgoing_call&, status& error) {
        BOOST_TEST(error.application_code() == 404);
        error = status(status_code::aborted, "other words");
    };
    BOOST_TEST(fail(with({a, b})) == "ABORTED: other words");
    b->in_error = [](outgoing_call& c, status& error) {
        c.set_answer("5");
        error = status();
    };
    BOOST_TEST(fail(with({a, b})) == "OK");
    BOOST_TEST(seen.text().ends_with("b.error:NOT_FOUND a.after:5"));
}

BOOST_AUTO_TEST_CASE(an_after_that_fails_makes_the_call_fail_for_those_further_out) {
    b->in_after = [](outgoing_call&) { return status(status_code::data_loss, "no good"); };
    BOOST_TEST(told(ask(with({a, b}))) == "DATA_LOSS: no good");
    BOOST_TEST(seen.text().ends_with("a.error:DATA_LOSS"));
}

BOOST_AUTO_TEST_CASE(hooks_that_throw_fail_the_call) {
    for (auto const& list : {std::vector<game::any_client_interceptor>{a, b}, {a, b, w}}) {
        b->in_before = [](outgoing_call&) -> status { throw rpc_error(status_code::unauthenticated, "who?"); };
        BOOST_TEST(told(ask(with(list))) == "UNAUTHENTICATED: who?");
        b->in_before = [](outgoing_call&) { return status(); };
        b->in_after = [](outgoing_call&) -> status { throw std::runtime_error("oh"); };
        BOOST_TEST(told(ask(with(list))) == "INTERNAL: an interceptor failed: oh");
        b->in_after = [](outgoing_call&) { return status(); };
    }
}

BOOST_AUTO_TEST_CASE(a_cancelled_call_ends_in_pairs) {
    auto const cancelled_at = [&](game::client const& c, std::string const& method, auto reached) {
        asio::cancellation_signal cancel;
        std::string text;
        game::call_options const options;
        c.async_call<void>(method, game::no_arguments, options,
                           asio::bind_cancellation_slot(cancel.slot(), [&](result<void> r) { text = told(r); }));
        run_until(io, reached);
        cancel.emit(asio::cancellation_type::terminal);
        run_until(io, [&] { return !text.empty(); });
        return text;
    };
    int const before = logic->waits;
    BOOST_TEST(cancelled_at(with({a, b}), "wait", [&] { return logic->waits == before + 1; }) ==
               "CANCELLED: the call was cancelled");
    BOOST_TEST(seen.text() == "a.before:wait b.before:wait b.error:CANCELLED a.error:CANCELLED");
    BOOST_TEST(cancelled_at(with({a, w}), "wait", [&] { return logic->waits == before + 2; }) ==
               "CANCELLED: the call was cancelled");
    BOOST_TEST(seen.text() == "a.before:wait w.before:wait w.error:CANCELLED a.error:CANCELLED");
    event never(io.get_executor());
    w->meanwhile = [&]() -> awaitable<void> {
        asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        co_await timer.async_wait(asio::use_awaitable);
    };
    BOOST_TEST(cancelled_at(with({a, w}), "ping", [&] { return seen.lines.size() == 2; }) ==
               "CANCELLED: the call was cancelled");
    BOOST_TEST(seen.text() == "a.before:ping w.before:ping w.error:CANCELLED a.error:CANCELLED");
    BOOST_TEST(logic->pinged == 0);
}

BOOST_AUTO_TEST_CASE(a_call_that_cannot_be_written_comes_to_none) {
    game::client_options o = over_one_connection();
    o.interceptors = {a};
    game::client const nameless(io.get_executor(), "unix:/nowhere", o);
    BOOST_TEST(told(ask(nameless)).starts_with("INVALID_ARGUMENT: cannot tell the service"));
    BOOST_TEST(seen.text().empty());
}

BOOST_AUTO_TEST_CASE(null_is_refused) {
    BOOST_CHECK_EXCEPTION(with({std::shared_ptr<game::client_interceptor>()}), std::invalid_argument, [](auto& e) {
        return std::string(e.what()) == "client_options: interceptors must not have null among them";
    });
}

BOOST_AUTO_TEST_CASE(they_are_around_each_request_of_a_stream) {
    for (auto const& list : {std::vector<game::any_client_interceptor>{a, b}, {a, w}}) {
        std::string const n = list.size() == 2 && list[1].index() == 0 ? "b" : "w";
        BOOST_TEST(updated(with(list), {{"x", 1}, {"y", 0}}) == "true, false");
        auto const lines = seen.lines;
        seen.lines.clear();
        BOOST_TEST(lines.size() == 8u);
        BOOST_TEST(std::count(lines.begin(), lines.end(), "a.before:update_player") == 2);
        BOOST_TEST(std::count(lines.begin(), lines.end(), n + ".after:true") == 1);
        BOOST_TEST(std::count(lines.begin(), lines.end(), "a.after:false") == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_refused_request_has_its_outcome_in_its_turn) {
    int n = 0;
    a->in_before = [&](outgoing_call& c) {
        BOOST_TEST(c.in_stream());
        switch (n++) {
        case 1: return status(status_code::permission_denied, "not this one");
        case 3: c.set_answer("false"); return status();
        default: return status();
        }
    };
    std::string const expected = "true, PERMISSION_DENIED 403: not this one, true, false, true";
    BOOST_TEST(updated(with({a}), std::vector<player>(5, good)) == expected);
    n = 0;
    BOOST_TEST(updated(with({w, a}), std::vector<player>(5, good)) == expected);
    BOOST_TEST(logic->updated.size() == 6u);
}

BOOST_AUTO_TEST_CASE(hooks_that_throw_fail_their_request_of_a_stream) {
    std::string const expected = "true, INTERNAL 500: an interceptor failed: oh, true";
    auto const count_of = [&](std::string const& line) {
        return std::count(seen.lines.begin(), seen.lines.end(), line);
    };
    for (auto const& list : {std::vector<game::any_client_interceptor>{b, a}, {w, a}}) {
        int n = 0;
        auto const second_throws = [&](outgoing_call&) {
            if (n++ == 1)
                throw std::runtime_error("oh");
            return status();
        };
        a->in_before = second_throws;
        BOOST_TEST(updated(with(list), std::vector<player>(3, good)) == expected);
        a->in_before = [](outgoing_call&) { return status(); };
        n = 0;
        a->in_after = second_throws;
        BOOST_TEST(updated(with(list), std::vector<player>(3, good)) == expected);
        a->in_after = [](outgoing_call&) { return status(); };
        BOOST_TEST(count_of("a.before:update_player") == 6);
        BOOST_TEST(count_of("a.error:INTERNAL") == 1); // of its own `before`
        BOOST_TEST(count_of(list[0].index() == 0 ? "b.error:INTERNAL" : "w.error:INTERNAL") == 2);
        seen.lines.clear();
    }
}

BOOST_AUTO_TEST_CASE(requests_of_a_stream_that_are_all_refused_end_it_well) {
    a->in_before = [&](outgoing_call&) { return status(status_code::permission_denied, "no"); };
    BOOST_TEST(updated(with({a}), std::vector<player>(2, good)) ==
               "PERMISSION_DENIED 403: no, PERMISSION_DENIED 403: no");
}

BOOST_AUTO_TEST_CASE(answers_of_a_stream_can_be_changed) {
    a->in_after = [](outgoing_call& c) {
        c.set_answer(c.answer() == "true" ? "false" : "true");
        return status();
    };
    BOOST_TEST(updated(with({a}), {{"x", 1}, {"y", 0}}) == "false, true");
    a->in_after = [](outgoing_call&) { return status(status_code::data_loss, "no good"); };
    BOOST_TEST(updated(with({a}), {{"x", 1}}) == "INTERNAL 500: no good");
}

BOOST_AUTO_TEST_CASE(answers_that_are_pushed_come_to_on_push) {
    auto const c = with({a});
    run([&]() -> awaitable<void> {
        game::call_options many;
        many.many_answers = true;
        auto opening = c.async_open_stream("count", many);
        game::stream s = (co_await std::move(opening)).value();
        player const two{"p", 2};
        auto writing = s.async_write(two);
        (co_await std::move(writing)).value();
        for (bool more = true; more;) {
            auto reading = s.async_read();
            auto const next = (co_await std::move(reading)).value();
            more = next->more;
        }
        auto finishing = s.async_finish();
        s.cancel();
        (void)co_await std::move(finishing);
    });
    BOOST_TEST(seen.text() == R"(a.before:count a.push:{"player_id":"p","level":0} )"
                              R"(a.push:{"player_id":"p","level":1} a.after:"done")");
}

BOOST_AUTO_TEST_CASE(requests_without_an_answer_end_with_their_stream) {
    auto const c = with({a, w});
    auto const open = [&](std::string method) -> awaitable<game::stream> {
        auto opening = c.async_open_stream(method);
        game::stream s = (co_await std::move(opening)).value();
        auto writing = s.async_write(game::no_arguments);
        (co_await std::move(writing)).value();
        co_return s;
    };
    run([&]() -> awaitable<void> { // dropped
        auto opening = open("wait");
        game::stream const s = co_await std::move(opening);
    });
    run_until(io, [&] { return seen.lines.size() == 4; });
    BOOST_TEST(seen.text() == "a.before:wait w.before:wait w.error:CANCELLED a.error:CANCELLED");
    run([&]() -> awaitable<void> { // finished without having been read
        auto opening = open("ping");
        game::stream s = co_await std::move(opening);
        auto ending = s.async_writes_done();
        (co_await std::move(ending)).value();
        auto finishing = s.async_finish();
        (co_await std::move(finishing)).value();
    });
    BOOST_TEST(seen.text() == "a.before:ping w.before:ping w.error:CANCELLED a.error:CANCELLED");
    run([&]() -> awaitable<void> { // the server goes away
        auto opening = open("wait");
        game::stream s = co_await std::move(opening);
        server.stop();
        auto reading = s.async_read();
        auto const r = co_await std::move(reading);
        BOOST_CHECK(code_of(r) == status_code::unavailable);
    });
    BOOST_TEST(seen.text() == "a.before:wait w.before:wait w.error:UNAVAILABLE a.error:UNAVAILABLE");
}

BOOST_AUTO_TEST_CASE(a_cancelled_read_of_a_stream_loses_nothing) {
    auto const c = with({w});
    run([&]() -> awaitable<void> {
        auto opening = c.async_open_stream("update_player");
        game::stream s = (co_await std::move(opening)).value();
        asio::cancellation_signal stop;
        bool stopped = false;
        s.async_read<bool>(asio::bind_cancellation_slot(stop.slot(), [&](auto r) {
            BOOST_CHECK(code_of(r) == status_code::cancelled);
            stopped = true;
        }));
        stop.emit(asio::cancellation_type::total);
        auto writing = s.async_write(good);
        (co_await std::move(writing)).value();
        auto reading = s.async_read<bool>();
        auto const r = (co_await std::move(reading)).value();
        BOOST_TEST(r->value.value());
        BOOST_TEST(stopped);
        auto ending = s.async_writes_done();
        (co_await std::move(ending)).value();
        auto last = s.async_read<bool>();
        BOOST_TEST(!(co_await std::move(last)).value());
        auto finishing = s.async_finish();
        BOOST_TEST(told(co_await std::move(finishing)) == "OK");
    });
}

BOOST_AUTO_TEST_CASE(a_context_that_is_destroyed_leaves_nothing_behind) {
    std::weak_ptr<plain> const left = a;
    script unused;
    {
        asio::io_context other;
        game::client_options o = over_one_connection();
        o.interceptors = {std::exchange(a, std::make_shared<plain>(unused, "n")), w};
        o.service = "logic";
        auto const c = std::make_shared<game::client>(other.get_executor(), address, o);
        asio::co_spawn(
            other,
            [c]() -> awaitable<void> {
                auto opening = c->async_open_stream("wait");
                game::stream s = (co_await std::move(opening)).value();
                auto writing = s.async_write(game::no_arguments);
                (co_await std::move(writing)).value();
                auto reading = s.async_read();
                (void)co_await std::move(reading);
            },
            asio::detached);
        int const before = logic->waits;
        run_until(io, [&] {
            other.poll();
            return logic->waits == before + 1;
        });
    }
    BOOST_TEST(left.expired());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
