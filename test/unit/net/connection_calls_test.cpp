//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/connections.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace joust;
using namespace joust::test;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

BOOST_AUTO_TEST_SUITE(connection_calls)

BOOST_AUTO_TEST_CASE(unary_call_is_answered) {
    connection_pair p;
    p.start();
    BOOST_TEST(p.owner->ready == 1);
    probe_call call;
    BOOST_TEST(call.unary(*p.client, "question"));
    BOOST_TEST(p.client->active_calls() == 1u);
    p.poll();
    BOOST_TEST(call.done == 1);
    BOOST_TEST(call.headers == 1);
    BOOST_TEST(call.outcome->ok());
    BOOST_TEST(call.messages == std::vector<std::string>{"question"});
    BOOST_TEST(p.client->active_calls() == 0u);
    BOOST_TEST(p.server->active_calls() == 0u);
    BOOST_TEST(p.owner->capacity >= 1);
}

BOOST_AUTO_TEST_CASE(calls_wait_for_the_servers_settings) {
    raw_server s;
    probe_call early, later;
    BOOST_TEST(!s.client->ready());
    BOOST_TEST(!early.unary(*s.client, "x"));
    s.hello();
    BOOST_TEST(s.client->ready());
    BOOST_TEST(later.unary(*s.client, "x"));
}

BOOST_AUTO_TEST_CASE(stream_of_messages_is_echoed) {
    connection_pair p;
    p.start();
    probe_call call;
    BOOST_TEST(call.open(*p.client, "/stream"));
    std::vector<std::string> sent;
    for (int i = 0; i < 100; ++i) {
        sent.push_back(std::string(static_cast<std::size_t>(i) * 37, 'x'));
        BOOST_TEST(call.send(sent.back()));
        if (i % 7 == 0)
            p.poll();
    }
    call.stream->call().half_close();
    p.poll();
    BOOST_TEST(call.done == 1);
    BOOST_TEST(call.outcome->ok());
    BOOST_TEST(call.messages == sent);
}

BOOST_AUTO_TEST_CASE(full_send_queue_waits_for_room) {
    connection_pair p({.send_queue = 10'000}, {.http2 = {.stream_window = 65'535}, .send_queue = 10'000});
    p.start();
    probe_call call;
    call.reads = false; // the server's answers fill the window, then its queue; then it stops to read
    BOOST_TEST(call.open(*p.client, "/stream"));
    std::size_t sent = 0;
    for (; !call.stream->send_queue_full(); p.poll()) {
        BOOST_TEST_REQUIRE(sent < 10'000'000u);
        BOOST_TEST(call.send(std::string(5000, 'x')));
        sent += 5000;
    }
    BOOST_TEST(call.writable == 0);
    BOOST_TEST(p.acceptor->writable == 0);
    call.reads = true;
    call.read();
    p.poll();
    BOOST_TEST(call.writable == 1); // once
    BOOST_TEST(p.acceptor->writable > 0);
    BOOST_TEST(!call.stream->send_queue_full());
    call.stream->call().half_close();
    p.poll();
    BOOST_TEST(call.outcome->ok());
    BOOST_TEST(call.messages.size() == sent / 5000);
}

BOOST_AUTO_TEST_CASE(reader_that_does_not_want_stops_its_peer_only) {
    connection_pair p({}, {.http2 = {.stream_window = 65'535}});
    p.start();
    probe_call lazy, other;
    lazy.reads = false;
    BOOST_TEST(lazy.open(*p.client, "/stream"));
    for (int i = 0; i < 40; ++i)
        BOOST_TEST(lazy.send(std::string(5000, 'x')));
    p.poll();
    BOOST_TEST(other.unary(*p.client, std::string(100'000, 'y')));
    p.poll();
    BOOST_TEST(other.done == 1);
    BOOST_TEST(other.outcome->ok());
    BOOST_TEST(lazy.done == 0);
}

BOOST_AUTO_TEST_CASE(limit_of_the_server_is_kept) {
    connection_pair p({.http2 = {.max_concurrent_streams = 2}});
    p.start();
    std::list<probe_call> calls(3);
    auto it = calls.begin();
    BOOST_TEST(it++->open(*p.client, "/hold"));
    BOOST_TEST(it++->open(*p.client, "/hold"));
    BOOST_TEST(!p.client->can_open());
    BOOST_TEST(!it->open(*p.client, "/hold"));
    p.poll();
    int const before = p.owner->capacity;
    p.acceptor->held[0]->finish(status(status_code::not_found));
    p.poll();
    BOOST_TEST(p.owner->capacity == before + 1);
    BOOST_TEST(p.client->can_open());
    BOOST_TEST(it->open(*p.client, "/hold"));
    for (auto& call : calls)
        if (call.stream)
            call.stream->abort(status(status_code::cancelled));
    p.poll();
    BOOST_TEST(p.client->active_calls() == 0u);
}

BOOST_AUTO_TEST_CASE(higher_limit_of_the_server_is_capacity) {
    raw_server s;
    s.send(settings_frame({{settings_max_concurrent_streams, 1}}));
    probe_call a, b;
    BOOST_TEST(a.unary(*s.client, "x"));
    BOOST_TEST(!b.unary(*s.client, "x"));
    s.send(settings_frame({{settings_max_concurrent_streams, 2}}));
    BOOST_TEST(s.owner->ready == 1);
    BOOST_TEST(s.owner->capacity == 1);
    BOOST_TEST(b.unary(*s.client, "x"));
}

BOOST_AUTO_TEST_CASE(cancelled_call_is_heard_by_the_server_once) {
    connection_pair p;
    p.start();
    probe_call call;
    BOOST_TEST(call.open(*p.client, "/hold"));
    p.poll();
    call.stream->abort(status(status_code::cancelled, "enough"));
    BOOST_TEST(call.done == 1);
    BOOST_TEST(call.outcome->message() == "enough");
    p.poll();
    BOOST_TEST(call.done == 1);
    BOOST_TEST(p.acceptor->cancelled.size() == 1u);
    BOOST_TEST(p.acceptor->cancelled[0].starts_with("CANCELLED: the client cancelled the call"));
    BOOST_TEST(p.client->active_calls() == 0u);
    BOOST_TEST(p.server->active_calls() == 0u);
    probe_call next;
    BOOST_TEST(next.unary(*p.client, "still well"));
    p.poll();
    BOOST_TEST(next.outcome->ok());
}

BOOST_AUTO_TEST_CASE(call_that_is_cancelled_before_it_was_written_is_never_sent) {
    connection_pair p;
    p.start();
    probe_call call;
    BOOST_TEST(call.unary(*p.client, "x"));
    call.stream->abort(status(status_code::cancelled));
    p.poll();
    BOOST_TEST(p.acceptor->calls == 0);
    BOOST_TEST(p.client->active_calls() == 0u);
}

BOOST_AUTO_TEST_CASE(cancel_and_answer_in_one_batch_is_whichever_comes_first) {
    connection_pair p;
    p.start();
    probe_call call;
    BOOST_TEST(call.open(*p.client, "/hold"));
    p.poll();
    p.acceptor->held[0]->finish(status(status_code::not_found));
    call.stream->abort(status(status_code::cancelled)); // the answer is on its way
    p.poll();
    BOOST_TEST(call.done == 1);
    BOOST_TEST(code_of(call) == "CANCELLED");
    BOOST_TEST(p.acceptor->cancelled.empty()); // the handler had answered
    BOOST_TEST(p.server->active_calls() == 0u);
}

BOOST_AUTO_TEST_CASE(passed_deadline_ends_the_call_once_on_both_sides) {
    connection_pair p;
    p.start();
    probe_call client_late, server_late;
    BOOST_TEST(client_late.open(*p.client, "/hold", clock_type::now()));
    BOOST_TEST(server_late.open(*p.client, "/hold", {}, 1ns));
    p.poll();
    p.poll();
    BOOST_TEST(client_late.done == 1);
    BOOST_TEST(code_of(client_late) == "DEADLINE_EXCEEDED");
    BOOST_TEST((client_late.outcome->origin() == status_origin::local));
    BOOST_TEST(server_late.done == 1);
    BOOST_TEST(code_of(server_late) == "DEADLINE_EXCEEDED");
    BOOST_TEST((server_late.outcome->origin() == status_origin::peer));
    BOOST_TEST(p.client->active_calls() == 0u);
    BOOST_TEST(p.server->active_calls() == 0u);
    BOOST_TEST(p.acceptor->cancelled.size() <= 2u);
    BOOST_TEST(p.acceptor->cancelled.back() == "DEADLINE_EXCEEDED: the deadline passed");
}

BOOST_AUTO_TEST_CASE(deadline_that_has_not_passed_does_nothing) {
    connection_pair p;
    p.start();
    probe_call call;
    BOOST_TEST(call.open(*p.client, "/hold", clock_type::now() + 1h, 1h));
    p.poll();
    BOOST_TEST(call.done == 0);
    p.acceptor->held[0]->finish({});
    p.poll();
    BOOST_TEST(call.outcome->ok());
}

BOOST_AUTO_TEST_CASE(earlier_deadline_is_kept_behind_a_later_one) {
    connection_pair p;
    p.start();
    probe_call later, earlier;
    BOOST_TEST(later.open(*p.client, "/hold", clock_type::now() + 1h));
    p.poll();
    BOOST_TEST(earlier.open(*p.client, "/hold", clock_type::now() - 1s));
    p.poll();
    BOOST_TEST(code_of(earlier) == "DEADLINE_EXCEEDED");
    BOOST_TEST(later.done == 0);
}

BOOST_AUTO_TEST_CASE(deadline_behind_one_that_passed_is_kept) {
    connection_pair p;
    p.start();
    for (int i = 0; i < 3; ++i) {
        probe_call call;
        BOOST_TEST(call.open(*p.client, "/hold", clock_type::now()));
        p.poll();
        BOOST_TEST(code_of(call) == "DEADLINE_EXCEEDED");
    }
}

BOOST_AUTO_TEST_CASE(deadline_of_a_call_that_ended_does_not_hit_the_next_one) {
    connection_pair p;
    p.start();
    auto const deadline = clock_type::now() + 3ms;
    probe_call first, second;
    BOOST_TEST(first.open(*p.client, "/hold", deadline, 3ms));
    p.poll();
    for (auto* const s : std::exchange(p.acceptor->held, {}))
        s->finish({});
    p.poll();
    BOOST_TEST(first.done == 1);
    BOOST_TEST(second.open(*p.client, "/hold")); // on the same streams
    p.poll();
    while (clock_type::now() < deadline + 3ms)
        continue;
    p.poll();
    BOOST_TEST(second.done == 0);
    BOOST_TEST(p.acceptor->held.size() == 1u);
}

BOOST_AUTO_TEST_CASE(deadlines_cost_no_timer_operation_per_call) {
    // A timer that is set anew cancels its old wait, and that is a handler.
    auto const handlers = [](std::optional<std::chrono::nanoseconds> timeout) {
        connection_pair p;
        p.start();
        probe_call first;
        BOOST_TEST(first.open(*p.client, "/hold", clock_type::now() + 1h, 1h)); // arms both timers
        p.poll();
        std::size_t n = 0;
        for (int i = 0; i < 50; ++i) {
            probe_call call;
            std::optional<clock_type::time_point> deadline;
            if (timeout)
                deadline = clock_type::now() + *timeout;
            BOOST_TEST(call.open(*p.client, "/unary", deadline, timeout));
            call.send("x");
            call.stream->call().half_close();
            n += p.poll();
            BOOST_TEST(call.outcome->ok());
        }
        return n;
    };
    BOOST_TEST(handlers(2h) == handlers({}));
}

BOOST_AUTO_TEST_CASE(reference_keeps_stream_and_connection) {
    net::client_stream_ref ref;
    std::weak_ptr<net::connection> weak;
    {
        connection_pair p;
        p.start();
        probe_call call;
        BOOST_TEST(call.open(*p.client, "/hold"));
        ref = net::client_stream_ref(*call.stream);
        weak = p.client;
        p.client->close(connection_error::shut_down);
        p.poll();
        BOOST_TEST(call.done == 1);
        // The stream is not reused while somebody refers to it.
        BOOST_TEST((ref->call().outcome().code() == status_code::unavailable));
        p.client.reset();
        p.poll();
        BOOST_TEST(!weak.expired());
        BOOST_TEST((ref->call().outcome().code() == status_code::unavailable));
        buffer framed(grpc_message("x"));
        BOOST_TEST((ref->call().send_message(framed).code() == status_code::unavailable));
        BOOST_TEST(!ref->send_queue_full());
        ref.reset();
        BOOST_TEST(weak.expired());
    }
}

BOOST_AUTO_TEST_CASE(closed_stream_is_not_reused_while_it_is_referred_to) {
    connection_pair p;
    p.start();
    probe_call first, second;
    BOOST_TEST(first.unary(*p.client, "first"));
    net::client_stream_ref ref(*first.stream);
    p.poll();
    BOOST_TEST(second.unary(*p.client, "second"));
    BOOST_TEST(&*second.stream != &*ref);
    p.poll();
    BOOST_TEST(ref->call().outcome().ok());
    net::client_stream* const before = &*ref;
    ref.reset();
    probe_call third;
    BOOST_TEST(third.unary(*p.client, "third"));
    BOOST_TEST(&*third.stream == before);
    p.poll();
    BOOST_TEST(third.messages == std::vector<std::string>{"third"});
}

BOOST_AUTO_TEST_CASE(crowd_of_streams_comes_and_goes) {
    connection_pair p;
    p.start();
    for (int round = 0; round < 50; ++round) {
        std::list<probe_call> calls(round % 10 == 0 ? 100 : 2);
        for (auto& call : calls)
            BOOST_TEST(call.unary(*p.client, "question"));
        p.poll();
        for (auto& call : calls)
            BOOST_TEST(code_of(call) == "OK");
    }
}

BOOST_AUTO_TEST_SUITE_END()
