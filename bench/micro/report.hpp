//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "common/counters.hpp"

#include <benchmark/benchmark.h>

namespace joust::bench {

/// Calls per second, and what they took of the heap as counters.
inline void report(benchmark::State& state, counters const& used, double calls) {
    state.SetItemsProcessed(static_cast<std::int64_t>(calls));
    state.counters["new/call"] = static_cast<double>(used.news) / calls;
    state.counters["heap/call"] = static_cast<double>(used.heap) / calls;
}

/// Measures `turn()`, one call or part of one; the first time is for warming up.
template <class Turn>
void measure(benchmark::State& state, Turn turn) {
    turn();
    auto const before = count();
    for (auto _ : state)
        turn();
    report(state, count() - before, static_cast<double>(state.iterations()));
}

} // namespace joust::bench
