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

namespace {

/// What a server's connection allocates for 200 batches of so many unary calls, after 100 to become steady.
std::size_t allocations_of_batches(int streams) {
    raw_client c;
    c.hello();
    c.send(window_frame(0, 1 << 24)); // for all answers
    c.link->to_server.chunk = 4000;   // less than a read buffer, which grows and shrinks otherwise
    std::vector<std::string> batches(300);
    std::int32_t id = 1;
    for (std::string& batch : batches) {
        std::string messages; // after all headers, so that all calls are open at once
        for (int i = 0; i < streams; ++i, id += 2) {
            batch += headers_frame(id, request_fields("/unary", {{"x-a", "1"},
                                                                 {"grpc-timeout", "10S"},
                                                                 {"grpc-accept-encoding", "identity,deflate,gzip"}}));
            messages += data_frame(id, grpc_message("question"), flag_end_stream);
        }
        batch += messages;
    }
    std::size_t before = 0;
    for (std::size_t i = 0; i < batches.size(); ++i) {
        if (i == 100)
            before = allocation_count;
        c.link->to_server.bytes.append(batches[i]);
        c.link->to_server.wake();
        c.poll();
        c.link->to_client.bytes.clear();
        c.link->to_client.writes.clear();
    }
    std::size_t const made = allocation_count - before;
    BOOST_TEST(c.acceptor->calls == 300 * streams);
    BOOST_TEST(c.server->active_calls() == 0u);
    return made;
}

} // namespace

BOOST_AUTO_TEST_CASE(answering_unary_calls_at_steady_state_makes_none) {
    BOOST_TEST(allocations_of_batches(1) == 0u);
}

BOOST_AUTO_TEST_CASE(a_crowd_of_calls_that_comes_again_and_again_makes_none) {
    BOOST_TEST(allocations_of_batches(100) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
