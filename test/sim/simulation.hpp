//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/channel.hpp"
#include "joust/client/manual_resolver.hpp"
#include "ledger.hpp"
#include "plan.hpp"
#include "sim_server.hpp"
#include "virtual_time.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdio>
#include <deque>
#include <functional>
#include <optional>
#include <random>

namespace joust::sim {

/// What came of one seed.
struct report {
    std::vector<std::string> violations;
    std::size_t calls = 0;
    std::size_t failed = 0;
    std::size_t repeated = 0;
    std::size_t faults = 0;
    duration lasted{};
    std::uint64_t digest = 0;
};

/// A channel and 50 servers, in phases: calm, faults, recovery, calm again, the end.
///
/// *Thread safety*: one at a time in a process, see `virtual_time`.
class simulation {
public:
    simulation(std::uint64_t seed, std::FILE* trace);

    report run();

private:
    void connect();
    void window();
    void faults();
    void recovery();
    void finish();

    void begin(fault const& f);
    void end(fault const& f);
    void flap(fault const& f, time_point until);
    void storm(fault const& f, time_point until);

    void change_addresses();
    void push_addresses(std::size_t first, std::size_t count);

    /// So many calls at once, now and then: in all others servers have little to do when a fault strikes.
    void burst(std::size_t calls);
    void load(duration for_how_long, double calls_per_second);
    void call();
    void call_unary(std::string request, call_options options, std::size_t id);
    boost::asio::awaitable<void> call_with_pieces(std::string request, call_options options, std::size_t id);
    boost::asio::awaitable<void> call_stream(std::string request, call_options options, std::size_t id);

    /// Runs all that happens until then.
    void run_until(time_point end);
    void run_for(duration d) { run_until(now() + d); }
    void after(duration d, std::function<void()> f);
    duration between(duration least, duration most);
    bool chance(double p) { return std::uniform_real_distribution<>()(random_) < p; }

    virtual_time time_;
    time_point begun_ = now();
    plan plan_;
    std::mt19937_64 random_;
    ledger book_;
    std::deque<boost::asio::cancellation_signal> signals_;
    boost::asio::io_context io_{1};
    std::deque<sim_server> servers_;
    manual_resolver resolver_;
    std::optional<joust::channel> channel_;
    bool calm_ = true; // calls have the time they need
    std::size_t handlers_ = 0;
};

} // namespace joust::sim
