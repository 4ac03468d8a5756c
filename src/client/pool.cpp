//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The pool's connections. pool_race.cpp has those of a balancer that wants one, pool_addresses.cpp has where they go,
// pool_calls.cpp and pool_queue.cpp its calls, pool_end.cpp its end.

#include "client/pool.hpp"

#include "client/pool_policy.hpp"

#include <boost/asio/dispatch.hpp>

#include <algorithm>
#include <utility>

namespace joust::client {

namespace asio = boost::asio;

/// What the timer calls. When it is destroyed uncalled, so is the execution context.
class pool::timer_handler {
public:
    explicit timer_handler(std::weak_ptr<pool> whom) noexcept : whom_(std::move(whom)) {}
    timer_handler(timer_handler&&) noexcept = default;
    timer_handler& operator=(timer_handler&&) = delete;
    ~timer_handler() {
        if (auto const p = whom_.lock())
            p->abandon();
    }

    void operator()(error_code ec) {
        if (auto const p = std::exchange(whom_, {}).lock(); p && !ec)
            p->on_timer();
    }

private:
    std::weak_ptr<pool> whom_;
};

namespace {

net::connection_settings to_settings(channel_options const& o) {
    net::connection_settings s;
    s.http2.max_header_list_size = o.max_header_list_size;
    s.http2.stream_window = o.stream_window;
    s.call.max_receive_message_size = o.max_receive_message_size;
    s.call.max_send_message_size = o.max_send_message_size;
    s.call.max_header_list_size = o.max_header_list_size;
    s.compressors = o.compressors;
    s.send_queue = o.send_queue;
    s.http2.max_sent_header_block = std::max(s.http2.max_sent_header_block, 2 * o.max_header_list_size);
    s.keepalive = o.keepalive;
    return s;
}

} // namespace

pool::pool(asio::any_io_executor io, pool_target to, std::shared_ptr<channel_options const> options,
           std::shared_ptr<rpc::call_defaults const> defaults)
    : io_(std::move(io)), to_(std::move(to)), options_(std::move(options)), defaults_(std::move(defaults)),
      health_check_(options_->health_check), tls_(options_->credentials.store()), settings_(to_settings(*options_)),
      random_(std::random_device{}()), balancer_(options_->balancer), timer_(io_) {
    if (!balancer_)
        balancer_ = round_robin();
    if (auto const& breaker = options_->circuit_breaker)
        breaker_options_ = std::make_shared<circuit_breaker_options const>(*breaker);
    if (options_->retry || options_->hedging)
        throttle_.emplace(options_->retry_throttling);
    if (auto const& detection = options_->outlier_detection)
        outliers_.emplace(*detection, std::chrono::steady_clock::now());
    own_config_ = !options_->service_config.empty();
    if (own_config_)
        apply_config(std::make_shared<service_config const>(*service_config::parse(options_->service_config)));
}

pool::~pool() = default;

// -- for the channel

void pool::connect() {
    asio::dispatch(io_, [self = shared_from_this()] {
        if (self->shut_down_)
            return;
        self->asked_to_connect_ = true;
        if (!self->resolving_)
            self->start_resolving();
        self->maintain();
    });
}

void pool::shut_down() {
    asio::dispatch(io_, [self = shared_from_this()] { self->do_shut_down(); });
}

void pool::retire() {
    asio::dispatch(io_, [self = shared_from_this()] {
        self->retired_ = true;
        self->shut_down_if_retired();
    });
}

void pool::wait_for_state(connectivity_state last, asio::any_completion_handler<void(connectivity_state)> handler) {
    rpc::completion<connectivity_state> waiter(std::move(handler), io_);
    asio::dispatch(io_, [self = shared_from_this(), last, w = std::move(waiter)]() mutable {
        if (self->state_ != last)
            return w.post(self->state_);
        self->state_waiters_.push_back({last, std::move(w)});
    });
}

void pool::reset_backoff() {
    asio::dispatch(io_, [self = shared_from_this()] {
        for (auto const& e : self->endpoints_)
            e->reset_backoff();
        self->maintain();
    });
}

void pool::refresh() {
    asio::dispatch(io_, [self = shared_from_this()] {
        if (self->resolving_ && self->to_.source)
            self->to_.source->refresh();
    });
}

void pool::set_service_config(std::shared_ptr<service_config const> config) {
    asio::dispatch(io_, [self = shared_from_this(), config = std::move(config)]() mutable {
        self->own_config_ = true;
        self->apply_config(std::move(config));
        self->on_endpoints_changed();
    });
}

void pool::set_circuit(std::string address, circuit_control what) {
    asio::dispatch(io_, [self = shared_from_this(), address = std::move(address), what] {
        if (!self->breaker_options_)
            return;
        if (address.empty())
            self->circuits_.clear();
        self->circuits_[address] = what; // also for those that are not there yet
        for (auto const& e : std::vector(self->endpoints_))
            if (address.empty() || e->address().address == address || e->name() == address)
                e->set_circuit(what);
    });
}

// -- connections

backoff::settings pool::backoff_settings() const noexcept {
    return {options_->initial_backoff, options_->backoff_multiplier, options_->max_backoff, options_->backoff_jitter};
}

net::connector_security pool::security() {
    if (!tls_)
        return {};
    auto const outcome = tls_->reload_if_due(std::chrono::steady_clock::now());
    if (outcome && options_->observer)
        options_->observer->credentials_reloaded(role::client, *outcome);
    auto const& name = tls_->options().ssl_target_name_override;
    return {tls_->current(), name.empty() ? to_.certificate_name : name};
}

rpc::call_defaults pool::probe_defaults() const {
    rpc::call_defaults d = *defaults_;
    d.retry_buffer_size = 0;
    return d;
}

void pool::on_ready(endpoint&) {
    maintain();
}

void pool::on_endpoints_changed() {
    breakers_moved_ = true;
    maintain();
}

void pool::on_unfit(status const& why) {
    last_failure_ = why;
    on_endpoints_changed();
}

void pool::on_lost(endpoint&) {
    if (resolving_ && to_.source && !shut_down_)
        to_.source->on_connection_failure();
    maintain();
}

void pool::on_failed(endpoint& e, status const& why) {
    last_failure_ = why;
    on_racer_failed(e);
    on_lost(e);
}

/// There are connections to be made, kept or closed, be there calls or not.
bool pool::wanted() const noexcept {
    return !queue_.empty() || asked_to_connect_ || options_->min_connections != 0 || endpoints_.size() > 1 ||
           (!endpoints_.empty() && endpoints_.front()->connections().size() > 1);
}

void pool::maintain_soon() {
    if (std::exchange(maintain_posted_, true))
        return;
    asio::post(io_, [self = shared_from_this()] {
        self->maintain_posted_ = false;
        self->maintain();
    });
}

void pool::maintain() {
    if (std::exchange(maintaining_, true)) {
        maintain_again_ = true;
        return;
    }
    auto const keep = shared_from_this();
    auto const now = std::chrono::steady_clock::now();
    do {
        maintain_again_ = false;
        if (!shut_down_)
            maintain_connections(now);
        rebuild_picker();
        update_state(now);
        if (state_ == connectivity_state::transient_failure)
            fail_hasty(unavailable());
        serve_queue();
    } while (maintain_again_);
    maintaining_ = false;
    shut_down_if_retired();
    arm_timer(now);
}

namespace {

/// Connections as the policy sees them, and whose they are.
struct pool_view {
    std::vector<pooled_address> addresses;
    std::vector<pooled_connection> connections;
    std::vector<std::pair<endpoint*, subchannel*>> whose;

    /// Only `count` of the endpoints, from `first` on, are to be connected to.
    pool_view(std::vector<std::shared_ptr<endpoint>> const& endpoints, std::size_t first, std::size_t count,
              time_point now) {
        std::size_t const n = endpoints.size();
        for (std::size_t i = 0; i != n; ++i) {
            endpoint& e = *endpoints[i];
            addresses.push_back({e.backing_off_until() > now || (i + n - first) % n >= count});
            for (auto const& c : e.connections()) {
                bool const ready = c->current() == subchannel::state::ready;
                connections.push_back(
                    {i, ready ? pooled_connection::state::ready : pooled_connection::state::connecting,
                     c->active_calls(), ready ? std::max<std::size_t>(c->max_calls(), 1) : 0, c->idle_since()});
                whose.emplace_back(&e, c.get());
            }
        }
    }
};

pool_options policy_options(channel_options const& o) {
    return {std::max<std::size_t>(o.min_connections, 1), o.max_connections, o.connection_idle_timeout};
}

} // namespace

void pool::maintain_connections(time_point now) {
    if (outliers_ && now >= outliers_->next())
        outliers_->on_interval(now, [this] { return random01(); });
    if (endpoints_.empty() || !wanted())
        return;
    bool const race = balancer_->scope() == connect_scope::first;
    bool const undecided = race && !race_decided(now);
    auto limits = policy_options(*options_);
    if (race)
        limits.max_connections = std::max(limits.max_connections, racing_);
    pool_view const view(endpoints_, first_, race ? racing_ : endpoints_.size(), now);
    auto const decision = pool_policy(limits).decide(view.addresses, view.connections, queue_.size(), now);
    surplus_ = view.connections.size() + decision.open.size() > limits.min_connections;
    for (std::size_t const i : decision.close)
        view.whose[i].first->close(*view.whose[i].second);
    for (std::size_t const i : decision.open)
        endpoints_[i]->open();
    if (undecided)
        plan_race(now);
}

void pool::rebuild_picker() {
    auto const now = std::chrono::steady_clock::now();
    std::vector<endpoint*> all;
    std::vector<endpoint*> good;
    for (auto const& e : endpoints_) {
        if (!e->ready())
            continue;
        all.push_back(e.get());
        if (!(outliers_ && outliers_->ejected(e->outlier())) && e->refusing_until() <= now)
            good.push_back(e.get());
    }
    if (good.empty())
        good.swap(all); // its breaker will say why
    if (good.empty()) {
        picker_.reset();
        ready_.clear();
        return;
    }
    if (picker_ && good == ready_)
        return;
    ready_ = std::move(good);
    std::vector<ready_endpoint> view;
    view.reserve(ready_.size());
    for (endpoint const* const e : ready_) {
        ready_endpoint r;
        endpoint_address const& address = e->address();
        r.address = address.address;
        r.weight = address.weight;
        if (address.locality)
            r.locality = *address.locality;
        r.load = &e->load();
        view.push_back(r);
    }
    picker_ = balancer_->make_picker(view);
    breakers_moved_ = true; // there may be others to go to
}

void pool::update_state(time_point now) {
    if (shut_down_)
        return set_state(connectivity_state::shutdown);
    if (picker_)
        return set_state(connectivity_state::ready);
    bool failing = resolved_ && endpoints_.empty();
    bool connecting = resolving_ && !resolved_;
    for (auto const& e : endpoints_) {
        connecting = connecting || e->connecting();
        failing = failing || e->backing_off_until() > now || (!e->connections().empty() && !e->connecting());
    }
    set_state(connecting ? connectivity_state::connecting
              : failing  ? connectivity_state::transient_failure
                         : connectivity_state::idle);
}

void pool::set_state(connectivity_state s) {
    if (state_ == s)
        return;
    state_ = s;
    if (options_->observer)
        options_->observer->channel_state_changed(to_.name, to_string(s));
    auto waiters = std::exchange(state_waiters_, {});
    for (state_waiter& each : waiters) {
        if (each.last == s)
            state_waiters_.push_back(std::move(each));
        else
            each.waiter.post(s);
    }
}

void pool::arm_timer(time_point now) {
    auto next = time_point::max();
    auto const earlier = [&](time_point t) { next = std::min(next, t); };
    if (!shut_down_) {
        if (!call_timers_.empty())
            earlier(call_timers_.earliest());
        if (wanted())
            for (auto const& e : endpoints_)
                if (e->backing_off_until() > now)
                    earlier(e->backing_off_until());
        if (refused_ != 0)
            earlier(refused_until_);
        if (wanted() && ready_.empty())
            earlier(race_due_);
        bool const any_ready = !ready_.empty();
        for (auto const& e : endpoints_) // those that refuse are not among the ready ones while there are others
            if (e->refusing_until() > now && e->ready())
                earlier(e->refusing_until());
        if (any_ready && outliers_)
            earlier(outliers_->next());
        if (any_ready && wanted()) {
            pool_view const view(endpoints_, 0, endpoints_.size(), now);
            if (auto const shrink =
                    pool_policy(policy_options(*options_)).next_shrink(view.addresses, view.connections))
                earlier(std::max(*shrink, now + std::chrono::milliseconds(1)));
        }
    }
    // Calls that wait keep this, as the channel and all connections may be gone, and while they do, a timer waits, too:
    // should the execution context go, its handler tells.
    keep_ = queue_.empty() && delayed_.empty() ? nullptr : shared_from_this();
    counters_->waiting_calls.store(queue_.size() + delayed_.size(), std::memory_order_relaxed);
    bool const needed = next != time_point::max() || !queue_.empty();
    if (next == armed_ && needed)
        return;
    armed_ = next;
    if (!needed) {
        timer_.cancel();
        return;
    }
    timer_.expires_at(next);
    timer_.async_wait(timer_handler(weak_from_this()));
}

void pool::on_timer() {
    auto const keep = shared_from_this();
    armed_ = time_point::min();
    auto const now = std::chrono::steady_clock::now();
    expire_calls(now);
    breakers_moved_ = breakers_moved_ || now >= refused_until_;
    maintain();
}

} // namespace joust::client
