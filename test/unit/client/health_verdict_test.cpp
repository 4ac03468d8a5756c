//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/health_verdict.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string_view>

using namespace joust;
using namespace joust::client;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(health_verdict_)

namespace {

/// Answers by letters: s(erving), n(ot serving), f(ailed), u(nimplemented); the changes: - none, O(ut), B(ack).
std::string changes(std::string_view answers, health_check_options const& options = {}) {
    health_verdict v(options);
    std::string seen;
    for (char const a : answers) {
        auto const code = a == 'f' ? status_code::unavailable : a == 'u' ? status_code::unimplemented : status_code::ok;
        health_change const c = v.on_probe(code, a == 's');
        seen += c == health_change::none ? '-' : c == health_change::take_out ? 'O' : 'B';
        BOOST_TEST(v.unimplemented() == (a == 'u'));
    }
    return seen;
}

} // namespace

BOOST_AUTO_TEST_CASE(three_failures_take_out_and_one_success_brings_back) {
    BOOST_TEST(changes("sss") == "---");
    BOOST_TEST(changes("fff") == "--O");
    BOOST_TEST(changes("ffsffs") == "------"); // in a row
    BOOST_TEST(changes("fnf") == "--O");       // NOT_SERVING fails, too
    BOOST_TEST(changes("ffffs") == "--O-B");
    BOOST_TEST(changes("fffsfffs") == "--OB--OB");
    BOOST_TEST(changes("fffsffs") == "--OB---");
}

BOOST_AUTO_TEST_CASE(unimplemented_is_healthy) {
    BOOST_TEST(changes("uuu") == "---");
    BOOST_TEST(changes("ffuff") == "-----");
    BOOST_TEST(changes("fffu") == "--OB");
    BOOST_TEST(changes("fffu", {.success_threshold = 5}) == "--OB");
    health_verdict v({});
    v.on_probe(status_code::unimplemented, false);
    v.on_connected();
    BOOST_TEST(!v.unimplemented());
}

BOOST_AUTO_TEST_CASE(thresholds_are_options) {
    BOOST_TEST(changes("ffs", {.failure_threshold = 1, .success_threshold = 2}) == "O--");
    BOOST_TEST(changes("fsfss", {.failure_threshold = 1, .success_threshold = 2}) == "O---B");
    BOOST_TEST(changes("ffff", {.failure_threshold = 4}) == "---O");
}

BOOST_AUTO_TEST_CASE(changes_alternate_and_match_the_verdict) {
    std::mt19937 random(5);
    health_verdict v({});
    bool fit = true;
    bool right = true;
    for (int i = 0; i != 10'000; ++i) {
        health_change const c = v.on_probe(random() % 2 ? status_code::unavailable : status_code::ok, true);
        right = right && (c == health_change::none || (c == health_change::take_out) == fit);
        fit = c == health_change::none ? fit : c == health_change::bring_back;
        right = right && v.fit() == fit;
    }
    BOOST_TEST(right);
}

BOOST_AUTO_TEST_CASE(bad_field_is_named) {
    auto const complaint = [](auto&& change) {
        health_check_options o;
        change(o);
        return validate(o).value_or("");
    };
    BOOST_TEST(complaint([](auto&) {}) == "");
    BOOST_TEST(complaint([](auto& o) { o.interval = 0s; }) == "interval must be positive");
    BOOST_TEST(complaint([](auto& o) { o.timeout = -1s; }) == "timeout must be positive");
    BOOST_TEST(complaint([](auto& o) { o.failure_threshold = 0; }) == "failure_threshold must be at least 1");
    BOOST_TEST(complaint([](auto& o) { o.success_threshold = 0; }) == "success_threshold must be at least 1");
}

BOOST_AUTO_TEST_SUITE_END()
