//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/for_each_cut.hpp"
#include "support/frames.hpp"
#include "support/sessions.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace joust;
using namespace joust::http2;
using namespace joust::test;

BOOST_AUTO_TEST_SUITE(session_exchange)

namespace {

constexpr std::string_view request_line =
    "headers 1 :method=POST :scheme=http :path=/test.Echo/Unary :authority=test te=trailers "
    "content-type=application/grpc";

std::map<std::uint16_t, std::uint32_t> settings_in(std::string_view bytes) {
    std::map<std::uint16_t, std::uint32_t> entries;
    for (parsed_frame const& f : frames_of(bytes, frame_type::settings))
        for (std::size_t at = 0; at < f.payload.size(); at += 6)
            entries[static_cast<std::uint16_t>(f.number(at) >> 16)] = f.number(at + 2);
    return entries;
}

void send(logged_session& s, http2::stream& to, std::string_view text) {
    buffer b(text);
    s.session.send(to, b);
    BOOST_TEST(b.empty());
}

// Both sides of a call, as the logs tell it.
void answer(session_pair& p, std::int32_t id, std::string_view text) {
    auto& s = p.server.stream(id);
    p.server.session.submit_response(s, grpc_response(), false);
    send(p.server, s, text);
    p.server.session.finish(s, grpc_trailers());
    p.pump();
}

} // namespace

BOOST_AUTO_TEST_CASE(server_offers_its_settings) {
    logged_session server(role::server, {.max_concurrent_streams = 7,
                                         .stream_window = 100'000,
                                         .connection_window = 300'000,
                                         .max_header_list_size = 5000,
                                         .max_frame_size = 20'000});
    std::string const bytes = server.pull();
    std::map<std::uint16_t, std::uint32_t> const expected = {
        {settings_max_concurrent_streams, 7},
        {settings_initial_window_size, 100'000},
        {settings_max_frame_size, 20'000},
        {settings_max_header_list_size, 5000},
        {0x9, 1}, // NO_RFC7540_PRIORITIES
    };
    BOOST_TEST((settings_in(bytes) == expected));
    auto const windows = frames_of(bytes, frame_type::window_update, 0);
    BOOST_TEST_REQUIRE(windows.size() == 1u);
    BOOST_TEST(windows[0].number(0) == 300'000u - 65'535u);
}

BOOST_AUTO_TEST_CASE(client_begins_with_the_preface_and_refuses_push) {
    logged_session client(role::client);
    std::string const bytes = client.pull();
    BOOST_TEST(bytes.starts_with(preface));
    auto const settings = settings_in(bytes);
    BOOST_TEST(settings.at(0x2) == 0u); // ENABLE_PUSH
    BOOST_TEST(settings.at(settings_max_concurrent_streams) == 0u);
    BOOST_TEST(settings.at(settings_initial_window_size) == 1024u * 1024);
}

BOOST_AUTO_TEST_CASE(settings_of_the_peer_are_heard_and_acknowledged) {
    logged_session client(role::client);
    client.pull();
    BOOST_TEST(
        !client.feed(settings_frame({{settings_max_concurrent_streams, 3}, {settings_max_header_list_size, 9}})));
    BOOST_TEST(joined(client.log.lines()) == "settings");
    BOOST_TEST(client.session.peer_max_concurrent_streams() == 3u);
    BOOST_TEST(client.session.peer_max_header_list_size() == 9u);
    auto const frames = frames_of(client.pull(), frame_type::settings);
    BOOST_TEST_REQUIRE(frames.size() == 1u);
    BOOST_TEST(frames[0].has(flag_ack));
    BOOST_TEST(!client.feed(settings_ack())); // no event of its own
    BOOST_TEST(joined(client.log.lines()) == "");
}

BOOST_AUTO_TEST_CASE(unary_exchange_is_heard_by_both) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    send(p.client, *s, "question");
    p.client.session.finish(*s);
    p.pump();
    BOOST_TEST(joined(p.server.log.lines()) == std::string(request_line) + "\ndata 1 question [end]");
    answer(p, 1, "answer");
    BOOST_TEST(joined(p.client.log.lines()) == "headers 1 :status=200 content-type=application/grpc\n"
                                               "data 1 answer\n"
                                               "headers 1 grpc-status=0 [end]\n"
                                               "closed 1 NO_ERROR");
    BOOST_TEST(joined(p.server.log.lines()) == "closed 1 NO_ERROR");
}

BOOST_AUTO_TEST_CASE(request_is_pulled_when_its_headers_are) {
    session_pair p;
    p.pump();
    auto& client = p.client.session;
    http2::stream* const first = client.submit_request(grpc_request(), nullptr);
    BOOST_TEST(!client.request_pulled(*first));
    send(p.client, *first, "question");
    pull_all(client);
    BOOST_TEST(client.request_pulled(*first));
    http2::stream* const second = client.submit_request(grpc_request(), nullptr);
    BOOST_TEST(!client.request_pulled(*second));
    BOOST_TEST(client.request_pulled(*first));
    pull_all(client); // without a message
    BOOST_TEST(client.request_pulled(*second));
}

BOOST_AUTO_TEST_CASE(unary_exchange_survives_every_chunk_size) {
    for (std::size_t chunk = 1; chunk < 64; ++chunk) {
        session_pair p;
        p.chunk = chunk;
        p.handshake();
        http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
        send(p.client, *s, "question");
        p.client.session.finish(*s);
        p.pump();
        answer(p, 1, "answer");
        BOOST_TEST(joined(p.server.log.lines()) ==
                   std::string(request_line) + "\ndata 1 question [end]\nclosed 1 NO_ERROR");
    }
}

BOOST_AUTO_TEST_CASE(response_without_body_ends_with_its_headers) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    p.client.session.finish(*s);
    p.pump();
    BOOST_TEST(joined(p.server.log.lines()) == std::string(request_line) + "\ndata 1  [end]");
    fields const trailers_only = {{":status", "200"}, {"grpc-status", "12"}};
    p.server.session.submit_response(p.server.stream(1), trailers_only, true);
    p.pump();
    BOOST_TEST(joined(p.client.log.lines()) == "headers 1 :status=200 grpc-status=12 [end]\nclosed 1 NO_ERROR");
}

BOOST_AUTO_TEST_CASE(trailers_follow_headers_without_a_message) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    p.client.session.finish(*s);
    p.pump();
    p.server.session.submit_response(p.server.stream(1), grpc_response(), false);
    std::string const head = p.server.pull();
    p.server.session.finish(p.server.stream(1), fields{{"grpc-status", "0", true}, {"x-copied", "value"}});
    std::string const tail = p.server.pull();
    BOOST_TEST(parse_frames(tail).size() == 1u); // no empty DATA frame before them
    BOOST_TEST(!p.client.feed(head + tail));
    BOOST_TEST(joined(p.client.log.lines()) == "headers 1 :status=200 content-type=application/grpc\n"
                                               "headers 1 grpc-status=0 x-copied=value [end]\n"
                                               "closed 1 NO_ERROR");
}

BOOST_AUTO_TEST_CASE(end_without_trailers_is_a_flag_on_the_last_data) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    send(p.client, *s, "a");
    send(p.client, *s, "b");
    p.client.session.finish(*s);
    auto const data = frames_of(p.client.pull(), frame_type::data, 1);
    BOOST_TEST_REQUIRE(data.size() == 1u); // small messages share a frame
    BOOST_TEST(data[0].payload == "ab");
    BOOST_TEST(data[0].has(flag_end_stream));
}

BOOST_AUTO_TEST_CASE(end_after_the_data_was_written_is_an_empty_frame) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    send(p.client, *s, "a");
    p.pump();
    p.client.session.finish(*s);
    auto const frames = parse_frames(p.client.pull());
    BOOST_TEST_REQUIRE(frames.size() == 1u);
    BOOST_TEST(frames[0].payload.empty());
    BOOST_TEST(frames[0].has(flag_end_stream));
}

BOOST_AUTO_TEST_CASE(empty_data_is_not_sent_and_holds_nothing_up) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    std::string const large(10'000, 'x');
    send(p.client, *s, "");
    send(p.client, *s, large);
    p.client.session.finish(*s);
    p.pump();
    BOOST_TEST((joined(p.server.log.lines()) == std::string(request_line) + "\ndata 1 " + large + " [end]"));
}

BOOST_AUTO_TEST_CASE(data_after_a_pause_goes_on) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    p.pump();
    for (std::string_view text : {"a", "b", "c"}) {
        send(p.client, *s, text);
        p.pump();
        BOOST_TEST(joined(p.server.log.lines()).ends_with("data 1 " + std::string(text)));
    }
}

BOOST_AUTO_TEST_CASE(streams_have_their_own_data) {
    session_pair p;
    p.handshake();
    http2::stream* const a = p.client.session.submit_request(grpc_request("/a"), nullptr);
    http2::stream* const b = p.client.session.submit_request(grpc_request("/b"), nullptr);
    for (int i = 0; i < 3; ++i) {
        send(p.client, *a, "A");
        send(p.client, *b, "B");
        p.pump();
    }
    p.client.session.finish(*b);
    p.client.session.finish(*a);
    p.pump();
    std::map<std::string, std::string> got;
    for (std::string const& line : p.server.log.lines())
        if (line.starts_with("data "))
            got[line.substr(5, 1)] += line.substr(7);
    BOOST_TEST(got["1"] == "AAA [end]");
    BOOST_TEST(got["3"] == "BBB [end]");
}

BOOST_AUTO_TEST_CASE(trailers_of_a_request_are_headers_with_the_end) {
    logged_session server(role::server);
    BOOST_TEST(!server.feed(client_hello() + headers_frame(1, request_fields()) + data_frame(1, "x") +
                            headers_frame(1, {{"x-late", "1"}}, flag_end_stream)));
    BOOST_TEST(joined(server.log.lines()) ==
               "settings\n" + std::string(request_line) + "\ndata 1 x\nheaders 1 x-late=1 [end]");
}

BOOST_AUTO_TEST_CASE(informational_response_comes_before_the_real_one) {
    logged_session client(role::client);
    client.session.submit_request(grpc_request(), nullptr);
    client.pull();
    BOOST_TEST(
        !client.feed(settings_frame() + headers_frame(1, {{":status", "103"}}) + headers_frame(1, response_fields())));
    BOOST_TEST(joined(client.log.lines()) ==
               "settings\nheaders 1 :status=103\nheaders 1 :status=200 content-type=application/grpc");
}

BOOST_AUTO_TEST_CASE(padding_is_no_data) {
    logged_session server(role::server);
    std::string const padded = std::string(1, '\3') + "abc" + std::string(3, '\0');
    BOOST_TEST(!server.feed(client_hello() + headers_frame(1, request_fields()) + data_frame(1, padded, flag_padded)));
    BOOST_TEST(joined(server.log.lines()).ends_with("\ndata 1 abc"));
}

BOOST_AUTO_TEST_CASE(unknown_frames_and_settings_are_ignored) {
    logged_session server(role::server);
    std::string const unknown = frame(static_cast<frame_type>(0xfa), 0xff, 0, "whatever");
    BOOST_TEST(!server.feed(std::string(preface) + settings_frame({{0xfafa, 1}}) + unknown +
                            headers_frame(1, request_fields()) + unknown));
    BOOST_TEST(joined(server.log.lines()) == "settings\n" + std::string(request_line));
}

BOOST_AUTO_TEST_CASE(request_cut_anywhere_gives_the_same_events) {
    std::string const bytes = client_hello() + settings_ack() +
                              continued_headers(1, request_fields("/test.Echo/Unary", {{"x-a", "1"}}), 20) +
                              headers_frame(3, request_fields()) + data_frame(3, grpc_message("three")) +
                              data_frame(1, grpc_message("one")) + data_frame(1, "", flag_end_stream) +
                              ping_frame("12345678") + window_frame(3, 5) + rst_frame(3, 8) + goaway_frame(0, 0, "bye");
    std::string whole;
    auto const run = [](std::span<std::string_view const> pieces) {
        logged_session server(role::server);
        for (std::string_view const piece : pieces)
            BOOST_TEST(!server.feed(piece));
        return joined(server.log.lines());
    };
    std::string_view const all[] = {bytes};
    std::string const expected = run(all);
    BOOST_TEST(expected.ends_with("closed 3 CANCEL\ngoaway 0 NO_ERROR bye"));
    for_each_cut(bytes, [&](auto pieces) { BOOST_TEST((run(pieces) == expected)); });
}

BOOST_AUTO_TEST_CASE(response_cut_anywhere_gives_the_same_events) {
    std::string const bytes =
        settings_frame({{settings_max_concurrent_streams, 10}}) + settings_ack() + headers_frame(3, response_fields()) +
        headers_frame(1, {{":status", "100"}}) + headers_frame(1, response_fields({{"x-a", "1"}})) +
        data_frame(1, grpc_message("one")) + data_frame(3, grpc_message("three")) +
        continued_headers(1, {{"grpc-status", "0"}}, 3, flag_end_stream) +
        headers_frame(3, {{"grpc-status", "5"}, {"grpc-message", "no"}}, flag_end_stream) + goaway_frame(3, 11, "calm");
    auto const run = [](std::span<std::string_view const> pieces) {
        logged_session client(role::client);
        for (int i = 0; i < 2; ++i) {
            http2::stream* const s = client.session.submit_request(grpc_request(), nullptr);
            client.session.finish(*s);
        }
        client.pull();
        for (std::string_view const piece : pieces)
            BOOST_TEST(!client.feed(piece));
        return joined(client.log.lines());
    };
    std::string_view const all[] = {bytes};
    std::string const expected = run(all);
    BOOST_TEST(expected.ends_with("headers 3 grpc-status=5 grpc-message=no [end]\nclosed 3 NO_ERROR\n"
                                  "goaway 3 ENHANCE_YOUR_CALM calm"));
    for_each_cut(bytes, [&](auto pieces) { BOOST_TEST((run(pieces) == expected)); });
}

BOOST_AUTO_TEST_CASE(stream_keeps_its_user_and_number) {
    session_pair p;
    p.handshake();
    int owner = 0, other = 0;
    http2::stream* const s = p.client.session.submit_request(grpc_request(), &owner);
    BOOST_TEST(session::user(*s) == &owner);
    BOOST_TEST(session::id(*s) == 1);
    session::set_user(*s, &other);
    BOOST_TEST(session::user(*s) == &other);
    p.pump();
    BOOST_TEST(session::user(p.server.stream(1)) == nullptr);
}

BOOST_AUTO_TEST_CASE(queued_counts_what_is_not_pulled) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    send(p.client, *s, "abc");
    send(p.client, *s, std::string(5000, 'x'));
    BOOST_TEST(session::queued(*s) == 5003u);
    p.client.pull();
    BOOST_TEST(session::queued(*s) == 0u);
}

BOOST_AUTO_TEST_CASE(closed_stream_is_used_again_as_new) {
    session_pair p;
    p.handshake();
    int owner = 0;
    http2::stream* const first = p.client.session.submit_request(grpc_request(), &owner);
    send(p.client, *first, "question");
    p.client.session.watch_drain(*first, 0);
    p.client.session.finish(*first, fields{{"x-trailer", "1"}});
    p.pump();
    http2::stream* const first_at_server = &p.server.stream(1);
    answer(p, 1, "answer");
    p.client.log.lines();
    p.server.log.lines();

    http2::stream* const second = p.client.session.submit_request(grpc_request(), nullptr);
    BOOST_TEST(second == first);
    BOOST_TEST(session::user(*second) == nullptr);
    BOOST_TEST(session::queued(*second) == 0u);
    BOOST_TEST(!session::reset_locally(*second));
    p.client.session.finish(*second);
    p.pump();
    BOOST_TEST(&p.server.stream(3) == first_at_server);
    BOOST_TEST(joined(p.server.log.lines()) ==
               "headers 3 :method=POST :scheme=http :path=/test.Echo/Unary :authority=test te=trailers "
               "content-type=application/grpc\ndata 3  [end]");
    answer(p, 3, "again");
    BOOST_TEST(joined(p.client.log.lines()).ends_with("headers 3 grpc-status=0 [end]\nclosed 3 NO_ERROR"));
}

BOOST_AUTO_TEST_CASE(stream_that_was_reset_is_used_again_as_new) {
    session_pair p;
    p.handshake();
    http2::stream* const first = p.client.session.submit_request(grpc_request(), nullptr);
    p.pump();
    send(p.client, *first, "never sent");
    p.client.session.watch_drain(*first, 0);
    p.client.session.finish(*first, grpc_trailers());
    p.client.session.reset(*first, http2::error_code::cancel);
    p.pump();
    p.client.log.lines();
    p.server.log.lines();
    http2::stream* const second = p.client.session.submit_request(grpc_request(), nullptr);
    BOOST_TEST(second == first);
    BOOST_TEST(session::queued(*second) == 0u);
    BOOST_TEST(!session::reset_locally(*second));
    send(p.client, *second, "question");
    p.pump();
    BOOST_TEST(p.client.log.lines().empty());
    auto const lines = p.server.log.lines();
    BOOST_TEST_REQUIRE(lines.size() == 2u);
    BOOST_TEST(lines[1] == "data 3 question");
}

BOOST_AUTO_TEST_CASE(many_streams_at_once_and_one_after_the_other) {
    session_pair p;
    p.handshake();
    for (int round = 0; round < 3; ++round) {
        std::vector<std::int32_t> ids;
        for (int i = 0; i < 100; ++i) {
            http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
            send(p.client, *s, "question " + std::to_string(i));
            p.client.session.finish(*s);
            ids.push_back(session::id(*s));
        }
        p.pump();
        for (std::int32_t const id : ids)
            answer(p, id, "answer");
        auto const lines = p.client.log.lines();
        BOOST_TEST(std::count_if(lines.begin(), lines.end(), [](auto& l) { return l.starts_with("closed "); }) == 100);
    }
}

BOOST_AUTO_TEST_CASE(ping_is_answered_and_an_answer_is_heard) {
    session_pair p;
    p.handshake();
    p.client.session.ping(0x0123456789abcdef);
    p.pump();
    BOOST_TEST(joined(p.server.log.lines()) == "ping 81985529216486895");
    BOOST_TEST(joined(p.client.log.lines()) == "ping_ack 81985529216486895");
}

BOOST_AUTO_TEST_SUITE_END()
