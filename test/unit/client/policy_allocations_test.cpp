//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/circuit_breaker.hpp"
#include "client/hedging_state.hpp"
#include "client/outlier_detector.hpp"
#include "client/retry_state.hpp"
#include "joust/client/method_config.hpp"

#include "support/count_allocations.hpp"

#include <boost/test/unit_test.hpp>

// What runs for each call takes no memory.

using namespace joust;
using namespace joust::client;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(policy_allocations)

namespace {

constexpr time_point start = time_point() + 1h;

/// How often `f` asks for memory.
template <class F>
std::size_t allocations(F&& f) {
    auto const before = test::allocation_count;
    f();
    return test::allocation_count - before;
}

} // namespace

BOOST_AUTO_TEST_CASE(finding_a_method_config) {
    method_configs c;
    std::string const service = "a.package.with.a.long.name.Service";
    c.add({.service = service, .method = "AMethodWithALongName"}, {});
    c.add({.service = service, .method = ""}, {});
    std::string const own = "/" + service + "/AMethodWithALongName";
    std::string const other = "/" + service + "/AnotherMethodWithALongName";
    std::string const foreign = "/another.package.with.a.long.name.Service/AMethodWithALongName";
    bool right = false;
    BOOST_TEST(allocations([&] {
                   right = c.find(own) && c.find(other) && c.find(own) != c.find(other) && !c.find(foreign);
               }) == 0U);
    BOOST_TEST(right);
}

BOOST_AUTO_TEST_CASE(attempts_of_a_call) {
    retry_policy const policy;
    hedging_policy const hedging;
    retry_throttle throttle({});
    failed_attempt const failed = {.pushback = "10"};
    BOOST_TEST(allocations([&] {
                   retry_state retries(&policy, true, time_point::max());
                   while (retries.on_failure(failed, start, 0.5, &throttle).action != retry_action::give_up) {
                   }
                   hedging_state hedges(hedging, start, time_point::max());
                   hedges.try_start(start, &throttle);
                   hedges.on_failure(failed, start, &throttle);
                   throttle.on_success();
               }) == 0U);
}

BOOST_AUTO_TEST_CASE(circuit_breaker_through_all_states) {
    auto options = std::make_shared<circuit_breaker_options>();
    options->failure_rate = 0.5;
    circuit_breaker b(options, "an.address.with.a.long.name:50051", "/a.long.service.name/AMethod");
    status const failure(status_code::unavailable, "", status_origin::network);
    time_point now = start;
    BOOST_TEST(allocations([&] {
                   for (int i = 0; i != 1000; ++i, now += 1s)
                       if (auto const a = b.try_acquire(now); a.permit)
                           b.record(*a.permit, opinion(*options, i % 100 < 10 ? failure : status()), 1ms, now);
               }) == 0U);
}

BOOST_AUTO_TEST_CASE(outcomes_for_the_outlier_detector) {
    outlier_detector d({}, start);
    outlier_id const id = d.add();
    BOOST_TEST(allocations([&] {
                   for (int i = 0; i != 1000; ++i)
                       d.record(id, i % 2 == 0);
               }) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
