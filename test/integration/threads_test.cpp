//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// An io_context with several threads, under load: the strands of connections and channels keep order. ThreadSanitizer
// is the judge of the rest.

#include "support/loopback.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(several_threads)

namespace {

using asio::awaitable;
using namespace asio::experimental::awaitable_operators;

constexpr int threads = 4;

/// A server on a pool. Boost.Test's macros are not for several threads: coroutines count, the test compares.
struct pool_server {
    asio::thread_pool pool{threads};
    joust::server server{pool.get_executor()};
    std::string address;
    std::atomic<int> cancelled{0};

    pool_server() {
        server.add(bytes_service::unary, [this](octets q) -> awaitable<octets> {
            if (q != "wait") {
                co_await asio::post(asio::use_awaitable);
                co_return q;
            }
            asio::steady_timer forever(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
            co_await forever.async_wait(asio::as_tuple(asio::use_awaitable));
            ++cancelled;
            throw rpc_error(status_code::cancelled);
        });
        server.add(bytes_service::bidi, [](server_stream<octets, octets>& both) -> awaitable<status> {
            for (;;) {
                auto const m = co_await read(both);
                if (m.has_error())
                    co_return m.error();
                if (!*m)
                    co_return status();
                if (auto const sent = co_await write(both, **m); sent.has_error())
                    co_return sent.error();
            }
        });
        address = server.listen("127.0.0.1:0").value().to_string();
    }

    ~pool_server() {
        server.async_drain(patience, asio::use_future).wait();
        pool.join();
    }

    /// Runs `body` many times at once, each on a strand, and waits for all; true when each of them returned true.
    template <class Body>
    bool all_of(int count, Body body) {
        std::vector<std::future<bool>> running;
        for (int i = 0; i < count; ++i)
            running.push_back(asio::co_spawn(asio::make_strand(pool), body(i), asio::use_future));
        bool good = true;
        for (auto& r : running) {
            if (r.wait_for(patience) != std::future_status::ready)
                throw std::runtime_error("the test hangs");
            good = r.get() && good;
        }
        return good;
    }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(unary_calls_over_one_channel, pool_server) {
    joust::channel const ch(pool.get_executor(), address);
    BOOST_TEST(all_of(20, [&](int i) -> awaitable<bool> {
        for (int turn = 0; turn < 50; ++turn) {
            octets const request = std::to_string(i) + "/" + std::to_string(turn);
            result<octets> const answer = co_await call(ch, request);
            if (answer.has_error() || *answer != request)
                co_return false;
        }
        co_return true;
    }));
}

BOOST_FIXTURE_TEST_CASE(streams_over_several_channels, pool_server) {
    std::vector<joust::channel> const channels = {joust::channel(pool.get_executor(), address),
                                                  joust::channel(pool.get_executor(), address),
                                                  joust::channel(pool.get_executor(), address)};
    BOOST_TEST(all_of(12, [&](int i) -> awaitable<bool> {
        auto stream = (co_await open_bidi(channels[static_cast<std::size_t>(i) % channels.size()])).value();
        for (int turn = 0; turn < 30; ++turn) {
            octets const message(static_cast<std::size_t>(turn) * 2000, 'x');
            (co_await write(stream, message)).value();
            auto const echo = co_await read(stream);
            if (echo.has_error() || *echo != message)
                co_return false;
        }
        (co_await writes_done(stream)).value();
        auto const end = co_await read(stream);
        auto const outcome = co_await finish(stream);
        co_return end.has_value() && !*end && outcome.has_value();
    }));
}

BOOST_FIXTURE_TEST_CASE(cancellations_from_anywhere, pool_server) {
    joust::channel const ch(pool.get_executor(), address);
    constexpr int callers = 10, turns = 20;
    BOOST_TEST(all_of(callers, [&](int i) -> awaitable<bool> {
        asio::steady_timer timer(co_await asio::this_coro::executor);
        for (int turn = 0; turn < turns; ++turn) {
            timer.expires_after(std::chrono::microseconds(100 * (i + turn)));
            auto const first = co_await (call(ch, "wait") || timer.async_wait(asio::use_awaitable));
            if (first.index() != 1)
                co_return false;
        }
        co_return (co_await call(ch, "still usable")).has_value();
    }));
}

BOOST_FIXTURE_TEST_CASE(reads_with_a_time_limit_lose_nothing, pool_server) {
    joust::channel const ch(pool.get_executor(), address);
    BOOST_TEST(all_of(8, [&](int i) -> awaitable<bool> {
        asio::steady_timer timer(co_await asio::this_coro::executor);
        auto stream = (co_await open_bidi(ch)).value();
        int next = 0;
        for (int turn = 0; turn < 50; ++turn)
            (co_await write(stream, std::to_string(turn))).value();
        while (next < 50) {
            timer.expires_after(std::chrono::microseconds(10 * i));
            auto first = co_await (read(stream) || timer.async_wait(asio::use_awaitable));
            if (first.index() == 1)
                continue;
            if (std::get<0>(first).value() != std::to_string(next++))
                co_return false;
        }
        co_return true;
    }));
}

BOOST_FIXTURE_TEST_CASE(deadlines_of_many_calls, pool_server) {
    joust::channel const ch(pool.get_executor(), address);
    BOOST_TEST(all_of(20, [&](int i) -> awaitable<bool> {
        call_options options;
        options.timeout = std::chrono::milliseconds(5 + i);
        for (int turn = 0; turn < 5; ++turn)
            if (code_of(co_await call(ch, "wait", options)) != status_code::deadline_exceeded)
                co_return false;
        co_return true;
    }));
}

BOOST_FIXTURE_TEST_CASE(channels_come_and_go, pool_server) {
    BOOST_TEST(all_of(8, [&](int) -> awaitable<bool> {
        for (int turn = 0; turn < 10; ++turn) {
            joust::channel const ch(pool.get_executor(), address);
            if ((co_await call(ch, "x")).has_error())
                co_return false;
        }
        co_return true;
    }));
}

BOOST_FIXTURE_TEST_CASE(use_future_from_several_plain_threads, pool_server) {
    joust::channel const ch(pool.get_executor(), address);
    std::atomic<int> good{0};
    std::vector<std::thread> callers;
    for (int i = 0; i < threads; ++i)
        callers.emplace_back([&] {
            for (int turn = 0; turn < 50; ++turn)
                good +=
                    ch.async_call(bytes_service::unary, octets("x"), {}, asio::use_future).get().has_value() ? 1 : 0;
        });
    for (auto& t : callers)
        t.join();
    BOOST_TEST(good == threads * 50);
}

BOOST_AUTO_TEST_CASE(a_drain_under_load_fails_no_call_but_by_unavailable) {
    pool_server other;
    joust::channel const ch(other.pool.get_executor(), other.address);
    std::atomic<int> answered{0};
    std::future<void> drained;
    std::atomic<bool> begun{false};
    bool const good = other.all_of(10, [&](int i) -> awaitable<bool> {
        for (;;) {
            result<octets> const answer = co_await call(ch, "x");
            if (answer.has_error())
                co_return answer.error().code() == status_code::unavailable;
            if (i == 0 && ++answered == 20 && !begun.exchange(true))
                drained = other.server.async_drain(patience, asio::use_future);
        }
    });
    BOOST_TEST(good);
    drained.get();
    BOOST_TEST(other.server.connection_count() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
