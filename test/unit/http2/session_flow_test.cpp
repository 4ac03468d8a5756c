//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/frames.hpp"
#include "support/sessions.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace joust;
using namespace joust::http2;
using namespace joust::test;

BOOST_AUTO_TEST_SUITE(session_flow)

namespace {

constexpr std::size_t frame_size = 16 * 1024;

void send(logged_session& s, http2::stream& to, std::string_view text) {
    buffer b(text);
    s.session.send(to, b);
}

// A server with streams 1, 3 ... open and answered with headers; the client is these bytes.
struct raw_peer {
    logged_session server{role::server};

    explicit raw_peer(std::string_view hello, int streams = 1) {
        BOOST_TEST(!server.feed(hello));
        for (int i = 0; i < streams; ++i)
            BOOST_TEST(!server.feed(headers_frame(2 * i + 1, request_fields(), flag_end_stream)));
        for (int i = 0; i < streams; ++i)
            server.session.submit_response(server.stream(2 * i + 1), grpc_response(), false);
        server.pull();
        server.log.lines();
    }

    // The data that the server wants to send now, by stream.
    std::map<std::int32_t, std::string> data() {
        std::map<std::int32_t, std::string> by_stream;
        for (parsed_frame const& f : frames_of(server.pull(), frame_type::data))
            by_stream[f.id] += f.payload;
        return by_stream;
    }
};

std::string hello_with_window(std::uint32_t window) {
    return std::string(preface) + settings_frame({{settings_initial_window_size, window}});
}

std::string pattern(std::size_t n, unsigned seed) {
    std::mt19937 random(seed);
    std::string out(n, '\0');
    for (char& c : out)
        c = static_cast<char>(random());
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(large_message_is_referred_to_and_not_copied) {
    raw_peer p(client_hello());
    std::string const text = pattern(3 * frame_size, 1);
    buffer message(text);
    auto const* const bytes = message.data();
    p.server.session.send(p.server.stream(1), message);
    BOOST_TEST(message.empty());

    output out(p.server.session.pool());
    p.server.session.pull(out, 1'000'000);
    std::vector<std::span<std::uint8_t const>> pieces;
    out.pieces(pieces);
    BOOST_TEST_REQUIRE(pieces.size() == 6u); // frame headers and what follows them
    for (std::size_t i = 0; i != 3; ++i)
        BOOST_TEST(static_cast<void const*>(pieces[2 * i + 1].data()) == bytes + i * frame_size);
}

BOOST_AUTO_TEST_CASE(small_message_is_copied) {
    raw_peer p(client_hello());
    send(p.server, p.server.stream(1), std::string(1000, 'x'));
    send(p.server, p.server.stream(1), std::string(1000, 'y'));
    output out(p.server.session.pool());
    p.server.session.pull(out, 1'000'000);
    std::vector<std::span<std::uint8_t const>> pieces;
    out.pieces(pieces);
    BOOST_TEST(pieces.size() == 1u);
}

BOOST_AUTO_TEST_CASE(referred_message_outlives_its_stream) {
    raw_peer p(client_hello());
    std::string const text = pattern(2 * frame_size, 2);
    send(p.server, p.server.stream(1), text);
    p.server.session.finish(p.server.stream(1), grpc_trailers());
    output out(p.server.session.pool());
    p.server.session.pull(out, 1'000'000);
    p.server.log.take(p.server.session);
    BOOST_TEST(joined(p.server.log.lines()) == "closed 1 NO_ERROR"); // the stream is gone and its memory reused:
    BOOST_TEST(!p.server.feed(headers_frame(3, request_fields(), flag_end_stream)));
    send(p.server, p.server.stream(3), pattern(2 * frame_size, 3));

    std::vector<std::span<std::uint8_t const>> pieces;
    out.pieces(pieces);
    std::string bytes;
    for (auto const& piece : pieces)
        bytes.append(reinterpret_cast<char const*>(piece.data()), piece.size());
    auto const frames = frames_of(bytes, frame_type::data, 1);
    BOOST_TEST_REQUIRE(frames.size() == 2u);
    BOOST_TEST((frames[0].payload + frames[1].payload == text));
}

BOOST_AUTO_TEST_CASE(pull_stops_at_its_limit_and_goes_on_later) {
    raw_peer p(hello_with_window(10'000'000) + window_frame(0, 10'000'000));
    std::string const text = pattern(40 * frame_size, 4);
    send(p.server, p.server.stream(1), text);
    p.server.session.finish(p.server.stream(1), grpc_trailers());
    constexpr std::size_t limit = 4 * frame_size;
    std::string bytes;
    for (int pulls = 0;; ++pulls) {
        output out(p.server.session.pool());
        p.server.session.pull(out, limit);
        BOOST_TEST(out.size() <= limit + frame_size + 100);
        if (out.empty()) {
            BOOST_TEST(pulls >= 10);
            break;
        }
        std::vector<std::span<std::uint8_t const>> pieces;
        out.pieces(pieces);
        for (auto const& piece : pieces)
            bytes.append(reinterpret_cast<char const*>(piece.data()), piece.size());
    }
    std::string got;
    for (auto const& f : frames_of(bytes, frame_type::data, 1))
        got += f.payload;
    BOOST_TEST((got == text));
    BOOST_TEST(parse_frames(bytes).back().has(flag_end_stream));
}

BOOST_AUTO_TEST_CASE(stream_reset_between_two_pulls_of_a_large_message_is_harmless) {
    for (bool const by_peer : {true, false}) {
        raw_peer p(hello_with_window(10'000'000) + window_frame(0, 10'000'000));
        send(p.server, p.server.stream(1), pattern(40 * frame_size, 5));
        output out(p.server.session.pool());
        p.server.session.pull(out, frame_size); // a frame is packed and waits in nghttp2
        if (by_peer)
            BOOST_TEST(!p.server.feed(rst_frame(1, 8)));
        else
            p.server.session.reset(p.server.stream(1), http2::error_code::internal_error);
        p.server.pull();
        BOOST_TEST(joined(p.server.log.lines()) == (by_peer ? "closed 1 CANCEL" : "closed 1 INTERNAL_ERROR"));
    }
}

BOOST_AUTO_TEST_CASE(exhausted_stream_window_stops_until_it_is_updated) {
    raw_peer p(hello_with_window(10));
    send(p.server, p.server.stream(1), "0123456789abcdef");
    BOOST_TEST(p.data()[1] == "0123456789");
    BOOST_TEST(session::queued(p.server.stream(1)) == 6u);
    BOOST_TEST(p.data().empty());
    BOOST_TEST(!p.server.feed(window_frame(1, 2)));
    BOOST_TEST(p.data()[1] == "ab");
    BOOST_TEST(!p.server.feed(settings_frame({{settings_initial_window_size, 11}}))); // one more for every stream
    BOOST_TEST(p.data()[1] == "c");
    BOOST_TEST(!p.server.feed(window_frame(1, 100)));
    BOOST_TEST(p.data()[1] == "def");
}

BOOST_AUTO_TEST_CASE(large_message_through_a_small_window_arrives_whole) {
    for (std::uint32_t const window : {1u, 4095u, 4096u, 5000u, 20'000u}) {
        raw_peer p(hello_with_window(window));
        std::string const text = pattern(window == 1 ? 5000 : 30'000, window);
        send(p.server, p.server.stream(1), text);
        p.server.session.finish(p.server.stream(1), grpc_trailers());
        std::string got;
        while (got.size() < text.size()) {
            std::string const now = p.data()[1];
            BOOST_TEST_REQUIRE(!now.empty());
            BOOST_TEST_REQUIRE(now.size() <= window);
            got += now;
            auto const n = static_cast<std::uint32_t>(now.size());
            BOOST_TEST(!p.server.feed(window_frame(1, n) + window_frame(0, n)));
        }
        BOOST_TEST((got == text));
    }
}

BOOST_AUTO_TEST_CASE(exhausted_connection_window_stops_all_streams) {
    constexpr std::size_t initial_window = 65'535;
    raw_peer p(hello_with_window(1'000'000), 2);
    send(p.server, p.server.stream(1), std::string(60'000, 'a'));
    send(p.server, p.server.stream(3), std::string(60'000, 'b'));
    auto first = p.data();
    BOOST_TEST(first[1].size() + first[3].size() == initial_window);
    BOOST_TEST(p.data().empty());
    BOOST_TEST(!p.server.feed(window_frame(0, 1'000'000)));
    auto rest = p.data();
    BOOST_TEST(first[1].size() + rest[1].size() == 60'000u);
    BOOST_TEST(first[3].size() + rest[3].size() == 60'000u);
}

BOOST_AUTO_TEST_CASE(stalled_stream_does_not_hold_up_another) {
    raw_peer p(hello_with_window(100) + window_frame(0, 1'000'000), 2);
    send(p.server, p.server.stream(1), std::string(50'000, 'a'));
    BOOST_TEST(p.data()[1].size() == 100u);
    send(p.server, p.server.stream(3), "b");
    BOOST_TEST(p.data()[3] == "b");
    BOOST_TEST(!p.server.feed(window_frame(3, 1'000'000)));
    send(p.server, p.server.stream(3), std::string(50'000, 'b'));
    BOOST_TEST(p.data()[3].size() == 50'000u);
}

BOOST_AUTO_TEST_CASE(receiver_returns_the_connection_window_at_once) {
    logged_session server(role::server, {.stream_window = 200'000, .connection_window = 100'000});
    BOOST_TEST(!server.feed(client_hello() + headers_frame(1, request_fields())));
    server.pull();
    for (int i = 0; i < 6; ++i)
        BOOST_TEST(!server.feed(data_frame(1, std::string(10'000, 'x'))));
    std::string const bytes = server.pull();
    auto const connection = frames_of(bytes, frame_type::window_update, 0);
    BOOST_TEST_REQUIRE(!connection.empty());
    BOOST_TEST(connection[0].number(0) >= 50'000u);
    BOOST_TEST(frames_of(bytes, frame_type::window_update, 1).empty()); // nobody consumed
}

BOOST_AUTO_TEST_CASE(receiver_returns_the_stream_window_when_it_is_consumed) {
    logged_session server(role::server, {.stream_window = 10'000});
    BOOST_TEST(!server.feed(client_hello() + settings_ack() + headers_frame(1, request_fields())));
    server.pull();
    BOOST_TEST(!server.feed(data_frame(1, std::string(10'000, 'x'))));
    BOOST_TEST(frames_of(server.pull(), frame_type::window_update, 1).empty());
    server.session.consume(server.stream(1), 10'000);
    auto const updates = frames_of(server.pull(), frame_type::window_update, 1);
    BOOST_TEST_REQUIRE(updates.size() == 1u);
    BOOST_TEST(updates[0].number(0) == 10'000u);
}

BOOST_AUTO_TEST_CASE(consuming_on_a_stream_that_ended_says_nothing) {
    logged_session server(role::server, {.stream_window = 10'000});
    BOOST_TEST(!server.feed(client_hello() + settings_ack() + headers_frame(1, request_fields())));
    server.pull();
    BOOST_TEST(!server.feed(data_frame(1, std::string(10'000, 'x'), flag_end_stream)));
    server.session.consume(server.stream(1), 10'000);
    BOOST_TEST(frames_of(server.pull(), frame_type::window_update, 1).empty());
}

BOOST_AUTO_TEST_CASE(peer_that_ignores_the_stream_window_loses_the_stream_only) {
    logged_session server(role::server, {.stream_window = 10'000});
    BOOST_TEST(!server.feed(client_hello() + settings_ack() + headers_frame(1, request_fields()) +
                            headers_frame(3, request_fields())));
    server.pull();
    BOOST_TEST(!server.feed(data_frame(1, std::string(10'001, 'x')) + data_frame(3, "y")));
    auto const resets = frames_of(server.pull(), frame_type::rst_stream);
    BOOST_TEST_REQUIRE(resets.size() == 1u);
    BOOST_TEST(resets[0].id == 1);
    BOOST_TEST(resets[0].number(0) == 3u); // FLOW_CONTROL_ERROR
    BOOST_TEST(joined(server.log.lines()).ends_with("data 3 y\nclosed 1 FLOW_CONTROL_ERROR"));
    BOOST_TEST(server.session.alive());
}

BOOST_AUTO_TEST_CASE(drained_is_told_once_when_little_enough_is_queued) {
    raw_peer p(hello_with_window(10));
    auto& s = p.server.stream(1);
    send(p.server, s, "0123456789abcdefghij");
    p.server.session.watch_drain(s, 5);
    p.data();
    BOOST_TEST(p.server.log.lines().empty()); // 10 are left
    BOOST_TEST(!p.server.feed(window_frame(1, 4)));
    p.data();
    BOOST_TEST(p.server.log.lines().empty()); // 6
    BOOST_TEST(!p.server.feed(window_frame(1, 1)));
    p.data();
    BOOST_TEST(joined(p.server.log.lines()) == "drained 1");
    BOOST_TEST(!p.server.feed(window_frame(1, 100)));
    p.data();
    BOOST_TEST(p.server.log.lines().empty());
    send(p.server, s, "k"); // nobody watches any more
    p.data();
    BOOST_TEST(p.server.log.lines().empty());
}

BOOST_AUTO_TEST_CASE(drained_is_told_for_large_messages) {
    raw_peer p(client_hello());
    auto& s = p.server.stream(1);
    send(p.server, s, std::string(60'000, 'x'));
    p.server.session.watch_drain(s, 30'000);
    p.data();
    BOOST_TEST(joined(p.server.log.lines()) == "drained 1");
}

BOOST_AUTO_TEST_CASE(messages_of_all_sizes_arrive_in_order) {
    std::mt19937 random(7);
    auto const below = [&](unsigned n) { return static_cast<std::uint32_t>(random() % n); };
    for (int round = 0; round < 20; ++round) {
        session_settings const settings = {.stream_window = 10'000 + below(100'000), .connection_window = 100'000};
        session_pair p(settings, settings);
        p.chunk = 1 + below(5000);
        p.handshake();
        std::map<std::int32_t, std::string> on_its_way;
        // Compares what came with what was sent, and consumes it. False when nothing came.
        auto const receive = [&] {
            p.pump();
            auto const lines = p.server.log.lines();
            for (std::string_view const line : lines) {
                if (!line.starts_with("data "))
                    continue;
                std::int32_t const id = line[5] - '0';
                std::string_view const got = line.substr(7);
                BOOST_TEST_REQUIRE((on_its_way[id].starts_with(got)));
                on_its_way[id].erase(0, got.size());
                p.server.session.consume(p.server.stream(id), got.size());
            }
            return !lines.empty();
        };
        std::vector<http2::stream*> streams;
        for (int i = 0; i < 3; ++i)
            streams.push_back(p.client.session.submit_request(grpc_request(), nullptr));
        for (int i = 0; i < 60; ++i) {
            http2::stream* const s = streams[below(3)];
            std::string const text = pattern(below(below(2) == 0 ? 100 : below(2) == 0 ? 9000 : 40'000), below(1000));
            on_its_way[session::id(*s)] += text;
            send(p.client, *s, text);
            if (below(4) == 0)
                receive();
        }
        while (receive())
            continue;
        for (auto const& [id, rest] : on_its_way)
            BOOST_TEST(rest.empty());
    }
}

BOOST_AUTO_TEST_CASE(metadata_larger_than_a_frame_goes_through) {
    session_settings const settings = {.max_header_list_size = 1024 * 1024};
    session_pair p(settings, settings);
    p.handshake();
    std::string const value(60'000, 'v'); // nghttp2 takes no field of more than 64 KiB
    std::vector<header_field> all = {{":method", "POST"}, {":scheme", "http"}, {":path", "/a"}, {":authority", "test"}};
    for (int i = 0; i < 10; ++i)
        all.push_back({"x-a", value});
    http2::stream* const s = p.client.session.submit_request(all, nullptr);
    p.client.session.finish(*s);
    p.pump();
    BOOST_TEST((joined(p.server.log.lines()) == "headers 1 " + to_text(all) + "\ndata 1  [end]"));
}

BOOST_AUTO_TEST_SUITE_END()
