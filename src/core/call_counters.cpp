//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "core/call_counters.hpp"

#include <algorithm>
#include <new>

namespace joust::core {

namespace {

std::atomic<std::size_t> threads{0};
/// 0 until the thread counts for the first time.
constinit thread_local std::size_t number_of_this_thread = 0;

void add(std::atomic<std::uint64_t>& to, std::uint64_t n) noexcept {
    to.fetch_add(n, std::memory_order_relaxed);
}

} // namespace

call_totals& call_totals::operator+=(call_totals const& other) {
    begun += other.begun;
    ended += other.ended;
    for (auto const& [code, times] : other.failures)
        failures[code] += times;
    bytes_in += other.bytes_in;
    bytes_out += other.bytes_out;
    nanoseconds += other.nanoseconds;
    latencies.add(other.latencies);
    per_second += other.per_second;
    per_second_of_ten += other.per_second_of_ten;
    per_second_of_minute += other.per_second_of_minute;
    return *this;
}

call_counters::~call_counters() {
    for (auto& each : shards_)
        delete each.load();
}

call_counters::shard* call_counters::mine() noexcept {
    if (number_of_this_thread == 0)
        number_of_this_thread = 1 + threads.fetch_add(1, std::memory_order_relaxed) % shards_.size();
    auto& at = shards_[number_of_this_thread - 1];
    shard* found = at.load(std::memory_order_acquire);
    if (found == nullptr) {
        auto* const fresh = new (std::nothrow) shard;
        if (fresh != nullptr && at.compare_exchange_strong(found, fresh, std::memory_order_acq_rel))
            return fresh;
        delete fresh; // another thread of the same number was first
    }
    return found;
}

void call_counters::begin(time_point now) noexcept {
    shard* const s = mine();
    if (s == nullptr)
        return;
    core::add(s->begun, 1);
    s->recent.add(recent_counts::quarter_of(now));
}

void call_counters::end(int code, std::chrono::nanoseconds elapsed, std::size_t bytes_in,
                        std::size_t bytes_out) noexcept {
    shard* const s = mine();
    if (s == nullptr)
        return;
    auto const ns = static_cast<std::uint64_t>(std::max<std::int64_t>(elapsed.count(), 0));
    core::add(s->latencies[histogram::bucket_of(ns)], 1);
    core::add(s->nanoseconds, ns);
    core::add(s->bytes_in, bytes_in);
    if (bytes_out != 0)
        core::add(s->bytes_out, bytes_out);
    std::uint64_t most = s->most.load(std::memory_order_relaxed);
    while (ns > most && !s->most.compare_exchange_weak(most, ns, std::memory_order_relaxed)) {
    }
    if (code != 0)
        count_failure(*s, code);
}

void call_counters::count_failure(shard& in, int code) noexcept {
    for (std::size_t i = 0; i != most_codes; ++i) {
        int here = in.codes[i].load(std::memory_order_relaxed);
        if (here == 0 && in.codes[i].compare_exchange_strong(here, code, std::memory_order_relaxed))
            here = code;
        if (here == code)
            return core::add(in.failures[i], 1);
    }
    core::add(in.failures[most_codes], 1);
}

void call_counters::add(shard const& from, call_totals& to) {
    // Those that ended first: what ends meanwhile then is under way still, and not the other way round.
    for (std::size_t i = 0; i != histogram::buckets; ++i)
        if (std::uint64_t const n = from.latencies[i].load(std::memory_order_relaxed); n != 0)
            to.latencies.add(i, n);
    to.latencies.see(from.most.load(std::memory_order_relaxed));
    to.begun += from.begun.load(std::memory_order_relaxed);
    to.bytes_in += from.bytes_in.load(std::memory_order_relaxed);
    to.bytes_out += from.bytes_out.load(std::memory_order_relaxed);
    to.nanoseconds += from.nanoseconds.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i != most_codes; ++i)
        if (std::uint64_t const n = from.failures[i].load(std::memory_order_relaxed); n != 0)
            to.failures[from.codes[i].load(std::memory_order_relaxed)] += n;
    if (std::uint64_t const n = from.failures[most_codes].load(std::memory_order_relaxed); n != 0)
        to.failures[0] += n;
}

call_totals call_counters::read(time_point now) const {
    call_totals totals;
    std::uint32_t const quarter = recent_counts::quarter_of(now);
    std::uint64_t second = 0, ten = 0, minute = 0;
    for (auto const& each : shards_) {
        shard const* const s = each.load(std::memory_order_acquire);
        if (s == nullptr)
            continue;
        add(*s, totals);
        second += s->recent.count(quarter, 1);
        ten += s->recent.count(quarter, 10);
        minute += s->recent.count(quarter, 60);
    }
    totals.ended = totals.latencies.total();
    totals.begun = std::max(totals.begun, totals.ended);
    totals.per_second = static_cast<double>(second);
    totals.per_second_of_ten = static_cast<double>(ten) / 10;
    totals.per_second_of_minute = static_cast<double>(minute) / 60;
    return totals;
}

} // namespace joust::core
