//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/pool_policy.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <vector>

using namespace joust::client;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(pool_policy_)

namespace {

using indices = std::vector<std::size_t>;
using state = pooled_connection::state;
using time_point = pool_policy::time_point;

constexpr time_point start{};

/// A channel's pool: carries out what the policy decides.
struct pool {
    pool_policy policy;
    std::vector<pooled_address> addresses;
    std::vector<pooled_connection> connections = {};
    std::size_t queued = 0;
    time_point now = start;

    pool(pool_options const& o, std::size_t n) : policy(o), addresses(n) {}

    pool_decision ask() const { return policy.decide(addresses, connections, queued, now); }

    pool_decision apply() {
        auto const d = ask();
        auto closed = d.close;
        std::sort(closed.rbegin(), closed.rend());
        for (std::size_t const i : closed)
            connections.erase(connections.begin() + static_cast<std::ptrdiff_t>(i));
        for (std::size_t const a : d.open)
            connections.push_back({.address = a});
        return d;
    }

    void settle() {
        for (auto& c : connections)
            if (c.at == state::connecting)
                c = {.address = c.address, .at = state::ready, .max_streams = 100, .idle_since = now};
    }

    void use(std::size_t streams) {
        for (auto& c : connections)
            c.streams = streams;
    }

    indices spread() const {
        indices n(addresses.size());
        for (auto const& c : connections)
            if (c.address < n.size())
                ++n[c.address];
        return n;
    }
};

bool quiet(pool_decision const& d) {
    return d.open.empty() && d.close.empty();
}

pool settled(pool_options const& o, std::size_t addresses) {
    pool p(o, addresses);
    p.apply();
    p.settle();
    return p;
}

pool_options from_to(std::size_t min, std::size_t max) {
    return {.min_connections = min, .max_connections = max};
}

} // namespace

#define CHECK_LIST(list, ...) BOOST_TEST(list == indices(__VA_ARGS__), boost::test_tools::per_element())

BOOST_AUTO_TEST_CASE(options_out_of_range_are_named) {
    BOOST_TEST(!validate(pool_options{}).has_value());
    BOOST_TEST(!validate(from_to(1, 1)).has_value());
    BOOST_TEST(validate(from_to(0, 1)).value() == "min_connections must be from 1 to max_connections");
    BOOST_TEST(validate(from_to(3, 2)).value() == "min_connections must be from 1 to max_connections");
    BOOST_TEST(validate(from_to(0, 0)).value() == "max_connections must be at least 1");
    BOOST_TEST(validate(pool_options{.idle_timeout = 0s}).value() == "idle_timeout must be positive");
}

BOOST_AUTO_TEST_CASE(minimum_is_opened_evenly_over_the_addresses) {
    for (auto const& [addresses, expected] : std::vector<std::pair<std::size_t, indices>>{
             {1, {10}}, {3, {4, 3, 3}}, {4, {3, 3, 2, 2}}, {12, indices(12, 1)}, {20, indices(20, 1)}}) {
        pool p({}, addresses);
        BOOST_TEST(p.apply().close.empty());
        BOOST_TEST(p.spread() == expected, boost::test_tools::per_element());
        BOOST_TEST(quiet(p.ask())); // they are under way
        p.settle();
        BOOST_TEST(quiet(p.ask()));
    }
}

BOOST_AUTO_TEST_CASE(more_addresses_than_connections_get_one_each_as_far_as_they_go) {
    pool p(from_to(1, 3), 5);
    CHECK_LIST(p.ask().open, {0, 1, 2});
}

BOOST_AUTO_TEST_CASE(without_addresses_there_are_no_connections) {
    BOOST_TEST(quiet(pool({}, 0).ask()));
}

BOOST_AUTO_TEST_CASE(one_and_one_never_has_a_second) {
    auto p = settled(from_to(1, 1), 1);
    p.use(100);
    p.queued = 1000;
    BOOST_TEST(quiet(p.ask()));
    p.now += 24h;
    p.use(0);
    BOOST_TEST(quiet(p.ask()));
}

BOOST_AUTO_TEST_CASE(lost_connection_is_replaced) {
    auto p = settled(from_to(4, 8), 2);
    p.connections.erase(p.connections.begin()); // of address 0
    CHECK_LIST(p.apply().open, {0});
}

BOOST_AUTO_TEST_CASE(streams_run_out_and_one_more_is_opened_at_a_time_up_to_the_maximum) {
    auto p = settled(from_to(2, 5), 2);
    p.use(99);
    BOOST_TEST(quiet(p.ask()));
    for (std::size_t const expected : std::initializer_list<std::size_t>{0, 1, 0}) {
        p.use(100);
        p.queued = 50;
        CHECK_LIST(p.apply().open, {expected});
        BOOST_TEST(quiet(p.ask())); // not before that one is ready
        p.settle();
        p.use(100);
    }
    BOOST_TEST(quiet(p.ask()));
    CHECK_LIST(p.spread(), {3, 2});
}

BOOST_AUTO_TEST_CASE(all_streams_in_use_grows_before_a_queue_forms) {
    auto p = settled(from_to(1, 2), 1);
    p.use(100);
    CHECK_LIST(p.ask().open, {0});
}

BOOST_AUTO_TEST_CASE(queue_for_one_full_address_grows_that_address_only) {
    auto p = settled(from_to(3, 9), 3);
    p.connections[1].streams = 100;
    BOOST_TEST(quiet(p.ask())); // calls can go elsewhere
    p.queued = 1;               // but these do not
    CHECK_LIST(p.ask().open, {p.connections[1].address});
}

BOOST_AUTO_TEST_CASE(queue_with_free_streams_everywhere_opens_nothing) {
    auto p = settled(from_to(2, 9), 2);
    p.queued = 5;
    BOOST_TEST(quiet(p.ask()));
}

BOOST_AUTO_TEST_CASE(idle_ones_above_the_minimum_close_the_longest_idle_first) {
    auto p = settled(from_to(2, 5), 1);
    for (int i = 0; i < 3; ++i)
        p.connections.push_back({.address = 0, .at = state::ready, .max_streams = 100, .idle_since = start - 1s * i});
    p.connections[0].streams = 1;
    p.now = start + 58s - 1ns;
    BOOST_TEST(quiet(p.ask()));
    BOOST_TEST((p.policy.next_shrink(p.addresses, p.connections) == start + 58s));
    p.now = start + 58s;
    CHECK_LIST(p.ask().close, {4});
    p.now = start + 1h;
    CHECK_LIST(p.apply().close, {4, 3, 1}); // down to the minimum of 2; 0 has a call
    BOOST_TEST(quiet(p.ask()));
    BOOST_TEST(!p.policy.next_shrink(p.addresses, p.connections).has_value());
}

BOOST_AUTO_TEST_CASE(last_ready_connection_of_an_address_is_not_closed_for_being_idle) {
    auto p = settled(from_to(2, 6), 2);
    p.connections.push_back({.address = 0, .at = state::ready, .streams = 1, .max_streams = 100});
    p.connections.push_back({.address = 1}); // connecting
    p.now += 1h;
    // Address 0 has a busy one beside; the other of address 1 may never become ready.
    CHECK_LIST(p.ask().close, {0});
    p.connections[2].streams = 100; // no call could go there
    BOOST_TEST(p.ask().close.empty());
}

BOOST_AUTO_TEST_CASE(idle_connection_makes_way_for_an_address_that_is_short) {
    auto p = settled(from_to(2, 4), 2);
    for (std::size_t const address : std::initializer_list<std::size_t>{0, 0})
        p.connections.push_back({.address = address, .at = state::ready, .max_streams = 100, .idle_since = start});
    p.connections[1].streams = 100; // the only one of address 1
    p.queued = 1;
    p.now += 1h;
    BOOST_TEST((p.ask() == pool_decision{{0, 2}, {1}}));
}

BOOST_AUTO_TEST_CASE(connection_of_an_address_taken_back_leaves_the_pool) {
    auto p = settled(from_to(2, 4), 2);
    p.use(3);
    for (auto& c : p.connections)
        c.address = c.address == 0 ? pooled_connection::no_address : 0;
    p.addresses.resize(1);
    auto const d = p.ask();
    CHECK_LIST(d.close, {0});
    CHECK_LIST(d.open, {0});
}

BOOST_AUTO_TEST_CASE(one_and_one_moves_to_the_new_address_while_the_old_one_has_calls) {
    auto p = settled(from_to(1, 1), 1);
    p.use(3);
    p.connections[0].address = pooled_connection::no_address;
    BOOST_TEST((p.ask() == pool_decision{{0}, {0}}));
}

BOOST_AUTO_TEST_CASE(new_address_gets_a_connection_even_from_a_full_pool) {
    auto p = settled(from_to(4, 4), 2);
    p.use(7);
    p.connections[2].streams = 5;
    p.addresses.resize(3);
    auto const d = p.apply(); // both addresses have two: the least busy one goes
    CHECK_LIST(d.close, {2});
    CHECK_LIST(d.open, {2});
    CHECK_LIST(p.spread(), {1, 2, 1});
    BOOST_TEST(quiet(p.ask()));
}

BOOST_AUTO_TEST_CASE(idle_pool_spreads_evenly_over_a_new_address) {
    auto p = settled(from_to(10, 20), 1);
    p.addresses.resize(2);
    CHECK_LIST(p.apply().open, {1});
    p.settle();
    p.now += 60s;
    p.apply();
    p.settle();
    CHECK_LIST(p.spread(), {5, 5});
    p.now += 60s;
    BOOST_TEST(quiet(p.ask()));
}

BOOST_AUTO_TEST_CASE(address_that_backs_off_is_left_alone_and_the_others_stand_in) {
    pool p(from_to(4, 6), 2);
    p.addresses[0].backing_off = true;
    p.apply();
    CHECK_LIST(p.spread(), {0, 4});
    p.settle();
    p.addresses[0].backing_off = false;
    CHECK_LIST(p.ask().open, {0});
    p.addresses[1].backing_off = true; // what it has stays
    p.use(100);
    p.queued = 1;
    CHECK_LIST(p.ask().open, {0});
    p.addresses[0].backing_off = true;
    BOOST_TEST(quiet(p.ask()));
}

BOOST_AUTO_TEST_CASE(random_histories_keep_the_promises) {
    std::mt19937 random(1);
    auto const upto = [&](std::size_t n) { return random() % (n + 1); };
    for (int seed = 0; seed < 1000; ++seed) {
        std::size_t const max = 1 + upto(11), min = 1 + upto(max - 1);
        pool p(from_to(min, max), 1 + upto(5));
        for (int step = 0; step < 40; ++step) {
            auto const before = p.connections;
            std::size_t const members = static_cast<std::size_t>(std::count_if(
                before.begin(), before.end(), [&](auto const& c) { return c.address < p.addresses.size(); }));
            auto const had = p.spread();
            auto const d = p.apply();
            auto const has = p.spread();
            BOOST_REQUIRE_LE(p.connections.size(), max);
            bool const all_try =
                std::none_of(p.addresses.begin(), p.addresses.end(), [](auto const& a) { return a.backing_off; });
            if (all_try && !p.addresses.empty()) {
                BOOST_REQUIRE_GE(p.connections.size(), std::min(std::max(min, p.addresses.size()), max));
                if (p.addresses.size() <= max)
                    BOOST_REQUIRE(std::find(has.begin(), has.end(), 0U) == has.end());
            }
            for (std::size_t a = 0; a < had.size(); ++a)
                BOOST_REQUIRE(had[a] == 0 || has[a] > 0);
            for (std::size_t const i : d.close) {
                bool const gone = before[i].address >= p.addresses.size();
                auto const without = static_cast<std::size_t>(std::count(had.begin(), had.end(), 0U));
                bool const for_room = without > 0 && members + without > max;
                BOOST_REQUIRE(gone || for_room || before[i].streams == 0);
            }
            BOOST_REQUIRE(quiet(p.ask())); // one decision is enough

            p.now += 1s * upto(40);
            p.queued = upto(2);
            for (auto& c : p.connections) {
                if (c.at == state::connecting && upto(2) > 0)
                    c = {.address = c.address, .at = state::ready, .max_streams = 2, .idle_since = p.now};
                else if (c.at == state::ready) {
                    std::size_t const was = c.streams;
                    c.streams = upto(2);
                    if (was > 0 && c.streams == 0)
                        c.idle_since = p.now;
                }
            }
            if (!p.connections.empty() && upto(4) == 0)
                p.connections.erase(p.connections.begin() +
                                    static_cast<std::ptrdiff_t>(upto(p.connections.size() - 1)));
            if (upto(5) == 0)
                p.addresses.resize(upto(6)); // those beyond are no addresses any more
            for (auto& a : p.addresses)
                a.backing_off = upto(6) == 0;
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
