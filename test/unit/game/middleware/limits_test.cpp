//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/middleware/adaptive_limit.hpp"
#include "game/middleware/bucket_table.hpp"
#include "game/middleware/refusal.hpp"
#include "joust/game/middleware/limit_key.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cmath>
#include <string>

// The pure parts of rate_limit and concurrency_limit.

namespace joust::game {

BOOST_AUTO_TEST_SUITE(middleware_limits)

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::steady_clock::time_point start{};
constexpr auto begin = start + 1h;

/// A service that takes so many calls at a time in `best`; more of them queue.
class modelled_service {
public:
    modelled_service(double capacity, std::chrono::milliseconds best) : capacity_(capacity), best_(best) {}

    std::chrono::steady_clock::duration takes(std::size_t in_flight) const {
        double const factor = std::max(1.0, static_cast<double>(in_flight) / capacity_);
        return std::chrono::duration_cast<std::chrono::steady_clock::duration>(best_ * factor);
    }

private:
    double capacity_;
    std::chrono::milliseconds best_;
};

/// As many calls as the limit lets in, all the time.
void saturate(adaptive_limit& limit, modelled_service const& service, int windows,
              std::chrono::steady_clock::time_point& now) {
    for (int i = 0; i != windows; ++i) {
        for (int call = 0; call != 20; ++call)
            limit.on_answer(now, service.takes(limit.limit()), limit.limit());
        now += 500ms;
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(each_key_has_a_bucket) {
    bucket_table t(10, 2, 100);
    for (std::string const key : {"ann", "bob"}) {
        BOOST_TEST(!t.take(key, begin).has_value());
        BOOST_TEST(!t.take(key, begin).has_value());
        auto const wait = t.take(key, begin);
        BOOST_TEST_REQUIRE(wait.has_value());
        BOOST_TEST((*wait > 99ms && *wait < 101ms));
        BOOST_TEST(!t.take(key, begin + *wait).has_value());
    }
    BOOST_TEST(t.size() == 2u);
}

BOOST_AUTO_TEST_CASE(table_at_its_bound_forgets_who_called_longest_ago) {
    bucket_table t(0.001, 1, 3);
    for (std::string const key : {"a", "b", "c", "a", "d"}) // a is asked for again, so b goes
        (void)t.take(key, begin);
    BOOST_TEST(t.size() == 3u);
    BOOST_TEST(t.take("a", begin).has_value());
    BOOST_TEST(!t.take("b", begin).has_value());
    for (int i = 0; i != 10'000; ++i)
        (void)t.take(std::to_string(i), begin);
    BOOST_TEST(t.size() == 3u);
}

BOOST_AUTO_TEST_CASE(buckets_that_are_full_again_go_as_others_come) {
    bucket_table t(10, 1, 1000);
    for (int i = 0; i != 500; ++i)
        (void)t.take(std::to_string(i), begin);
    BOOST_TEST(t.size() == 500u);
    for (int i = 0; i != 500; ++i)
        (void)t.take("later" + std::to_string(i), begin + 1s);
    BOOST_TEST(t.size() == 500u);
    for (int i = 0; i != 400; ++i)
        (void)t.take("last" + std::to_string(i % 2), begin + 2s + i * 1ms);
    BOOST_TEST(t.size() < 500u);
}

BOOST_AUTO_TEST_CASE(limit_grows_while_it_is_used_and_nothing_is_slow) {
    adaptive_limit limit({.initial_limit = 10, .max_limit = 50});
    auto now = begin;
    BOOST_TEST(limit.limit() == 10u);
    saturate(limit, modelled_service(1000, 10ms), 100, now);
    BOOST_TEST(limit.limit() == 50u);
}

BOOST_AUTO_TEST_CASE(limit_stays_when_it_is_far_away) {
    adaptive_limit limit({.initial_limit = 100});
    for (int i = 0; i != 1000; ++i)
        limit.on_answer(begin + i * 100ms, 10ms, 3);
    BOOST_TEST(limit.limit() == 100u);
}

BOOST_AUTO_TEST_CASE(limit_settles_near_what_the_service_takes) {
    for (double const tolerance : {1.0, 1.5, 4.0}) {
        adaptive_limit limit({.initial_limit = 20, .max_limit = 10'000, .tolerance = tolerance});
        auto now = begin;
        auto const settles_for = [&](double capacity, std::chrono::milliseconds best, int windows) {
            saturate(limit, modelled_service(capacity, best), windows, now);
            if (static_cast<double>(limit.limit()) < 2 * capacity / (2 * tolerance)) // amid a probe
                saturate(limit, modelled_service(capacity, best), 2, now);
            BOOST_TEST(static_cast<double>(limit.limit()) >= 0.8 * capacity);
            BOOST_TEST(static_cast<double>(limit.limit()) <= 1.4 * tolerance * capacity);
        };
        settles_for(100, 20ms, 2000); // it does not creep up, however long
        settles_for(50, 20ms, 300);   // half of it breaks down
        settles_for(100, 20ms, 300);  // and comes back
        settles_for(100, 60ms, 500);  // slower from now on, but no worse
    }
}

BOOST_AUTO_TEST_CASE(overload_lowers_the_limit_once_in_a_window_and_never_below_the_least) {
    adaptive_limit limit({.initial_limit = 100, .min_limit = 7, .window_calls = 5});
    for (int i = 0; i != 50; ++i)
        limit.on_overload(begin, 100); // one window
    BOOST_TEST(limit.limit() == 100u);
    limit.on_overload(begin + 500ms, 100);
    BOOST_TEST(limit.limit() == 90u);
    for (int i = 0; i != 10'000; ++i)
        limit.on_overload(begin + 1s + i * 100ms, 100);
    BOOST_TEST(limit.limit() == 7u);
}

BOOST_AUTO_TEST_CASE(odd_times_do_no_harm) {
    adaptive_limit limit({.initial_limit = 10, .window_calls = 1});
    for (auto const took : {0ns, -5ns, 1ns})
        for (int i = 0; i != 100; ++i)
            limit.on_answer(begin + i * 1s, took, 10);
    BOOST_TEST(limit.limit() >= 1u);
    BOOST_TEST(limit.limit() <= 1000u);
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_named) {
    auto const complaint = [](auto change) {
        adaptive_limit_options o;
        change(o);
        return validate(o).value_or("");
    };
    BOOST_TEST(complaint([](auto&) {}) == "");
    BOOST_TEST(complaint([](auto& o) { o.min_limit = 0; }) == "min_limit must be at least 1");
    BOOST_TEST(complaint([](auto& o) { o.max_limit = 0; }) == "max_limit must be from min_limit to 1000000");
    BOOST_TEST(complaint([](auto& o) { o.initial_limit = 2000; }) ==
               "initial_limit must be from min_limit to max_limit");
    BOOST_TEST(complaint([](auto& o) { o.tolerance = NAN; }) == "tolerance must be from 1 to 10");
    BOOST_TEST(complaint([](auto& o) { o.smoothing = 0; }) == "smoothing must be above 0 and at most 1");
    BOOST_TEST(complaint([](auto& o) { o.backoff = 1; }) == "backoff must be at least 0.5 and below 1");
    BOOST_TEST(complaint([](auto& o) { o.window = 0ms; }) == "window must be at least 1ms");
    BOOST_TEST(complaint([](auto& o) { o.window_calls = 0; }) == "window_calls must be at least 1");
    BOOST_TEST(complaint([](auto& o) { o.retry_after = 0ms; }) == "retry_after must be positive");
}

BOOST_AUTO_TEST_CASE(a_peer_counts_without_its_port) {
    BOOST_TEST(host_of_peer("10.0.0.1:40000") == "10.0.0.1");
    BOOST_TEST(host_of_peer("[::1]:40000") == "::1");
    BOOST_TEST(host_of_peer("unix:pid=4711,uid=1000") == "uid=1000");
    BOOST_TEST(host_of_peer("in-process") == "in-process");
    BOOST_TEST(host_of_peer("unix:/run/x.sock") == "unix:/run/x.sock");
    BOOST_TEST(host_of_peer("[broken") == "[broken");
    BOOST_TEST(host_of_peer("") == "");
}

BOOST_AUTO_TEST_CASE(times_and_numbers_are_short) {
    BOOST_TEST(seconds_text(20ms) == "0.02 s");
    BOOST_TEST(seconds_text(1ms) == "0.001 s");
    BOOST_TEST(seconds_text(3000ms) == "3 s");
    BOOST_TEST(number_text(100) == "100");
    BOOST_TEST(number_text(0.5) == "0.5");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::game
