//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "core/histogram.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace joust::test {

using core::histogram;

BOOST_AUTO_TEST_SUITE(histogram_of_durations)

BOOST_AUTO_TEST_CASE(buckets_follow_each_other_without_gaps) {
    for (std::size_t i = 0; i != histogram::buckets; ++i) {
        BOOST_TEST(histogram::bucket_of(histogram::lowest_of(i)) == i);
        if (i != 0)
            BOOST_TEST(histogram::bucket_of(histogram::lowest_of(i) - 1) == i - 1);
    }
    BOOST_TEST(histogram::lowest_of(histogram::buckets) == std::uint64_t{1} << histogram::most_bits);
}

BOOST_AUTO_TEST_CASE(buckets_are_at_most_a_sixteenth_wide) {
    for (std::size_t i = 16; i != histogram::buckets; ++i)
        BOOST_TEST(histogram::lowest_of(i + 1) - histogram::lowest_of(i) <= histogram::lowest_of(i) / 16);
}

BOOST_AUTO_TEST_CASE(values_beyond_all_buckets_count_in_the_last) {
    BOOST_TEST(histogram::bucket_of(std::uint64_t{1} << histogram::most_bits) == histogram::buckets - 1);
    BOOST_TEST(histogram::bucket_of(~std::uint64_t{0}) == histogram::buckets - 1);
    histogram h;
    h.add(histogram::bucket_of(~std::uint64_t{0}), 1);
    h.see(~std::uint64_t{0});
    BOOST_TEST(h.quantile(0.5) == ~std::uint64_t{0});
}

BOOST_AUTO_TEST_CASE(without_values_quantiles_are_zero) {
    histogram const h;
    BOOST_TEST(h.quantile(0) == 0u);
    BOOST_TEST(h.quantile(1) == 0u);
}

BOOST_AUTO_TEST_CASE(one_value_is_all_quantiles) {
    histogram h;
    h.add(histogram::bucket_of(1000), 1);
    h.see(1000);
    for (double const part : {0.0, 0.5, 0.99, 0.999, 1.0, 7.0})
        BOOST_TEST(std::abs(static_cast<double>(h.quantile(part)) - 1000) <= 1000.0 / 32);
}

BOOST_AUTO_TEST_CASE(quantiles_are_those_of_the_sorted_values_within_a_thirty_second) {
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> durations(13, 2);
    std::vector<std::uint64_t> values(10'000);
    histogram h;
    for (auto& v : values) {
        v = static_cast<std::uint64_t>(durations(random));
        h.add(histogram::bucket_of(v), 1);
        h.see(v);
    }
    std::sort(values.begin(), values.end());
    for (double const part : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        auto const rank = static_cast<std::size_t>(std::ceil(part * 10'000));
        auto const exact = static_cast<double>(values[rank - 1]);
        BOOST_TEST(std::abs(static_cast<double>(h.quantile(part)) - exact) <= exact / 32 + 1);
    }
    BOOST_TEST(h.most() == values.back());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
