//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/result.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using joust::result;
using joust::rpc_error;
using joust::status;
using joust::status_code;

BOOST_AUTO_TEST_SUITE(result_)

BOOST_AUTO_TEST_CASE(value_is_returned) {
    result<std::string> const r = std::string("pong");
    BOOST_TEST(r.has_value());
    BOOST_TEST(r.value() == "pong");
}

BOOST_AUTO_TEST_CASE(value_of_a_failed_call_throws_its_status) {
    result<std::string> const r = status(status_code::not_found, "no such player");
    BOOST_TEST(!r.has_value());
    BOOST_CHECK_EXCEPTION(r.value(), rpc_error, [](rpc_error const& e) {
        return e.status() == status(status_code::not_found, "no such player") &&
               std::string(e.what()) == "NOT_FOUND: no such player";
    });
}

BOOST_AUTO_TEST_CASE(result_of_void_carries_success_and_failure) {
    result<void> const good;
    result<void> const bad = status(status_code::cancelled);
    BOOST_CHECK_NO_THROW(good.value());
    BOOST_CHECK_THROW(bad.value(), rpc_error);
    BOOST_TEST((bad.error().code() == status_code::cancelled));
}

BOOST_AUTO_TEST_CASE(rpc_error_from_code_and_message_has_that_status) {
    rpc_error const e(status_code::invalid_argument, "level");
    BOOST_TEST(e.status() == status(status_code::invalid_argument, "level"));
    BOOST_TEST(std::string(rpc_error(status_code::aborted).what()) == "ABORTED");
}

BOOST_AUTO_TEST_SUITE_END()
