//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "ledger.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace joust::sim {

using namespace std::chrono_literals;

namespace {

// Surrounds the number of a call in its request.
constexpr std::string_view mark = "<call ";
constexpr std::size_t digits = 8;
constexpr std::size_t none = static_cast<std::size_t>(-1);
// Timers are as exact as microseconds.
constexpr duration grain = 10us;

double seconds(time_point t) {
    return std::chrono::duration<double>(t.time_since_epoch()).count() - 1000;
}

} // namespace

void ledger::mix(std::uint64_t what) noexcept {
    digest_ = (digest_ ^ what) * 1099511628211U;
}

void ledger::note(std::string_view text) const {
    if (trace_ != nullptr)
        std::fprintf(trace_, "%10.6f %.*s\n", seconds(now()), static_cast<int>(text.size()), text.data());
}

void ledger::violation(std::string text) {
    note("VIOLATION: " + text);
    char when[32];
    std::snprintf(when, sizeof when, "at %.6f s: ", seconds(now()));
    violations_.push_back(when + text);
}

void ledger::begin_window(bool even) {
    note("window begins");
    window_ = true;
    even_ = even;
    in_window_ = {};
}

void ledger::end_window() {
    note("window ends");
    window_ = false;
    if (!even_)
        return;
    double const mean = std::accumulate(in_window_.begin(), in_window_.end(), 0.0) / server_count;
    auto const [least, most] = std::minmax_element(in_window_.begin(), in_window_.end());
    constexpr double tolerance = 0.1;
    if (static_cast<double>(*least) < mean * (1 - tolerance) - 1e-9 ||
        static_cast<double>(*most) > mean * (1 + tolerance) + 1e-9)
        violation("the load is uneven: from " + std::to_string(*least) + " calls of server " +
                  std::to_string(least - in_window_.begin()) + " to " + std::to_string(*most) + " of server " +
                  std::to_string(most - in_window_.begin()));
}

std::size_t ledger::begin(bool idempotent, time_point deadline, std::string_view kind) {
    calls_.push_back({idempotent, window_, deadline, 0, 0, {}});
    ++open_;
    if (trace_ != nullptr)
        note("call " + std::to_string(calls_.size() - 1) + " begins: " + std::string(kind) +
             (idempotent ? ", idempotent, " : ", ") +
             std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(deadline - now()).count()) + " ms");
    return calls_.size() - 1;
}

std::string ledger::request(std::size_t call) {
    std::string const number = std::to_string(call);
    return std::string(mark) + std::string(digits - number.size(), '0') + number + ">";
}

/// The next number behind `at`, which moves behind it.
std::size_t ledger::number_in(std::string_view bytes, std::size_t& at) {
    at = bytes.find(mark, at);
    if (at == std::string_view::npos || bytes.size() < at + mark.size() + digits)
        return at = none;
    at += mark.size();
    std::size_t number = none;
    (void)std::from_chars(bytes.data() + at, bytes.data() + at + digits, number);
    return number;
}

void ledger::sent(process to, std::string_view bytes) {
    std::size_t at = 0;
    for (std::size_t n = 0; (n = number_in(bytes, at)) != none;) {
        record& c = calls_.at(n);
        mix(n * 64 + to.server);
        if (trace_ != nullptr)
            note("call " + std::to_string(n) + " is sent to server " + std::to_string(to.server));
        if (!c.sent_to.empty()) {
            ++repeated_;
            process const before = c.sent_to.back();
            bool const drained = std::find(drained_.begin(), drained_.end(),
                                           std::array{before.server, before.generation}) != drained_.end();
            if (!c.idempotent && (!drained || c.executions != 0))
                violation("call " + std::to_string(n) + " is not idempotent and may have run on server " +
                          std::to_string(before.server) + ", but is made again");
        }
        c.sent_to.push_back(to);
    }
}

bool ledger::executed(process by, std::string_view request) {
    std::size_t at = 0;
    std::size_t const n = number_in(request, at);
    if (n >= calls_.size())
        return false;
    record& c = calls_[n];
    mix(n * 64 + by.server + (1ULL << 40));
    if (trace_ != nullptr)
        note("call " + std::to_string(n) + " runs on server " + std::to_string(by.server));
    ++c.executions;
    if (c.in_window)
        ++in_window_[by.server];
    if (!c.idempotent && c.executions > 1)
        violation("call " + std::to_string(n) + " is not idempotent, but ran " + std::to_string(c.executions) +
                  " times");
    return true;
}

void ledger::drains(process p) {
    drained_.push_back({p.server, p.generation});
}

void ledger::ended(std::size_t call, status const& outcome) {
    record& c = calls_.at(call);
    mix(call * 32 + static_cast<std::uint64_t>(outcome.code()));
    mix(static_cast<std::uint64_t>(now().time_since_epoch().count()));
    std::string const name = "call " + std::to_string(call);
    if (trace_ != nullptr)
        note(name + " ends: " + std::string(to_string(outcome.code())) + " " + std::string(outcome.message()));
    if (++c.ended > 1)
        return violation(name + " ended " + std::to_string(c.ended) + " times");
    --open_;
    succeeded_ += outcome.ok() ? 1 : 0;
    if (now() > c.deadline + grain)
        violation(name + " outlived its deadline by " + std::to_string((now() - c.deadline).count()) + " ns");
    if (outcome.ok() && c.executions == 0)
        violation(name + " succeeded, but did not run");
    if (c.in_window && !outcome.ok())
        violation(name + " failed without a fault: " + std::string(to_string(outcome.code())) + " " +
                  std::string(outcome.message()));
}

void ledger::finish(std::size_t most_attempts) {
    for (std::size_t i = 0; i < calls_.size(); ++i) {
        if (calls_[i].ended == 0)
            violation("call " + std::to_string(i) + " did not end");
        if (calls_[i].executions > most_attempts)
            violation("call " + std::to_string(i) + " ran " + std::to_string(calls_[i].executions) + " times");
    }
}

} // namespace joust::sim
