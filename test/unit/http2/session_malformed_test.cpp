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

#include <string>
#include <string_view>
#include <vector>

using namespace joust;
using namespace joust::http2;
using namespace joust::test;
using code = http2::error_code;

BOOST_AUTO_TEST_SUITE(session_malformed)

namespace {

struct malformed {
    char const* what;
    std::string bytes;
    http2::error_code answer;
};

boost::system::error_code failure_of(code c) {
    switch (c) {
    case code::compression_error: return connection_error::compression_error;
    case code::flow_control_error: return connection_error::flow_control_error;
    default: return connection_error::protocol_error;
    }
}

// What ends the connection of a server that has stream 1 open.
std::vector<malformed> broken_connections() {
    using enum http2::error_code;
    std::string const large(16'385, 'x');
    return {
        {"DATA on stream 0", data_frame(0, "x"), protocol_error},
        {"DATA on an idle stream", data_frame(5, "x"), protocol_error},
        {"HEADERS on stream 0", headers_frame(0, request_fields()), protocol_error},
        {"HEADERS on an even stream", headers_frame(2, request_fields()), protocol_error},
        {"frame larger than SETTINGS allow", data_frame(1, large), frame_size_error},
        {"SETTINGS of 5 bytes", frame(frame_type::settings, 0, 0, "12345"), frame_size_error},
        {"SETTINGS on a stream", frame(frame_type::settings, 0, 1, ""), protocol_error},
        {"SETTINGS acknowledgement with content", frame(frame_type::settings, flag_ack, 0, "123456"), frame_size_error},
        {"INITIAL_WINDOW_SIZE above 2^31-1", settings_frame({{settings_initial_window_size, 0x80000000}}),
         flow_control_error},
        {"MAX_FRAME_SIZE below 2^14", settings_frame({{settings_max_frame_size, 16'383}}), protocol_error},
        {"PING of 7 bytes", ping_frame("1234567"), frame_size_error},
        {"PING on a stream", frame(frame_type::ping, 0, 1, "12345678"), protocol_error},
        {"WINDOW_UPDATE of 0 for the connection", window_frame(0, 0), protocol_error},
        {"connection window above 2^31-1", window_frame(0, 0x7fffffff), flow_control_error},
        {"RST_STREAM of an idle stream", rst_frame(5, 8), protocol_error},
        {"RST_STREAM on stream 0", rst_frame(0, 8), protocol_error},
        {"RST_STREAM of 3 bytes", frame(frame_type::rst_stream, 0, 1, "123"), frame_size_error},
        {"GOAWAY on a stream", frame(frame_type::goaway, 0, 1, "12345678"), protocol_error},
        {"PUSH_PROMISE of a client", frame(frame_type::push_promise, flag_end_headers, 1, std::string("\0\0\0\2", 4)),
         protocol_error},
        {"CONTINUATION without HEADERS", frame(frame_type::continuation, flag_end_headers, 1, ""), protocol_error},
        {"HEADERS interrupted by another frame",
         frame(frame_type::headers, 0, 3, hpack(request_fields())) + ping_frame("12345678"), protocol_error},
        {"HEADERS interrupted by CONTINUATION of another stream",
         frame(frame_type::headers, 0, 3, hpack(request_fields())) + frame(frame_type::continuation, 4, 1, ""),
         protocol_error},
        {"HPACK index out of range", frame(frame_type::headers, flag_end_headers, 3, "\xff\xff\x7f"),
         compression_error},
        {"HPACK string that is cut off", frame(frame_type::headers, flag_end_headers, 3, std::string("\0\5ab", 4)),
         compression_error},
        {"HEADERS padded by more than there is", frame(frame_type::headers, flag_padded | flag_end_headers, 3, "\7a"),
         protocol_error},
        {"DATA padded by more than there is", frame(frame_type::data, flag_padded, 1, "\7a"), protocol_error},
        {"DATA behind RST_STREAM", rst_frame(1, 8) + data_frame(1, "x"), stream_closed},
        {"HEADERS behind RST_STREAM", rst_frame(1, 8) + headers_frame(1, request_fields()), stream_closed},
        {"HEADERS on a stream that was passed over",
         headers_frame(9, request_fields()) + headers_frame(5, request_fields()), protocol_error},
        {"PRIORITY on stream 0", frame(frame_type::priority, 0, 0, big_endian(1, 4) + "\7"), protocol_error},
        {"PRIORITY of a stream on itself", frame(frame_type::priority, 0, 3, big_endian(3, 4) + "\7"), protocol_error},
        {"DATA behind END_STREAM", data_frame(1, "a", flag_end_stream) + data_frame(1, "b"), stream_closed},
    };
}

// What resets stream 3 (or closes it) and leaves stream 1 alone.
std::vector<malformed> broken_streams() {
    auto const without = [](std::string_view name) {
        field_list fields = request_fields();
        std::erase_if(fields, [&](auto const& f) { return f.first == name; });
        return fields;
    };
    auto const with = [](std::string name, std::string value) {
        return headers_frame(3, request_fields("/a", {{std::move(name), std::move(value)}}));
    };
    field_list misplaced = without(":path");
    misplaced.emplace_back(":path", "/a");
    auto const reset = [](char const* what, std::string bytes) {
        return malformed{what, std::move(bytes), code::protocol_error};
    };
    return {
        reset("no :method", headers_frame(3, without(":method"))),
        reset("no :path", headers_frame(3, without(":path"))),
        reset("no :scheme", headers_frame(3, without(":scheme"))),
        reset("two :path", with(":path", "/b")),
        reset("pseudo-header field behind another", headers_frame(3, misplaced)),
        reset("unknown pseudo-header field", with(":unknown", "x")),
        reset("field of a connection", with("connection", "close")),
        reset("te other than trailers", with("te", "gzip")),
        reset("body shorter than content-length",
              headers_frame(3, request_fields("/a", {{"content-length", "5"}})) + data_frame(3, "x", flag_end_stream)),
        reset("body longer than content-length",
              headers_frame(3, request_fields("/a", {{"content-length", "1"}})) + data_frame(3, "xyz")),
        reset("trailers without the end", headers_frame(3, request_fields()) + headers_frame(3, {{"x-late", "1"}})),
        reset("pseudo-header field in trailers",
              headers_frame(3, request_fields()) + headers_frame(3, {{":path", "/b"}}, flag_end_stream)),
    };
}

std::string opened() {
    return client_hello() + settings_ack() + headers_frame(1, request_fields());
}

} // namespace

BOOST_AUTO_TEST_CASE(frames_of_a_stream_that_this_side_has_reset_may_be_late) {
    logged_session server(role::server);
    BOOST_TEST(!server.feed(opened()));
    server.session.reset(*server.log.stream(1), code::cancel);
    server.pull();
    BOOST_TEST(
        !server.feed(data_frame(1, "x") + headers_frame(1, {{"x-late", "1"}}, flag_end_stream) + rst_frame(1, 8)));
    BOOST_TEST(frames_of(server.pull(), frame_type::goaway).empty());
    BOOST_TEST(server.session.alive());
}

BOOST_AUTO_TEST_CASE(good_priorities_are_passed_over) {
    std::string const good = frame(frame_type::priority, 0, 3, big_endian(0x80000001, 4) + "\7");
    for_each_cut(opened() + good + ping_frame("12345678"), [](auto pieces) {
        logged_session s(role::server);
        for (std::string_view const piece : pieces)
            BOOST_TEST(!s.feed(piece));
        BOOST_TEST(frames_of(s.pull(), frame_type::goaway).empty());
    });
}

BOOST_AUTO_TEST_CASE(garbage_instead_of_a_preface_is_an_error) {
    for (std::string_view const garbage : {"GET / HTTP/1.1\r\nHost: test\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\rX",
                                           "\x16\x03\x01\x02\x00\x01\x00\x01"})
        for_each_cut(garbage, [](auto pieces) {
            logged_session server(role::server);
            boost::system::error_code ec;
            for (std::string_view const piece : pieces)
                if (!ec)
                    ec = server.feed(piece);
            BOOST_TEST(ec == make_error_code(connection_error::bad_preface));
            BOOST_TEST(server.session.failure() == make_error_code(connection_error::bad_preface));
            BOOST_TEST(server.log.lines().empty());
        });
}

BOOST_AUTO_TEST_CASE(answer_in_another_protocol_ends_the_clients_connection) {
    logged_session client(role::client);
    client.session.submit_request(grpc_request(), nullptr);
    client.pull();
    client.feed("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    BOOST_TEST(client.log.lines().empty());
    client.pull();
    BOOST_TEST(!client.session.alive());
    BOOST_TEST(client.session.failure());
}

BOOST_AUTO_TEST_CASE(first_frame_must_be_settings) {
    logged_session server(role::server);
    server.feed(std::string(preface) + ping_frame("12345678"));
    auto const goaways = frames_of(server.pull(), frame_type::goaway);
    BOOST_TEST_REQUIRE(goaways.size() == 1u);
    BOOST_TEST(goaways[0].number(4) == static_cast<std::uint32_t>(code::protocol_error));
    BOOST_TEST(!server.session.alive());
}

BOOST_AUTO_TEST_CASE(what_breaks_the_connection_is_answered_with_goaway) {
    for (malformed const& m : broken_connections()) {
        BOOST_TEST_CONTEXT(m.what) {
            logged_session server(role::server);
            BOOST_TEST(!server.feed(opened()));
            server.pull();
            server.log.lines();
            server.feed(m.bytes);
            auto const goaways = frames_of(server.pull(), frame_type::goaway);
            BOOST_TEST_REQUIRE(goaways.size() == 1u);
            BOOST_TEST(goaways[0].number(4) == static_cast<std::uint32_t>(m.answer));
            BOOST_TEST(!server.session.alive());
            BOOST_TEST(server.session.failure() == failure_of(m.answer));
            // Nothing is heard any more, and nothing breaks.
            server.log.lines();
            server.feed(headers_frame(7, request_fields()));
            BOOST_TEST(server.log.lines().empty());
            BOOST_TEST(server.pull().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(what_breaks_a_stream_leaves_the_others) {
    for (malformed const& m : broken_streams()) {
        BOOST_TEST_CONTEXT(m.what) {
            for_each_cut(m.bytes, [&](auto pieces) {
                logged_session server(role::server);
                BOOST_TEST(!server.feed(opened()));
                server.pull();
                server.log.lines();
                for (std::string_view const piece : pieces)
                    BOOST_TEST(!server.feed(piece));
                std::string const bytes = server.pull();
                auto const resets = frames_of(bytes, frame_type::rst_stream, 3);
                BOOST_TEST(resets.size() == 1u);
                BOOST_TEST((resets.empty() || resets[0].number(0) == static_cast<std::uint32_t>(m.answer)));
                BOOST_TEST(frames_of(bytes, frame_type::goaway).empty());
                server.log.lines();
                BOOST_TEST(!server.feed(data_frame(1, "x") + headers_frame(5, request_fields())));
                auto const lines = server.log.lines();
                BOOST_TEST_REQUIRE(lines.size() == 2u);
                BOOST_TEST(lines[0] == "data 1 x");
                BOOST_TEST(lines[1].starts_with("headers 5 :method=POST"));
            });
        }
    }
}

BOOST_AUTO_TEST_CASE(bad_answer_resets_its_stream_at_the_client) {
    for (field_list const& fields :
         {field_list{{"content-type", "application/grpc"}}, field_list{{":status", "abc"}},
          field_list{{":status", "200"}, {":status", "200"}}, field_list{{":status", "200"}, {":path", "/"}}}) {
        logged_session client(role::client);
        client.session.submit_request(grpc_request(), nullptr);
        client.session.submit_request(grpc_request(), nullptr);
        client.pull();
        BOOST_TEST(!client.feed(settings_frame() + headers_frame(1, fields) + headers_frame(3, response_fields())));
        client.pull();
        BOOST_TEST(joined(client.log.lines()) ==
                   "settings\nheaders 3 :status=200 content-type=application/grpc\nclosed 1 PROTOCOL_ERROR");
    }
}

BOOST_AUTO_TEST_CASE(frames_of_streams_that_never_were_end_the_clients_connection) {
    for (std::string const& bytes : {headers_frame(7, response_fields()), data_frame(7, "x"), rst_frame(7, 8),
                                     headers_frame(2, response_fields()), goaway_frame(2, 0)}) {
        logged_session client(role::client);
        client.session.submit_request(grpc_request(), nullptr);
        client.pull();
        client.feed(settings_frame() + bytes);
        client.pull();
        BOOST_TEST(!client.session.alive());
        BOOST_TEST(client.session.failure() == failure_of(code::protocol_error));
    }
}

BOOST_AUTO_TEST_CASE(frames_of_closed_streams_are_ignored) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    p.pump();
    p.client.session.reset(*s, http2::error_code::cancel);
    p.pump();
    p.client.log.lines();
    BOOST_TEST(!p.client.feed(headers_frame(1, response_fields()) + data_frame(1, "late") + rst_frame(1, 0) +
                              window_frame(1, 5)));
    BOOST_TEST(p.client.log.lines().empty());
    BOOST_TEST(p.client.session.alive());
}

BOOST_AUTO_TEST_SUITE_END()
