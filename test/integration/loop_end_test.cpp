//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The loop is the user's: nothing of ours keeps it from ending.

#include "support/loopback.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(loop_end)

namespace {

octets const request = "hello";

call_options patient() {
    call_options o;
    o.timeout = std::chrono::hours(1);
    return o;
}

} // namespace

BOOST_AUTO_TEST_CASE(deadlines_of_calls_that_waited_for_the_connection_are_forgotten) {
    loopback lo;
    lo.server.add(bytes_service::unary, echo_bytes::unary);
    lo.listen();
    auto const ch = lo.channel();
    std::optional<result<octets>> answer;
    ch.async_call(bytes_service::unary, request, patient(), [&](result<octets> r) {
        answer = std::move(r);
        lo.server.stop();
    });
    lo.io.run_for(patience);
    BOOST_TEST(lo.io.stopped());
    BOOST_TEST(answer.value().value() == request);
}

BOOST_AUTO_TEST_CASE(deadlines_of_calls_that_got_no_connection_are_forgotten) {
    asio::io_context io(1);
    channel_options impatient;
    impatient.initial_backoff = std::chrono::milliseconds(1);
    joust::channel const ch(io.get_executor(), "127.0.0.1:1", impatient);
    std::optional<result<octets>> answer;
    ch.async_call(bytes_service::unary, request, patient(), [&](result<octets> r) { answer = std::move(r); });
    io.run_for(patience);
    BOOST_TEST(io.stopped());
    BOOST_CHECK(answer.value().error().code() == status_code::unavailable);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
