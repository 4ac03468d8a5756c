//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// A client that opens more streams than it may loses those, and nothing else.

#include "support/for_each_cut.hpp"
#include "support/frames.hpp"
#include "support/sessions.hpp"

#include <boost/test/unit_test.hpp>

#include <span>
#include <string>
#include <string_view>

using namespace joust;
using namespace joust::http2;
using namespace joust::test;
using code = http2::error_code;

BOOST_AUTO_TEST_SUITE(session_stream_limit)

BOOST_AUTO_TEST_CASE(stream_above_the_limit_is_refused_before_the_limit_is_known) {
    logged_session server(role::server, {.max_concurrent_streams = 1});
    BOOST_TEST(!server.feed(client_hello() + headers_frame(1, request_fields()) + headers_frame(3, request_fields())));
    BOOST_TEST(resets_in(server.pull()) == "3 REFUSED_STREAM");
    auto const lines = server.log.lines();
    BOOST_TEST_REQUIRE(lines.size() == 3u); // settings, headers 1
    BOOST_TEST(lines[2] == "refused");
    BOOST_TEST(server.session.alive());
}

BOOST_AUTO_TEST_CASE(stream_above_the_limit_is_refused_when_the_limit_is_known) {
    std::string const bytes = headers_frame(1, request_fields()) + headers_frame(3, request_fields(), flag_end_stream) +
                              headers_frame(5, request_fields()) + data_frame(5, "lost", flag_end_stream) +
                              continued_headers(7, request_fields("/a", {{"x", "1"}}), 20) + data_frame(1, "kept");
    for_each_cut(bytes, [](std::span<std::string_view const> pieces) {
        logged_session server(role::server, {.max_concurrent_streams = 2});
        server.pull();
        BOOST_TEST(!server.feed(client_hello() + settings_ack()));
        server.log.lines();
        for (std::string_view const piece : pieces)
            BOOST_TEST(!server.feed(piece));
        BOOST_TEST(resets_in(server.pull()) == "5 REFUSED_STREAM, 7 REFUSED_STREAM");
        auto const lines = server.log.lines();
        BOOST_TEST_REQUIRE(lines.size() == 5u);
        BOOST_TEST(lines[2] + ", " + lines[3] + ", " + lines[4] == "refused, refused, data 1 kept");
        BOOST_TEST(server.session.alive());
    });
}

BOOST_AUTO_TEST_CASE(stream_that_ends_makes_room_and_a_refused_one_takes_none) {
    logged_session server(role::server, {.max_concurrent_streams = 1});
    server.pull();
    BOOST_TEST(!server.feed(client_hello() + settings_ack() + headers_frame(1, request_fields(), flag_end_stream)));
    BOOST_TEST(!server.feed(headers_frame(3, request_fields())));
    // Ended by the answer, by the client's reset, and by the server's.
    server.session.submit_response(server.stream(1), grpc_response(), true);
    BOOST_TEST(resets_in(server.pull()) == "3 REFUSED_STREAM");
    BOOST_TEST(!server.feed(headers_frame(5, request_fields()) + rst_frame(5, 8) + headers_frame(7, request_fields())));
    BOOST_TEST(resets_in(server.pull()) == "");
    server.session.reset(server.stream(7), code::cancel);
    server.pull();
    BOOST_TEST(!server.feed(headers_frame(9, request_fields()) + headers_frame(11, request_fields())));
    BOOST_TEST(resets_in(server.pull()) == "11 REFUSED_STREAM");
}

// The GOAWAY says that it was not looked at, and the client makes its call again elsewhere.
BOOST_AUTO_TEST_CASE(stream_behind_a_goaway_that_waits_to_be_written_is_refused) {
    logged_session server(role::server);
    server.pull();
    BOOST_TEST(!server.feed(client_hello() + settings_ack() + headers_frame(1, request_fields(), flag_end_stream)));
    server.log.lines();
    server.session.goaway(code::no_error, "soon");
    BOOST_TEST(!server.feed(headers_frame(3, request_fields(), flag_end_stream)));
    BOOST_TEST(joined(server.log.lines()) == "");
    std::string const said = server.pull();
    auto const goaways = frames_of(said, frame_type::goaway);
    BOOST_TEST_REQUIRE(goaways.size() == 1u);
    BOOST_TEST(goaways[0].number(0) == 1u);
    BOOST_TEST(resets_in(said) == "3 REFUSED_STREAM");
    server.session.submit_response(server.stream(1), grpc_response(), true);
    BOOST_TEST(frames_of(server.pull(), frame_type::headers).size() == 1u);
}

BOOST_AUTO_TEST_CASE(header_block_of_a_refused_stream_is_decoded) {
    logged_session server(role::server, {.max_concurrent_streams = 1});
    logged_session client(role::client);
    server.pull(); // the client never hears of the limit
    BOOST_TEST(!server.feed(client.pull()));
    BOOST_TEST(!client.feed(settings_frame()));
    auto const ask = [&](std::string_view value) {
        client.session.submit_request(
            fields{{":method", "POST"}, {":scheme", "http"}, {":path", "/"}, {":authority", "a"}, {"x-value", value}},
            nullptr);
        BOOST_TEST(!server.feed(client.pull()));
    };
    ask("first");
    ask("second"); // enters the table that later blocks refer to
    server.session.reset(server.stream(1), code::cancel);
    BOOST_TEST(resets_in(server.pull()) == "3 REFUSED_STREAM, 1 CANCEL");
    server.log.lines();
    ask("second");
    BOOST_TEST(joined(server.log.lines())
                   .ends_with("headers 5 :method=POST :scheme=http :path=/ :authority=a x-value=second"));
}

BOOST_AUTO_TEST_CASE(refusals_that_nobody_reads_do_not_pile_up) {
    logged_session server(role::server, {.max_concurrent_streams = 1});
    server.pull();
    BOOST_TEST(!server.feed(client_hello() + settings_ack()));
    boost::system::error_code ec;
    int refused = 0;
    for (; !ec && refused < 100'000; ++refused)
        ec = server.feed(headers_frame(2 * refused + 1, request_fields()));
    BOOST_TEST(ec == make_error_code(connection_error::enhance_your_calm));
    BOOST_TEST(refused > 2000);
    BOOST_TEST(refused < 3000);
    BOOST_TEST(server.session.failure() == make_error_code(connection_error::enhance_your_calm));
    auto const goaways = frames_of(server.pull(), frame_type::goaway);
    BOOST_TEST_REQUIRE(goaways.size() == 1u);
    BOOST_CHECK(static_cast<code>(goaways[0].number(4)) == code::enhance_your_calm);
    BOOST_TEST(!server.session.alive());
}

BOOST_AUTO_TEST_SUITE_END()
