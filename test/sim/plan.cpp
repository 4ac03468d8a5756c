//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "plan.hpp"

#include <algorithm>
#include <array>

namespace joust::sim {

using namespace std::chrono_literals;

namespace {

bool chance(std::mt19937_64& random, double p) {
    return std::uniform_real_distribution<>()(random) < p;
}

std::size_t below(std::mt19937_64& random, std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
}

duration between(std::mt19937_64& random, duration least, duration most) {
    return duration(std::uniform_int_distribution<duration::rep>(least.count(), most.count())(random));
}

} // namespace

std::string_view to_string(fault_kind k) noexcept {
    constexpr std::array<std::string_view, 7> names{"crash", "hang", "slow", "flap", "errors", "loss", "goaway"};
    return names[static_cast<std::size_t>(k)];
}

plan::plan(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    choose_options(random);
    choose_faults(random);
}

void plan::choose_options(std::mt19937_64& random) {
    options.connect_timeout = 1s;
    options.initial_backoff = 100ms;
    options.max_backoff = 2s;
    options.max_connections = chance(random, 0.5) ? server_count : server_count + 10;
    options.connection_idle_timeout = 5s;
    options.use_strand = false;
    options.max_queued_calls = 5000;
    std::array const balancers{round_robin(), round_robin(),   round_robin(), weighted_round_robin(),
                               ring_hash(),   least_request(), pick_first()};
    options.balancer = balancers[below(random, balancers.size())];
    hash_keys = options.balancer->name() == "ring_hash";
    addresses_change = chance(random, 0.3);
    if (chance(random, 0.25))
        max_concurrent_streams = static_cast<std::uint32_t>(1 + below(random, 3));
    if (chance(random, 0.2))
        options.retry_buffer_size = below(random, 100);
    if (chance(random, 0.7)) {
        options.retry.emplace();
        options.retry->initial_backoff = 20ms;
        options.retry->max_backoff = 200ms;
        if (chance(random, 0.5))
            options.retry->retryable_status_codes.insert(status_code::internal);
        if (chance(random, 0.2))
            options.retry->per_attempt_timeout = between(random, 200ms, 1s);
    } else if (chance(random, 0.6)) {
        options.hedging.emplace();
        options.hedging->max_attempts = static_cast<std::uint32_t>(2 + below(random, 3));
        options.hedging->hedging_delay = between(random, 100ms, 400ms);
    }
    if (chance(random, 0.6)) {
        options.circuit_breaker.emplace();
        options.circuit_breaker->consecutive_failures = static_cast<std::uint32_t>(1 + below(random, 5));
        options.circuit_breaker->open_time = between(random, 200ms, 2s);
        options.circuit_breaker->per_method = chance(random, 0.3);
        if (chance(random, 0.3)) {
            options.circuit_breaker->failure_rate = 0.5;
            options.circuit_breaker->window_time = 5s;
        }
    }
    if (chance(random, 0.4)) {
        options.outlier_detection.emplace();
        options.outlier_detection->interval = 1s;
        options.outlier_detection->base_ejection_time = 1s;
        options.outlier_detection->max_ejection_time = 3s;
        options.outlier_detection->max_ejection_percent = 50;
        options.outlier_detection->success_rate->request_volume = 3;
        options.outlier_detection->failure_percentage->request_volume = 3;
    }
    if (chance(random, 0.5)) {
        options.health_check.emplace();
        options.health_check->interval = 1s;
        options.health_check->timeout = 500ms;
        options.health_check->failure_threshold = 2;
    }
    if (chance(random, 0.3)) {
        options.keepalive.time = 10s;
        options.keepalive.timeout = 1s;
    }
}

void plan::choose_faults(std::mt19937_64& random) {
    std::array<duration, server_count> free_at{};
    auto const add = [&](std::size_t server, fault_kind kind, duration at, duration lasts) {
        if (free_at[server] > at)
            return; // one at a time for each server
        faults.push_back({kind, at, lasts, server});
        free_at[server] = at + lasts + 100ms;
        faults_last = std::max(faults_last, at + lasts);
    };
    std::size_t const events = 4 + below(random, 12);
    for (std::size_t i = 0; i < events; ++i) {
        auto const kind = static_cast<fault_kind>(below(random, 7));
        duration const at = between(random, 0s, 8s);
        duration const lasts = between(random, 300ms, 4s);
        // One server, a rack, or every one of them.
        std::size_t const first = below(random, server_count);
        double const dice = std::uniform_real_distribution<>()(random);
        std::size_t const size = dice < 0.6 ? 1 : dice < 0.92 ? 2 + below(random, 20) : server_count;
        bool const together = chance(random, 0.5);
        for (std::size_t k = 0; k < size; ++k)
            add((first + k) % server_count, kind, together ? at : at + between(random, 0s, 1s), lasts);
    }
    if (std::any_of(faults.begin(), faults.end(), [](fault const& f) { return f.kind == fault_kind::loss; }))
        faults_last += 3s; // what was lost is still on its way
}

std::size_t plan::most_attempts() const noexcept {
    if (options.retry)
        return options.retry->max_attempts;
    return options.hedging ? options.hedging->max_attempts : 1;
}

duration plan::recovery() const {
    // The last failure is a call's that began before the end of the faults; then what keeps a server out, one after
    // the other: a connection that hangs, the pause behind it, and the worst of breaker, ejection and probe.
    constexpr duration slack = 1s;
    duration const reconnected =
        options.connect_timeout + std::chrono::duration_cast<duration>(options.max_backoff * 1.2);
    duration longest{};
    if (options.circuit_breaker) // a trial, another after it, and calls for all of them
        longest = options.circuit_breaker->open_time * 2 + 3s;
    if (options.outlier_detection)
        longest =
            std::max(longest, options.outlier_detection->max_ejection_time + options.outlier_detection->interval * 2);
    if (options.health_check)
        longest = std::max(longest, options.health_check->interval + options.health_check->timeout * 2);
    return longest_call + reconnected + longest + slack;
}

} // namespace joust::sim
