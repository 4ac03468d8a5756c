//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/loopback.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <vector>

namespace joust::test {
namespace {

/// Calls that only end with their connection, which the server closes when it has `calls` of them.
struct fixture {
    loopback net;
    long_wait wait{net.io};
    int asked = 0;
    int calls = 0;
    std::vector<circuit_state> states;

    fixture() {
        net.server.add(bytes_service::unary, [this](octets const&) -> asio::awaitable<octets> {
            if (++asked == calls)
                net.server.stop();
            co_await wait();
            co_return octets();
        });
        net.listen();
    }

    void lose(int with_calls, std::uint32_t allowed) {
        calls = with_calls;
        channel_options options;
        options.circuit_breaker.emplace();
        options.circuit_breaker->consecutive_failures = allowed;
        options.circuit_breaker->on_event = [this](circuit_event const& e) { states.push_back(e.to); };
        auto const via = net.channel(options);
        int failed = 0;
        event all(net.io.get_executor());
        for (int i = 0; i != calls; ++i)
            via.async_call(bytes_service::unary, octets("x"), call_options(), [&](result<octets> const& r) {
                BOOST_TEST((r.has_error() && r.error().code() == status_code::unavailable));
                if (++failed == calls)
                    all.set();
            });
        net.run([&]() -> asio::awaitable<void> { co_await all.wait(); });
        BOOST_TEST(failed == calls);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(breaker_lost_connection)

BOOST_FIXTURE_TEST_CASE(many_calls_of_one_connection_are_one_failure, fixture) {
    lose(10, 2);
    BOOST_TEST(states.empty());
}

BOOST_FIXTURE_TEST_CASE(lost_connection_is_a_failure, fixture) {
    lose(3, 1);
    BOOST_REQUIRE_EQUAL(states.size(), 1U);
    BOOST_TEST((states[0] == circuit_state::open));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
