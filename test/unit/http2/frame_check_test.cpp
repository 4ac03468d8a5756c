//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/frame_check.hpp"
#include "support/for_each_cut.hpp"
#include "support/frames.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace joust::http2;
using namespace joust::test;
using code = joust::http2::error_code;

BOOST_AUTO_TEST_SUITE(frame_check_)

namespace {

std::string open(std::int32_t id, std::uint8_t flags = flag_none) {
    return headers_frame(id, request_fields(), flags);
}

std::string priority_frame(std::int32_t id, std::uint32_t on) {
    return frame(frame_type::priority, flag_none, id, big_endian(on, 4) + "\7");
}

/// What is found, wherever the bytes are cut.
void expect(std::string const& frames, code wanted) {
    std::string const bytes = std::string(preface) + settings_frame() + frames + ping_frame("12345678");
    for_each_cut(bytes, [&](auto pieces) {
        frame_check check(preface.size());
        code found = code::no_error;
        for (std::string_view const piece : pieces)
            found = check.feed(piece);
        BOOST_TEST((found == wanted), to_string(found));
    });
}

} // namespace

BOOST_AUTO_TEST_CASE(honest_streams_are_good) {
    expect(open(1) + data_frame(1, "x") + open(3) + data_frame(1, "y", flag_end_stream) + rst_frame(3, 8) +
               open(5, flag_end_stream) + window_frame(5, 1) + priority_frame(5, 3) + rst_frame(5, 8),
           code::no_error);
}

BOOST_AUTO_TEST_CASE(what_a_client_has_ended_stays_ended) {
    expect(open(1, flag_end_stream) + data_frame(1, "x"), code::stream_closed);
    expect(open(1) + data_frame(1, "x", flag_end_stream) + open(3) + data_frame(1, ""), code::stream_closed);
    expect(open(1) + rst_frame(1, 8) + data_frame(1, "x"), code::stream_closed);
    expect(open(1) + open(3) + rst_frame(1, 8) + open(1), code::stream_closed);
}

BOOST_AUTO_TEST_CASE(trailers_are_no_second_request) {
    expect(open(1) + open(3) + open(1, flag_end_stream), code::no_error);
}

BOOST_AUTO_TEST_CASE(streams_that_were_passed_over_cannot_be_opened) {
    expect(open(1) + open(9) + open(3), code::protocol_error);
    expect(open(1) + open(9) + open(7), code::protocol_error);
    expect(open(5) + open(1), code::protocol_error);
    expect(open(1) + open(9) + open(11) + data_frame(9, "x") + data_frame(1, "x"), code::no_error);
}

BOOST_AUTO_TEST_CASE(priorities_that_make_no_sense_are_found) {
    expect(priority_frame(0, 1), code::protocol_error);
    expect(priority_frame(3, 3), code::protocol_error);
    expect(priority_frame(3, 0x80000003), code::protocol_error);               // exclusive
    expect(frame(frame_type::priority, flag_none, 0, "1234"), code::no_error); // nghttp2's
}

BOOST_AUTO_TEST_CASE(memory_is_bounded) {
    frame_check check(0);
    for (std::int32_t id = 1; id < 100'000; id += 4)
        BOOST_TEST((check.feed(open(id, flag_end_stream)) == code::no_error));
    BOOST_TEST((check.feed(data_frame(1, "x")) == code::no_error)); // long forgotten
    BOOST_TEST((check.feed(open(99'995)) == code::protocol_error));
}

BOOST_AUTO_TEST_SUITE_END()
