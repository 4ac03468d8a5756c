//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/frames.hpp"
#include "support/sessions.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace joust;
using namespace joust::http2;
using namespace joust::test;
using code = http2::error_code;

namespace {

constexpr std::uint32_t enhance_your_calm = 11;

void send(logged_session& s, http2::stream& to, std::string_view text) {
    buffer b(text);
    s.session.send(to, b);
}

} // namespace

BOOST_AUTO_TEST_SUITE(session_reset)

BOOST_AUTO_TEST_CASE(client_resets_and_both_hear_it) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    p.pump();
    p.server.log.lines();
    BOOST_TEST(!session::reset_locally(*s));
    p.client.session.reset(*s, code::cancel);
    BOOST_TEST(session::reset_locally(*s));
    p.pump();
    BOOST_TEST(joined(p.client.log.lines()) == "closed 1 CANCEL");
    BOOST_TEST(joined(p.server.log.lines()) == "closed 1 CANCEL");
}

BOOST_AUTO_TEST_CASE(server_resets_and_both_hear_it) {
    session_pair p;
    p.handshake();
    p.client.session.submit_request(grpc_request(), nullptr);
    p.pump();
    p.server.log.lines();
    p.server.session.reset(p.server.stream(1), code::internal_error);
    p.pump();
    BOOST_TEST(joined(p.client.log.lines()) == "closed 1 INTERNAL_ERROR");
    BOOST_TEST(joined(p.server.log.lines()) == "closed 1 INTERNAL_ERROR");
}

BOOST_AUTO_TEST_CASE(request_that_is_reset_before_it_was_written_is_never_sent) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    send(p.client, *s, "question");
    p.client.session.reset(*s, code::cancel);
    BOOST_TEST(p.client.pull().empty());
    BOOST_TEST(joined(p.client.log.lines()) == "closed 1 CANCEL");
    p.client.session.submit_request(grpc_request(), nullptr);
    p.pump();
    BOOST_TEST(joined(p.server.log.lines()).starts_with("headers 3 ")); // the connection is well
}

BOOST_AUTO_TEST_CASE(reset_of_a_reset_or_closed_stream_does_nothing) {
    session_pair p;
    p.handshake();
    p.client.session.submit_request(grpc_request(), nullptr);
    p.pump();
    p.server.log.lines();
    auto& s = p.server.stream(1);
    p.server.session.reset(s, code::cancel);
    p.server.session.reset(s, code::internal_error);
    BOOST_TEST(resets_in(p.server.pull()) == "1 CANCEL");
    BOOST_TEST(joined(p.server.log.lines()) == "closed 1 CANCEL");
}

BOOST_AUTO_TEST_CASE(whatever_is_done_to_a_closed_stream_is_ignored) {
    // The peer's reset and what a handler does meet in one batch: the event is recorded, but not handled yet.
    logged_session server(role::server);
    BOOST_TEST(!server.feed(client_hello() + headers_frame(1, request_fields())));
    server.pull();
    auto& s = server.stream(1);
    BOOST_TEST(!server.session.feed(rst_frame(1, 8)));
    server.session.submit_response(s, grpc_response(), false);
    send(server, s, "answer");
    send(server, s, std::string(10'000, 'x'));
    server.session.consume(s, 5);
    server.session.watch_drain(s, 0);
    server.session.finish(s, grpc_trailers());
    server.session.reset(s, code::cancel);
    BOOST_TEST(session::queued(s) == 0u);
    BOOST_TEST(server.pull().empty());
    BOOST_TEST(joined(server.log.lines()).ends_with("closed 1 CANCEL"));
    BOOST_TEST(!server.feed(headers_frame(3, request_fields())));
    server.session.submit_response(server.stream(3), grpc_response(), true);
    BOOST_TEST(frames_of(server.pull(), frame_type::headers, 3).size() == 1u);
}

BOOST_AUTO_TEST_CASE(data_behind_a_local_reset_is_not_heard_and_its_window_returned) {
    logged_session server(role::server, {.connection_window = 100'000});
    BOOST_TEST(!server.feed(client_hello() + headers_frame(1, request_fields())));
    server.pull();
    server.log.lines();
    server.session.reset(server.stream(1), code::cancel);
    for (int i = 0; i < 6; ++i)
        BOOST_TEST(!server.feed(data_frame(1, std::string(10'000, 'x'))));
    BOOST_TEST(!frames_of(server.pull(), frame_type::window_update, 0).empty());
    BOOST_TEST(joined(server.log.lines()) == "closed 1 CANCEL");
}

BOOST_AUTO_TEST_CASE(answer_to_an_unfinished_request_is_written_before_the_client_is_asked_to_stop) {
    for (bool const trailers_only : {true, false}) {
        session_pair p;
        p.handshake();
        http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
        send(p.client, *s, "question");
        p.pump();
        auto& answer = p.server.stream(1);
        p.server.session.submit_response(answer, grpc_response(), trailers_only);
        if (!trailers_only) {
            send(p.server, answer, "answer");
            p.server.session.finish(answer, grpc_trailers());
        }
        std::string const bytes = p.server.pull();
        auto const frames = parse_frames(bytes);
        BOOST_TEST_REQUIRE(frames.size() >= 2u);
        BOOST_TEST(frames[frames.size() - 2].has(flag_end_stream));
        BOOST_TEST((frames.back().type == frame_type::rst_stream));
        BOOST_TEST(resets_in(bytes) == "1 NO_ERROR");
        BOOST_TEST(joined(p.server.log.lines()).ends_with("closed 1 NO_ERROR"));
        BOOST_TEST(!p.client.feed(bytes));
        BOOST_TEST(joined(p.client.log.lines()) ==
                   (trailers_only ? "headers 1 :status=200 content-type=application/grpc [end]\nclosed 1 NO_ERROR"
                                  : "headers 1 :status=200 content-type=application/grpc\ndata 1 answer\n"
                                    "headers 1 grpc-status=0 [end]\nclosed 1 NO_ERROR"));
    }
}

BOOST_AUTO_TEST_CASE(request_that_ends_while_its_answer_is_written_is_not_asked_to_stop) {
    logged_session server(role::server);
    BOOST_TEST(!server.feed(std::string(preface) + settings_frame({{settings_initial_window_size, 3}}) +
                            headers_frame(1, request_fields())));
    server.pull();
    auto& s = server.stream(1);
    server.session.submit_response(s, grpc_response(), false);
    send(server, s, "answer");
    server.session.finish(s, grpc_trailers());
    BOOST_TEST(resets_in(server.pull()) == ""); // the window holds the answer
    BOOST_TEST(!server.feed(data_frame(1, "", flag_end_stream) + window_frame(1, 100)));
    BOOST_TEST(resets_in(server.pull()) == "");
    BOOST_TEST(joined(server.log.lines()).ends_with("closed 1 NO_ERROR"));
}

BOOST_AUTO_TEST_CASE(client_that_answers_early_is_not_the_servers_business) {
    session_pair p; // a client that has ended its request does not reset it
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    p.client.session.finish(*s, fields{{"x-trailer", "1"}});
    BOOST_TEST(resets_in(p.client.pull()) == "");
}

BOOST_AUTO_TEST_CASE(request_too_large_to_be_sent_is_no_refusal) {
    session_pair p;
    p.handshake();
    std::string const large(2'000'000, 'x');
    fields const too_large = {{":method", "POST"}, {":scheme", "http"}, {":path", "/"}, {"x-large", large}};
    p.client.session.submit_request(too_large, nullptr);
    p.pump();
    BOOST_TEST(joined(p.client.log.lines()) == "closed 1 INTERNAL_ERROR");
    p.client.session.submit_request(grpc_request(), nullptr);
    p.pump();
    BOOST_TEST(joined(p.server.log.lines()).starts_with("headers 3 "));
}

BOOST_AUTO_TEST_CASE(answer_too_large_to_be_sent_resets_its_stream) {
    session_pair p;
    p.handshake();
    for (bool const trailers : {false, true}) {
        http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
        p.client.session.finish(*s);
        std::int32_t const id = session::id(*s);
        p.pump();
        std::string const large(2'000'000, 'x');
        fields const too_large = {{":status", "200"}, {"grpc-message", large}};
        if (trailers)
            p.server.session.submit_response(p.server.stream(id), grpc_response(), false);
        if (trailers)
            p.server.session.finish(p.server.stream(id), fields{{"grpc-message", large}});
        else
            p.server.session.submit_response(p.server.stream(id), too_large, true);
        p.pump();
        BOOST_TEST(joined(p.client.log.lines()).ends_with("closed " + std::to_string(id) + " INTERNAL_ERROR"));
    }
    BOOST_TEST(p.server.session.alive());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(session_shutdown)

BOOST_AUTO_TEST_CASE(fresh_session_is_alive) {
    session_pair p;
    BOOST_TEST(p.client.session.alive());
    p.handshake();
    BOOST_TEST(p.client.session.alive());
    BOOST_TEST(p.server.session.alive());
    BOOST_TEST(!p.server.session.failure());
}

BOOST_AUTO_TEST_CASE(announced_shutdown_still_takes_streams) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr); // on its way already
    p.client.session.finish(*s);
    std::string const request = p.client.pull();
    p.server.session.announce_shutdown();
    p.pump();
    BOOST_TEST(joined(p.client.log.lines()) == "goaway 2147483647 NO_ERROR ");
    BOOST_TEST(p.server.session.alive());
    BOOST_TEST(!p.server.feed(request));
    p.server.session.goaway(code::no_error);
    p.pump();
    BOOST_TEST(joined(p.client.log.lines()) == "goaway 1 NO_ERROR ");
    BOOST_TEST(p.server.session.alive());
    p.server.session.submit_response(p.server.stream(1), grpc_response(), true);
    p.pump();
    BOOST_TEST(joined(p.client.log.lines()).ends_with("closed 1 NO_ERROR"));
    BOOST_TEST(!p.server.session.alive());
    BOOST_TEST(!p.client.session.alive());
    BOOST_TEST(!p.server.session.failure());
}

BOOST_AUTO_TEST_CASE(goaway_refuses_streams_above_its_last) {
    logged_session client(role::client);
    for (int i = 0; i < 3; ++i)
        client.session.submit_request(grpc_request(), nullptr);
    client.pull();
    BOOST_TEST(!client.feed(settings_frame() + goaway_frame(3, enhance_your_calm, "too_many_pings")));
    BOOST_TEST(joined(client.log.lines()) ==
               "settings\ngoaway 3 ENHANCE_YOUR_CALM too_many_pings\nclosed 5 REFUSED_STREAM");
    BOOST_TEST(client.session.alive());
    BOOST_TEST(!client.feed(headers_frame(1, response_fields({{"grpc-status", "0"}}), flag_end_stream)));
    BOOST_TEST(joined(client.log.lines()).starts_with("headers 1 ")); // those below go on
}

BOOST_AUTO_TEST_CASE(requests_that_waited_for_a_goaway_are_refused) {
    logged_session client(role::client);
    client.pull();
    client.session.submit_request(grpc_request(), nullptr);
    BOOST_TEST(!client.feed(settings_frame() + goaway_frame(0, 0)));
    client.session.submit_request(grpc_request(), nullptr);
    BOOST_TEST(frames_of(client.pull(), frame_type::headers).empty());
    BOOST_TEST(joined(client.log.lines()) ==
               "settings\ngoaway 0 NO_ERROR \nclosed 1 REFUSED_STREAM\nclosed 3 REFUSED_STREAM");
    BOOST_TEST(!client.session.alive());
}

BOOST_AUTO_TEST_CASE(streams_behind_the_final_goaway_are_ignored) {
    logged_session server(role::server);
    BOOST_TEST(!server.feed(client_hello() + headers_frame(1, request_fields())));
    server.session.goaway(code::no_error, "enough");
    auto const goaways = frames_of(server.pull(), frame_type::goaway);
    BOOST_TEST_REQUIRE(goaways.size() == 1u);
    BOOST_TEST(goaways[0].number(0) == 1u);
    BOOST_TEST(goaways[0].payload.substr(8) == "enough");
    server.log.lines();
    BOOST_TEST(!server.feed(headers_frame(3, request_fields(), flag_end_stream)));
    BOOST_TEST(server.log.lines().empty());
}

BOOST_AUTO_TEST_CASE(terminated_session_is_dead_when_that_is_written) {
    logged_session server(role::server);
    BOOST_TEST(!server.feed(client_hello() + headers_frame(1, request_fields())));
    server.pull();
    server.session.terminate(code::enhance_your_calm);
    BOOST_TEST(server.session.alive());
    BOOST_TEST(frames_of(server.pull(), frame_type::goaway).size() == 1u);
    BOOST_TEST(!server.session.alive());
}

BOOST_AUTO_TEST_CASE(streams_run_out_and_no_request_is_made) {
    logged_session client(role::client);
    client.pull();
    BOOST_TEST(client.session.submit_request(grpc_request(), nullptr) != nullptr);
    BOOST_TEST(!client.feed(settings_frame() + goaway_frame(1, 0)));
    // 2^30 streams take too long; a request behind GOAWAY takes an identifier and is refused.
    http2::stream* const s = client.session.submit_request(grpc_request(), nullptr);
    BOOST_TEST_REQUIRE(s != nullptr);
    BOOST_TEST(session::id(*s) == 3);
}

BOOST_AUTO_TEST_CASE(pings_that_nobody_reads_the_answers_of_do_not_pile_up) {
    logged_session server(role::server);
    BOOST_TEST(!server.feed(client_hello()));
    boost::system::error_code ec;
    int pings = 0;
    for (; !ec && pings < 100'000; ++pings)
        ec = server.feed(ping_frame("12345678"));
    BOOST_TEST(ec == make_error_code(connection_error::enhance_your_calm));
    BOOST_TEST(pings < 3000);
}

BOOST_AUTO_TEST_CASE(resets_that_an_honest_client_makes_are_no_attack) {
    logged_session server(role::server);
    BOOST_TEST(!server.feed(client_hello()));
    for (int i = 0; i < 5000; ++i) {
        BOOST_TEST_REQUIRE(!server.feed(headers_frame(2 * i + 1, request_fields()) + rst_frame(2 * i + 1, 8)));
        server.pull();
    }
    BOOST_TEST(server.session.alive());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(session_header_limits)

BOOST_AUTO_TEST_CASE(block_above_the_limit_is_told_without_its_end) {
    logged_session server(role::server, {.max_header_list_size = 1000});
    field_list const large = request_fields("/a", {{"x-large", std::string(1000, 'v')}, {"x-after", "1"}});
    BOOST_TEST(!server.feed(client_hello() + headers_frame(1, large, flag_end_stream) +
                            headers_frame(3, request_fields("/b"), flag_end_stream)));
    auto const lines = server.log.lines();
    BOOST_TEST_REQUIRE(lines.size() == 3u);
    BOOST_TEST(lines[1] == "headers 1 oversized [end]");
    BOOST_TEST(lines[2].starts_with("headers 3 :method=POST :scheme=http :path=/b")); // the next one is whole
    BOOST_TEST(resets_in(server.pull()) == "");
}

BOOST_AUTO_TEST_CASE(block_at_the_limit_is_not_oversized) {
    std::size_t size = 0;
    for (auto const& [name, value] : request_fields("/a", {{"x", ""}}))
        size += name.size() + value.size() + 32;
    for (std::size_t const value : {1000 - size, 1001 - size}) {
        logged_session server(role::server, {.max_header_list_size = 1000});
        BOOST_TEST(
            !server.feed(client_hello() + headers_frame(1, request_fields("/a", {{"x", std::string(value, 'v')}}))));
        BOOST_TEST((server.log.lines()[1] == "headers 1 oversized") == (value == 1001 - size));
    }
}

BOOST_AUTO_TEST_CASE(continued_block_above_the_limit_is_told) {
    logged_session server(role::server, {.max_header_list_size = 1000});
    field_list more;
    for (int i = 0; i < 100; ++i)
        more.emplace_back("x-" + std::to_string(i), "value");
    std::string const bytes = client_hello() + continued_headers(1, request_fields("/a", more), 300);
    for (std::size_t i = 0; i < bytes.size(); i += 50)
        BOOST_TEST(!server.feed(std::string_view(bytes).substr(i, 50)));
    BOOST_TEST(joined(server.log.lines()) == "settings\nheaders 1 oversized");
}

BOOST_AUTO_TEST_CASE(block_far_above_the_limit_resets_its_stream_only) {
    logged_session server(role::server, {.max_header_list_size = 1000});
    field_list more;
    for (int i = 0; i < 1000; ++i)
        more.emplace_back("x-" + std::to_string(i), "value");
    BOOST_TEST(!server.feed(client_hello() + headers_frame(3, request_fields()) +
                            continued_headers(5, request_fields("/a", more), 16'000) + data_frame(3, "x")));
    BOOST_TEST(resets_in(server.pull()) == "5 INTERNAL_ERROR");
    auto const lines = server.log.lines();
    BOOST_TEST(lines.back() == "closed 5 INTERNAL_ERROR");
    BOOST_TEST(lines[lines.size() - 2] == "data 3 x");
    BOOST_TEST(!server.feed(headers_frame(7, request_fields())));
    BOOST_TEST(joined(server.log.lines()).starts_with("headers 7 :method=POST"));
}

BOOST_AUTO_TEST_CASE(block_without_end_does_not_fill_the_memory) {
    logged_session server(role::server, {.max_header_list_size = 1000});
    BOOST_TEST(!server.feed(client_hello() + frame(frame_type::headers, 0, 1, hpack(request_fields()))));
    boost::system::error_code ec;
    std::string const more = frame(frame_type::continuation, 0, 1, hpack({{"x", std::string(10'000, 'v')}}));
    int frames = 0;
    for (; !ec && server.session.alive() && frames < 10'000; ++frames) {
        ec = server.feed(more);
        server.pull();
    }
    BOOST_TEST(frames < 1000);
}

BOOST_AUTO_TEST_CASE(oversized_response_is_told_to_the_client) {
    logged_session client(role::client, {.max_header_list_size = 1000});
    client.session.submit_request(grpc_request(), nullptr);
    client.pull();
    BOOST_TEST(
        !client.feed(settings_frame() + headers_frame(1, response_fields({{"x-large", std::string(1000, 'v')}}))));
    BOOST_TEST(joined(client.log.lines()) == "settings\nheaders 1 oversized");
}

BOOST_AUTO_TEST_SUITE_END()
