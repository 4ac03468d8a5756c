//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/hash.hpp"
#include "joust/client/load_balancer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <vector>

using namespace joust;

BOOST_AUTO_TEST_SUITE(ring_hash_)

namespace {

struct ring {
    std::deque<std::string> names;
    std::deque<endpoint_load> loads;
    std::vector<ready_endpoint> ready;

    void add(std::string name, std::uint32_t weight = 1) {
        names.push_back(std::move(name));
        loads.emplace_back();
        ready.push_back({.address = names.back(), .weight = weight, .load = &loads.back()});
    }
    std::string_view owner(picker& p, std::string const& key) const {
        return ready[p.pick({.hash_key = key}, 0.25).value()].address;
    }
};

constexpr std::size_t keys = 4000;

std::vector<std::string> owners(ring const& r) {
    auto const p = ring_hash()->make_picker(r.ready);
    std::vector<std::string> all;
    for (std::size_t k = 0; k < keys; ++k)
        all.emplace_back(r.owner(*p, "player-" + std::to_string(k)));
    return all;
}

} // namespace

BOOST_AUTO_TEST_CASE(hash_is_the_same_on_every_machine) {
    static_assert(client::hash("") == client::mix(0xcbf29ce484222325U));
    BOOST_TEST(client::hash("joust") == client::hash(std::string("joust")));
    BOOST_TEST(client::hash("joust") != client::hash("joust "));
    static_assert(client::hash("\xff") == client::mix(0xaf64724c8602eb6eU)); // char must not be signed here
}

BOOST_AUTO_TEST_CASE(key_keeps_its_endpoint_whatever_chance_and_order_are) {
    ring one, other;
    for (int i = 0; i < 5; ++i)
        one.add("host-" + std::to_string(i) + ":1");
    for (int i = 4; i >= 0; --i)
        other.add("host-" + std::to_string(i) + ":1");
    BOOST_TEST((owners(one) == owners(other)));
    auto const p = ring_hash()->make_picker(one.ready);
    BOOST_TEST((p->pick({.hash_key = "k"}, 0.1) == p->pick({.hash_key = "k"}, 0.9)));
}

BOOST_AUTO_TEST_CASE(added_endpoint_takes_its_share_and_moves_no_other_key) {
    for (std::size_t n : {1U, 2U, 3U, 4U, 7U, 8U, 15U, 16U, 31U, 64U}) {
        ring r;
        for (std::size_t i = 0; i < n; ++i)
            r.add("10.1.0." + std::to_string(i) + ":50051");
        auto const before = owners(r);
        r.add("10.2.0.1:50051");
        auto const after = owners(r);
        std::size_t moved = 0;
        for (std::size_t k = 0; k < keys; ++k)
            if (before[k] != after[k]) {
                ++moved;
                BOOST_REQUIRE_EQUAL(after[k], "10.2.0.1:50051");
            }
        double const share = static_cast<double>(keys) / static_cast<double>(n + 1);
        BOOST_TEST(static_cast<double>(moved) > 0.75 * share, n << " endpoints: " << moved);
        BOOST_TEST(static_cast<double>(moved) < 1.3 * share, n << " endpoints: " << moved);
    }
}

BOOST_AUTO_TEST_CASE(random_sets_share_the_keys_evenly_by_weight) {
    std::mt19937_64 random(7);
    for (int seed = 0; seed < 50; ++seed) {
        ring r;
        double sum = 0;
        for (std::size_t n = 2 + random() % 10; n > 0; --n) {
            auto const weight = static_cast<std::uint32_t>(1 + random() % 4);
            sum += weight;
            r.add("10.0.0.0:" + std::to_string(random() % 60000), weight);
        }
        auto const all = owners(r);
        for (auto const& e : r.ready) {
            auto const got = static_cast<double>(std::count(all.begin(), all.end(), e.address));
            double const due = keys * e.weight / sum;
            BOOST_TEST(got > 0.7 * due, e.address << ": " << got << " of " << due);
            BOOST_TEST(got < 1.35 * due, e.address << ": " << got << " of " << due);
        }
    }
}

BOOST_AUTO_TEST_CASE(retry_of_a_key_goes_where_the_key_goes_without_the_tried_endpoint) {
    ring all;
    for (int i = 0; i < 6; ++i)
        all.add("host-" + std::to_string(i) + ":1");
    ring rest;
    for (int i = 1; i < 6; ++i)
        rest.add("host-" + std::to_string(i) + ":1");
    auto const with = ring_hash()->make_picker(all.ready), without = ring_hash()->make_picker(rest.ready);
    endpoint_load const* const tried[] = {&all.loads[0]};
    for (int k = 0; k < 1000; ++k) {
        std::string const key = std::to_string(k);
        auto const retried = with->pick({.hash_key = key, .tried = tried}, 0).value();
        BOOST_REQUIRE_EQUAL(all.names[retried], rest.owner(*without, key));
    }
}

BOOST_AUTO_TEST_CASE(call_without_a_key_goes_anywhere) {
    ring r;
    for (int i = 0; i < 4; ++i)
        r.add("host-" + std::to_string(i) + ":1");
    auto const p = ring_hash()->make_picker(r.ready);
    std::mt19937_64 random(8);
    std::uniform_real_distribution<double> random01;
    std::vector<int> n(4);
    for (int i = 0; i < 4000; ++i)
        ++n[p->pick({}, random01(random)).value()];
    for (int const count : n)
        BOOST_TEST(count > 600);
}

BOOST_AUTO_TEST_CASE(ten_thousand_endpoints_and_huge_weights_stay_bounded) {
    ring many;
    for (int i = 0; i < 10000; ++i)
        many.add("host-" + std::to_string(i) + ":1", 0xffffffff);
    auto const p = ring_hash()->make_picker(many.ready);
    std::vector<bool> seen(10000);
    for (int k = 0; k < 20000; ++k)
        seen[p->pick({.hash_key = std::to_string(k)}, 0).value()] = true;
    BOOST_TEST(std::count(seen.begin(), seen.end(), true) > 7000); // 20,000 into 10,000: 86 % are hit

    ring two;
    two.add("a:1", 3000000000);
    two.add("b:1", 1000000000);
    auto const all = owners(two);
    auto const of_a = std::count(all.begin(), all.end(), "a:1");
    BOOST_TEST(of_a > 2700);
    BOOST_TEST(of_a < 3300);
}

BOOST_AUTO_TEST_SUITE_END()
