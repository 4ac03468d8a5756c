//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Limits of a connection without a socket: times of zero are over at once.

#include "joust/core/connection_error.hpp"
#include "support/connections.hpp"
#include "support/sessions.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace joust;
using namespace joust::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(connection_care)

namespace {

struct goodbye {
    std::uint32_t last_stream = 0, code = 0;
    std::string debug;
};

std::vector<goodbye> goodbyes(std::string_view bytes) {
    std::vector<goodbye> all;
    for (parsed_frame const& f : frames_of(bytes, frame_type::goaway))
        all.push_back({f.number(0), f.number(4), f.payload.substr(8)});
    return all;
}

constexpr std::uint32_t settings_timeout = 4, enhance_your_calm = 11;

/// What connections ended with.
class why_closed final : public observer {
public:
    void connection_closed(role, std::string_view, error_code ec) noexcept override { why = ec; }
    void stream_refused(std::string_view, status const& s) noexcept override {
        ++refused;
        refusal = s.message();
    }
    error_code why;
    int refused = 0;
    std::string refusal;
};

std::string pings(int n) {
    std::string out;
    for (int i = 0; i != n; ++i)
        out += ping_frame("12345678");
    return out;
}

/// Streams that are begun and reset.
std::string resets(std::int32_t from, int n) {
    std::string out;
    for (std::int32_t id = from; id != from + 2 * n; id += 2)
        out += headers_frame(id, request_fields("/hold")) + rst_frame(id, 8);
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(too_many_pings_are_answered_with_goaway) {
    raw_client c;
    c.hello();
    c.send(pings(3));
    BOOST_TEST(goodbyes(c.receive()).empty());
    c.send(pings(1));
    auto const said = goodbyes(c.receive());
    BOOST_TEST_REQUIRE(said.size() == 1u);
    BOOST_TEST(said[0].code == enhance_your_calm);
    BOOST_TEST(said[0].debug == "too_many_pings");
}

BOOST_AUTO_TEST_CASE(nobody_listens_behind_the_goaway_but_the_words_are_not_lost) {
    auto const watcher = std::make_shared<why_closed>();
    raw_client c({}, watcher);
    c.hello();
    c.send(headers_frame(1, request_fields("/hold")));
    c.receive();
    c.send(pings(100) + headers_frame(3, request_fields("/hold")));
    BOOST_TEST(goodbyes(c.receive()).size() == 1u);
    c.send(pings(100) + headers_frame(5, request_fields("/hold")));
    BOOST_TEST(c.receive() == "");
    BOOST_TEST(c.acceptor->calls == 1);
    BOOST_TEST(c.server->open());
    c.link->close(); // as a client does that is told to go
    c.poll();
    BOOST_TEST(!c.server->open());
    BOOST_TEST((watcher->why == connection_error::too_many_pings));
    BOOST_TEST(c.acceptor->cancelled.size() == 1u);
}

BOOST_AUTO_TEST_CASE(peer_that_does_not_close_is_closed_after_the_grace) {
    raw_client c({.close_grace = 0s});
    c.hello();
    c.send(pings(4));
    c.poll();
    BOOST_TEST(goodbyes(c.receive()).size() == 1u);
    BOOST_TEST(!c.server->open());
}

BOOST_AUTO_TEST_CASE(answers_between_pings_keep_them_free) {
    raw_client c;
    c.hello();
    for (std::int32_t id = 1; id != 41; id += 2) {
        c.send(headers_frame(id, request_fields("/unary")) + data_frame(id, grpc_message("x"), flag_end_stream));
        c.send(pings(1));
        BOOST_TEST(goodbyes(c.receive()).empty());
    }
}

BOOST_AUTO_TEST_CASE(client_that_cancels_a_lot_survives) {
    raw_client c({.max_resets_per_second = 100});
    c.hello();
    c.send(resets(1, 1000)); // ten seconds' worth
    BOOST_TEST(goodbyes(c.receive()).empty());
    BOOST_TEST(c.acceptor->calls == 1000);
}

BOOST_AUTO_TEST_CASE(client_that_resets_too_many_streams_is_told_to_go) {
    auto const watcher = std::make_shared<why_closed>();
    raw_client c({.close_grace = 0s, .max_resets_per_second = 1}, watcher);
    c.hello();
    c.send(resets(1, 100));
    auto const said = goodbyes(c.receive());
    BOOST_TEST_REQUIRE(said.size() == 1u);
    BOOST_TEST(said[0].code == enhance_your_calm);
    BOOST_TEST(said[0].debug == "max_resets_per_second");
    BOOST_TEST(c.acceptor->calls == 11);
    c.poll();
    BOOST_TEST((watcher->why == connection_error::too_many_resets));
    BOOST_TEST(c.acceptor->held.empty());
}

BOOST_AUTO_TEST_CASE(resets_that_the_client_provokes_count) {
    raw_client c({.max_resets_per_second = 1});
    c.hello();
    std::string all;
    for (std::int32_t id = 1; id != 201; id += 2)
        all += headers_frame(id, request_fields("/hold")) + window_frame(id, 0x7fffffff); // too much: RST_STREAM
    c.send(all);
    auto const said = goodbyes(c.receive());
    BOOST_TEST_REQUIRE(said.size() == 1u);
    BOOST_TEST(said[0].debug == "max_resets_per_second");
}

BOOST_AUTO_TEST_CASE(streams_above_the_limit_are_refused_and_the_observer_hears_why) {
    auto const watcher = std::make_shared<why_closed>();
    raw_client c({.http2 = {.max_concurrent_streams = 2}}, watcher);
    c.hello();
    std::string all;
    for (std::int32_t const id : {1, 3, 5, 7})
        all += headers_frame(id, request_fields("/hold"));
    c.send(all);
    std::string const said = c.receive();
    BOOST_TEST(resets_in(said) == "5 REFUSED_STREAM, 7 REFUSED_STREAM");
    BOOST_TEST(goodbyes(said).empty());
    BOOST_TEST(c.acceptor->calls == 2);
    BOOST_TEST(watcher->refused == 2);
    BOOST_TEST(watcher->refusal == "the client has opened more than max_concurrent_streams = 2 streams");
}

BOOST_AUTO_TEST_CASE(refused_streams_count_as_resets) {
    auto const watcher = std::make_shared<why_closed>();
    raw_client c({.http2 = {.max_concurrent_streams = 1}, .close_grace = 0s, .max_resets_per_second = 1}, watcher);
    c.hello();
    std::string all;
    for (std::int32_t id = 1; id != 201; id += 2)
        all += headers_frame(id, request_fields("/hold"));
    c.send(all);
    auto const said = goodbyes(c.receive());
    BOOST_TEST_REQUIRE(said.size() == 1u);
    BOOST_TEST(said[0].code == enhance_your_calm);
    BOOST_TEST(said[0].debug == "max_resets_per_second");
    BOOST_TEST(watcher->refused == 11); // ten seconds' worth, and one too many
    c.poll();
    BOOST_TEST((watcher->why == connection_error::too_many_resets));
}

BOOST_AUTO_TEST_CASE(resets_are_not_counted_when_the_limit_is_off) {
    raw_client c({.max_resets_per_second = 0});
    c.hello();
    c.send(resets(1, 5000));
    BOOST_TEST(goodbyes(c.receive()).empty());
}

BOOST_AUTO_TEST_CASE(handlers_of_reset_streams_count_until_they_end) {
    raw_client c({.max_running_handlers = 3});
    std::vector<net::server_stream_ref> running;
    c.acceptor->before_call = [&](net::server_stream& s) { running.emplace_back(s); };
    c.hello();
    c.send(resets(1, 3));
    BOOST_TEST(running.size() == 3u);
    BOOST_TEST(c.server->active_calls() == 0u);
    c.send(headers_frame(7, request_fields("/unary")) + data_frame(7, grpc_message("x"), flag_end_stream));
    BOOST_TEST(c.acceptor->calls == 3);
    BOOST_TEST(frames_of(c.receive(), frame_type::headers, 7).size() == 1u); // Trailers-Only
    running.pop_back();
    c.send(headers_frame(9, request_fields("/unary")) + data_frame(9, grpc_message("x"), flag_end_stream));
    BOOST_TEST(c.acceptor->calls == 4);
    BOOST_TEST(frames_of(c.receive(), frame_type::data, 9).size() == 1u);
    running.clear();
}

BOOST_AUTO_TEST_CASE(connection_that_never_speaks_is_closed) {
    auto const watcher = std::make_shared<why_closed>();
    raw_client c({.lifetime = {.preface_timeout = 0s}}, watcher);
    auto const said = goodbyes(c.receive());
    BOOST_TEST_REQUIRE(said.size() == 1u);
    BOOST_TEST(said[0].code == settings_timeout);
    BOOST_TEST(said[0].debug == "preface_timeout");
    c.link->close();
    c.poll();
    BOOST_TEST((watcher->why == connection_error::preface_timeout));
}

BOOST_AUTO_TEST_CASE(idle_connection_is_told_why_it_closes) {
    raw_client c({.lifetime = {.max_idle = 0s}});
    c.send(client_hello() + settings_ack());
    auto said = goodbyes(c.receive());
    BOOST_TEST_REQUIRE(said.size() == 1u);
    BOOST_TEST(said[0].last_stream == 0x7fffffffu);
    c.send(ping_frame(std::string(8, '\0'), flag_ack));
    said = goodbyes(c.receive());
    BOOST_TEST_REQUIRE(said.size() == 1u);
    BOOST_TEST(said[0].code == 0u);
    BOOST_TEST(said[0].debug == "max_connection_idle");
    BOOST_TEST(!c.server->open());
}

BOOST_AUTO_TEST_CASE(calls_of_an_old_connection_finish) {
    raw_client c({.lifetime = {.max_age = 0s}});
    c.send(client_hello() + settings_ack() + headers_frame(1, request_fields("/hold")) +
           ping_frame(std::string(8, '\0'), flag_ack));
    auto const said = goodbyes(c.receive());
    BOOST_TEST_REQUIRE(said.size() == 2u);
    BOOST_TEST(said[1].last_stream == 1u);
    BOOST_TEST(said[1].debug == "max_connection_age");
    BOOST_TEST(c.server->open());
    c.acceptor->held.at(0)->finish({});
    c.poll();
    BOOST_TEST(!c.server->open());
}

BOOST_AUTO_TEST_CASE(calls_of_an_old_connection_are_cancelled_after_the_grace) {
    raw_client c({.close_grace = 0s, .lifetime = {.max_age = 1h, .max_age_grace = 0s}});
    c.hello();
    BOOST_TEST(c.server->open());
    raw_client old({.close_grace = 0s, .lifetime = {.max_age = 0s, .max_age_grace = 0s}});
    old.send(client_hello() + settings_ack() + headers_frame(1, request_fields("/hold")));
    old.poll();
    BOOST_TEST(!old.server->open());
}

BOOST_AUTO_TEST_CASE(drain_goes_on_without_the_answer_to_its_ping) {
    raw_client c({.lifetime = {.drain_ping_timeout = 0s}});
    c.hello();
    c.server->drain();
    c.poll();
    auto const said = goodbyes(c.receive());
    BOOST_TEST(said.size() == 2u);
    c.poll();
    BOOST_TEST(!c.server->open());
}

BOOST_AUTO_TEST_CASE(answer_to_a_keepalive_ping_is_none_to_the_drain) {
    raw_client c;
    c.hello();
    c.server->drain();
    c.poll();
    c.send(ping_frame(std::string("\1\0\0\0\0\0\0\0", 8), flag_ack));
    BOOST_TEST(goodbyes(c.receive()).size() == 1u);
    c.send(ping_frame(std::string(8, '\0'), flag_ack));
    BOOST_TEST(goodbyes(c.receive()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(refused_connection_is_told_why) {
    boost::asio::io_context io;
    auto const link = std::make_shared<memory_link>(io);
    auto const acceptor = std::make_shared<echo_server>();
    auto const server = std::make_shared<net::server_connection>(link->server_transport(), net::connection_settings(),
                                                                 nullptr, acceptor);
    server->refuse("max_connections", connection_error::server_full);
    link->send(link->to_server, client_hello());
    io.poll();
    auto const said = goodbyes(link->receive(link->to_client));
    BOOST_TEST_REQUIRE(said.size() == 1u);
    BOOST_TEST(said[0].debug == "max_connections");
    link->close();
    io.restart();
    io.poll();
    BOOST_TEST(!server->open());
    BOOST_TEST(acceptor->closed == 1);
}

BOOST_AUTO_TEST_CASE(server_that_does_not_answer_a_ping_is_lost) {
    raw_server s({.keepalive = {.time = 0s, .timeout = 0s}});
    s.hello();
    BOOST_TEST(s.client->open()); // no calls, no pings
    probe_call call;
    BOOST_TEST(call.open(*s.client, "/stream"));
    for (int i = 0; i != 3; ++i)
        s.poll();
    BOOST_TEST(code_of(call) == "UNAVAILABLE");
    BOOST_TEST(call.outcome->cause() == make_error_code(connection_error::keepalive_timeout));
    BOOST_TEST(s.owner->lost.size() == 1u);
}

BOOST_AUTO_TEST_CASE(quiet_connection_is_pinged_while_there_is_a_call) {
    raw_server s({.keepalive = {.time = 0s, .timeout = 1h}});
    s.hello();
    s.poll();
    BOOST_TEST(frames_of(s.receive(), frame_type::ping).empty());
    probe_call call;
    BOOST_TEST(call.open(*s.client, "/stream"));
    s.poll();
    BOOST_TEST(frames_of(s.receive(), frame_type::ping).size() == 1u);
    BOOST_TEST(s.client->open());
}

BOOST_AUTO_TEST_CASE(quiet_connection_is_pinged_without_calls_when_permitted) {
    raw_server s({.keepalive = {.time = 0s, .timeout = 1h, .permit_without_calls = true}});
    s.poll();
    BOOST_TEST(frames_of(s.receive(), frame_type::ping).size() == 1u);
    BOOST_TEST(s.client->open());
}

BOOST_AUTO_TEST_CASE(pings_can_be_turned_on_while_a_call_is_under_way) {
    raw_server s;
    s.hello();
    probe_call call;
    BOOST_TEST(call.open(*s.client, "/stream"));
    s.poll();
    BOOST_TEST(frames_of(s.receive(), frame_type::ping).empty());
    s.client->turn_on_keepalive({.time = 0s, .timeout = 0s});
    for (int i = 0; i != 3; ++i)
        s.poll();
    BOOST_TEST(frames_of(s.receive(), frame_type::ping).size() == 1u);
    BOOST_TEST(call.outcome->cause() == make_error_code(connection_error::keepalive_timeout));
}

BOOST_AUTO_TEST_CASE(owner_hears_of_too_many_pings_only) {
    raw_server s;
    s.hello();
    s.send(goaway_frame(0, enhance_your_calm, "max_connections"));
    BOOST_TEST(s.owner->too_many_pings == 0);
    raw_server t;
    t.hello();
    t.send(goaway_frame(0, enhance_your_calm, "too_many_pings"));
    BOOST_TEST(t.owner->too_many_pings == 1);
}

BOOST_AUTO_TEST_SUITE_END()
