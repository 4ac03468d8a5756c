//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// One channel to several servers of its process, which a resolver names.

#include "joust/client/static_resolver.hpp"
#include "support/loopback.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(in_process_servers)

namespace {

using asio::awaitable;

/// Servers that answer with their names, and a way to all of them.
struct some_servers {
    asio::io_context io{1};
    std::deque<joust::server> servers;
    std::vector<endpoint_address> addresses;
    std::string failing; // the one that answers with UNAVAILABLE

    explicit some_servers(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            endpoint_address a;
            a.address = "server-" + std::to_string(i);
            a.wire.emplace();
            servers.emplace_back(io.get_executor());
            servers.back().add(bytes_service::unary, [this, name = a.address](octets) -> result<octets> {
                if (name == failing)
                    return status(status_code::unavailable, "out of order");
                return name;
            });
            servers.back().listen(*a.wire).value();
            addresses.push_back(std::move(a));
        }
    }

    joust::channel channel(channel_options options = {}) {
        return joust::channel(io.get_executor(), std::make_shared<static_resolver>(addresses), "several",
                              std::move(options));
    }

    /// Who answered so many calls, and how often; failed ones count for "".
    std::map<std::string, int> answers(joust::channel const& ch, int calls) {
        std::map<std::string, int> seen;
        run(io, [&]() -> awaitable<void> {
            for (int i = 0; i < calls; ++i) {
                result<octets> const answer = co_await call(ch, "who");
                ++seen[answer.has_value() ? *answer : ""];
            }
        });
        return seen;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(all_of_them_get_calls) {
    some_servers s(3);
    auto const ch = s.channel();
    std::map<std::string, int> const even{{"server-0", 4}, {"server-1", 4}, {"server-2", 4}};
    run_until(s.io, [&] { return s.answers(ch, 12) == even; });
}

BOOST_AUTO_TEST_CASE(an_open_breaker_is_tried_again_though_nothing_else_happens) {
    some_servers s(2);
    channel_options o;
    o.circuit_breaker.emplace();
    o.circuit_breaker->consecutive_failures = 1;
    o.circuit_breaker->open_time = 20ms;
    o.circuit_breaker->success_threshold = 1;
    auto const ch = s.channel(o);
    std::map<std::string, int> const even{{"server-0", 2}, {"server-1", 2}};
    run_until(s.io, [&] { return s.answers(ch, 4) == even; });
    s.failing = "server-0";
    run_until(s.io, [&] { return s.answers(ch, 2).contains(""); });
    s.failing.clear();
    run_until(s.io, [&] { return s.answers(ch, 4) == even; });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
