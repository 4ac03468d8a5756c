//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// How connections end: vanished peers, GOAWAY, drain and abort.

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

BOOST_AUTO_TEST_SUITE(connection_end)

namespace {

std::string grpc_status_of(std::string_view bytes, std::int32_t id) {
    // Our own HPACK decoder would be as long as this file: a session reads it.
    return std::to_string(frames_of(bytes, frame_type::headers, id).size());
}

} // namespace

BOOST_AUTO_TEST_CASE(vanished_server_ends_every_call) {
    for (std::string const& partial :
         {std::string(), headers_frame(1, response_fields()),
          headers_frame(1, response_fields()) + data_frame(1, grpc_message("answer").substr(0, 7))}) {
        raw_server s;
        s.hello();
        std::list<probe_call> calls(3);
        for (auto& call : calls)
            BOOST_TEST(call.unary(*s.client, "x"));
        s.poll();
        s.send(partial);
        s.link->close();
        s.poll();
        for (auto& call : calls) {
            BOOST_TEST(call.done == 1);
            BOOST_TEST(code_of(call) == "UNAVAILABLE");
            BOOST_TEST((call.outcome->origin() == status_origin::network));
            BOOST_TEST(call.outcome->cause() == make_error_code(connection_error::closed));
        }
        BOOST_TEST(s.owner->lost.size() == 1u);
        BOOST_TEST(!s.client->can_open());
    }
}

BOOST_AUTO_TEST_CASE(words_of_a_server_that_reads_no_more_are_heard) {
    raw_server s;
    s.hello();
    probe_call call, late;
    BOOST_TEST(call.open(*s.client, "/stream"));
    s.poll();
    s.link->to_server.closed = true; // what is written from now on fails
    call.send("x");
    s.poll();
    BOOST_TEST(call.done == 0);
    BOOST_TEST(!late.open(*s.client, "/stream"));
    s.send(headers_frame(1, response_fields({{"grpc-status", "8"}, {"grpc-message", "enough"}}), flag_end_stream));
    BOOST_TEST(call.done == 1);
    BOOST_TEST(call.outcome->message() == "enough");
    s.link->close();
    s.poll();
    BOOST_TEST(!s.client->open());
    BOOST_TEST(s.owner->lost.size() == 1u);
}

BOOST_AUTO_TEST_CASE(vanished_client_cancels_every_handler) {
    raw_client c;
    c.hello();
    c.send(headers_frame(1, request_fields("/hold")) + headers_frame(3, request_fields("/unary")) +
           data_frame(3, grpc_message("question").substr(0, 7)) + headers_frame(5, request_fields("/stream")));
    BOOST_TEST(c.server->active_calls() == 3u);
    c.link->close();
    c.poll();
    BOOST_TEST(c.acceptor->cancelled.size() == 3u);
    for (std::string const& outcome : c.acceptor->cancelled)
        BOOST_TEST(outcome.starts_with("CANCELLED: the connection to the client was lost"));
    BOOST_TEST(c.acceptor->closed == 1);
}

BOOST_AUTO_TEST_CASE(goaway_is_in_the_words_of_the_loss) {
    raw_server s;
    s.hello();
    probe_call refused, finished;
    BOOST_TEST(finished.unary(*s.client, "x"));
    BOOST_TEST(refused.unary(*s.client, "x"));
    s.poll();
    s.send(goaway_frame(1, 11, "too_many_pings"));
    BOOST_TEST(s.owner->going_away == 1);
    BOOST_TEST(s.client->going_away());
    BOOST_TEST(!s.client->can_open());
    BOOST_TEST(code_of(refused) == "UNAVAILABLE");
    BOOST_TEST(refused.outcome->cause() == make_error_code(connection_error::refused_stream));
    BOOST_TEST(finished.done == 0);
    s.send(headers_frame(1, response_fields({{"grpc-status", "0"}}), flag_end_stream));
    BOOST_TEST(code_of(finished) == "OK");
    BOOST_TEST_REQUIRE(s.owner->lost.size() == 1u);
    BOOST_TEST(s.owner->lost[0].message() == "the connection to memory:1 was lost: the peer is going away after "
                                             "GOAWAY ENHANCE_YOUR_CALM 'too_many_pings'");
    BOOST_TEST(s.owner->lost[0].cause() == make_error_code(connection_error::goaway));
    BOOST_TEST(!s.client->open());
}

BOOST_AUTO_TEST_CASE(shut_down_client_finishes_its_calls_and_closes) {
    connection_pair p;
    p.start();
    probe_call call;
    BOOST_TEST(call.open(*p.client, "/hold"));
    p.poll();
    p.client->shut_down();
    BOOST_TEST(!p.client->can_open());
    p.poll();
    BOOST_TEST(p.client->open());
    p.acceptor->held[0]->finish({});
    p.poll();
    BOOST_TEST(call.outcome->ok());
    BOOST_TEST(!p.client->open());
    BOOST_TEST(p.owner->lost.size() == 1u);
    BOOST_TEST(p.owner->lost[0].cause() == make_error_code(connection_error::shut_down));
    BOOST_TEST(p.acceptor->closed == 1);
}

BOOST_AUTO_TEST_CASE(drain_announces_waits_for_the_ping_and_closes_behind_the_last_call) {
    raw_client c;
    c.hello();
    c.send(headers_frame(1, request_fields("/hold")));
    c.server->drain();
    c.server->drain(); // once is enough
    c.poll();
    auto frames = parse_frames(c.receive());
    BOOST_TEST_REQUIRE(frames.size() == 2u);
    BOOST_TEST((frames[0].type == frame_type::goaway));
    BOOST_TEST((frames[1].type == frame_type::ping));
    BOOST_TEST(frames[0].number(0) == 0x7fffffffu);
    c.send(headers_frame(3, request_fields("/hold"))); // it was on its way
    BOOST_TEST(c.server->active_calls() == 2u);
    c.send(ping_frame(frames[1].payload, flag_ack));
    frames = frames_of(c.receive(), frame_type::goaway);
    BOOST_TEST_REQUIRE(frames.size() == 1u);
    BOOST_TEST(frames[0].number(0) == 3u);
    c.send(headers_frame(5, request_fields("/hold"))); // too late
    BOOST_TEST(c.server->active_calls() == 2u);
    c.send(ping_frame(std::string(8, '\0'), flag_ack)); // nobody asked
    BOOST_TEST(frames_of(c.receive(), frame_type::goaway).empty());
    auto const held = c.acceptor->held;
    held[0]->finish({});
    c.poll();
    BOOST_TEST(c.server->open());
    held[1]->finish({});
    c.poll();
    BOOST_TEST(grpc_status_of(c.receive(), 3) == "1");
    BOOST_TEST(!c.server->open());
    BOOST_TEST(c.acceptor->closed == 1);
}

BOOST_AUTO_TEST_CASE(drain_of_an_idle_connection_closes_it) {
    connection_pair p;
    p.start();
    p.server->drain();
    p.poll();
    BOOST_TEST(!p.server->open());
    BOOST_TEST(!p.client->open());
    BOOST_TEST(p.owner->going_away == 1);
    BOOST_TEST(p.owner->lost.size() == 1u);
}

BOOST_AUTO_TEST_CASE(drain_loses_no_call) {
    connection_pair p;
    p.start();
    std::list<probe_call> calls(20);
    for (auto& call : calls) {
        call.unary(*p.client, "question");
        if (&call == &*std::next(calls.begin(), 10))
            p.server->drain();
    }
    p.poll();
    for (auto& call : calls)
        BOOST_TEST(code_of(call) == "OK");
    BOOST_TEST(!p.client->open());
}

BOOST_AUTO_TEST_CASE(abort_answers_every_call_and_closes) {
    connection_pair p;
    p.start();
    probe_call fresh, streaming, busy;
    BOOST_TEST(fresh.open(*p.client, "/hold"));
    BOOST_TEST(streaming.open(*p.client, "/stream"));
    streaming.send("a");
    BOOST_TEST(busy.open(*p.client, "/stream"));
    p.poll();
    for (int i = 0; i < 10; ++i)
        busy.send(std::string(10'000, 'x'));
    p.server->abort(status(status_code::unavailable, "the server stops"));
    p.poll();
    for (probe_call const* const call : {&fresh, &streaming, &busy}) {
        BOOST_TEST(call->done == 1);
        BOOST_TEST(code_of(*call) == "UNAVAILABLE");
        BOOST_TEST((call->outcome->origin() == status_origin::peer));
        BOOST_TEST(call->outcome->message() == "the server stops");
    }
    BOOST_TEST(streaming.messages == std::vector<std::string>{"a"});
    BOOST_TEST(p.acceptor->cancelled.size() == 3u);
    BOOST_TEST(!p.server->open());
    BOOST_TEST(p.acceptor->closed == 1);
}

BOOST_AUTO_TEST_CASE(abort_does_not_wait_for_a_client_that_reads_nothing) {
    raw_client c({.close_grace = 0s});
    c.hello();
    c.link->set_capacity(c.link->to_client, 0);
    c.send(headers_frame(1, request_fields("/hold")));
    c.server->abort(status(status_code::unavailable));
    c.poll();
    BOOST_TEST(!c.server->open());
    BOOST_TEST(c.acceptor->cancelled.size() == 1u);
    BOOST_TEST(c.acceptor->closed == 1);
}

BOOST_AUTO_TEST_SUITE_END()
