//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// grpc.health.v1 over sockets: changes from other threads, watchers that go, the drain.

#include "joust/ops/health_service.hpp"
#include "support/loopback.hpp"

#include <grpc/health/v1/health.joust.hpp>

#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace joust::test;
using enum joust::serving_status;

namespace {

namespace v1 = grpc::health::v1;
using watch_call =
    joust::client_call<v1::HealthCheckRequest, v1::HealthCheckResponse, joust::call_kind::server_streaming>;

v1::HealthCheckRequest request(std::string const& service) {
    v1::HealthCheckRequest q;
    q.set_service(service);
    return q;
}

struct fixture : loopback {
    joust::health_service health;

    fixture() {
        server.add(health);
        listen();
    }

    /// As the number of the protocol, or the negative status code.
    asio::awaitable<int> check(std::string service) {
        auto const via = channel();
        auto const q = request(service);
        auto calling = via.async_call(v1::health::check, q);
        auto const r = co_await std::move(calling);
        co_return r.has_error() ? -static_cast<int>(r.error().code()) : static_cast<int>(r->status());
    }

    asio::awaitable<watch_call> watch(joust::channel via, std::string service) {
        auto const q = request(service);
        auto opening = via.async_open(v1::health::watch, q);
        auto call = co_await std::move(opening);
        co_return std::move(call).value();
    }
};

asio::awaitable<int> next(watch_call& w) {
    auto reading = w.async_read();
    auto const r = co_await std::move(reading);
    if (r.has_error())
        co_return -static_cast<int>(r.error().code());
    co_return r->has_value() ? static_cast<int>((*r)->status()) : -1000;
}

constexpr int not_found = -5, resource_exhausted = -8, unavailable = -14;

BOOST_FIXTURE_TEST_SUITE(health, fixture)

BOOST_AUTO_TEST_CASE(check_answers_what_was_set) {
    health.set("a", not_serving);
    run([&]() -> asio::awaitable<void> {
        BOOST_TEST(co_await check("") == 1);
        BOOST_TEST(co_await check("a") == 2);
        BOOST_TEST(co_await check("b") == not_found);
        health.shut_down();
        BOOST_TEST(co_await check("") == 2);
    });
}

BOOST_AUTO_TEST_CASE(list_has_all_up_to_a_hundred) {
    for (int i = 0; i != 99; ++i)
        health.set(std::to_string(i), serving);
    run([&]() -> asio::awaitable<void> {
        auto const via = channel();
        v1::HealthListRequest const q;
        auto calling = via.async_call(v1::health::list, q);
        auto const all = co_await std::move(calling);
        BOOST_TEST(all.value().statuses_size() == 100);
        BOOST_TEST(all->statuses().at("7").status() == v1::HealthCheckResponse::SERVING);
        health.set("one more", serving);
        auto again = via.async_call(v1::health::list, q);
        auto const too_many = co_await std::move(again);
        BOOST_TEST(-static_cast<int>(code_of(too_many)) == resource_exhausted);
    });
}

BOOST_AUTO_TEST_CASE(watch_sends_the_status_and_each_change) {
    run([&]() -> asio::awaitable<void> {
        auto const via = channel();
        auto w = co_await watch(via, "a");
        BOOST_TEST(co_await next(w) == 3);
        health.set("a", serving);
        BOOST_TEST(co_await next(w) == 1);
        health.set("a", not_serving);
        BOOST_TEST(co_await next(w) == 2);
        health.set("a", service_unknown);
        BOOST_TEST(co_await next(w) == 3);
    });
}

BOOST_AUTO_TEST_CASE(changes_on_other_threads_reach_every_watcher) {
    constexpr int watchers = 50;
    run([&]() -> asio::awaitable<void> {
        auto const via = channel();
        std::vector<watch_call> all;
        for (int i = 0; i != watchers; ++i) {
            all.push_back(co_await watch(via, "a"));
            BOOST_TEST(co_await next(all.back()) == 3);
        }
        asio::thread_pool setters(2);
        for (int i = 0; i != 2; ++i)
            asio::post(setters, [this] {
                for (int n = 0; n != 1000; ++n)
                    health.set("a", n % 2 == 0 ? not_serving : unknown);
            });
        setters.join();
        health.set("a", serving);
        for (auto& w : all)
            for (int seen = 0; seen != 1;) {
                seen = co_await next(w);
                BOOST_REQUIRE(seen >= 0);
            }
    });
}

BOOST_AUTO_TEST_CASE(watcher_that_goes_is_forgotten) {
    run([&]() -> asio::awaitable<void> {
        auto const via = channel();
        {
            auto w = co_await watch(via, "a");
            BOOST_TEST(co_await next(w) == 3);
        }
        auto w = co_await watch(via, "a"); // comes after the reset of the first
        BOOST_TEST(co_await next(w) == 3);
        health.set("a", serving);
        BOOST_TEST(co_await next(w) == 1);
    });
}

BOOST_AUTO_TEST_CASE(shut_down_is_seen_and_the_watch_goes_on) {
    run([&]() -> asio::awaitable<void> {
        auto const via = channel();
        auto w = co_await watch(via, "");
        BOOST_TEST(co_await next(w) == 1);
        health.shut_down();
        BOOST_TEST(co_await next(w) == 2);
        health.resume();
        BOOST_TEST(co_await next(w) == 1);
    });
}

BOOST_AUTO_TEST_CASE(drain_is_seen_ends_the_watches_and_does_not_wait_for_them) {
    for (bool const shut_down_before : {false, true}) {
        fixture f;
        f.run([&]() -> asio::awaitable<void> {
            auto const via = f.channel();
            auto known = co_await f.watch(via, "");
            auto strange = co_await f.watch(via, "a");
            BOOST_TEST(co_await next(known) == 1);
            BOOST_TEST(co_await next(strange) == 3);
            if (shut_down_before) {
                f.health.shut_down();
                BOOST_TEST(co_await next(known) == 2);
            }
            auto draining = f.server.async_drain(patience, asio::use_awaitable);
            co_await std::move(draining); // throws timed_out
            if (!shut_down_before)
                BOOST_TEST(co_await next(known) == 2);
            BOOST_TEST(co_await next(known) == unavailable);
            BOOST_TEST(co_await next(strange) == unavailable);
            BOOST_TEST((f.health.get("") == not_serving));
        });
    }
}

BOOST_AUTO_TEST_CASE(server_that_is_destroyed_forgets_its_watchers) {
    joust::health_service kept;
    {
        loopback l;
        l.server.add(kept);
        l.listen();
        l.run([&]() -> asio::awaitable<void> {
            auto const via = l.channel();
            auto const q = request("");
            auto opening = via.async_open(v1::health::watch, q);
            auto call = co_await std::move(opening);
            BOOST_TEST(co_await next(call.value()) == 1);
        });
    }
    kept.set("", not_serving);
    BOOST_TEST((kept.get("") == not_serving));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
