//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/env_resolver.hpp"
#include "client/make_resolver.hpp"
#include "joust/client/manual_resolver.hpp"
#include "joust/client/static_resolver.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

using namespace joust;
using namespace joust::client;
namespace asio = boost::asio;

namespace {

/// What a channel would see.
struct listening {
    asio::io_context io;
    std::vector<std::string> seen;

    resolver::listener listener() {
        return [this](resolution r) {
            std::string all = r.problem.ok() ? "" : "! " + r.problem.message();
            for (auto const& a : r.addresses)
                all += (all.empty() ? "" : " ") + a.address;
            seen.push_back(all);
        };
    }
    std::vector<std::string> take() { return std::exchange(seen, {}); }
};

using texts = std::vector<std::string>;

std::vector<endpoint_address> list(texts const& names) {
    std::vector<endpoint_address> all;
    for (auto const& n : names)
        all.push_back({.address = n});
    return all;
}

} // namespace

#define CHECK_SEEN(...) BOOST_TEST(take() == texts(__VA_ARGS__), boost::test_tools::per_element())

BOOST_AUTO_TEST_SUITE(resolvers)

BOOST_FIXTURE_TEST_CASE(static_addresses_come_once, listening) {
    static_resolver r(list({"a:1", "b:1"}));
    r.start(io.get_executor(), listener());
    r.refresh();
    r.on_connection_failure();
    CHECK_SEEN({"a:1 b:1"});
}

BOOST_FIXTURE_TEST_CASE(pushes_come_on_the_executor_and_the_last_one_counts, listening) {
    manual_resolver source;
    manual_resolver mine(source);
    mine.start(io.get_executor(), listener());
    BOOST_TEST(io.poll() == 0U); // nothing was pushed
    source.push(list({"a:1"}));
    BOOST_TEST(seen.empty());
    source.push(list({"b:1"}));
    io.restart();
    io.poll();
    CHECK_SEEN({"b:1"});
    source.push(resolution{.problem = status(status_code::unavailable, "gone")});
    io.restart();
    io.poll();
    CHECK_SEEN({"! gone"});
}

BOOST_FIXTURE_TEST_CASE(late_channel_gets_the_latest_push_once, listening) {
    manual_resolver source;
    source.push(list({"a:1"}));
    manual_resolver one(source), other(source);
    one.start(io.get_executor(), listener());
    other.start(io.get_executor(), listener());
    io.poll();
    CHECK_SEEN({"a:1", "a:1"});
    source.push(list({"b:1"}));
    io.restart();
    io.poll();
    CHECK_SEEN({"b:1", "b:1"});
}

BOOST_FIXTURE_TEST_CASE(destroyed_resolver_is_silent_and_the_others_go_on, listening) {
    manual_resolver source;
    auto one = std::make_unique<manual_resolver>(source), other = std::make_unique<manual_resolver>(source);
    one->start(io.get_executor(), listener());
    other->start(io.get_executor(), listener());
    source.push(list({"a:1"}));
    one.reset(); // with a post under way
    io.poll();
    CHECK_SEEN({"a:1"});
    other.reset();
    source.push(list({"b:1"}));
    io.restart();
    BOOST_TEST(io.poll() == 0U);
}

BOOST_FIXTURE_TEST_CASE(refresh_asks_the_program, listening) {
    int asked = 0;
    manual_resolver source([&] { ++asked; });
    manual_resolver mine(source);
    mine.start(io.get_executor(), listener());
    mine.refresh();
    mine.on_connection_failure();
    BOOST_TEST(asked == 1);
    manual_resolver without;
    without.refresh();
}

BOOST_FIXTURE_TEST_CASE(environment_is_read_at_the_start_and_by_refresh, listening) {
    char const* const name = "JOUST_TEST_SERVICES";
    ::unsetenv(name);
    env_resolver r(name);
    r.start(io.get_executor(), listener());
    CHECK_SEEN({"! environment variable JOUST_TEST_SERVICES: not set"});
    for (auto const& [text, expected] : std::vector<std::pair<std::string, std::string>>{
             {"a:1,b:2", "a:1 b:2"},
             {"", "! environment variable JOUST_TEST_SERVICES: no addresses"},
             {"a:1,b", "! environment variable JOUST_TEST_SERVICES: line 1: "
                       "'b': the port is missing (host:port)"}}) {
        ::setenv(name, text.c_str(), 1);
        r.refresh();
        CHECK_SEEN({expected});
    }
    ::unsetenv(name);
}

BOOST_FIXTURE_TEST_CASE(target_gets_its_resolver, listening) {
    ::unsetenv("JOUST_TEST_SERVICES");
    for (auto const& [text, expected] : std::vector<std::pair<std::string, std::string>>{
             {"a:1,b:2", "a:1 b:2"},
             {"ipv4:127.0.0.1:1", "127.0.0.1:1"},
             {"unix:/run/a", "unix:/run/a"},
             {"env:JOUST_TEST_SERVICES", "! environment variable JOUST_TEST_SERVICES: not set"},
             {"file:/none/such", "! file /none/such: No such file or directory"}}) {
        auto const r = make_resolver(parse_target(text).value(), {});
        r->start(io.get_executor(), listener());
        CHECK_SEEN({expected});
    }
}

BOOST_AUTO_TEST_SUITE_END()
