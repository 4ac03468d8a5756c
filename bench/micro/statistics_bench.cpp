//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "core/call_counters.hpp"
#include "micro/report.hpp"

// What counting a call costs: to be at most 100 ns.

using namespace joust;

namespace {

void count_a_call(benchmark::State& state) {
    static core::call_counters counters;
    auto const now = core::call_counters::time_point::clock::now();
    std::int64_t elapsed = 1000;
    bench::measure(state, [&] {
        counters.begin(now);
        counters.end(0, std::chrono::nanoseconds(elapsed += 7), 100, 200);
    });
}
BENCHMARK(count_a_call)->Threads(1)->Threads(2);

/// With the two readings of the clock, of which a server needs one anyway.
void count_a_call_and_read_the_clock(benchmark::State& state) {
    core::call_counters counters;
    bench::measure(state, [&] {
        auto const begun = core::call_counters::time_point::clock::now();
        counters.begin(begun);
        counters.end(0, core::call_counters::time_point::clock::now() - begun, 100, 200);
    });
}
BENCHMARK(count_a_call_and_read_the_clock);

void read_the_counters(benchmark::State& state) {
    core::call_counters counters;
    counters.begin({});
    counters.end(404, std::chrono::milliseconds(1), 100, 200);
    bench::measure(state, [&] { benchmark::DoNotOptimize(counters.read({})); });
}
BENCHMARK(read_the_counters);

} // namespace
