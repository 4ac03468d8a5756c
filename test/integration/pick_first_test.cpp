//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Channels that want one address of many: which they try, how long they wait for it, and when they take another.

#include "joust/client/manual_resolver.hpp"
#include "support/cluster.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(pick_first_)

namespace {

using asio::ip::tcp;

octets const request = "hello";

channel_options first_only() {
    channel_options o;
    o.balancer = pick_first();
    o.connect_timeout = 10min;
    return o;
}

/// Takes connections and never says anything.
struct silent_port {
    tcp::acceptor acceptor;

    explicit silent_port(asio::io_context& io) : acceptor(io, {asio::ip::address_v4::loopback(), 0}) {}
    std::string address() const { return "127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()); }
};

octets ask(cluster& at, joust::channel const& ch) {
    std::optional<result<octets>> got;
    ch.async_call(bytes_service::unary, request, {}, [&](result<octets> r) { got = std::move(r); });
    at.run_until([&] { return got.has_value(); });
    return got->value();
}

std::vector<endpoint_address> list(std::vector<std::string> const& addresses) {
    std::vector<endpoint_address> all;
    for (std::string const& each : addresses) {
        endpoint_address a;
        a.address = each;
        all.push_back(a);
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(all_calls_go_to_the_first_and_the_others_are_left_alone) {
    cluster at(3);
    auto const ch = at.channel(first_only());
    for (int i = 0; i != 5; ++i)
        BOOST_TEST(ask(at, ch) == request);
    BOOST_TEST(at[0].calls == 5U);
    BOOST_TEST(at[1].connections->opened + at[2].connections->opened == 0U);
}

BOOST_AUTO_TEST_CASE(silent_address_is_overtaken_and_given_up) {
    for (std::size_t const most : {20U, 1U}) {
        cluster at(2);
        silent_port a(at.io);
        silent_port b(at.io);
        auto options = first_only();
        options.max_connections = most; // or one
        joust::channel const ch(at.io.get_executor(), a.address() + "," + b.address() + "," + at.target(), options);
        BOOST_TEST(ask(at, ch) == request);
        BOOST_TEST(at[0].calls == 1U);
        for (auto* const each : {&a, &b}) { // what was begun there has ended
            tcp::socket peer(at.io);
            each->acceptor.accept(peer);
            bool closed = false;
            std::string bytes(1000, '\0');
            std::function<void()> const read = [&] {
                peer.async_read_some(asio::buffer(bytes), [&](boost::system::error_code ec, std::size_t) {
                    closed = ec.failed();
                    if (!closed)
                        read();
                });
            };
            read();
            at.run_until([&] { return closed; });
        }
        BOOST_TEST(at[1].connections->opened == 0U);
    }
}

BOOST_AUTO_TEST_CASE(refusing_address_is_passed_over_at_once) {
    cluster at(3);
    at.kill(0);
    at.kill(1);
    auto const ch = at.channel(first_only());
    BOOST_TEST(ask(at, ch) == request);
    BOOST_TEST(at[2].calls == 1U);
}

BOOST_AUTO_TEST_CASE(lost_one_is_followed_by_the_next_that_can_be_reached) {
    cluster at(3);
    auto const ch = at.channel(first_only());
    BOOST_TEST(ask(at, ch) == request);
    at.kill(0);
    BOOST_TEST(ask(at, ch) == request);
    BOOST_TEST(at[1].calls == 1U);
    BOOST_TEST(at[2].connections->opened == 0U);
}

BOOST_AUTO_TEST_CASE(one_whose_breaker_opens_is_left_for_the_next) {
    cluster at(2);
    at[0].answer = cluster::failing(status_code::unavailable);
    auto options = first_only();
    options.circuit_breaker = circuit_breaker_options();
    options.circuit_breaker->consecutive_failures = 1;
    options.circuit_breaker->open_time = 1h;
    auto const ch = at.channel(options);
    std::optional<result<octets>> failed;
    ch.async_call(bytes_service::unary, request, {}, [&](result<octets> r) { failed = std::move(r); });
    at.run_until([&] { return failed.has_value(); });
    BOOST_TEST(message_of(*failed) == "on purpose");
    at.run_until([&] { return at[1].connections->opened == 1; });
    settle(at.io);
    BOOST_TEST(ask(at, ch) == request);
    BOOST_TEST(at[0].calls == 1U);
    BOOST_TEST(at[1].calls == 1U);
}

BOOST_AUTO_TEST_CASE(new_list_that_still_has_it_moves_nothing) {
    cluster at(2);
    auto const source = std::make_shared<manual_resolver>();
    joust::channel const ch(at.io.get_executor(), source, "service", first_only());
    source->push(list({at[1].address}));
    BOOST_TEST(ask(at, ch) == request);
    source->push(list({at[0].address, at[1].address}));
    settle(at.io);
    BOOST_TEST(ask(at, ch) == request);
    BOOST_TEST(at[1].calls == 2U);
    BOOST_TEST(at[0].connections->opened == 0U);
}

BOOST_AUTO_TEST_CASE(shuffled_lists_begin_anywhere) {
    cluster at(3);
    std::set<std::size_t> firsts;
    for (int i = 0; i != 100 && firsts.size() != 3; ++i) {
        auto const source = std::make_shared<manual_resolver>();
        auto options = first_only();
        if (i % 2 == 0)
            options.balancer = pick_first(true);
        else {
            options.balancer = nullptr;
            options.service_config = R"({"loadBalancingConfig":[{"pick_first":{"shuffleAddressList":true}}]})";
        }
        joust::channel const ch(at.io.get_executor(), source, "service", options);
        source->push(list({at[0].address, at[1].address, at[2].address}));
        for (std::size_t n = 0; n != 3; ++n)
            at[n].calls = 0;
        BOOST_TEST(ask(at, ch) == request);
        for (std::size_t n = 0; n != 3; ++n)
            if (at[n].calls != 0)
                firsts.insert(n);
    }
    BOOST_TEST(firsts.size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
