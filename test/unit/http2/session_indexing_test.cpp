//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Which fields enter HPACK's table.

#include "support/frames.hpp"
#include "support/sessions.hpp"

#include <boost/test/unit_test.hpp>
#include <nghttp2/nghttp2.h>

#include <memory>
#include <set>
#include <string>

using namespace joust;
using namespace joust::test;

BOOST_AUTO_TEST_SUITE(session_indexing)

namespace {

/// The fields of one header block that are never to be indexed, as any hop is told (RFC 7541, 6.2.3).
std::set<std::string> never_indexed(std::string block) {
    nghttp2_hd_inflater* made = nullptr;
    BOOST_TEST_REQUIRE(nghttp2_hd_inflate_new(&made) == 0);
    std::unique_ptr<nghttp2_hd_inflater, decltype(&nghttp2_hd_inflate_del)> const inflater(made,
                                                                                           nghttp2_hd_inflate_del);
    std::set<std::string> names;
    auto* at = reinterpret_cast<std::uint8_t*>(block.data());
    std::size_t left = block.size();
    for (int flags = 0; (flags & NGHTTP2_HD_INFLATE_FINAL) == 0;) {
        nghttp2_nv nv;
        flags = 0;
        auto const n = nghttp2_hd_inflate_hd2(made, &nv, &flags, at, left, 1);
        BOOST_TEST_REQUIRE(n >= 0);
        at += n;
        left -= static_cast<std::size_t>(n);
        if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0 && (nv.flags & NGHTTP2_NV_FLAG_NO_INDEX) != 0)
            names.emplace(reinterpret_cast<char const*>(nv.name), nv.namelen);
    }
    return names;
}

/// The header block of a request with that timeout.
std::string request_block(logged_session& client, std::string_view timeout) {
    http2::stream* const s = client.session.submit_request(fields{{":method", "POST", true},
                                                                  {":scheme", "http", true},
                                                                  {":path", "/a"},
                                                                  {":authority", "test"},
                                                                  {"grpc-timeout", timeout, false, true},
                                                                  {"user-agent", "joust"},
                                                                  {"authorization", "Bearer secret"}},
                                                           nullptr);
    client.session.finish(*s);
    auto const frames = frames_of(client.pull(), frame_type::headers);
    BOOST_TEST_REQUIRE(frames.size() == 1u);
    return frames[0].payload;
}

} // namespace

BOOST_AUTO_TEST_CASE(fields_that_say_so_and_credentials_are_never_indexed) {
    logged_session client(role::client);
    client.pull();
    std::set<std::string> const expected = {"authorization", "grpc-timeout"};
    BOOST_TEST((never_indexed(request_block(client, "1000m")) == expected));
}

BOOST_AUTO_TEST_CASE(timeouts_push_nothing_out_of_the_table) {
    logged_session client(role::client);
    client.pull();
    BOOST_TEST(!client.feed(settings_frame({{settings_max_concurrent_streams, 1000}})));
    request_block(client, "1000m");
    std::size_t const repeated = request_block(client, "1001m").size();
    for (int i = 1002; i != 1300; ++i) // of 51 bytes each in a table of 4096
        BOOST_TEST_REQUIRE(request_block(client, std::to_string(i) + "m").size() <= repeated + 1); // Huffman
}

BOOST_AUTO_TEST_CASE(mark_of_a_trailer_is_kept) {
    session_pair p;
    p.handshake();
    http2::stream* const s = p.client.session.submit_request(grpc_request(), nullptr);
    p.client.session.finish(*s);
    p.pump();
    p.server.session.submit_response(p.server.stream(1), grpc_response(), false);
    p.server.session.finish(p.server.stream(1), fields{{"x-once", "1", false, true}, {"x-often", "2"}});
    auto const frames = frames_of(p.server.pull(), frame_type::headers);
    BOOST_TEST_REQUIRE(frames.size() == 2u);
    BOOST_TEST((never_indexed(frames[1].payload) == std::set<std::string>{"x-once"}));
}

BOOST_AUTO_TEST_SUITE_END()
