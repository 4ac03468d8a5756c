//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/timer_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <map>
#include <random>
#include <vector>

using namespace joust::net;
using namespace std::chrono_literals;
using time_point = timer_queue::time_point;

BOOST_AUTO_TEST_SUITE(timer_queue_)

namespace {

struct item final : timed {
    void on_expired() override { ++expired; }
    int expired = 0;
};

time_point at(int ms) {
    return time_point(std::chrono::milliseconds(ms));
}

} // namespace

BOOST_AUTO_TEST_CASE(empty_queue_has_nothing_due) {
    timer_queue q;
    BOOST_TEST(q.empty());
    BOOST_TEST(q.pop_due(time_point::max()) == nullptr);
}

BOOST_AUTO_TEST_CASE(items_become_due_in_order_of_time) {
    timer_queue q;
    std::array<item, 3> items;
    q.add(items[0], at(30));
    q.add(items[1], at(10));
    q.add(items[2], at(20));
    BOOST_TEST((q.earliest() == at(10)));
    BOOST_TEST(q.pop_due(at(9)) == nullptr);
    BOOST_TEST(q.pop_due(at(10)) == &items[1]);
    BOOST_TEST(!items[1].waiting());
    BOOST_TEST(q.pop_due(at(10)) == nullptr);
    BOOST_TEST(q.pop_due(at(100)) == &items[2]);
    BOOST_TEST(q.pop_due(at(100)) == &items[0]);
    BOOST_TEST(q.empty());
    BOOST_TEST(items[0].expired == 0); // taking one out is not telling it
}

BOOST_AUTO_TEST_CASE(removed_item_is_never_due) {
    timer_queue q;
    item a, b;
    q.remove(a); // does nothing
    q.add(a, at(1));
    q.add(b, at(2));
    q.remove(a);
    q.remove(a);
    BOOST_TEST(!a.waiting());
    BOOST_TEST(q.pop_due(at(10)) == &b);
    BOOST_TEST(q.pop_due(at(10)) == nullptr);
}

BOOST_AUTO_TEST_CASE(item_that_is_added_again_moves) {
    timer_queue q;
    item a, b;
    q.add(a, at(1));
    q.add(b, at(2));
    q.add(a, at(3));
    BOOST_TEST(q.pop_due(at(10)) == &b);
    BOOST_TEST(q.pop_due(at(10)) == &a);
    BOOST_TEST(q.empty());
}

BOOST_AUTO_TEST_CASE(random_use_agrees_with_a_multimap) {
    std::mt19937 random(3);
    timer_queue q;
    std::vector<item> items(50);
    std::map<item*, time_point> model;
    auto const earliest = [&] {
        time_point when = time_point::max();
        for (auto const& [what, t] : model)
            when = std::min(when, t);
        return when;
    };
    for (int step = 0; step < 50'000; ++step) {
        item& some = items[random() % items.size()];
        switch (random() % 4) {
        case 0:
        case 1: {
            time_point const when = at(static_cast<int>(random() % 100)); // many are equal
            q.add(some, when);
            model[&some] = when;
            break;
        }
        case 2:
            q.remove(some);
            model.erase(&some);
            break;
        default: {
            time_point const now = at(static_cast<int>(random() % 100));
            auto* const due = static_cast<item*>(q.pop_due(now));
            BOOST_TEST_REQUIRE((due != nullptr) == (earliest() <= now));
            if (due != nullptr) {
                BOOST_TEST_REQUIRE((model.at(due) == earliest()));
                model.erase(due);
            }
        }
        }
        BOOST_TEST_REQUIRE(q.empty() == model.empty());
        if (!model.empty())
            BOOST_TEST_REQUIRE((q.earliest() == earliest()));
        BOOST_TEST_REQUIRE(some.waiting() == model.contains(&some));
    }
}

BOOST_AUTO_TEST_SUITE_END()
