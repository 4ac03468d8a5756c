//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/connection_error.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using joust::connection_error;

BOOST_AUTO_TEST_SUITE(connection_error_)

BOOST_AUTO_TEST_CASE(every_error_has_its_own_message) {
    std::set<std::string> messages;
    int const last = static_cast<int>(connection_error::queue_full);
    for (int value = 1; value <= last; ++value)
        messages.insert(joust::connection_category().message(value));
    BOOST_TEST(messages.size() == static_cast<std::size_t>(last));
    BOOST_TEST(!messages.contains("unknown connection error"));
}

BOOST_AUTO_TEST_CASE(unknown_number_has_a_message) {
    BOOST_TEST(joust::connection_category().message(0) == "unknown connection error");
    BOOST_TEST(joust::connection_category().message(9999) == "unknown connection error");
}

BOOST_AUTO_TEST_CASE(converts_to_error_code) {
    boost::system::error_code const ec = connection_error::refused_stream;
    BOOST_TEST(ec.failed());
    BOOST_TEST((ec == connection_error::refused_stream));
    BOOST_TEST((ec != connection_error::goaway));
    BOOST_TEST((ec.category() == joust::connection_category()));
    BOOST_TEST(std::string(ec.category().name()) == "joust.connection");
    BOOST_TEST(ec.message() == "the peer refused the stream");
}

BOOST_AUTO_TEST_SUITE_END()
