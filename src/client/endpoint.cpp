//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/endpoint.hpp"

#include "client/health_probe.hpp"
#include "client/pool.hpp"

#include <algorithm>
#include <utility>

namespace joust::client {

namespace {

std::shared_ptr<subchannel> take(std::vector<std::shared_ptr<subchannel>>& from, subchannel& which) {
    auto const at = std::find_if(from.begin(), from.end(), [&](auto const& c) { return c.get() == &which; });
    if (at == from.end())
        return nullptr;
    auto taken = std::move(*at);
    from.erase(at);
    return taken;
}

void take_in_hand(circuit_breaker& breaker, circuit_control what, time_point now) {
    switch (what) {
    case circuit_control::automatic: return breaker.reset(now);
    case circuit_control::force_open: return breaker.force_open(now);
    case circuit_control::force_closed: return breaker.force_closed(now);
    }
}

} // namespace

endpoint::endpoint(pool& owner, endpoint_address address, net::address where)
    : pool_(owner), address_(std::move(address)), where_(std::move(where)),
      name_(address_.wire ? address_.address : net::to_string(where_)),
      own_authority_(owner.own_authorities() ? net::default_authority(where_) : std::string()),
      settings_(owner.settings()), backoff_(owner.backoff_settings()) {}

// -- for the pool

bool endpoint::ready() const noexcept {
    return std::any_of(connections_.begin(), connections_.end(),
                       [](auto const& c) { return c->current() == subchannel::state::ready && c->serving(); });
}

bool endpoint::connecting() const noexcept {
    return std::any_of(connections_.begin(), connections_.end(),
                       [](auto const& c) { return c->current() == subchannel::state::connecting; });
}

void endpoint::reset_backoff() noexcept {
    backoff_.on_success();
    backing_off_until_ = time_point::min();
}

endpoint::start_result endpoint::try_start(rpc::pending_call& call, refusal& why) {
    std::size_t const n = connections_.size();
    for (std::size_t tried = 0; tried != n; ++tried) {
        next_ = next_ + 1 < n ? next_ + 1 : 0;
        subchannel& c = *connections_[next_];
        if (!c.can_open())
            continue;
        circuit_breaker* const breaker = breaker_of(call.path());
        circuit_permit permit;
        time_point now{};
        if (breaker != nullptr) {
            if (breaker->state() != circuit_state::closed) // else time does not matter
                now = std::chrono::steady_clock::now();
            auto const answer = breaker->try_acquire(now);
            if (!answer.permit) {
                why.text = refusal_text(*breaker, answer.retry_after);
                why.until = later(now, answer.retry_after);
                return start_result::refused;
            }
            permit = *answer.permit;
            call.set_ticket(permit.generation);
        }
        ++load_.calls_in_flight; // first, as the call may be over when it has started
        if (c.start(call))
            return start_result::started;
        --load_.calls_in_flight;
        if (breaker != nullptr)
            breaker->release(permit, now);
        return start_result::full; // its last stream is used up; it has told the pool
    }
    return start_result::full;
}

void endpoint::open() {
    keep_ = pool_.shared_from_this();
    auto const c = std::make_shared<subchannel>(shared_from_this());
    connections_.push_back(c);
    c->connect();
}

void endpoint::close(subchannel& which) {
    auto c = take(connections_, which);
    if (!c)
        return;
    remember_draining(c);
    c->drain();
    if (c->current() == subchannel::state::closed)
        on_drained(*c);
}

void endpoint::close_all() {
    auto const keep = shared_from_this();
    while (!connections_.empty())
        close(*connections_.back());
    for (auto const& c : std::vector(draining_))
        c->drain();
}

void endpoint::set_circuit(circuit_control what) {
    by_hand_ = what;
    (void)breaker_of({});
    auto const now = std::chrono::steady_clock::now();
    for (auto& [method, breaker] : breakers_) {
        auto const before = breaker.state();
        take_in_hand(breaker, what, now);
        look_at(breaker, before, now);
    }
}

/// Follows what the breaker for all methods says.
void endpoint::look_at(circuit_breaker const& breaker, circuit_state before, time_point now) {
    auto const& options = *pool_.breaker_options();
    if (breaker.state() == circuit_state::half_open)
        pool_.on_breakers_moved(); // a trial is over, another may begin
    if (breaker.state() == before)
        return;
    if (options.per_method)
        return pool_.on_breakers_moved();
    switch (breaker.state()) {
    case circuit_state::open: refusing_until_ = later(now, options.open_time); break;
    case circuit_state::forced_open: refusing_until_ = time_point::max(); break;
    default: refusing_until_ = time_point::min(); break;
    }
    pool_.on_endpoints_changed();
}

circuit_breaker* endpoint::breaker_of(std::string_view method) {
    auto const& options = pool_.breaker_options();
    if (!options)
        return nullptr;
    std::string_view const key = options->per_method ? method : std::string_view();
    auto at = breakers_.find(key);
    if (at == breakers_.end()) {
        at = breakers_.try_emplace(std::string(key), options, name_, std::string(key)).first;
        if (by_hand_ != circuit_control::automatic)
            take_in_hand(at->second, by_hand_, std::chrono::steady_clock::now());
    }
    return &at->second;
}

std::string endpoint::refusal_text(circuit_breaker const& breaker, duration retry_after) const {
    std::string text = "the circuit breaker of " + name_ + " is ";
    text += breaker.state() == circuit_state::half_open ? "half open and waits for its trials" : "open";
    if (breaker.state() == circuit_state::forced_open)
        return text + " by hand";
    if (retry_after < duration::max())
        text += ", calls are tried again in " +
                std::to_string(std::chrono::ceil<std::chrono::milliseconds>(retry_after).count()) + " ms";
    if (!last_unhealthy_.empty())
        text += "; the last failure: " + last_unhealthy_;
    return text;
}

// -- for its connections

boost::asio::any_io_executor const& endpoint::get_executor() const noexcept {
    return pool_.get_executor();
}

duration endpoint::connect_timeout() const noexcept {
    return pool_.options().connect_timeout;
}

net::connector_security endpoint::security() const {
    return pool_.security();
}

std::shared_ptr<observer> const& endpoint::watcher() const noexcept {
    return pool_.options().observer;
}

void endpoint::slow_keepalive() {
    settings_.keepalive = net::slower(settings_.keepalive);
    if (auto const interval = net::slower(pings_instead_of_probes()).time)
        least_ping_interval_ = *interval;
}

keepalive_options endpoint::pings_instead_of_probes() const noexcept {
    keepalive_options pings;
    if (auto const* const probes = pool_.health_check()) {
        pings.time = std::max(probes->interval, least_ping_interval_);
        pings.timeout = probes->timeout;
    }
    return pings;
}

std::shared_ptr<health_probe> endpoint::make_probe(subchannel& of) const {
    auto const* const options = pool_.health_check();
    if (options == nullptr)
        return nullptr;
    auto defaults = std::make_shared<rpc::call_defaults>(pool_.probe_defaults());
    if (!authority().empty())
        defaults->authority = authority();
    return std::make_shared<health_probe>(of, get_executor(), *options, std::move(defaults));
}

std::shared_ptr<pool_counters> const& endpoint::counters() const noexcept {
    return pool_.counters();
}

void endpoint::on_ready(subchannel&) {
    pool_counters::add(counters()->connections);
    if (to_replace_ != 0) {
        --to_replace_;
        pool_counters::add(counters()->reconnections);
    }
    backoff_.on_success();
    last_failure_ = {};
    loss_told_ = false;
    pool_.on_ready(*this);
}

void endpoint::on_capacity() {
    pool_.on_capacity();
}

void endpoint::on_idle(time_point now) {
    pool_.on_idle(now);
}

void endpoint::on_serving_changed(status const& found) {
    if (found.ok())
        return pool_.on_endpoints_changed();
    pool_.on_unfit(status(status_code::unavailable, "the health check of " + name_ + " failed: " + found.to_string(),
                          status_origin::network, found.cause()));
}

void endpoint::on_failed(subchannel& which, status const& why) {
    auto const keep = shared_from_this();
    remove(which);
    last_failure_ = why;
    pool_counters::add(counters()->failed_connections);
    auto const now = std::chrono::steady_clock::now();
    if (now >= backing_off_until_) // several attempts that fail at the same time are one failure
        backing_off_until_ = later(now, backoff_.on_failure(pool_.random01()));
    pool_.on_failed(*this, why);
    release_pool_if_unused();
}

void endpoint::on_lost(subchannel& which) {
    auto const keep = shared_from_this();
    ++to_replace_;
    pool_counters::add(counters()->lost_connections);
    auto c = take(connections_, which);
    if (c && c->current() == subchannel::state::draining)
        remember_draining(std::move(c));
    pool_.on_lost(*this);
    release_pool_if_unused();
}

void endpoint::on_drained(subchannel& which) {
    auto const keep = shared_from_this();
    remove(which);
    release_pool_if_unused();
}

void endpoint::remember_draining(std::shared_ptr<subchannel> which) {
    draining_.push_back(std::move(which));
}

void endpoint::remove(subchannel& which) {
    (void)take(connections_, which);
    (void)take(draining_, which);
}

void endpoint::release_pool_if_unused() {
    if (connections_.empty() && draining_.empty())
        keep_.reset(); // the caller keeps this object
}

void endpoint::on_abandoned() noexcept {
    auto const keep_this = shared_from_this();
    auto const keep_pool = std::exchange(keep_, nullptr);
    auto const dropped = std::exchange(connections_, {});
    auto const dropped_draining = std::exchange(draining_, {});
    if (keep_pool)
        keep_pool->abandon();
}

bool endpoint::on_attempt_end(rpc::pending_call& call, rpc::attempt_end const& how, bool connection_lost) {
    auto const keep = shared_from_this();
    --load_.calls_in_flight;
    if (circuit_breaker* const breaker = breaker_of(call.path())) {
        auto const before = breaker->state();
        // A server that goes is one failure, however many connections and calls it takes along: or one that is started
        // anew while calls are under way would be without any for the breaker's time.
        bool const known = connection_lost && std::exchange(loss_told_, true);
        auto const said = known ? health_opinion::none : opinion(*pool_.breaker_options(), how.outcome);
        if (said == health_opinion::unhealthy)
            last_unhealthy_ = how.outcome.to_string();
        breaker->record({call.ticket()}, said, how.elapsed, how.now);
        look_at(*breaker, before, how.now);
    }
    return pool_.on_attempt_end(*this, call, how);
}

} // namespace joust::client
