//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "suite/cases.hpp"
#include "suite/client_calls.hpp"

#include <boost/asio/this_coro.hpp>

#include <iostream>
#include <memory>

namespace joust::test::interop {

namespace {

using clock = std::chrono::steady_clock;

struct soak_outcome {
    int done = 0;
    int failures = 0;
    std::string last_failure = {};
};

/// Why an iteration does not count, or nothing.
awaitable<std::string> iterate(channel via, soak_flags const& f) {
    clock::time_point const start = clock::now();
    auto calling = unary(via, simple_request(f.request_size, f.response_size));
    result<SimpleResponse> const r = co_await std::move(calling);
    auto const took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - start).count();
    if (r.has_error())
        co_return r.error().to_string();
    require_body(r->payload(), f.response_size);
    if (took > f.per_iteration_max_acceptable_latency_ms)
        co_return "an iteration took " + std::to_string(took) + " ms";
    co_return std::string();
}

/// One of `num_threads`, which share an executor here. Without `shared` each iteration has a channel of its own.
awaitable<void> soak_worker(std::shared_ptr<channel> shared, client_flags const& flags, int iterations,
                            clock::time_point until, std::shared_ptr<soak_outcome> outcome) {
    soak_flags const& f = flags.soak;
    auto const executor = co_await asio::this_coro::executor;
    for (int i = 0; i != iterations && clock::now() < until; ++i) {
        clock::time_point const next = clock::now() + std::chrono::milliseconds(f.min_time_ms_between_rpcs);
        channel via = shared ? *shared : make_channel(executor, flags);
        auto iterating = iterate(via, f);
        std::string const why = co_await std::move(iterating);
        ++outcome->done;
        if (!why.empty()) {
            ++outcome->failures;
            outcome->last_failure = why;
        }
        if (!shared)
            via.shut_down();
        if (next > clock::now())
            co_await sleep(next - clock::now());
    }
}

awaitable<void> soak(std::shared_ptr<channel> shared, client_flags const& flags) {
    soak_flags const& f = flags.soak;
    require(f.iterations % f.num_threads == 0, "--soak_iterations is no multiple of --soak_num_threads");
    auto const outcome = std::make_shared<soak_outcome>();
    clock::time_point const until = clock::now() + std::chrono::seconds(f.overall_timeout_seconds);
    std::vector<awaitable<void>> workers;
    for (int i = 0; i != f.num_threads; ++i)
        workers.push_back(soak_worker(shared, flags, f.iterations / f.num_threads, until, outcome));
    co_await all_of(std::move(workers));
    std::cout << outcome->done << " of " << f.iterations << " iterations, " << outcome->failures << " failures\n";
    require(outcome->done == f.iterations, "the time was over after " + std::to_string(outcome->done) + " iterations");
    require(outcome->failures <= f.max_failures,
            std::to_string(outcome->failures) + " failures, the last one: " + outcome->last_failure);
}

awaitable<void> rpc_soak(channel via, client_flags const& flags) {
    return soak(std::make_shared<channel>(std::move(via)), flags);
}

awaitable<void> channel_soak(channel, client_flags const& flags) {
    return soak(nullptr, flags);
}

constexpr test_case cases[] = {
    {"rpc_soak", rpc_soak},
    {"channel_soak", channel_soak},
};

} // namespace

std::span<test_case const> soak_cases() {
    return cases;
}

} // namespace joust::test::interop
