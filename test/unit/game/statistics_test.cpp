//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/statistics.hpp"

#include "joust/game/services.hpp"
#include "support/game_peer.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/describe/class.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

// What services count of their calls.

namespace joust::test {

namespace {

namespace asio = boost::asio;
using asio::awaitable;
using namespace std::chrono_literals;

struct number {
    int value = 0;
};
BOOST_DESCRIBE_STRUCT(number, (), (value))

struct math {
    int twice(number n) { return 2 * n.value; }
    void nothing() {}
    result<int> fail(number n) {
        status s(status_code::unknown, "chosen");
        s.set_application_code(n.value);
        return s;
    }
    int crash() { throw std::runtime_error("the secret"); }
    awaitable<int> twice_later(number n) { co_return 2 * n.value; }
    awaitable<int> crash_later() {
        throw std::runtime_error("the secret");
        co_return 0;
    }
    awaitable<void> never() {
        asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        co_await timer.async_wait(asio::use_awaitable);
    }
    awaitable<int> push(number n, game::responses<std::string>& out) {
        for (int i = 0; i != n.value; ++i) {
            std::string const answer = "more";
            auto pushing = out.async_push(answer, asio::use_awaitable);
            (co_await std::move(pushing)).value();
        }
        co_return n.value;
    }
    awaitable<void> each_twice(game::server_stream<number, int>& stream) {
        for (;;) {
            auto reading = stream.async_read(asio::use_awaitable);
            auto const next = (co_await std::move(reading)).value();
            if (!next)
                co_return;
            int const answer = 2 * next->value;
            auto writing = stream.async_write(answer, asio::use_awaitable);
            (co_await std::move(writing)).value();
        }
    }
};
BOOST_DESCRIBE_STRUCT(math, (), (twice, nothing, fail, crash, twice_later, crash_later, never, push, each_twice))

using errors = std::map<int, std::uint64_t>;

struct fixture {
    game::services services;
    std::unique_ptr<game_peer> peer;

    fixture() {
        services.add("math", std::make_shared<math>()).method("never", {.timeout = 1h});
        peer = std::make_unique<game_peer>(services);
    }

    game::call_statistics of(std::string const& method) const {
        return services.statistics().services.at("math").methods.at(method);
    }
};

/// Counts that must always fit together.
void check_sums(game::call_statistics const& s) {
    BOOST_TEST(s.calls == s.successes + s.failures + s.in_flight);
    std::uint64_t failures = 0;
    for (auto const& [code, times] : s.errors)
        failures += times;
    BOOST_TEST(failures == s.failures);
    BOOST_TEST(s.latency_ms.p50 <= s.latency_ms.p90);
    BOOST_TEST(s.latency_ms.p90 <= s.latency_ms.p99);
    BOOST_TEST(s.latency_ms.p99 <= s.latency_ms.p999);
    BOOST_TEST(s.latency_ms.p999 <= s.latency_ms.max);
    BOOST_TEST(s.latency_ms.average <= s.latency_ms.max);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(game_statistics, fixture)

BOOST_AUTO_TEST_CASE(methods_have_counted_nothing_at_first) {
    auto const s = services.statistics();
    BOOST_TEST(s.services.at("math").methods.size() == 9u);
    BOOST_TEST(s.services.at("math").total.calls == 0u);
    BOOST_TEST(of("twice").calls == 0u);
    BOOST_TEST(of("twice").latency_ms.average == 0);
    BOOST_TEST(s.unknown == 0u);
}

BOOST_AUTO_TEST_CASE(calls_are_counted_by_method_and_added_up_by_service) {
    for (int i = 0; i != 3; ++i)
        peer->call("math", "twice", R"({"value":21})");
    peer->call("math", "twice_later", R"({"value":5})");
    peer->call("math", "nothing");
    auto const twice = of("twice");
    BOOST_TEST(twice.calls == 3u);
    BOOST_TEST(twice.successes == 3u);
    BOOST_TEST(twice.failures == 0u);
    BOOST_TEST(twice.in_flight == 0u);
    BOOST_TEST(twice.bytes_in == 3 * 12u);
    BOOST_TEST(twice.bytes_out == 3 * 2u);
    BOOST_TEST(twice.latency_ms.max > 0);
    check_sums(twice);
    BOOST_TEST(of("twice_later").successes == 1u);
    BOOST_TEST(of("twice_later").bytes_out == 2u);
    BOOST_TEST(of("nothing").bytes_out == 0u);
    auto const total = services.statistics().services.at("math").total;
    BOOST_TEST(total.calls == 5u);
    BOOST_TEST(total.successes == 5u);
    BOOST_TEST(total.bytes_in == 3 * 12u + 11u);
    BOOST_TEST(total.latency_ms.max >= twice.latency_ms.max);
    check_sums(total);
}

BOOST_AUTO_TEST_CASE(failures_are_counted_by_their_codes) {
    for (int const code : {404, 777, 404})
        peer->call("math", "fail", "{\"value\":" + std::to_string(code) + "}");
    peer->call("math", "fail", R"({"value":"x"})");
    BOOST_TEST((of("fail").errors == errors{{400, 1}, {404, 2}, {777, 1}}));
    BOOST_TEST(of("fail").bytes_out == 0u);
    check_sums(of("fail"));
    peer->call("math", "crash");
    peer->call("math", "crash_later");
    BOOST_TEST((of("crash").errors == errors{{500, 1}}));
    BOOST_TEST((of("crash_later").errors == errors{{500, 1}}));
    auto const total = services.statistics().services.at("math").total;
    BOOST_TEST((total.errors == errors{{400, 1}, {404, 2}, {500, 2}, {777, 1}}));
    check_sums(total);
}

BOOST_AUTO_TEST_CASE(calls_of_what_there_is_not_are_counted_apart) {
    peer->call("math", "none");
    peer->call("none", "twice");
    BOOST_TEST(services.statistics().unknown == 2u);
    BOOST_TEST(services.statistics().services.at("math").total.calls == 0u);
}

BOOST_AUTO_TEST_CASE(calls_under_way_are_in_flight_and_cancelled_ones_fail) {
    probe_call call;
    peer->start(call, envelope("math", "never"));
    BOOST_TEST(of("never").calls == 1u);
    BOOST_TEST(of("never").in_flight == 1u);
    check_sums(of("never"));
    call.stream->abort(status(status_code::cancelled, "cancelled"));
    peer->poll();
    BOOST_TEST(of("never").in_flight == 0u);
    BOOST_TEST((of("never").errors == errors{{499, 1}}));
    check_sums(of("never"));
}

BOOST_AUTO_TEST_CASE(calls_whose_time_is_up_are_504) {
    services.find("math")->method("never", {.timeout = 1ms});
    probe_call call;
    peer->start(call, envelope("math", "never"));
    while (!call.outcome && peer->io->run_one() != 0) {
    }
    BOOST_TEST((of("never").errors == errors{{504, 1}}));
    BOOST_TEST(of("never").latency_ms.max >= 1);
}

BOOST_AUTO_TEST_CASE(calls_that_end_with_their_connection_are_counted) {
    probe_call call;
    peer->start(call, envelope("math", "never"));
    peer->client->close(connection_error::shut_down);
    peer->poll();
    auto const s = of("never");
    BOOST_TEST(s.in_flight == 0u);
    BOOST_TEST(s.failures == 1u);
    check_sums(s);
}

// Frames of coroutines are destroyed with their execution context, and count nothing that is gone.
BOOST_AUTO_TEST_CASE(calls_may_end_with_the_execution_context) {
    probe_call call;
    peer->start(call, envelope("math", "never"));
    peer.reset();
    BOOST_TEST(of("never").in_flight == 0u);
    BOOST_TEST((of("never").errors == errors{{499, 1}}));
}

BOOST_AUTO_TEST_CASE(each_request_of_a_stream_counts) {
    game_stream stream(*peer);
    stream.send(envelope("math", "twice", R"({"value":1})"));
    stream.send(envelope("math", "fail", R"({"value":409})"));
    stream.send(envelope("math", "twice_later", R"({"value":1})"));
    stream.send(envelope("math", "none"));
    BOOST_TEST(of("twice").successes == 1u);
    BOOST_TEST(of("twice").bytes_out == 1u);
    BOOST_TEST(of("twice_later").successes == 1u);
    BOOST_TEST((of("fail").errors == errors{{409, 1}}));
    BOOST_TEST(services.statistics().unknown == 1u);
    stream.send(envelope("math", "never"));
    BOOST_TEST(of("never").in_flight == 1u);
    stream.call().stream->abort(status(status_code::cancelled, "cancelled"));
    peer->poll();
    BOOST_TEST((of("never").errors == errors{{499, 1}}));
}

BOOST_AUTO_TEST_CASE(pushed_answers_are_bytes_of_their_call) {
    peer->call("math", "push", R"({"value":2})");
    BOOST_TEST(of("push").bytes_out == std::string_view(R"(["more","more",2])").size());
    game_stream stream(*peer);
    stream.send(envelope("math", "push", R"({"value":2})", {{"joust-answers", "many"}}));
    BOOST_TEST(of("push").successes == 2u);
    BOOST_TEST(of("push").bytes_out == 17u + 6 + 6 + 1);
}

BOOST_AUTO_TEST_CASE(all_requests_and_answers_of_a_whole_stream_are_bytes_of_its_call) {
    game_stream stream(*peer);
    for (int const value : {1, 10, 100})
        stream.send(envelope("math", "each_twice", R"({"value":)" + std::to_string(value) + "}"));
    stream.send(envelope("math", "each_twice", R"({"value":"none"})")); // refused, and yet it came
    BOOST_TEST(of("each_twice").bytes_in == 0u);
    BOOST_TEST(stream.finish() == "OK");
    BOOST_TEST(of("each_twice").successes == 1u);
    BOOST_TEST(of("each_twice").bytes_in == 11u + 12 + 13 + 16);
    BOOST_TEST(of("each_twice").bytes_out == 1u + 2 + 3);
}

BOOST_AUTO_TEST_CASE(what_a_whole_stream_had_before_it_was_cancelled_counts) {
    game_stream stream(*peer);
    stream.send(envelope("math", "each_twice", R"({"value":1})"));
    stream.send(envelope("math", "each_twice", R"({"value":10})"));
    stream.call().stream->abort(status(status_code::cancelled, "cancelled"));
    peer->poll();
    BOOST_TEST((of("each_twice").errors == errors{{499, 1}}));
    BOOST_TEST(of("each_twice").bytes_in == 11u + 12);
    BOOST_TEST(of("each_twice").bytes_out == 1u + 2);
}

BOOST_AUTO_TEST_CASE(options_and_interceptors_that_change_keep_the_counts) {
    peer->call("math", "twice");
    services.find("math")->method("twice", {.description = "2 * value"});
    services.use(std::make_shared<game::interceptor>());
    peer->call("math", "twice");
    BOOST_TEST(of("twice").calls == 2u);
    services.find("math")->remove("twice");
    services.add("math").add("twice", [](number n) { return 2 * n.value; });
    BOOST_TEST(of("twice").calls == 0u); // another method
}

BOOST_AUTO_TEST_CASE(what_interceptors_refuse_and_answer_counts) {
    struct closed final : game::interceptor {
        status before(game::call& c) override {
            if (c.arguments().empty())
                return status(status_code::resource_exhausted, "closed");
            c.set_answer("42");
            return {};
        }
    };
    services.use(std::make_shared<closed>());
    peer->call("math", "twice");
    peer->call("math", "twice", R"({"value":1})");
    BOOST_TEST((of("twice").errors == errors{{429, 1}}));
    BOOST_TEST(of("twice").successes == 1u);
    BOOST_TEST(of("twice").bytes_out == 2u);
}

BOOST_AUTO_TEST_CASE(they_are_json) {
    peer->call("math", "twice", R"({"value":1})");
    peer->call("math", "fail", R"({"value":404})");
    auto const text = json::encode_to_string(services.statistics());
    BOOST_TEST_REQUIRE(text.has_value());
    auto const back = json::decode<game::services_statistics>(*text);
    BOOST_TEST_REQUIRE(back.has_value());
    BOOST_TEST(back->services.at("math").methods.at("twice").calls == 1u);
    BOOST_TEST((back->services.at("math").total.errors == errors{{404, 1}}));
    BOOST_TEST(json::encode_to_string(*back).value() == *text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
