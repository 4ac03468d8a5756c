//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The four kinds of call, as bytes and as protobuf messages, and every form a handler may have.

#include "joust/rpc/protobuf.hpp"
#include "support/echo_service.hpp"
#include "support/loopback.hpp"

#include <boost/test/unit_test.hpp>

#include <numeric>
#include <string>
#include <vector>

namespace joust::test {

namespace {

using asio::awaitable;

/// Reads to the end; the status is `end`.
template <class Call, class Response>
awaitable<result<void>> read_all(Call& call, std::vector<Response>& into) {
    for (;;) {
        auto reading = call.async_read();
        auto message = co_await std::move(reading);
        if (message.has_error())
            co_return message.error();
        if (!message->has_value())
            break;
        into.push_back(std::move(**message));
    }
    auto finishing = call.async_finish();
    co_return co_await std::move(finishing);
}

struct typed_service : loopback {
    echo_service service;
    typed_service() {
        server.add(service);
        listen();
    }
};

/// One handler of each method of the bytes service.
struct bytes_server : loopback {
    bytes_server() {
        server.add(bytes_service::unary, [](octets q) { return "<" + q + ">"; });
        server.add(bytes_service::client_stream, [](server_reader<octets>& in) -> awaitable<octets> {
            octets all;
            for (;;) {
                auto reading = in.async_read();
                std::optional<octets> m = (co_await std::move(reading)).value();
                if (!m)
                    co_return all;
                all += *m + ",";
            }
        });
        server.add(bytes_service::server_stream, [](octets q, server_writer<octets>& out) -> awaitable<void> {
            for (char const c : q) {
                octets const m(1, c);
                auto writing = out.async_write(m);
                (co_await std::move(writing)).value();
            }
        });
        server.add(bytes_service::bidi, [](server_stream<octets, octets>& both) -> awaitable<void> {
            for (;;) {
                auto reading = both.async_read();
                std::optional<octets> m = (co_await std::move(reading)).value();
                if (!m)
                    co_return;
                auto writing = both.async_write(*m + *m);
                (co_await std::move(writing)).value();
            }
        });
        listen();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(calls_of_bytes)

BOOST_FIXTURE_TEST_CASE(unary_returns_the_answer, bytes_server) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        octets const request = "hello";
        auto calling = ch.async_call(bytes_service::unary, request);
        result<octets> const answer = co_await std::move(calling);
        BOOST_TEST(answer.value() == "<hello>");
    });
}

BOOST_FIXTURE_TEST_CASE(unary_of_every_size_around_the_limits_of_frames_comes_back, bytes_server) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        // A DATA frame, a reference instead of a copy, HTTP/2's first window, a batch of output: each one off by one.
        for (std::size_t const edge : {1U, 4096U, 16384U, 65535U, 262144U, 1048576U})
            for (std::size_t const size : {edge - 1, edge, edge + 1}) {
                octets request(size, '\0');
                std::iota(request.begin(), request.end(), '\0');
                auto calling = ch.async_call(bytes_service::unary, request);
                result<octets> const answer = co_await std::move(calling);
                BOOST_TEST((answer.value() == "<" + request + ">"), "size " << size);
            }
    });
}

BOOST_FIXTURE_TEST_CASE(client_stream_answers_once, bytes_server) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        auto opening = ch.async_open(bytes_service::client_stream);
        auto call = (co_await std::move(opening)).value();
        for (octets const& m : std::vector<octets>{"a", "", "c"}) {
            auto writing = call.async_write(m);
            (co_await std::move(writing)).value();
        }
        auto ending = call.async_writes_done();
        (co_await std::move(ending)).value();
        auto finishing = call.async_finish();
        result<octets> const answer = co_await std::move(finishing);
        BOOST_TEST(answer.value() == "a,,c,");
    });
}

BOOST_FIXTURE_TEST_CASE(client_stream_without_messages_answers, bytes_server) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        auto opening = ch.async_open(bytes_service::client_stream);
        auto call = (co_await std::move(opening)).value();
        auto ending = call.async_writes_done();
        (co_await std::move(ending)).value();
        auto finishing = call.async_finish();
        result<octets> const answer = co_await std::move(finishing);
        BOOST_TEST(answer.value() == "");
    });
}

BOOST_FIXTURE_TEST_CASE(server_stream_gives_all_messages_and_the_status, bytes_server) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        for (octets const& request : std::vector<octets>{"", "x", "abc"}) {
            auto opening = ch.async_open(bytes_service::server_stream, request);
            auto call = (co_await std::move(opening)).value();
            std::vector<octets> got;
            BOOST_TEST((co_await read_all(call, got)).has_value());
            BOOST_TEST(std::accumulate(got.begin(), got.end(), octets()) == request);
        }
    });
}

BOOST_FIXTURE_TEST_CASE(finishing_a_server_stream_early_drops_the_messages, bytes_server) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        octets const request(1000, 'x');
        auto opening = ch.async_open(bytes_service::server_stream, request);
        auto call = (co_await std::move(opening)).value();
        auto finishing = call.async_finish();
        BOOST_TEST((co_await std::move(finishing)).has_value());
    });
}

BOOST_FIXTURE_TEST_CASE(bidi_answers_each_message_before_the_next_is_written, bytes_server) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        auto opening = ch.async_open(bytes_service::bidi);
        auto call = (co_await std::move(opening)).value();
        for (octets const& m : std::vector<octets>{"a", octets(100'000, 'b'), ""}) {
            auto writing = call.async_write(m);
            (co_await std::move(writing)).value();
            auto reading = call.async_read();
            auto const answer = (co_await std::move(reading)).value();
            BOOST_TEST((answer.value() == m + m));
        }
        auto ending = call.async_writes_done();
        (co_await std::move(ending)).value();
        std::vector<octets> rest;
        BOOST_TEST((co_await read_all(call, rest)).has_value());
        BOOST_TEST(rest.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(writing_after_writes_done_is_refused_and_the_call_goes_on, bytes_server) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        auto opening = ch.async_open(bytes_service::bidi);
        auto call = (co_await std::move(opening)).value();
        auto ending = call.async_writes_done();
        (co_await std::move(ending)).value();
        octets const late = "late";
        auto writing = call.async_write(late);
        BOOST_TEST(code_of(co_await std::move(writing)) == status_code::failed_precondition);
        std::vector<octets> rest;
        BOOST_TEST((co_await read_all(call, rest)).has_value());
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(calls_of_protobuf)

BOOST_FIXTURE_TEST_CASE(unary_returns_the_answer, typed_service) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        EchoRequest request;
        request.set_text("Grüße");
        request.set_data(std::string("\0\xff", 2));
        auto calling = ch.async_call(echo::unary, request);
        EchoReply const answer = (co_await std::move(calling)).value();
        BOOST_TEST(answer.text() == "Grüße");
        BOOST_TEST(answer.data() == request.data());
    });
}

BOOST_FIXTURE_TEST_CASE(client_stream_sees_every_message, typed_service) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        auto opening = ch.async_open(echo::client_stream);
        auto call = (co_await std::move(opening)).value();
        for (char const c : std::string("abc")) {
            EchoRequest request;
            request.set_text(std::string(1, c));
            auto writing = call.async_write(request);
            (co_await std::move(writing)).value();
        }
        auto ending = call.async_writes_done();
        (co_await std::move(ending)).value();
        auto finishing = call.async_finish();
        EchoReply const answer = (co_await std::move(finishing)).value();
        BOOST_TEST(answer.text() == "abc");
        BOOST_TEST(answer.index() == 3);
    });
}

BOOST_FIXTURE_TEST_CASE(server_stream_gives_all_messages_and_the_status, typed_service) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        EchoRequest request;
        request.set_count(5);
        request.set_fail_code(static_cast<int>(status_code::data_loss));
        auto opening = ch.async_open(echo::server_stream, request);
        auto call = (co_await std::move(opening)).value();
        std::vector<EchoReply> got;
        BOOST_TEST(code_of(co_await read_all(call, got)) == status_code::data_loss);
        BOOST_TEST_REQUIRE(got.size() == 5u);
        BOOST_TEST(got.back().index() == 4);
    });
}

BOOST_FIXTURE_TEST_CASE(bidi_streams_both_ways, typed_service) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        auto opening = ch.async_open(echo::bidi_stream);
        auto call = (co_await std::move(opening)).value();
        for (int const count : {1, 0, 3}) {
            EchoRequest request;
            request.set_count(count);
            auto writing = call.async_write(request);
            (co_await std::move(writing)).value();
        }
        auto ending = call.async_writes_done();
        (co_await std::move(ending)).value();
        std::vector<EchoReply> got;
        BOOST_TEST((co_await read_all(call, got)).has_value());
        BOOST_TEST(got.size() == 4u);
    });
}

BOOST_FIXTURE_TEST_CASE(bytes_that_are_no_message_are_an_error_of_this_side, typed_service) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        // The same path with another type, as if client and server had different protos.
        constexpr unary_method<octets, EchoReply> wrong{echo::unary.path};
        octets const request = "\xff\xff\xff";
        auto calling = ch.async_call(wrong, request);
        result<EchoReply> const answer = co_await std::move(calling);
        BOOST_TEST(code_of(answer) == status_code::internal);
        BOOST_TEST(message_of(answer) == "the message is not a joust.test.EchoRequest");
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(handler_forms)

namespace {

/// Calls a unary handler of some form with "x".
template <class Handler>
result<octets> answer_of(Handler handler) {
    loopback lo;
    lo.server.add(bytes_service::unary, std::move(handler));
    lo.listen();
    result<octets> answer = octets();
    lo.run([&]() -> awaitable<void> {
        auto const ch = lo.channel();
        octets const request = "x";
        auto calling = ch.async_call(bytes_service::unary, request);
        answer = co_await std::move(calling);
    });
    return answer;
}

status refusal() {
    return status(status_code::aborted, "no");
}

} // namespace

BOOST_AUTO_TEST_CASE(unary_forms_answer) {
    using r = result<octets>;
    BOOST_TEST(answer_of([](octets q) { return q + "1"; }).value() == "x1");
    BOOST_TEST(answer_of([](octets q, call_context&) { return q + "2"; }).value() == "x2");
    BOOST_TEST(answer_of([](octets q) { return r(q + "3"); }).value() == "x3");
    BOOST_TEST(answer_of([](octets q, call_context&) { return r(q + "4"); }).value() == "x4");
    BOOST_TEST(answer_of([](octets q) -> awaitable<octets> { co_return q + "5"; }).value() == "x5");
    BOOST_TEST(answer_of([](octets q, call_context&) -> awaitable<octets> { co_return q + "6"; }).value() == "x6");
    BOOST_TEST(answer_of([](octets q) -> awaitable<r> { co_return q + "7"; }).value() == "x7");
    BOOST_TEST(answer_of([](octets q, call_context&) -> awaitable<r> { co_return q + "8"; }).value() == "x8");
    BOOST_TEST(answer_of([](octets const& q) { return q + "9"; }).value() == "x9");
}

BOOST_AUTO_TEST_CASE(unary_forms_refuse) {
    using r = result<octets>;
    BOOST_TEST(code_of(answer_of([](octets) { return r(refusal()); })) == status_code::aborted);
    BOOST_TEST(code_of(answer_of([](octets, call_context&) { return r(refusal()); })) == status_code::aborted);
    BOOST_TEST(code_of(answer_of([](octets) -> awaitable<r> { co_return refusal(); })) == status_code::aborted);
    BOOST_TEST(code_of(answer_of([](octets, call_context&) -> awaitable<r> { co_return refusal(); })) ==
               status_code::aborted);
}

namespace {

// The calls are no templates: GCC 12 cannot deduce types of a coroutine in one.

/// The outcome of a client-streaming call without messages.
result<octets> collect(loopback& lo) {
    result<octets> answer = octets();
    lo.run([&]() -> awaitable<void> {
        auto const ch = lo.channel();
        auto opening = ch.async_open(bytes_service::client_stream);
        auto call = (co_await std::move(opening)).value();
        auto ending = call.async_writes_done();
        (co_await std::move(ending)).value();
        auto finishing = call.async_finish();
        answer = co_await std::move(finishing);
    });
    return answer;
}

/// The outcome of a server-streaming call.
result<void> read_stream(loopback& lo) {
    result<void> outcome;
    lo.run([&]() -> awaitable<void> {
        auto const ch = lo.channel();
        octets const request = "x";
        auto opening = ch.async_open(bytes_service::server_stream, request);
        auto call = (co_await std::move(opening)).value();
        std::vector<octets> got;
        outcome = co_await read_all(call, got);
    });
    return outcome;
}

/// The outcome of a bidirectional call without messages.
result<void> exchange(loopback& lo) {
    result<void> outcome;
    lo.run([&]() -> awaitable<void> {
        auto const ch = lo.channel();
        auto opening = ch.async_open(bytes_service::bidi);
        auto call = (co_await std::move(opening)).value();
        std::vector<octets> got;
        outcome = co_await read_all(call, got);
    });
    return outcome;
}

template <class Method, class Handler, class Call>
auto outcome_of(Method method, Handler handler, Call call) {
    loopback lo;
    lo.server.add(method, std::move(handler));
    lo.listen();
    return call(lo);
}

template <class Handler>
result<octets> collected_by(Handler handler) {
    return outcome_of(bytes_service::client_stream, std::move(handler), collect);
}

template <class Handler>
result<void> streamed_by(Handler handler) {
    return outcome_of(bytes_service::server_stream, std::move(handler), read_stream);
}

template <class Handler>
result<void> exchanged_by(Handler handler) {
    return outcome_of(bytes_service::bidi, std::move(handler), exchange);
}

} // namespace

BOOST_AUTO_TEST_CASE(client_streaming_forms) {
    using r = result<octets>;
    using in = server_reader<octets>;
    BOOST_TEST(collected_by([](in&) -> awaitable<octets> { co_return "1"; }).value() == "1");
    BOOST_TEST(collected_by([](in&, call_context&) -> awaitable<octets> { co_return "2"; }).value() == "2");
    BOOST_TEST(collected_by([](in&) -> awaitable<r> { co_return "3"; }).value() == "3");
    BOOST_TEST(collected_by([](in&, call_context&) -> awaitable<r> { co_return "4"; }).value() == "4");
    BOOST_TEST(code_of(collected_by([](in&) -> awaitable<r> { co_return refusal(); })) == status_code::aborted);
}

BOOST_AUTO_TEST_CASE(server_streaming_forms) {
    using r = result<void>;
    using out = server_writer<octets>;
    using enum status_code;
    BOOST_TEST(code_of(streamed_by([](octets, out&) -> awaitable<void> { co_return; })) == ok);
    BOOST_TEST(code_of(streamed_by([](octets, out&, call_context&) -> awaitable<void> { co_return; })) == ok);
    BOOST_TEST(code_of(streamed_by([](octets, out&) -> awaitable<status> { co_return status(); })) == ok);
    BOOST_TEST(code_of(streamed_by([](octets, out&) -> awaitable<status> { co_return refusal(); })) == aborted);
    BOOST_TEST(code_of(streamed_by([](octets, out&, call_context&) -> awaitable<status> { co_return refusal(); })) ==
               aborted);
    BOOST_TEST(code_of(streamed_by([](octets, out&) -> awaitable<r> { co_return r(); })) == ok);
    BOOST_TEST(code_of(streamed_by([](octets, out&) -> awaitable<r> { co_return refusal(); })) == aborted);
    BOOST_TEST(code_of(streamed_by([](octets, out&, call_context&) -> awaitable<r> { co_return refusal(); })) ==
               aborted);
}

BOOST_AUTO_TEST_CASE(bidi_forms) {
    using r = result<void>;
    using both = server_stream<octets, octets>;
    using enum status_code;
    BOOST_TEST(code_of(exchanged_by([](both&) -> awaitable<void> { co_return; })) == ok);
    BOOST_TEST(code_of(exchanged_by([](both&, call_context&) -> awaitable<void> { co_return; })) == ok);
    BOOST_TEST(code_of(exchanged_by([](both&) -> awaitable<status> { co_return refusal(); })) == aborted);
    BOOST_TEST(code_of(exchanged_by([](both&, call_context&) -> awaitable<status> { co_return refusal(); })) ==
               aborted);
    BOOST_TEST(code_of(exchanged_by([](both&) -> awaitable<r> { co_return r(); })) == ok);
    BOOST_TEST(code_of(exchanged_by([](both&) -> awaitable<r> { co_return refusal(); })) == aborted);
    BOOST_TEST(code_of(exchanged_by([](both&, call_context&) -> awaitable<r> { co_return refusal(); })) == aborted);
}

BOOST_FIXTURE_TEST_CASE(a_handler_sees_its_call, loopback) {
    server.add(bytes_service::unary, [](octets, call_context& c) {
        return std::string(c.path()) + " " + std::string(c.authority()) + " " +
               (c.peer().starts_with("127.0.0.1:") ? "from loopback" : "from elsewhere") + " " +
               (c.deadline() ? "deadline" : "no deadline") + " " + (c.cancelled() ? "cancelled" : "wanted");
    });
    listen();
    run([&]() -> awaitable<void> {
        channel_options named;
        named.authority = "example.test";
        auto const ch = channel(named);
        octets const request;
        auto calling = ch.async_call(bytes_service::unary, request);
        BOOST_TEST((co_await std::move(calling)).value() ==
                   "/test.Bytes/Unary example.test from loopback no deadline wanted");
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
