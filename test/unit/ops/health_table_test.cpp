//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "ops/health_table.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace joust {

inline std::ostream& boost_test_print_type(std::ostream& os, serving_status s) {
    return os << static_cast<int>(s);
}

inline std::ostream& boost_test_print_type(std::ostream& os, std::optional<serving_status> s) {
    return s ? os << static_cast<int>(*s) : os << "nothing";
}

} // namespace joust

namespace {

using joust::ops::health_table;
using joust::ops::health_watch;
using enum joust::serving_status;
using seen = std::optional<joust::serving_status>;

constexpr seen nothing{};

struct fixture {
    std::shared_ptr<health_table> table = std::make_shared<health_table>();
    int told = 0;

    std::unique_ptr<health_watch> watch(std::string_view service) {
        return std::make_unique<health_watch>(table, service, [this] { ++told; });
    }
    std::string listed(std::size_t limit = 100) const {
        auto const all = table->list(limit);
        if (!all)
            return "too many";
        std::string text;
        for (auto const& [name, s] : *all)
            text += name + "=" + std::to_string(static_cast<int>(s)) + " ";
        return text;
    }
};

BOOST_FIXTURE_TEST_SUITE(health_table_statuses, fixture)

BOOST_AUTO_TEST_CASE(service_that_was_never_set_is_unknown) {
    BOOST_TEST(table->get("a") == service_unknown);
    BOOST_TEST(listed() == "");
}

BOOST_AUTO_TEST_CASE(what_was_set_is_got_and_listed_by_name) {
    table->set("b", not_serving);
    table->set("", serving);
    table->set("a", unknown);
    BOOST_TEST(table->get("b") == not_serving);
    BOOST_TEST(listed() == "=1 a=0 b=2 ");
}

BOOST_AUTO_TEST_CASE(service_set_unknown_is_forgotten) {
    table->set("a", serving);
    table->set("a", service_unknown);
    BOOST_TEST(table->get("a") == service_unknown);
    BOOST_TEST(listed() == "");
}

BOOST_AUTO_TEST_CASE(list_beyond_the_limit_is_nothing) {
    table->set("a", serving);
    table->set("b", serving);
    BOOST_TEST(listed(2) == "a=1 b=1 ");
    BOOST_TEST(listed(1) == "too many");
}

BOOST_AUTO_TEST_CASE(watched_only_service_is_not_listed) {
    auto const w = watch("a");
    BOOST_TEST(table->get("a") == service_unknown);
    BOOST_TEST(listed(0) == "");
}

BOOST_AUTO_TEST_CASE(shut_down_shows_known_services_as_not_serving_until_resumed) {
    table->set("a", serving);
    table->shut_down();
    BOOST_TEST(table->get("a") == not_serving);
    BOOST_TEST(table->get("b") == service_unknown);
    table->set("b", serving);
    BOOST_TEST(listed() == "a=2 b=2 ");
    table->resume();
    BOOST_TEST(listed() == "a=1 b=1 ");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(health_watches, fixture)

BOOST_AUTO_TEST_CASE(first_take_is_the_status_and_then_only_changes) {
    table->set("a", serving);
    auto const w = watch("a");
    BOOST_TEST(w->take() == seen(serving));
    BOOST_TEST(w->take() == nothing);
    table->set("a", not_serving);
    BOOST_TEST(told == 1);
    BOOST_TEST(w->take() == seen(not_serving));
    BOOST_TEST(w->take() == nothing);
}

BOOST_AUTO_TEST_CASE(unknown_service_is_seen_as_such_and_then_as_set) {
    auto const w = watch("a");
    BOOST_TEST(w->take() == seen(service_unknown));
    table->set("a", serving);
    BOOST_TEST(w->take() == seen(serving));
    table->set("a", service_unknown);
    BOOST_TEST(w->take() == seen(service_unknown));
    table->set("a", serving);
    BOOST_TEST(w->take() == seen(serving));
    BOOST_TEST(told == 3);
}

BOOST_AUTO_TEST_CASE(slow_watcher_is_told_once_and_sees_the_latest) {
    auto const w = watch("a");
    BOOST_TEST(w->take() == seen(service_unknown));
    for (int i = 0; i != 100; ++i) {
        table->set("a", serving);
        table->set("a", not_serving);
    }
    BOOST_TEST(told == 1);
    BOOST_TEST(w->take() == seen(not_serving));
    BOOST_TEST(w->take() == nothing);
}

BOOST_AUTO_TEST_CASE(change_and_back_is_no_change) {
    table->set("a", serving);
    auto const w = watch("a");
    BOOST_TEST(w->take() == seen(serving));
    table->set("a", not_serving);
    table->set("a", serving);
    BOOST_TEST(told == 1);
    BOOST_TEST(w->take() == nothing);
    table->set("a", not_serving);
    BOOST_TEST(told == 2);
}

BOOST_AUTO_TEST_CASE(same_status_and_other_services_tell_nobody) {
    table->set("a", serving);
    auto const w = watch("a");
    table->set("a", serving);
    table->set("b", serving);
    table->set("", not_serving);
    BOOST_TEST(told == 0);
}

BOOST_AUTO_TEST_CASE(shut_down_and_resume_tell_everyone_once) {
    table->set("a", serving);
    auto const a = watch("a");
    auto const b = watch("b");
    BOOST_TEST(a->take() == seen(serving));
    BOOST_TEST(b->take() == seen(service_unknown));
    table->shut_down();
    table->shut_down();
    BOOST_TEST(told == 2);
    BOOST_TEST(a->take() == seen(not_serving));
    BOOST_TEST(b->take() == nothing);
    table->resume();
    BOOST_TEST(a->take() == seen(serving));
    BOOST_TEST(told == 4);
}

BOOST_AUTO_TEST_CASE(wake_all_tells_without_a_change) {
    auto const w = watch("a");
    BOOST_TEST(w->take() == seen(service_unknown));
    table->wake_all();
    BOOST_TEST(told == 1);
    BOOST_TEST(w->take() == nothing);
}

BOOST_AUTO_TEST_CASE(watcher_that_goes_is_forgotten_in_any_order) {
    constexpr std::size_t count = 5;
    for (std::size_t first = 0; first != count; ++first) {
        table = std::make_shared<health_table>();
        std::vector<std::unique_ptr<health_watch>> all;
        while (all.size() != count)
            all.push_back(watch("a"));
        all[first].reset();
        told = 0;
        table->set("a", serving);
        BOOST_TEST(told == static_cast<int>(count) - 1);
        for (auto& w : all)
            BOOST_TEST((!w || w->take() == seen(serving)));
        all.clear();
        table->set("a", not_serving);
        BOOST_TEST(told == static_cast<int>(count) - 1);
        BOOST_TEST(table->get("a") == not_serving);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
