//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Calls that are made again: which, how often, and what the server and the caller see of it (gRFC A6).

#include "support/cluster.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(channel_retries)

namespace {

using asio::awaitable;
using strings = std::vector<std::string>;

octets const request = "hello";

channel_options retrying() {
    channel_options o;
    o.retry = retry_policy();
    o.retry->max_attempts = 3;
    o.retry->initial_backoff = 5ms;
    return o;
}

call_options idempotent() {
    call_options o;
    o.idempotent = true;
    return o;
}

/// Fails so often, then echoes. Notes what each attempt said of those before it.
struct failing_at_first : cluster {
    int failures = 2;
    status_code code = status_code::unavailable;
    metadata trailers;
    bool headers_first = false;
    strings previous;

    failing_at_first() : cluster(1) {
        (*this)[0].answer = [this](octets q, call_context& c) -> awaitable<result<octets>> {
            previous.emplace_back(c.request_metadata().get("grpc-previous-rpc-attempts").value_or("none"));
            if (failures-- <= 0)
                co_return q;
            for (auto const& [key, value] : trailers)
                c.trailing_metadata().add(key, value);
            co_return status(code, "not yet");
        };
    }

    result<octets> call_once(channel_options const& how, call_options options) {
        result<octets> answer = octets();
        run([&]() -> awaitable<void> {
            auto calling = call(channel(how), request, std::move(options));
            answer = co_await std::move(calling);
        });
        return answer;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(an_idempotent_call_is_made_again_until_it_succeeds) {
    failing_at_first at;
    BOOST_TEST(at.call_once(retrying(), idempotent()).value() == request);
    BOOST_TEST((at.previous == strings{"none", "1", "2"}));
}

BOOST_AUTO_TEST_CASE(another_call_is_not) {
    failing_at_first at;
    BOOST_TEST(message_of(at.call_once(retrying(), {})) == "not yet");
    BOOST_TEST(at[0].calls == 1);
}

BOOST_AUTO_TEST_CASE(nor_is_one_without_a_policy) {
    failing_at_first at;
    BOOST_TEST(message_of(at.call_once({}, idempotent())) == "not yet");
    BOOST_TEST(at[0].calls == 1);
}

BOOST_AUTO_TEST_CASE(a_service_config_names_methods_that_are) {
    failing_at_first at;
    channel_options o;
    o.service_config = R"({"methodConfig":[{"name":[{"service":"test.Bytes","method":"Unary"}],"retryPolicy":{
        "maxAttempts":3,"initialBackoff":"0.005s","maxBackoff":"1s","backoffMultiplier":2,
        "retryableStatusCodes":["UNAVAILABLE"]}}]})";
    BOOST_TEST(at.call_once(o, {}).value() == request);
    BOOST_TEST(at[0].calls == 3);
}

BOOST_AUTO_TEST_CASE(when_all_attempts_fail_the_last_status_says_how_many_there_were) {
    failing_at_first at;
    at.failures = 100;
    auto const r = at.call_once(retrying(), idempotent());
    BOOST_TEST(code_of(r) == status_code::unavailable);
    BOOST_TEST(message_of(r) == "not yet (attempt 3 of 3, to " + at[0].address + ")");
    BOOST_TEST(at[0].calls == 3);
}

BOOST_AUTO_TEST_CASE(a_code_that_the_policy_does_not_name_is_final) {
    failing_at_first at;
    at.code = status_code::internal;
    BOOST_TEST(code_of(at.call_once(retrying(), idempotent())) == status_code::internal);
    BOOST_TEST(at[0].calls == 1);
}

BOOST_AUTO_TEST_CASE(a_server_can_ask_not_to_try_again) {
    for (std::string const wish : {"-1", "soon"}) {
        failing_at_first at;
        at.trailers.add("x-ignored", "1");
        at[0].answer = [&](octets, call_context& c) -> awaitable<result<octets>> {
            c.trailing_metadata().set("grpc-retry-pushback-ms", wish);
            co_return status(status_code::unavailable, "go away");
        };
        BOOST_TEST(message_of(at.call_once(retrying(), idempotent())) ==
                   "go away (attempt 1 of 3, to " + at[0].address + "; not made again, as the server asks)");
        BOOST_TEST(at[0].calls == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_server_can_say_when_to_try_again) {
    failing_at_first at;
    at.trailers.add("grpc-retry-pushback-ms", "1");
    channel_options o = retrying();
    o.retry->initial_backoff = 1h;
    o.retry->max_backoff = 1h;
    BOOST_TEST(at.call_once(o, idempotent()).value() == request);
    BOOST_TEST(at[0].calls == 3);
}

BOOST_AUTO_TEST_CASE(a_retry_that_would_start_too_late_is_not_waited_for) {
    failing_at_first at;
    channel_options o = retrying();
    o.retry->initial_backoff = 1h;
    o.retry->max_backoff = 1h;
    call_options options = idempotent();
    options.timeout = 10min;
    BOOST_TEST(message_of(at.call_once(o, options)) ==
               "not yet (attempt 1 of 3, to " + at[0].address + "; not made again, as the deadline is near)");
    BOOST_TEST(at[0].calls == 1);
}

BOOST_AUTO_TEST_CASE(deadline_of_a_later_attempt_tells_of_the_one_before) {
    failing_at_first at;
    at[0].answer = [&](octets q, call_context&) -> awaitable<result<octets>> {
        if (at[0].calls == 1)
            co_return status(status_code::unavailable, "not yet");
        event never(at.io.get_executor());
        co_await never.wait();
        co_return q;
    };
    call_options options = idempotent();
    options.timeout = 100ms;
    auto const late = at.call_once(retrying(), options);
    BOOST_TEST(code_of(late) == status_code::deadline_exceeded);
    BOOST_TEST(message_of(late) == "the deadline passed while waiting for the answer of " + at[0].address +
                                       " (attempt 2; the one before: UNAVAILABLE: not yet, from " + at[0].address +
                                       ")");
}

BOOST_AUTO_TEST_CASE(attempt_that_gets_no_connection_tells_of_the_one_before) {
    failing_at_first at;
    at[0].answer = [&](octets, call_context&) -> awaitable<result<octets>> {
        asio::post(at.io, [&] { at[0].server->stop(); });
        co_return status(status_code::unavailable, "going");
    };
    channel_options o = retrying();
    o.retry->initial_backoff = 200ms; // the server has gone by then
    auto const failed = at.call_once(o, idempotent());
    BOOST_TEST(code_of(failed) == status_code::unavailable);
    BOOST_TEST(message_of(failed).starts_with("connect to " + at[0].address));
    BOOST_TEST(message_of(failed).find(" (attempt 2; the one before: UNAVAILABLE: ") != std::string::npos);
    BOOST_TEST(message_of(failed).ends_with(", from " + at[0].address + ")"));
}

BOOST_AUTO_TEST_CASE(one_that_waits_for_its_next_attempt_can_be_cancelled) {
    failing_at_first at;
    channel_options o = retrying();
    o.retry->initial_backoff = 1h;
    o.retry->max_backoff = 1h;
    joust::channel const ch = at.channel(o);
    asio::cancellation_signal signal;
    std::optional<result<octets>> outcome;
    ch.async_call(bytes_service::unary, request, idempotent(),
                  asio::bind_cancellation_slot(signal.slot(), [&](result<octets> r) { outcome = std::move(r); }));
    at.run_until([&] { return at[0].calls == 1; });
    settle(at.io);
    BOOST_TEST(!outcome.has_value());
    signal.emit(asio::cancellation_type::terminal);
    at.run_until([&] { return outcome.has_value(); });
    BOOST_TEST(code_of(*outcome) == status_code::cancelled);
}

BOOST_AUTO_TEST_CASE(a_call_is_made_again_though_nobody_holds_the_channel_any_more) {
    failing_at_first at;
    std::optional<result<octets>> outcome;
    at.channel(retrying()).async_call(bytes_service::unary, request, idempotent(), [&](result<octets> r) {
        outcome = std::move(r);
    });
    at.run_until([&] { return outcome.has_value(); });
    BOOST_TEST(outcome->value() == request);
    at.run_until([&] { return at[0].connections->open() == 0; });
}

BOOST_AUTO_TEST_CASE(the_budget_ends_retries_of_a_service_that_fails_everybody) {
    failing_at_first at;
    at.failures = 1000;
    channel_options o = retrying();
    o.retry_throttling.max_tokens = 4;
    at.run([&]() -> awaitable<void> {
        auto const ch = at.channel(o);
        for (int i = 0; i != 10; ++i) {
            auto calling = call(ch, request, idempotent());
            (void)co_await std::move(calling);
        }
    });
    BOOST_TEST(at[0].calls == 11); // the first failure leaves three tokens of four, the second only half
}

BOOST_AUTO_TEST_CASE(a_lost_connection_fails_calls_that_may_have_run_and_repeats_idempotent_ones) {
    for (bool const repeat : {false, true}) {
        cluster at(2);
        for (std::size_t i = 0; i != 2; ++i)
            at[i].answer = [&at, i](octets q, call_context&) -> awaitable<result<octets>> {
                if (at[0].calls + at[1].calls == 1) { // the first call of all takes its server down
                    asio::post(at.io, [&at, i] { at[i].server->stop(); });
                    asio::steady_timer forever(co_await asio::this_coro::executor,
                                               asio::steady_timer::time_point::max());
                    co_await forever.async_wait(asio::use_awaitable);
                }
                co_return q;
            };
        at.run([&]() -> awaitable<void> {
            call_options options;
            options.idempotent = repeat;
            auto calling = call(at.channel(retrying()), request, options);
            auto const r = co_await std::move(calling);
            BOOST_TEST(code_of(r) == (repeat ? status_code::ok : status_code::unavailable));
        });
        BOOST_TEST(at[0].calls + at[1].calls == (repeat ? 2U : 1U));
    }
}

// -- streams

namespace {

/// A stream whose first attempts fail before they answer.
struct failing_streams : cluster {
    int failures = 1;
    std::size_t heard_by_those_that_failed = 0;
    std::size_t attempts = 0;

    failing_streams() : cluster(0) {
        server.add(bytes_service::bidi, [this](joust::server_stream<octets, octets>& both) -> awaitable<status> {
            ++attempts;
            bool const fails = failures-- > 0;
            for (;;) {
                auto const m = (co_await read(both)).value();
                if (!m)
                    co_return status();
                if (fails) {
                    ++heard_by_those_that_failed;
                    co_return status(status_code::unavailable, "not yet");
                }
                (co_await write(both, *m)).value();
            }
        });
        address = server.listen("127.0.0.1:0").value().to_string();
    }

    joust::channel channel(channel_options options) { return joust::channel(io.get_executor(), address, options); }

    joust::server server{io.get_executor()};
    std::string address;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_stream_is_written_again_until_the_answer_begins) {
    failing_streams at;
    at.failures = 2;
    at.run([&]() -> awaitable<void> {
        auto const ch = at.channel(retrying());
        auto opening = open_bidi(ch, idempotent());
        auto stream = (co_await std::move(opening)).value();
        for (octets const m : {"a", "b", "c"})
            (co_await write(stream, m)).value();
        (co_await writes_done(stream)).value();
        octets all;
        while (auto const m = (co_await read(stream)).value())
            all += *m;
        BOOST_TEST(all == "abc");
        (co_await finish(stream)).value();
    });
    BOOST_TEST(at.attempts == 3);
    BOOST_TEST(at.heard_by_those_that_failed == 2);
}

BOOST_AUTO_TEST_CASE(a_stream_whose_answer_has_begun_is_not) {
    failing_streams at;
    at.failures = 0;
    at.run([&]() -> awaitable<void> {
        auto const ch = at.channel(retrying());
        auto opening = open_bidi(ch, idempotent());
        auto stream = (co_await std::move(opening)).value();
        (co_await write(stream, "a")).value();
        BOOST_TEST((co_await read(stream)).value().value() == "a");
        at.server.stop();
        auto const end = co_await finish(stream);
        BOOST_TEST(code_of(end) == status_code::unavailable);
    });
    BOOST_TEST(at.attempts == 1);
}

BOOST_AUTO_TEST_CASE(nor_is_one_that_has_said_more_than_is_kept) {
    failing_streams at;
    channel_options o = retrying();
    o.retry_buffer_size = 10;
    at.run([&]() -> awaitable<void> {
        auto const ch = at.channel(o);
        auto opening = open_bidi(ch, idempotent());
        auto stream = (co_await std::move(opening)).value();
        (void)co_await write(stream, octets(100, 'x'));
        auto const end = co_await finish(stream);
        BOOST_TEST(message_of(end) == "not yet");
    });
    BOOST_TEST(at.attempts == 1);
}

BOOST_AUTO_TEST_CASE(a_stream_between_two_attempts_can_be_used_and_cancelled) {
    failing_streams at;
    channel_options o = retrying();
    o.retry->initial_backoff = 1h;
    o.retry->max_backoff = 1h;
    at.run([&]() -> awaitable<void> {
        auto const ch = at.channel(o);
        auto opening = open_bidi(ch, idempotent());
        auto stream = (co_await std::move(opening)).value();
        (co_await write(stream, "a")).value();
        while (at.heard_by_those_that_failed == 0)
            co_await asio::post(asio::use_awaitable);
        for (int i = 0; i != 100; ++i)
            co_await asio::post(asio::use_awaitable);
        (co_await write(stream, "b")).value();
        (co_await writes_done(stream)).value();
        BOOST_TEST(code_of(co_await write(stream, "c")) == status_code::failed_precondition);
        stream.cancel();
        BOOST_TEST(code_of(co_await read(stream)) == status_code::cancelled);
        BOOST_TEST(code_of(co_await finish(stream)) == status_code::cancelled);
    });
    BOOST_TEST(at.attempts == 1);
}

BOOST_AUTO_TEST_CASE(calls_between_two_attempts_go_with_the_execution_context) {
    auto at = std::make_unique<failing_streams>();
    channel_options o = retrying();
    o.retry->initial_backoff = 1h;
    o.retry->max_backoff = 1h;
    auto const probe = std::make_shared<int>();
    asio::co_spawn(
        at->io,
        [&at, o, probe]() -> awaitable<void> {
            auto const ch = at->channel(o);
            auto opening = open_bidi(ch, idempotent());
            auto stream = (co_await std::move(opening)).value();
            (co_await write(stream, "a")).value();
            (void)co_await read(stream);
        },
        asio::detached);
    at->run_until([&] { return at->heard_by_those_that_failed == 1; });
    settle(at->io);
    BOOST_TEST(probe.use_count() > 1);
    at.reset();
    BOOST_TEST(probe.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
