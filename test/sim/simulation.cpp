//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "simulation.hpp"

#include "service.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace joust::sim {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_handlers_at_once = 200'000;
constexpr std::size_t most_handlers = 50'000'000;
// Ten calls for each server, so that one more or less is ten percent.
constexpr std::size_t window_calls = server_count * 10;
constexpr duration longest_pause = 5ms; // between two messages
constexpr double window_rate = 250, fault_rate = 60, recovery_rate = 120;

} // namespace

simulation::simulation(std::uint64_t seed, std::FILE* trace)
    : time_(seed), plan_(seed), random_(seed ^ 0x9e3779b97f4a7c15U), book_(trace) {
    for (std::size_t i = 0; i < server_count; ++i)
        servers_.emplace_back(io_, i, book_, random_, plan_.max_concurrent_streams);
}

report simulation::run() {
    try {
        connect();
        window();
        faults();
        recovery();
        window();
        finish();
    } catch (std::exception const& e) {
        book_.violation(e.what());
    }
    report r;
    r.violations = book_.violations();
    r.calls = book_.calls();
    r.failed = book_.calls() - book_.succeeded();
    r.repeated = book_.repeated();
    r.faults = plan_.faults.size();
    r.lasted = now() - begun_;
    r.digest = book_.digest();
    return r;
}

// -- phases

void simulation::connect() {
    for (sim_server& s : servers_)
        s.start();
    push_addresses(0, server_count);
    channel_.emplace(io_.get_executor(), std::make_shared<manual_resolver>(resolver_), "cluster", plan_.options);
    channel_->connect();
    run_for(1s);
    for (std::size_t i = 0; plan_.all() && i < server_count; ++i)
        if (servers_[i].connections() == 0)
            book_.violation("server " + std::to_string(i) + " is not connected to at the beginning");
}

void simulation::window() {
    book_.begin_window(plan_.even());
    calm_ = true;
    for (std::size_t i = 0; i < window_calls; ++i) {
        call();
        run_for(between(0s, std::chrono::duration_cast<duration>(2s / window_rate)));
    }
    run_for(plan::longest_call);
    if (book_.open() != 0)
        book_.violation(std::to_string(book_.open()) + " calls are open after the window");
    book_.end_window();
}

void simulation::faults() {
    for (fault const& f : plan_.faults)
        after(f.at, [this, &f] {
            book_.note("server " + std::to_string(f.server) + ": " + std::string(to_string(f.kind)) + " begins");
            begin(f);
            after(f.lasts, [this, &f] {
                book_.note("server " + std::to_string(f.server) + ": " + std::string(to_string(f.kind)) + " ends");
                end(f);
            });
        });
    for (fault const& f : plan_.faults)
        if (chance(0.1))
            after(std::max(duration::zero(), f.at - between(0s, 20ms)), [this] { burst(server_count * 2); });
    if (plan_.addresses_change)
        change_addresses();
    calm_ = false;
    load(plan_.faults_last, fault_rate);
    push_addresses(0, server_count);
}

void simulation::change_addresses() {
    for (duration at = 0s; at < plan_.faults_last; at += between(100ms, 4s))
        after(at, [this] {
            auto const first = std::uniform_int_distribution<std::size_t>(0, server_count - 1)(random_);
            push_addresses(first, std::uniform_int_distribution<std::size_t>(1, server_count)(random_));
        });
}

void simulation::push_addresses(std::size_t first, std::size_t count) {
    book_.note("the resolver names " + std::to_string(count) + " servers from " + std::to_string(first));
    std::vector<endpoint_address> addresses;
    for (std::size_t i = 0; i < count; ++i)
        addresses.push_back(servers_[(first + i) % server_count].address());
    resolver_.push(std::move(addresses));
}

void simulation::recovery() {
    book_.note("recovery begins");
    load(plan_.recovery() - plan::longest_call, recovery_rate);
    calm_ = true;
    load(plan::longest_call, recovery_rate);
}

void simulation::finish() {
    book_.note("the end begins");
    std::size_t const last = chance(0.5) ? 20 : 0; // under way when the channel goes
    calm_ = true;
    for (std::size_t i = 0; i < last; ++i)
        call();
    run_for(1ms);
    chance(0.5) ? channel_->shut_down() : channel_.reset();
    run_for(plan::longest_call + 1s);
    book_.finish(plan_.most_attempts());
    for (std::size_t i = 0; i < server_count; ++i) {
        if (servers_[i].connections() != 0)
            book_.violation("server " + std::to_string(i) + " has connections after the end of the channel");
        servers_[i].crash();
    }
    run_for(10s);
    if (!io_.stopped())
        book_.violation("something is left that keeps the execution context from ending");
}

// -- faults

void simulation::begin(fault const& f) {
    sim_server& s = servers_[f.server];
    switch (f.kind) {
    case fault_kind::crash: s.crash(); break;
    case fault_kind::hang: s.hang(); break;
    case fault_kind::slow: s.slowness = 20; break;
    case fault_kind::flap: flap(f, now() + f.lasts - 50ms); break;
    case fault_kind::errors: s.error_share = 0.8; break;
    case fault_kind::loss: s.loss() = 0.3; break;
    case fault_kind::goaway: storm(f, now() + f.lasts - 1s); break;
    }
}

void simulation::end(fault const& f) {
    sim_server& s = servers_[f.server];
    switch (f.kind) {
    case fault_kind::crash: s.start(); break;
    case fault_kind::hang: s.thaw(); break;
    case fault_kind::slow: s.slowness = 1; break;
    case fault_kind::errors: s.error_share = 0; break;
    case fault_kind::loss: s.loss() = 0; break;
    case fault_kind::flap:
    case fault_kind::goaway: break; // end by themselves
    }
}

void simulation::flap(fault const& f, time_point until) {
    servers_[f.server].crash();
    after(between(0s, 30ms), [this, &f, until] {
        servers_[f.server].start();
        after(between(1ms, 300ms), [this, &f, until] {
            if (now() < until)
                flap(f, until);
        });
    });
}

void simulation::storm(fault const& f, time_point until) {
    servers_[f.server].replace();
    after(between(1ms, 300ms), [this, &f, until] {
        if (now() < until)
            storm(f, until);
    });
}

// -- calls

void simulation::burst(std::size_t calls) {
    for (std::size_t i = 0; i < calls; ++i)
        call();
}

void simulation::load(duration for_how_long, double calls_per_second) {
    time_point const end = now() + for_how_long;
    while (now() < end) {
        call();
        run_for(between(0s, std::chrono::duration_cast<duration>(2s / calls_per_second)));
    }
}

void simulation::call() {
    double const kind = std::uniform_real_distribution<>()(random_);
    bool const stream = kind < 0.1;
    bool const pieces_up = !stream && kind < 0.2;
    call_options o;
    o.idempotent = chance(0.5);
    if (chance(0.1))
        o.wait_for_ready = true;
    if (plan_.hash_keys)
        o.hash_key = random_();
    duration const timeout = calm_ ? between(100ms, plan::longest_call) : between(50ms, plan::longest_call);
    o.timeout = timeout;
    // Whoever writes pieces may find out one pause too late.
    time_point const latest = now() + timeout + (pieces_up ? longest_pause : duration::zero());
    std::size_t const id = book_.begin(o.idempotent, latest, stream ? "stream" : pieces_up ? "stream up" : "unary");
    std::string request = ledger::request(id);
    if (!calm_ && chance(0.02)) // more than fits into the wire, or into what is kept for another attempt
        request += std::string(std::uniform_int_distribution<std::size_t>(0, 600'000)(random_), 'x');
    if (pieces_up)
        asio::co_spawn(io_, call_with_pieces(std::move(request), std::move(o), id), asio::detached);
    else if (stream)
        asio::co_spawn(io_, call_stream(std::move(request), std::move(o), id), asio::detached);
    else
        call_unary(std::move(request), std::move(o), id);
}

void simulation::call_unary(std::string request, call_options options, std::size_t id) {
    auto on_answer = [this, id, request](result<std::string> const& answer) {
        if (answer.has_value() && *answer != request)
            book_.violation("call " + std::to_string(id) + " got another one's answer");
        book_.ended(id, answer.has_value() ? status() : answer.error());
    };
    if (calm_ || !chance(0.05)) {
        channel_->async_call(work, request, std::move(options), std::move(on_answer));
        return;
    }
    // The user thinks better of it.
    auto* const signal = &signals_.emplace_back();
    after(between(0s, 100ms), [signal] { signal->emit(asio::cancellation_type::terminal); });
    channel_->async_call(work, request, std::move(options),
                         asio::bind_cancellation_slot(signal->slot(), std::move(on_answer)));
}

asio::awaitable<void> simulation::call_stream(std::string request, call_options options, std::size_t id) {
    auto opening = channel_->async_open(work_in_pieces, request, std::move(options));
    auto opened = co_await std::move(opening);
    if (opened.has_error()) {
        book_.ended(id, opened.error());
        co_return;
    }
    int messages = 0;
    for (;;) {
        auto reading = opened->async_read();
        auto const message = co_await std::move(reading);
        if (message.has_error() || !*message)
            break;
        ++messages;
        if (**message != request)
            book_.violation("call " + std::to_string(id) + " got another one's answer");
    }
    auto finishing = opened->async_finish();
    auto const outcome = co_await std::move(finishing);
    if (outcome.has_value() && messages != pieces)
        book_.violation("call " + std::to_string(id) + " succeeded with " + std::to_string(messages) + " messages");
    book_.ended(id, outcome.has_value() ? status() : outcome.error());
}

asio::awaitable<void> simulation::call_with_pieces(std::string request, call_options options, std::size_t id) {
    auto opening = channel_->async_open(work_from_pieces, std::move(options));
    auto opened = co_await std::move(opening);
    if (opened.has_error()) {
        book_.ended(id, opened.error());
        co_return;
    }
    std::string all = request;
    auto writing = opened->async_write(request);
    (void)co_await std::move(writing);
    for (int i = 1; i < pieces; ++i) {
        asio::steady_timer pause(io_, between(0s, longest_pause));
        co_await pause.async_wait(asio::use_awaitable);
        std::string const piece = "and " + std::to_string(id) + "." + std::to_string(i);
        all += piece;
        auto more = opened->async_write(piece);
        if (auto const written = co_await std::move(more); written.has_error())
            break; // the end says why
    }
    auto ending = opened->async_writes_done();
    (void)co_await std::move(ending);
    auto finishing = opened->async_finish();
    auto const answer = co_await std::move(finishing);
    if (answer.has_value() && *answer != all)
        book_.violation("call " + std::to_string(id) + " was answered for other requests than its own");
    book_.ended(id, answer.has_value() ? status() : answer.error());
}

// -- time

void simulation::run_until(time_point end) {
    // A timer of its own, so that time does not pass the end.
    asio::steady_timer until(io_, end);
    until.async_wait([](error_code) {});
    for (;;) {
        std::size_t n = 0;
        if (io_.stopped())
            io_.restart();
        while (n < most_handlers_at_once && io_.poll_one() != 0)
            ++n;
        handlers_ += n;
        if (n == most_handlers_at_once || handlers_ > most_handlers)
            throw std::runtime_error("handlers run again and again");
        if (now() >= end || io_.stopped() || !time_.advance())
            return;
    }
}

void simulation::after(duration d, std::function<void()> f) {
    auto const timer = std::make_shared<asio::steady_timer>(io_, d);
    timer->async_wait([timer, f = std::move(f)](error_code ec) {
        if (!ec)
            f();
    });
}

duration simulation::between(duration least, duration most) {
    return duration(std::uniform_int_distribution<duration::rep>(least.count(), most.count())(random_));
}

} // namespace joust::sim
