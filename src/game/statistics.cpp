//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/statistics.hpp"

namespace joust::game {

namespace {

double milliseconds(double nanoseconds) {
    return nanoseconds / 1e6;
}

} // namespace

call_statistics to_statistics(core::call_totals const& totals) {
    call_statistics s;
    s.calls = totals.begun;
    for (auto const& [code, times] : totals.failures) {
        s.failures += times;
        s.errors[code] = times;
    }
    s.successes = totals.ended - s.failures;
    s.in_flight = totals.begun - totals.ended;
    s.bytes_in = totals.bytes_in;
    s.bytes_out = totals.bytes_out;
    auto const quantile = [&](double part) {
        return milliseconds(static_cast<double>(totals.latencies.quantile(part)));
    };
    if (totals.ended != 0)
        s.latency_ms.average =
            milliseconds(static_cast<double>(totals.nanoseconds) / static_cast<double>(totals.ended));
    s.latency_ms.p50 = quantile(0.5);
    s.latency_ms.p90 = quantile(0.9);
    s.latency_ms.p99 = quantile(0.99);
    s.latency_ms.p999 = quantile(0.999);
    s.latency_ms.max = milliseconds(static_cast<double>(totals.latencies.most()));
    s.calls_per_second = {totals.per_second, totals.per_second_of_ten, totals.per_second_of_minute};
    return s;
}

} // namespace joust::game
