//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/connection_error.hpp"
#include "joust/core/status.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

using joust::status;
using joust::status_code;
using joust::status_origin;

BOOST_AUTO_TEST_SUITE(status_)

BOOST_AUTO_TEST_CASE(default_constructed_is_ok) {
    status const s;
    BOOST_TEST(s.ok());
    BOOST_TEST((s.code() == status_code::ok));
    BOOST_TEST((s.origin() == status_origin::local));
    BOOST_TEST(s.message() == "");
    BOOST_TEST(s.details() == "");
    BOOST_TEST(!s.cause());
    BOOST_TEST(s.application_code() == 0);
}

BOOST_AUTO_TEST_CASE(constructed_with_everything_tells_it) {
    status s(status_code::unavailable, "no one there", status_origin::network, joust::connection_error::goaway);
    s.set_details(std::string("\0d", 2));
    s.set_application_code(503);
    BOOST_TEST(!s.ok());
    BOOST_TEST((s.code() == status_code::unavailable));
    BOOST_TEST((s.origin() == status_origin::network));
    BOOST_TEST((s.cause() == joust::connection_error::goaway));
    BOOST_TEST(s.message() == "no one there");
    BOOST_TEST(s.details() == std::string("\0d", 2));
    BOOST_TEST(s.application_code() == 503);
}

BOOST_AUTO_TEST_CASE(setters_replace) {
    status s(status_code::internal, "first");
    s.set_message("second");
    s.set_origin(status_origin::peer);
    BOOST_TEST(s.message() == "second");
    BOOST_TEST((s.origin() == status_origin::peer));
}

BOOST_AUTO_TEST_CASE(to_string_names_code_message_and_cause) {
    status const bare(status_code::not_found);
    status const told(status_code::not_found, "no such player");
    status const caused(status_code::unavailable, "lost", status_origin::network, joust::connection_error::closed);
    status const mute(status_code::unavailable, "", status_origin::network, joust::connection_error::closed);
    BOOST_TEST(status().to_string() == "OK");
    BOOST_TEST(bare.to_string() == "NOT_FOUND");
    BOOST_TEST(told.to_string() == "NOT_FOUND: no such player");
    BOOST_TEST(caused.to_string() == "UNAVAILABLE: lost [the peer closed the connection]");
    BOOST_TEST(mute.to_string() == "UNAVAILABLE [the peer closed the connection]");
}

BOOST_AUTO_TEST_CASE(streamed_as_to_string) {
    std::ostringstream os;
    os << status(status_code::aborted, "x");
    BOOST_TEST(os.str() == "ABORTED: x");
}

BOOST_AUTO_TEST_CASE(equality_is_of_what_travels) {
    status const a(status_code::aborted, "x");
    status b(status_code::aborted, "x", status_origin::peer, joust::connection_error::closed);
    BOOST_TEST(a == b);
    b.set_details("d");
    BOOST_TEST(a != b);
    BOOST_TEST(a != status(status_code::aborted, "y"));
    BOOST_TEST(a != status(status_code::internal, "x"));
}

BOOST_AUTO_TEST_SUITE_END()
