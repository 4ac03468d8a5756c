//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/load_balancer.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace joust;

namespace {

/// Endpoints of one channel: addresses, weights and counters that stay where they are.
struct cluster {
    std::deque<std::string> names;
    std::deque<endpoint_load> loads;
    std::vector<ready_endpoint> ready;

    explicit cluster(std::vector<std::uint32_t> const& weights) {
        for (std::uint32_t const w : weights)
            add(w);
    }
    void add(std::uint32_t weight = 1) {
        names.push_back("10.0.0." + std::to_string(names.size()) + ":50051");
        loads.emplace_back();
        ready.push_back({.address = names.back(), .weight = weight, .load = &loads.back()});
    }
};

cluster equal(std::size_t n) {
    return cluster(std::vector<std::uint32_t>(n, 1));
}

std::vector<std::size_t> picks(picker& p, std::size_t count, double random01 = 0) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back(p.pick({}, random01).value());
    return all;
}

std::vector<std::size_t> counts(std::vector<std::size_t> const& all, std::size_t endpoints) {
    std::vector<std::size_t> n(endpoints);
    for (std::size_t const i : all)
        ++n[i];
    return n;
}

std::vector<std::shared_ptr<load_balancer>> all_balancers() {
    return {pick_first(), round_robin(), weighted_round_robin(), least_request(), least_request(10), ring_hash()};
}

using indices = std::vector<std::size_t>;

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(std::optional<std::size_t>)

BOOST_AUTO_TEST_SUITE(load_balancers)

BOOST_AUTO_TEST_CASE(without_endpoints_nothing_is_picked) {
    for (auto const& b : all_balancers())
        BOOST_TEST(!b->make_picker({})->pick({}, 0.5).has_value(), b->name());
}

BOOST_AUTO_TEST_CASE(any_random_number_gives_an_endpoint) {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> random01;
    for (auto const& b : all_balancers())
        for (std::uint32_t seed = 0; seed < 1000; ++seed) {
            std::size_t const n = 1 + random() % 12;
            cluster c({});
            for (std::size_t i = 0; i < n; ++i)
                c.add(static_cast<std::uint32_t>(random() % 5)); // 0 counts as 1
            auto const p = b->make_picker(c.ready);
            std::string const key = std::to_string(seed);
            for (double const r : {0.0, random01(random), std::nextafter(1.0, 0.0)}) {
                BOOST_REQUIRE_LT(p->pick({}, r).value(), n);
                BOOST_REQUIRE_LT(p->pick({.hash_key = key}, r).value(), n);
            }
        }
}

BOOST_AUTO_TEST_CASE(tried_endpoint_is_picked_again_only_when_there_is_no_other) {
    std::mt19937_64 random(2);
    std::uniform_real_distribution<double> random01;
    for (auto const& b : all_balancers())
        for (int seed = 0; seed < 1000; ++seed) {
            cluster c({3, 1, 1, 5});
            auto const p = b->make_picker(c.ready);
            std::vector<endpoint_load const*> tried;
            std::vector<bool> seen(4);
            for (int attempt = 0; attempt < 4; ++attempt) {
                for (std::size_t others = random() % 4; others > 0; --others)
                    p->pick({}, random01(random)); // of other calls
                std::size_t const i = p->pick({.hash_key = "k", .tried = tried}, random01(random)).value();
                BOOST_REQUIRE(!seen[i]);
                seen[i] = true;
                tried.push_back(&c.loads[i]);
            }
            BOOST_REQUIRE(p->pick({.tried = tried}, random01(random)).has_value());
        }
}

BOOST_AUTO_TEST_CASE(pick_first_picks_the_first_and_connects_to_one) {
    auto const c = equal(3);
    auto const b = pick_first();
    BOOST_TEST((b->scope() == connect_scope::first));
    BOOST_TEST(picks(*b->make_picker(c.ready), 3, 0.9) == indices({0, 0, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(round_robin_takes_turns_from_a_random_start) {
    auto const c = cluster({1, 7, 1});
    auto const b = round_robin();
    BOOST_TEST((b->scope() == connect_scope::all));
    BOOST_TEST(picks(*b->make_picker(c.ready), 5) == indices({0, 1, 2, 0, 1}), boost::test_tools::per_element());
    BOOST_TEST(picks(*b->make_picker(c.ready), 4, 0.7) == indices({2, 0, 1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(round_robin_passes_over_what_was_tried_and_goes_on_from_there) {
    auto const c = equal(3);
    auto const p = round_robin()->make_picker(c.ready);
    endpoint_load const* const tried[] = {&c.loads[0]};
    BOOST_TEST((p->pick({.tried = tried}, 0) == 1));
    BOOST_TEST((p->pick({}, 0) == 2));
}

BOOST_AUTO_TEST_CASE(weighted_round_robin_is_exact_and_smooth) {
    auto const c = cluster({5, 1, 1});
    auto const p = weighted_round_robin()->make_picker(c.ready);
    BOOST_TEST(picks(*p, 7) == indices({0, 0, 0, 1, 2, 0, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(weighted_round_robin_is_exact_in_every_period_from_any_start) {
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> random01;
    for (int seed = 0; seed < 1000; ++seed) {
        cluster c({});
        std::size_t sum = 0;
        indices weights;
        for (std::size_t n = 1 + random() % 8; n > 0; --n) {
            weights.push_back(1 + random() % 20);
            sum += weights.back();
            c.add(static_cast<std::uint32_t>(weights.back()));
        }
        auto const p = weighted_round_robin()->make_picker(c.ready);
        double const start = random01(random);
        for (int period = 0; period < 3; ++period)
            BOOST_REQUIRE(counts(picks(*p, sum, start), weights.size()) == weights);
    }
}

BOOST_AUTO_TEST_CASE(weighted_round_robin_with_equal_weights_takes_turns) {
    auto const c = cluster({3, 3, 3});
    auto const p = weighted_round_robin()->make_picker(c.ready);
    BOOST_TEST(picks(*p, 6) == indices({0, 1, 2, 0, 1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(weighted_round_robin_bears_the_largest_weights) {
    auto const c = cluster({0xffffffff, 0xffffffff, 1});
    auto const p = weighted_round_robin()->make_picker(c.ready);
    BOOST_TEST(counts(picks(*p, 1000), 3) == indices({500, 500, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(endpoint_passed_over_by_a_retry_keeps_its_weighted_turn) {
    auto const c = cluster({1, 1});
    auto const p = weighted_round_robin()->make_picker(c.ready);
    endpoint_load const* const tried[] = {&c.loads[0]};
    BOOST_TEST((p->pick({.tried = tried}, 0) == 1));
    BOOST_TEST((p->pick({}, 0) == 0));
}

BOOST_AUTO_TEST_CASE(weighted_turns_go_to_the_earliest_that_was_not_tried) {
    std::mt19937_64 random(9);
    for (int seed = 0; seed < 1000; ++seed) {
        cluster c({});
        for (std::size_t i = 0; i < 6; ++i)
            c.add(static_cast<std::uint32_t>(1 + random() % 6));
        auto const p = weighted_round_robin()->make_picker(c.ready);
        indices turns(6);
        for (int n = 0; n < 100; ++n) {
            std::vector<endpoint_load const*> tried;
            for (auto const& load : c.loads)
                if (n % 3 == 0 && random() % 2 == 0)
                    tried.push_back(&load);
            // Its next turn is at (2 * turns + 1) / (2 * weight).
            auto const later = [&](std::size_t a, std::size_t b) {
                return (2 * turns[a] + 1) * c.ready[b].weight > (2 * turns[b] + 1) * c.ready[a].weight;
            };
            std::optional<std::size_t> expected;
            for (std::size_t i = 0; i < 6; ++i) {
                bool const out = tried.size() < 6 && pick_arguments{.tried = tried}.was_tried(&c.loads[i]);
                if (!out && (!expected || later(*expected, i)))
                    expected = i;
            }
            BOOST_REQUIRE(p->pick({.tried = tried}, 0) == expected);
            ++turns[*expected];
        }
    }
}

BOOST_AUTO_TEST_CASE(least_request_of_two_takes_the_less_loaded_of_both) {
    auto c = equal(2);
    c.loads[0].calls_in_flight = 1;
    auto const p = least_request()->make_picker(c.ready);
    std::mt19937_64 random(4);
    std::uniform_real_distribution<double> random01;
    for (int i = 0; i < 1000; ++i)
        BOOST_REQUIRE(p->pick({}, random01(random)) == 1); // two choices of two: never the same twice
    c.loads[1].calls_in_flight = 2;
    BOOST_TEST((p->pick({}, 0.5) == 0)); // the counters are read at each pick
}

BOOST_AUTO_TEST_CASE(least_request_never_takes_the_most_loaded_and_reaches_all_others) {
    auto c = equal(5);
    for (std::uint32_t i = 0; i < 5; ++i)
        c.loads[i].calls_in_flight = i;
    auto const p = least_request()->make_picker(c.ready);
    std::mt19937_64 random(5);
    std::uniform_real_distribution<double> random01;
    indices all;
    for (int i = 0; i < 10000; ++i)
        all.push_back(p->pick({}, random01(random)).value());
    auto const n = counts(all, 5);
    // Of the 10 pairs 4 have the least loaded, 3 the second, 2, 1, and none the most loaded one.
    BOOST_TEST(n[4] == 0U);
    for (std::size_t i = 0; i < 4; ++i)
        BOOST_TEST(std::abs(static_cast<double>(n[i]) - 1000.0 * static_cast<double>(4 - i)) < 200, i << ": " << n[i]);
}

BOOST_AUTO_TEST_CASE(least_request_with_more_choices_than_endpoints_finds_the_least_loaded) {
    auto c = equal(4);
    for (auto& load : c.loads)
        load.calls_in_flight = 9;
    c.loads[2].calls_in_flight = 8;
    auto const p = least_request(100)->make_picker(c.ready);
    for (double r = 0; r < 1; r += 0.01)
        BOOST_REQUIRE(p->pick({}, r) == 2);
}

BOOST_AUTO_TEST_CASE(balanced_by_least_request_no_endpoint_is_far_above_the_mean) {
    std::mt19937_64 random(6);
    std::uniform_real_distribution<double> random01;
    auto c = equal(20);
    auto const p = least_request()->make_picker(c.ready);
    for (int call = 0; call < 2000; ++call)
        ++c.loads[p->pick({}, random01(random)).value()].calls_in_flight;
    for (auto const& load : c.loads)
        BOOST_TEST(load.calls_in_flight <= 106U); // two choices: the mean of 100 and a little; one choice: about 125
}

BOOST_AUTO_TEST_CASE(user_balancer_is_one_class) {
    class by_method final : public load_balancer {
    public:
        std::string_view name() const noexcept override { return "by_method"; }
        std::unique_ptr<picker> make_picker(std::span<ready_endpoint const> ready) const override {
            return make_picker_of([n = ready.size()](pick_arguments const& call, double) {
                return std::optional<std::size_t>(call.method.size() % n);
            });
        }
    };
    auto const c = equal(3);
    BOOST_TEST((by_method().make_picker(c.ready)->pick({.method = "/a/b"}, 0) == 1));
}

BOOST_AUTO_TEST_SUITE_END()
