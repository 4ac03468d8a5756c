//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/connections.hpp"
#include "support/count_allocations.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace joust;
using namespace joust::test;

BOOST_AUTO_TEST_SUITE(connection_allocations)

BOOST_AUTO_TEST_CASE(answering_unary_calls_at_steady_state_makes_none) {
    raw_client c;
    c.hello();
    std::vector<std::string> requests;
    for (int i = 0; i < 300; ++i)
        requests.push_back(headers_frame(2 * i + 1, request_fields("/unary", {{"x-a", "1"}, {"grpc-timeout", "10S"}})) +
                           data_frame(2 * i + 1, grpc_message("question"), flag_end_stream));
    std::size_t before = 0;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        if (i == 100)
            before = allocation_count;
        c.link->to_server.bytes.append(requests[i]);
        c.link->to_server.wake();
        c.poll();
        c.link->to_client.bytes.clear();
        c.link->to_client.writes.clear();
    }
    BOOST_TEST(allocation_count - before == 0u);
    BOOST_TEST(c.acceptor->calls == 300);
    BOOST_TEST(c.server->active_calls() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
