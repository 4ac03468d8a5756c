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

/// Reports calls per second, and operator new and the heap's functions per call as counters.
inline void report(benchmark::State& state, counters const& used, double calls) {
    state.SetItemsProcessed(static_cast<std::int64_t>(calls));
    state.counters["new/call"] = static_cast<double>(used.news) / calls;
    state.counters["heap/call"] = static_cast<double>(used.heap) / calls;
}

} // namespace joust::bench
