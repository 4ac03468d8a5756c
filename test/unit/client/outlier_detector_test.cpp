//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/outlier_detector.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

using namespace joust;
using namespace joust::client;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(outlier_detector_)

namespace {

constexpr time_point start = time_point() + 1h;

double never_chance() {
    return 0.999999;
}
double always_chance() {
    return 0;
}

outlier_detection_options only(std::optional<success_rate_ejection> rate,
                               std::optional<failure_percentage_ejection> failures) {
    outlier_detection_options o;
    o.max_ejection_percent = 100;
    o.success_rate = rate;
    o.failure_percentage = failures;
    return o;
}

/// A detector with its addresses, and a clock that goes from interval to interval.
struct fixture {
    explicit fixture(outlier_detection_options const& o, int hosts) : detector(o, start) {
        BOOST_TEST(validate(o).value_or("") == "");
        for (int i = 0; i != hosts; ++i)
            ids.push_back(detector.add());
    }

    void calls(int host, int succeeded, int failed) {
        for (int i = 0; i != succeeded; ++i)
            detector.record(ids[std::size_t(host)], true);
        for (int i = 0; i != failed; ++i)
            detector.record(ids[std::size_t(host)], false);
    }

    /// The hosts that the next interval's end ejects; those that return are kept in `returned`.
    std::vector<int> interval(double (*chance)() = always_chance) {
        outlier_detector::changes const c = detector.on_interval(detector.next(), chance);
        returned = hosts(c.returned);
        return hosts(c.ejected);
    }

    std::vector<int> hosts(std::span<outlier_id const> some) const {
        std::vector<int> found;
        for (outlier_id const id : some)
            found.push_back(int(std::ranges::find(ids, id) - ids.begin()));
        return found;
    }

    outlier_detector detector;
    std::vector<outlier_id> ids;
    std::vector<int> returned;
};

using numbers = std::vector<int>;

} // namespace

BOOST_AUTO_TEST_CASE(failure_percentage_above_the_threshold_ejects) {
    fixture f(only({}, failure_percentage_ejection()), 5);
    for (int i = 0; i != 5; ++i)
        f.calls(i, 15, 85); // exactly 85 % is not more
    f.calls(3, 0, 1);
    BOOST_TEST((f.interval() == numbers{3}));
    BOOST_TEST(f.detector.ejected(f.ids[3]));
    BOOST_TEST(!f.detector.ejected(f.ids[2]));
    BOOST_TEST((f.interval() == numbers{})); // each interval counts its own calls
}

BOOST_AUTO_TEST_CASE(success_rate_far_below_the_others_ejects) {
    // Nine at 100 % and one at 90: mean 99, deviation 3, limit 93.3.
    fixture f(only(success_rate_ejection(), {}), 10);
    for (int i = 0; i != 9; ++i)
        f.calls(i, 100, 0);
    f.calls(9, 90, 10);
    BOOST_TEST((f.interval() == numbers{9}));
    // Two at 90 of ten: mean 98, deviation 4, limit 90.4.
    fixture two(only(success_rate_ejection(), {}), 10);
    for (int i = 0; i != 8; ++i)
        two.calls(i, 100, 0);
    two.calls(8, 90, 10);
    two.calls(9, 90, 10);
    BOOST_TEST((two.interval() == numbers{8, 9}));
    // Three: mean 97, deviation 4.58, limit 88.3.
    fixture three(only(success_rate_ejection(), {}), 10);
    for (int i = 0; i != 10; ++i)
        three.calls(i, i < 7 ? 100 : 90, i < 7 ? 0 : 10);
    BOOST_TEST((three.interval() == numbers{}));
}

BOOST_AUTO_TEST_CASE(equal_success_rates_eject_nobody) {
    for (int failed : {0, 1, 7, 33, 50, 99, 100}) {
        fixture f(only(success_rate_ejection{.stdev_factor = 0}, {}), 7);
        for (int i = 0; i != 7; ++i)
            f.calls(i, 100 - failed, failed);
        BOOST_TEST((f.interval() == numbers{}));
    }
}

BOOST_AUTO_TEST_CASE(too_few_hosts_or_calls_eject_nobody) {
    fixture hosts(only(success_rate_ejection(), failure_percentage_ejection()), 4);
    for (int i = 0; i != 4; ++i)
        hosts.calls(i, i == 0 ? 0 : 100, i == 0 ? 100 : 0);
    BOOST_TEST((hosts.interval() == numbers{}));

    for (std::uint32_t const minimum : {10U, 11U}) { // one of ten is far below the others
        fixture f(only(success_rate_ejection{.minimum_hosts = minimum}, {}), 10);
        for (int i = 0; i != 10; ++i)
            f.calls(i, i == 0 ? 0 : 100, i == 0 ? 100 : 0);
        BOOST_TEST(f.interval().size() == (minimum == 10 ? 1U : 0U));
    }

    fixture calls(only({}, failure_percentage_ejection()), 6);
    for (int i = 0; i != 5; ++i)
        calls.calls(i, 50, 0);
    calls.calls(5, 0, 49);
    BOOST_TEST((calls.interval() == numbers{}));

    fixture volume(only(success_rate_ejection(), {}), 6);
    for (int i = 0; i != 5; ++i)
        volume.calls(i, 100, 0);
    volume.calls(5, 0, 99);
    BOOST_TEST((volume.interval() == numbers{}));
}

BOOST_AUTO_TEST_CASE(chance_spares_an_outlier) {
    auto const enforced = [](double percentage, double (*chance)()) {
        fixture f(only({}, failure_percentage_ejection{.enforcement_percentage = percentage}), 5);
        for (int i = 0; i != 5; ++i)
            f.calls(i, i == 0 ? 0 : 50, i == 0 ? 50 : 0);
        return f.interval(chance).size();
    };
    BOOST_TEST(enforced(100, never_chance) == 1U);
    BOOST_TEST(enforced(50, never_chance) == 0U);
    BOOST_TEST(enforced(50, always_chance) == 1U);
    BOOST_TEST(enforced(0, always_chance) == 0U);
}

BOOST_AUTO_TEST_CASE(share_of_ejected_addresses_is_bounded) {
    auto const ejected = [](int hosts, double percent) {
        outlier_detection_options o = only({}, failure_percentage_ejection());
        o.max_ejection_percent = percent;
        fixture f(o, hosts);
        for (int i = 0; i != hosts; ++i)
            f.calls(i, 0, 50);
        return f.interval().size();
    };
    BOOST_TEST(ejected(5, 10) == 1U); // one is possible with ever so few
    BOOST_TEST(ejected(15, 10) == 1U);
    BOOST_TEST(ejected(20, 10) == 2U);
    BOOST_TEST(ejected(20, 0) == 0U);
    BOOST_TEST(ejected(20, 100) == 20U);
}

BOOST_AUTO_TEST_CASE(ejection_grows_with_each_time_up_to_the_longest) {
    outlier_detection_options o = only({}, failure_percentage_ejection());
    o.max_ejection_time = 100s;
    o.max_ejection_percent = 10; // one, and after its return one again
    fixture f(o, 5);
    for (int expected : {30, 60, 90, 100, 100}) {
        for (int i = 0; i != 5; ++i)
            f.calls(i, i == 0 ? 0 : 50, i == 0 ? 50 : 0);
        BOOST_TEST((f.interval() == numbers{0}));
        int seconds = 0;
        while (f.detector.ejected(f.ids[0])) {
            f.interval();
            seconds += 10;
        }
        BOOST_TEST((f.returned == numbers{0}));
        BOOST_TEST(seconds == expected);
    }
}

BOOST_AUTO_TEST_CASE(good_intervals_are_remembered_in_favour) {
    fixture f(only({}, failure_percentage_ejection()), 5);
    auto const eject_and_time = [&] {
        for (int i = 0; i != 5; ++i)
            f.calls(i, i == 0 ? 0 : 50, i == 0 ? 50 : 0);
        f.interval();
        int seconds = 0;
        for (; f.detector.ejected(f.ids[0]); seconds += 10)
            f.interval();
        return seconds;
    };
    BOOST_TEST(eject_and_time() == 30);
    BOOST_TEST(eject_and_time() == 60);
    f.interval();
    BOOST_TEST(eject_and_time() == 60);
    for (int i = 0; i != 10; ++i)
        f.interval();
    BOOST_TEST(eject_and_time() == 30);
}

BOOST_AUTO_TEST_CASE(longest_time_below_the_base_is_the_base) {
    outlier_detection_options o = only({}, failure_percentage_ejection());
    o.base_ejection_time = 30s;
    o.max_ejection_time = 1s;
    fixture f(o, 5);
    for (int i = 0; i != 5; ++i)
        f.calls(i, i == 0 ? 0 : 50, i == 0 ? 50 : 0);
    f.interval();
    f.interval();
    f.interval();
    BOOST_TEST(f.detector.ejected(f.ids[0]));
    f.interval();
    BOOST_TEST(!f.detector.ejected(f.ids[0]));
}

BOOST_AUTO_TEST_CASE(removed_address_is_forgotten) {
    outlier_detection_options o = only({}, failure_percentage_ejection());
    o.max_ejection_percent = 20;
    fixture f(o, 5);
    for (int i = 0; i != 5; ++i)
        f.calls(i, i == 0 ? 0 : 50, i == 0 ? 50 : 0);
    BOOST_TEST((f.interval() == numbers{0}));
    outlier_id const old = f.ids[0];
    f.detector.remove(old);
    f.detector.remove(old); // once is enough
    f.ids[0] = f.detector.add();
    BOOST_TEST((f.ids[0] != old));
    BOOST_TEST(!f.detector.ejected(f.ids[0]));
    for (int i = 0; i != 100; ++i)
        f.detector.record(old, false); // late, and of nobody
    for (int i = 0; i != 5; ++i)
        f.calls(i, i == 1 ? 0 : 50, i == 1 ? 50 : 0);
    BOOST_TEST((f.interval() == numbers{1})); // the removed one does not count as ejected
    BOOST_TEST(!f.detector.ejected(outlier_id()));
}

BOOST_AUTO_TEST_CASE(without_a_comparison_it_never_wants_to_be_asked) {
    fixture f(only({}, {}), 5);
    BOOST_TEST((f.detector.next() == time_point::max()));
    f.calls(0, 0, 1000);
    BOOST_TEST((f.interval() == numbers{}));
    BOOST_TEST((fixture(only(success_rate_ejection(), {}), 0).detector.next() == start + 10s));
}

BOOST_AUTO_TEST_CASE(any_history_keeps_the_bounds) {
    for (unsigned seed = 0; seed != 1000; ++seed) {
        std::mt19937 random(seed);
        auto const pick = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
        outlier_detection_options o;
        o.max_ejection_percent = pick(101);
        o.success_rate = success_rate_ejection{.minimum_hosts = 2, .request_volume = 3};
        o.failure_percentage =
            failure_percentage_ejection{.threshold = double(pick(100)), .minimum_hosts = 2, .request_volume = 3};
        outlier_detector d(o, start);
        std::vector<outlier_id> ids;
        std::map<std::uint32_t, bool> known; // by slot: what the reports say
        std::uniform_real_distribution<double> chance(0, 1);
        bool right = true;
        for (int step = 0; step != 200; ++step) {
            if (ids.empty() || pick(10) == 0) {
                ids.push_back(d.add());
                known[ids.back().slot] = false;
            } else if (pick(20) == 0) {
                std::swap(ids[pick(unsigned(ids.size()))], ids.back());
                d.remove(ids.back());
                ids.pop_back();
            }
            for (unsigned i = pick(100); i-- != 0 && !ids.empty();)
                d.record(ids[pick(unsigned(ids.size()))], pick(3) != 0);
            auto const before = std::ranges::count_if(ids, [&](outlier_id id) { return d.ejected(id); });
            outlier_detector::changes const c = d.on_interval(d.next(), [&] { return chance(random); });
            for (outlier_id const id : c.ejected)
                right = right && !std::exchange(known[id.slot], true);
            auto const most = before + std::ptrdiff_t(c.ejected.size());
            if (!c.ejected.empty())
                right = right && o.max_ejection_percent > 0 &&
                        (most == 1 || 100.0 * double(most) <= o.max_ejection_percent * double(ids.size()));
            for (outlier_id const id : c.returned)
                right = right && std::exchange(known[id.slot], false);
            for (outlier_id const id : ids)
                right = right && d.ejected(id) == known[id.slot];
        }
        BOOST_TEST(right, "seed " << seed);
    }
}

BOOST_AUTO_TEST_CASE(bad_field_is_named) {
    auto const complaint = [](auto&& change) {
        outlier_detection_options o;
        change(o);
        return validate(o).value_or("");
    };
    BOOST_TEST(complaint([](auto&) {}) == "");
    BOOST_TEST(complaint([](auto& o) { o.interval = 0s; }) == "interval must be positive");
    BOOST_TEST(complaint([](auto& o) { o.base_ejection_time = 0s; }) == "base_ejection_time must be positive");
    BOOST_TEST(complaint([](auto& o) { o.max_ejection_time = 0s; }) == "max_ejection_time must be positive");
    BOOST_TEST(complaint([](auto& o) { o.max_ejection_percent = 101; }) ==
               "max_ejection_percent must be from 0 to 100");
    BOOST_TEST(complaint([](auto& o) { o.success_rate->stdev_factor = -1; }) ==
               "success_rate.stdev_factor must not be negative");
    BOOST_TEST(complaint([](auto& o) { o.success_rate->enforcement_percentage = 101; }) ==
               "success_rate.enforcement_percentage must be from 0 to 100");
    BOOST_TEST(complaint([](auto& o) { o.failure_percentage->threshold = -1; }) ==
               "failure_percentage.threshold must be from 0 to 100");
    BOOST_TEST(complaint([](auto& o) { o.failure_percentage->minimum_hosts = 0; }) ==
               "failure_percentage.minimum_hosts must be at least 1");
    BOOST_TEST(complaint([](auto& o) { o.failure_percentage->request_volume = 0; }) ==
               "failure_percentage.request_volume must be at least 1");
}

BOOST_AUTO_TEST_SUITE_END()
