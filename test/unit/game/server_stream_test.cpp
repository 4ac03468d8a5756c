//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/services.hpp"
#include "support/game_peer.hpp"
#include "support/run.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

// Methods that serve a whole stream, as a stock client sees them.

namespace joust::test {

namespace {

using asio::awaitable;
using answers = std::vector<game_answer>;
using namespace asio::experimental::awaitable_operators;

struct number {
    int n = 0;
};
BOOST_DESCRIBE_STRUCT(number, (), (n))

using numbers = game::server_stream<number, int>;

template <class In, class Out>
awaitable<std::optional<In>> read(game::server_stream<In, Out>& s) {
    auto reading = s.async_read(asio::use_awaitable);
    result<std::optional<In>> got = co_await std::move(reading);
    co_return std::move(got).value();
}

template <class In, class Out>
awaitable<void> write(game::server_stream<In, Out>& s, Out what) {
    auto writing = s.async_write(what, asio::use_awaitable);
    result<void> const done = co_await std::move(writing);
    done.value();
}

struct table {
    std::optional<event> nudge; ///< of those who wait for one
    int running = 0;
    int written = 0;
    std::vector<std::string> heard;

    int twice(number a) { return 2 * a.n; }

    awaitable<void> echo(numbers& s) {
        while (auto const a = co_await read(s))
            co_await write(s, 2 * a->n);
    }
    /// Until it is shown a zero.
    awaitable<status> until_zero(numbers& s, call_context&) {
        while (auto const a = co_await read(s)) {
            if (a->n == 0)
                co_return status();
            if (a->n < 0)
                co_return status(status_code::permission_denied, "negative");
            co_await write(s, a->n);
        }
        co_return status(status_code::aborted, "no zero");
    }
    awaitable<int> sum(numbers& s) {
        int all = 0;
        while (auto const a = co_await read(s))
            all += a->n;
        co_return all;
    }
    awaitable<result<int>> refuse(numbers&) { co_return status(status_code::not_found, "no such table"); }
    awaitable<void> crash(numbers& s) {
        co_await read(s);
        throw std::runtime_error("the secret");
    }
    /// Sees the requests that are no good.
    awaitable<result<void>> judge(game::server_stream<result<number>, std::string>& s) {
        while (auto const a = co_await read(s)) {
            if (a->has_value()) {
                co_await write(s, "good " + std::to_string((*a)->n));
                continue;
            }
            status const why(status_code::already_exists, "judged: " + a->error().message());
            auto writing = s.async_write_error(why, asio::use_awaitable);
            (co_await std::move(writing)).value();
        }
        co_return result<void>();
    }
    /// Says -1 whenever it is nudged.
    awaitable<void> nudged(numbers& s) {
        nudge.emplace(co_await asio::this_coro::executor);
        for (;;) {
            auto race = read(s) || nudge->wait();
            auto const first = co_await std::move(race);
            if (first.index() == 1) {
                nudge.emplace(co_await asio::this_coro::executor);
                co_await write(s, -1);
                continue;
            }
            if (!std::get<0>(first))
                co_return;
            co_await write(s, std::get<0>(first)->n);
        }
    }
    /// Gives up its second read when it is nudged.
    awaitable<void> leave(numbers& s) {
        nudge.emplace(co_await asio::this_coro::executor);
        co_await read(s);
        auto race = read(s) || nudge->wait();
        co_await std::move(race);
    }
    awaitable<void> flood(game::server_stream<number, std::string>& s) {
        std::string const large(10'000, 'x');
        while (auto const a = co_await read(s))
            for (int i = 0; i != a->n; ++i) {
                co_await write(s, large);
                ++written;
            }
    }
    /// The middle one cannot be written.
    awaitable<void> bad_text(game::server_stream<number, std::string>& s) {
        for (char const* const t : {"a", "\xff", "b"}) {
            auto writing = s.async_write(t, asio::use_awaitable);
            result<void> const r = co_await std::move(writing);
            heard.push_back(r.has_error() ? r.error().to_string() : "OK");
        }
        auto writing = s.async_write_error(status(), asio::use_awaitable);
        (co_await std::move(writing)).value();
    }
    /// Tells how its reads end.
    awaitable<void> listen(numbers& s) {
        ++running;
        for (;;) {
            auto reading = s.async_read(asio::use_awaitable);
            auto const r = co_await std::move(reading);
            heard.push_back(r.has_error() ? r.error().to_string() : r->has_value() ? "request" : "end");
            if (heard.size() > 5 || (r.has_value() && !r->has_value()))
                break;
        }
        --running;
    }
    awaitable<void> wait(numbers&) {
        asio::steady_timer far(co_await asio::this_coro::executor, 1h);
        co_await far.async_wait(asio::use_awaitable);
    }
};
BOOST_DESCRIBE_STRUCT(table, (),
                      (twice, echo, until_zero, sum, refuse, crash, judge, nudged, leave, flood, bad_text, listen,
                       wait))

std::string play(char const* method, int n, std::map<std::string, std::string> const& metadata = {}) {
    return envelope("table", method, "{\"n\":" + std::to_string(n) + "}", metadata);
}

std::map<std::string, std::string> const many{{"joust-answers", "many"}};

game_answer more(std::string_view payload) {
    return {0, "more", payload};
}

struct fixture {
    std::shared_ptr<table> object = std::make_shared<table>();
    game::services services;
    game::service& service = services.add("table", object);
    std::unique_ptr<game_peer> peer = std::make_unique<game_peer>(services);

    fixture() = default;
    fixture(fixture const&) = delete;
    fixture& operator=(fixture const&) = delete;
    ~fixture() {
        if (object)
            object->nudge.reset(); // its timer must not outlive the loop
        peer.reset();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(server_stream, fixture)

BOOST_AUTO_TEST_CASE(the_first_request_begins_it_and_is_read_first) {
    game_stream stream(*peer);
    for (int i = 1; i != 50; ++i)
        BOOST_TEST((stream.send(play("echo", i)) == answers{success(std::to_string(2 * i))}));
    BOOST_TEST(stream.outcome() == "none");
    BOOST_TEST(stream.finish() == "OK");
    BOOST_TEST(stream.receive().empty());
}

BOOST_AUTO_TEST_CASE(requests_that_pile_up_are_read_in_order) {
    game_stream stream(*peer);
    for (int i = 0; i != 100; ++i)
        BOOST_TEST_REQUIRE(stream.call().send(play("echo", i)));
    stream.call().stream->call().half_close();
    answers const got = stream.receive();
    BOOST_TEST_REQUIRE(got.size() == 100u);
    for (int i = 0; i != 100; ++i)
        BOOST_TEST(got[static_cast<std::size_t>(i)] == success(std::to_string(2 * i)));
    BOOST_TEST(stream.outcome() == "OK");
}

BOOST_AUTO_TEST_CASE(the_stream_belongs_to_the_method_until_it_returns) {
    game_stream stream(*peer);
    BOOST_TEST((stream.send(play("twice", 1)) == answers{success("2")}));
    BOOST_TEST((stream.send(play("until_zero", 7)) == answers{success("7")}));
    for (char const* const method : {"twice", "echo", "nope"})
        BOOST_TEST(
            (stream.send(play(method, 1)) ==
             answers{{400, "\"table." + std::string(method) + "\": the stream belongs to table.until_zero", ""}}));
    BOOST_TEST((stream.send(envelope("", "table.until_zero", R"({"n":8})")) == answers{success("8")}));
    BOOST_TEST(stream.send(play("until_zero", 0)).empty());
    BOOST_TEST((stream.send(play("twice", 2)) == answers{success("4")}));
    BOOST_TEST((stream.send(play("until_zero", 9)) == answers{success("9")}));
    BOOST_TEST((stream.send(play("until_zero", -1)) == answers{{403, "negative", ""}}));
    BOOST_TEST((stream.send(play("echo", 3)) == answers{success("6")}));
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(a_bad_request_is_answered_and_not_shown) {
    game_stream stream(*peer);
    for (char const* const payload : {R"({"m":1})", "[]", "\xff"}) {
        answers const got = stream.send(envelope("table", "echo", payload));
        BOOST_TEST_REQUIRE(got.size() == 1u);
        BOOST_TEST(got[0].code == 400);
        BOOST_TEST(got[0].message.starts_with("table.echo: "));
        BOOST_TEST((stream.send(play("echo", 1)) == answers{success("2")}));
    }
    service.method("echo", {.max_arguments_size = 10});
    game_stream limited(*peer);
    BOOST_TEST((limited.send(play("echo", 1)) == answers{success("2")}));
    BOOST_TEST((limited.send(play("echo", 100'000)) ==
                answers{{400, "table.echo: arguments of 12 bytes, the limit is 10", ""}}));
    BOOST_TEST((limited.send(play("echo", 2)) == answers{success("4")}));
    BOOST_TEST(limited.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(the_first_request_chooses_the_codec_of_all) {
    auto const play_in = [](std::string_view codec, std::string_view payload) {
        return envelope("table", "echo", payload, {{"joust-codec", std::string(codec)}});
    };
    game_stream stream(*peer);
    BOOST_TEST((stream.send(play_in("msgpack", "\x81\xa1n\x05")) == answers{success("\x0a")}));
    BOOST_TEST(
        (stream.send(play_in("msgpack", "\x81\xa1n\xcc\x80")) == answers{success("\xcd\x01" + std::string(1, '\0'))}));
    std::string const mixed = "table.echo: a request in \"json\" of a stream in \"msgpack\"";
    BOOST_TEST((stream.send(play("echo", 1)) == answers{game_answer(400, mixed, "")}));
    BOOST_TEST(stream.send(play_in("cbor", "\x01"))[0].code == 400);
    BOOST_TEST(stream.send(play_in("msgpack", "{}"))[0].message ==
               "table.echo: invalid MessagePack at offset 1: there is something behind the value");
    BOOST_TEST((stream.send(play_in("msgpack", "\x81\xa1n\x06")) == answers{success("\x0c")}));
    BOOST_TEST(stream.finish() == "OK");
    game_stream unknown(*peer);
    BOOST_TEST(unknown.send(play_in("cbor", "\x01"))[0].code == 415); // it does not begin
    BOOST_TEST((unknown.send(play("echo", 1)) == answers{success("2")}));
    BOOST_TEST(unknown.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(a_method_that_asks_sees_bad_requests) {
    game_stream stream(*peer);
    BOOST_TEST((stream.send(play("judge", 1)) == answers{success(R"("good 1")")}));
    answers const got = stream.send(envelope("table", "judge", "[]"));
    BOOST_TEST_REQUIRE(got.size() == 1u);
    BOOST_TEST(got[0].code == 409);
    BOOST_TEST(got[0].message.starts_with("judged: table.judge: "));
    BOOST_TEST((stream.send(play("judge", 2)) == answers{success(R"("good 2")")}));
    BOOST_TEST((stream.send(play("echo", 2)).at(0).code == 400)); // not its business
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(half_close_ends_the_reads) {
    game_stream stream(*peer);
    for (int i = 1; i != 5; ++i)
        BOOST_TEST(stream.send(play("sum", i)).empty());
    BOOST_TEST(stream.finish() == "OK");
    BOOST_TEST((stream.receive() == answers{success("10")}));
    game_stream other(*peer);
    other.send(play("until_zero", 1));
    BOOST_TEST(other.finish() == "OK");
    BOOST_TEST((other.receive() == answers{{409, "no zero", ""}}));
}

BOOST_AUTO_TEST_CASE(an_error_of_the_method_is_an_answer) {
    game_stream stream(*peer);
    BOOST_TEST((stream.send(play("refuse", 1)) == answers{{404, "no such table", ""}}));
    answers const crashed = stream.send(play("crash", 1));
    BOOST_TEST_REQUIRE(crashed.size() == 1u);
    BOOST_TEST(crashed[0].code == 500);
    BOOST_TEST(crashed[0].message.find("secret") == std::string::npos);
    BOOST_TEST(peer->log->lines.size() == 1u);
    BOOST_TEST((stream.send(play("twice", 1)) == answers{success("2")}));
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(a_client_that_asked_for_many_hears_when_the_method_is_done) {
    game_stream stream(*peer);
    BOOST_TEST((stream.send(play("until_zero", 1, many)) == answers{more("1")}));
    BOOST_TEST((stream.send(play("until_zero", 2)) == answers{more("2")}));
    BOOST_TEST((stream.send(play("until_zero", 0)) == answers{success("")}));
    BOOST_TEST((stream.send(play("refuse", 0, many)) == answers{{404, "no such table", ""}}));
    BOOST_TEST(stream.send(play("sum", 4, many)).empty());
    BOOST_TEST(stream.finish() == "OK");
    BOOST_TEST((stream.receive() == answers{success("4")}));
}

BOOST_AUTO_TEST_CASE(a_call_is_refused) {
    game_answer const answer = peer->call("table", "echo", R"({"n":1})");
    BOOST_TEST(answer == game_answer(501, "table.echo: it serves a stream, not a call: use StreamCall", ""));
}

BOOST_AUTO_TEST_CASE(a_cancelled_read_loses_nothing) {
    game_stream stream(*peer);
    BOOST_TEST((stream.send(play("nudged", 1)) == answers{success("1")}));
    for (int i = 0; i != 20; ++i) {
        object->nudge->set();
        BOOST_TEST((stream.receive() == answers{success("-1")}));
        BOOST_TEST((stream.send(play("nudged", i)) == answers{success(std::to_string(i))}));
        // At the same time, one or the other first.
        if (i % 2 == 0)
            object->nudge->set();
        BOOST_TEST_REQUIRE(stream.call().send(play("nudged", 100)));
        if (i % 2 == 1)
            object->nudge->set();
        answers got = stream.receive();
        BOOST_TEST(got.size() == 2u);
        BOOST_TEST((std::erase(got, success("100")) == 1u));
    }
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(a_request_that_the_method_did_not_want_is_the_next_of_the_stream) {
    game_stream stream(*peer);
    BOOST_TEST(stream.send(play("leave", 1)).empty());
    object->nudge->set();
    BOOST_TEST((stream.send(play("twice", 5)) == answers{success("10")}));
    // Sent before the method has returned.
    BOOST_TEST(stream.send(play("leave", 1)).empty());
    object->nudge->set();
    BOOST_TEST_REQUIRE(stream.call().send(play("echo", 7)));
    BOOST_TEST((stream.receive() == answers{success("14")}));
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(writing_waits_for_a_client_that_does_not_read) {
    game_stream stream(*peer);
    peer->link->set_capacity(peer->link->to_client, 0);
    BOOST_TEST(stream.send(play("flood", 200)).empty());
    BOOST_TEST(object->written < 50);
    BOOST_TEST(object->written > 3);
    BOOST_TEST(peer->poll() == 0u);
    peer->link->set_capacity(peer->link->to_client, memory_link::unlimited);
    BOOST_TEST(stream.receive().size() == 200u);
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(bad_requests_are_not_read_from_a_client_that_does_not_read) {
    struct counts final : game::interceptor {
        int reads = 0;
        status on_read(game::call&, buffer&) override {
            ++reads;
            return status(status_code::invalid_argument, std::string(1000, 'x'));
        }
    };
    auto const counted = std::make_shared<counts>();
    service.use("echo", counted);
    game_stream stream(*peer);
    stream.send(play("echo", 1));
    peer->link->set_capacity(peer->link->to_client, 0);
    for (int i = 0; i != 1000; ++i)
        BOOST_TEST_REQUIRE(stream.call().send(play("echo", 1)));
    BOOST_TEST(stream.receive().empty());
    BOOST_TEST(counted->reads < 200);
    BOOST_TEST(peer->poll() == 0u);
    peer->link->set_capacity(peer->link->to_client, memory_link::unlimited);
    BOOST_TEST(stream.receive().size() == 1000u);
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(answers_that_cannot_be_written_are_told_to_the_method) {
    game_stream stream(*peer);
    BOOST_TEST(
        (stream.send(play("bad_text", 0)) ==
         answers{success(R"("a")"), success(R"("b")"), {500, "table.bad_text: an error with the status OK", ""}}));
    BOOST_TEST((object->heard == std::vector<std::string>{"OK", "INTERNAL: invalid UTF-8", "OK"}));
}

BOOST_AUTO_TEST_CASE(an_unparsable_request_ends_the_stream) {
    game_stream stream(*peer);
    stream.send(play("listen", 0));
    stream.send("\x0a\x7f");
    BOOST_TEST_REQUIRE(object->heard.size() == 6u); // the error is there to stay
    for (std::size_t i = 1; i != 6; ++i)
        BOOST_TEST(object->heard[i].starts_with("INTERNAL: game.grpc.RpcRequest: "));
    BOOST_TEST(stream.outcome().starts_with("INTERNAL: game.grpc.RpcRequest: "));
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_ends_the_reads) {
    for (bool const vanishes : {false, true}) {
        object->heard.clear();
        game_stream reading(*peer), waiting(*peer);
        reading.send(play("listen", 0));
        waiting.send(play("wait", 0));
        if (vanishes) {
            peer->link->close();
        } else {
            reading.call().stream->abort(status(status_code::cancelled, "enough"));
            waiting.call().stream->abort(status(status_code::cancelled, "enough"));
        }
        peer->poll();
        BOOST_TEST_REQUIRE(object->heard.size() >= 2u);
        BOOST_TEST(object->heard[0] == "request");
        BOOST_TEST(!object->heard[1].starts_with("end"));
    }
    BOOST_TEST(peer->log->lines.empty()); // no failure of the methods
}

BOOST_AUTO_TEST_CASE(there_is_no_time_limit_unless_one_is_set) {
    BOOST_TEST((game::time_limit(*service.find("echo")) == std::chrono::steady_clock::duration::max()));
    BOOST_TEST((game::time_limit(*service.find("twice")) == 3s));
    service.method("echo", {.timeout = 1ms});
    game_stream stream(*peer);
    game_answer const late{504, "table.echo: timed out after 0.001 s", ""};
    answers got = stream.send(play("echo", 1));
    run_until(*peer->io, [&] {
        for (std::string const& bytes : std::exchange(stream.call().messages, {}))
            got.emplace_back(bytes);
        return !got.empty() && got.back() == late;
    });
    // On a slow machine its time is over before it has answered.
    BOOST_TEST((got == answers{late} || got == answers{success("2"), late}));
    BOOST_TEST((stream.send(play("twice", 1)) == answers{success("2")}));
}

BOOST_AUTO_TEST_CASE(interceptors_are_around_the_run_and_on_each_message) {
    struct watch final : game::interceptor {
        std::string log;
        status before(game::call& c) override {
            log += "before " + std::string(c.arguments()) + (c.stream() != nullptr ? " stream; " : "; ");
            return {};
        }
        status after(game::call& c) override {
            log += "after " + std::string(c.answer()) + "; ";
            return {};
        }
        void on_error(game::call&, status& s) override { log += "error " + s.message() + "; "; }
        status on_read(game::call&, buffer& arguments) override {
            log += "read " + std::string(arguments.view()) + "; ";
            if (arguments.view().find('6') != std::string_view::npos)
                return status(status_code::resource_exhausted, "too much");
            if (arguments.view().find('7') != std::string_view::npos)
                throw std::runtime_error("the secret");
            arguments = buffer(R"({"n":40})");
            return {};
        }
        status on_push(game::call&, buffer& answer) override {
            log += "push " + std::string(answer.view()) + "; ";
            answer.push_back('0');
            return {};
        }
    };
    auto const w = std::make_shared<watch>();
    service.use(w);
    game_stream stream(*peer);
    BOOST_TEST((stream.send(play("echo", 1)) == answers{success("20")}));
    BOOST_TEST((stream.send(play("echo", 2)) == answers{success("800")}));
    BOOST_TEST((stream.send(play("echo", 6)) == answers{{429, "too much", ""}}));
    BOOST_TEST(stream.send(play("echo", 7)).at(0).code == 500);
    BOOST_TEST(stream.finish() == "OK");
    BOOST_TEST(w->log == "before {\"n\":1} stream; push 2; read {\"n\":2}; push 80; read {\"n\":6}; read {\"n\":7}; "
                         "after ; ");
    w->log.clear();
    game_stream failing(*peer);
    failing.send(play("refuse", 1));
    BOOST_TEST(w->log == "before {\"n\":1} stream; error no such table; ");
}

BOOST_AUTO_TEST_CASE(an_interceptor_may_answer_in_place_of_the_method) {
    struct cached final : game::interceptor {
        status before(game::call& c) override {
            c.set_answer("");
            return {};
        }
    };
    service.use("echo", std::make_shared<cached>());
    game_stream stream(*peer);
    BOOST_TEST((stream.send(play("echo", 1)) == answers{success("")}));
    BOOST_TEST((stream.send(play("twice", 1)) == answers{success("2")}));
}

BOOST_AUTO_TEST_CASE(an_io_context_may_be_destroyed_with_streams_under_way) {
    std::weak_ptr<table> const probe = object;
    {
        game_stream reading(*peer), nudged(*peer), waiting(*peer), blocked(*peer), refused(*peer);
        reading.send(play("echo", 1));
        nudged.send(play("nudged", 1));
        waiting.send(play("wait", 1));
        peer->link->set_capacity(peer->link->to_client, 0);
        blocked.send(play("flood", 200));
        refused.send(play("echo", 1));
        for (int i = 0; i != 1000; ++i)
            BOOST_TEST_REQUIRE(refused.call().send(envelope("table", "echo", "[]")));
        peer->poll();
        object->nudge.reset(); // refers to the io_context
        object.reset();
        peer->client.reset();
        peer->server.reset();
        peer->link.reset();
        BOOST_TEST(!probe.expired());
        peer->io.reset();
    }
    peer.reset();
    services = game::services();
    BOOST_TEST(probe.expired());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
