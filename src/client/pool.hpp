//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "client/endpoint.hpp"
#include "client/pool_counters.hpp"
#include "client/retry_state.hpp"
#include "client/retry_throttle.hpp"
#include "joust/client/channel.hpp"
#include "joust/client/connectivity_state.hpp"
#include "joust/client/load_balancer.hpp"
#include "joust/client/resolver.hpp"
#include "joust/client/service_config.hpp"
#include "net/timer_queue.hpp"
#include "net/tls_store.hpp"
#include "rpc/completion.hpp"
#include "rpc/pending_call.hpp"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace joust::client {

class hedged_call;

/// Where a channel's calls can go.
struct pool_target {
    /// Gives the addresses; or null, and `only` is the one there is.
    std::shared_ptr<joust::resolver> source = {};
    std::optional<net::address> only = {};
    std::string name = {};             ///< for texts
    std::string certificate_name = {}; ///< what the servers' certificates are for; empty: each its own host
    bool own_authorities = false;      ///< `:authority` is that of each address
};

/// A channel's endpoints and their connections, the calls that wait for one, and what follows when one has failed.
///
/// Everything that happens here (a call, a connection, a new list of addresses, a point in time) ends in `maintain`,
/// which compares what there is with what there should be.
///
/// *Thread safety*: `submit`, `state` and the functions that say so are safe, the rest runs on the channel's executor.
class pool : public std::enable_shared_from_this<pool> {
public:
    /// `defaults` are those of the channel's calls.
    pool(boost::asio::any_io_executor io, pool_target to, std::shared_ptr<channel_options const> options,
         std::shared_ptr<rpc::call_defaults const> defaults);
    pool(pool const&) = delete;
    pool& operator=(pool const&) = delete;
    ~pool();

    boost::asio::any_io_executor const& get_executor() const noexcept { return io_; }

    // -- for the channel; all safe

    /// Makes the call now or as soon as it can be made.
    void submit(std::shared_ptr<rpc::pending_call> call);
    void connect();
    void shut_down();
    /// Nobody can make calls any more: shuts down once those that wait have been made.
    void retire();
    connectivity_state state() const noexcept { return state_; }
    std::shared_ptr<pool_counters> const& counters() const noexcept { return counters_; }
    /// Completes when the state is not `last` any more.
    void wait_for_state(connectivity_state last, boost::asio::any_completion_handler<void(connectivity_state)> handler);
    void reset_backoff();
    void refresh();
    void set_service_config(std::shared_ptr<service_config const> config);
    void set_circuit(std::string address, circuit_control what);

    // -- for hedged calls

    /// Makes an attempt `of` a call.
    void launch(std::shared_ptr<rpc::pending_call> attempt, hedged_call& of);
    /// Null: there is no budget.
    retry_throttle* throttle() noexcept { return throttle_ ? &*throttle_ : nullptr; }
    void on_hedging_begun() noexcept { ++hedged_; }
    void on_hedging_ended();

    // -- for the endpoints

    channel_options const& options() const noexcept { return *options_; }
    bool own_authorities() const noexcept { return to_.own_authorities; }
    net::connection_settings const& settings() const noexcept { return settings_; }
    backoff::settings backoff_settings() const noexcept;
    std::shared_ptr<circuit_breaker_options const> const& breaker_options() const noexcept { return breaker_options_; }
    net::connector_security security();
    /// Null: off.
    health_check_options const* health_check() const noexcept { return health_check_ ? &*health_check_ : nullptr; }
    rpc::call_defaults probe_defaults() const;
    double random01() { return std::uniform_real_distribution<double>()(random_); }

    void on_ready(endpoint& e);
    void on_capacity() { serve_queue(); }
    /// A connection has no calls any more.
    void on_idle(time_point now) {
        if (surplus_ && armed_ > later(now, options_->connection_idle_timeout))
            maintain_soon();
    }
    void on_endpoints_changed();
    /// An endpoint that is connected to wants no calls.
    void on_unfit(status const& why);
    /// A breaker has changed its state, or a trial of it is over.
    void on_breakers_moved();
    void on_lost(endpoint& e);
    void on_failed(endpoint& e, status const& why);
    bool on_attempt_end(endpoint& e, rpc::pending_call& call, rpc::attempt_end const& how);
    void abandon() noexcept;

private:
    class timer_handler;
    class call_attempts;
    struct state_waiter {
        connectivity_state last;
        rpc::completion<connectivity_state> waiter;
    };
    enum class pick_result : std::uint8_t { started, wait, refused };

    // pool_addresses.cpp
    void start_resolving();
    void on_resolution(resolution found);
    void set_addresses(std::vector<endpoint_address> addresses);
    void apply_config(std::shared_ptr<service_config const> config);
    void apply_circuits(endpoint& to) const;

    // pool.cpp
    void maintain();
    void maintain_soon();
    void maintain_connections(time_point now);
    void rebuild_picker();
    void update_state(time_point now);
    void set_state(connectivity_state s);
    void arm_timer(time_point now);
    void on_timer();
    void do_shut_down();
    void shut_down_if_retired();
    bool wanted() const noexcept;

    // pool_race.cpp
    bool any_connecting() const noexcept;
    bool race_decided(time_point now);
    void plan_race(time_point now);
    void on_racer_failed(endpoint const& e);

    // pool_calls.cpp
    void do_submit(std::shared_ptr<rpc::pending_call> call);
    static void apply(method_config const& config, rpc::pending_call& call);
    retry_policy const* retry_of(method_config const* config) const noexcept;
    hedging_policy const* hedging_of(method_config const* config, rpc::pending_call const& call) const noexcept;
    method_config const* config_of(rpc::pending_call const& call) const noexcept;
    bool waits_for_ready(rpc::pending_call const& call) const noexcept;
    void submit_checked(std::shared_ptr<rpc::pending_call> call);
    pick_result try_start(rpc::pending_call& call);
    static void fail(rpc::pending_call& call, status why);
    static void explain(endpoint const& e, rpc::pending_call& call, status& outcome, retry_stop reason);
    status refused() const;
    void refuse(rpc::pending_call& call);
    status unavailable() const;

    // pool_queue.cpp
    void enqueue(std::shared_ptr<rpc::pending_call> call);
    void forget_refusals() noexcept;
    void serve_queue();
    void expire_calls(time_point now);
    std::string why_late(rpc::pending_call const& call) const;
    void drop_ended();
    void fail_hasty(status const& why);
    void fail_all(status const& why);

    boost::asio::any_io_executor io_;
    pool_target to_;
    std::shared_ptr<channel_options const> options_;
    std::shared_ptr<rpc::call_defaults const> defaults_;
    std::optional<health_check_options> health_check_;
    std::shared_ptr<net::tls_client_store> tls_;
    net::connection_settings settings_;
    std::shared_ptr<circuit_breaker_options const> breaker_options_;
    std::shared_ptr<pool_counters> counters_ = std::make_shared<pool_counters>(); // connections may outlive the pool
    std::map<std::string, circuit_control, std::less<>> circuits_; // by hand, by address; the empty one: all others
    std::minstd_rand random_;

    bool resolving_ = false; // the source has been started
    bool resolved_ = false;  // there has been an answer
    status resolve_failure_;
    std::vector<std::shared_ptr<endpoint>> endpoints_;
    std::shared_ptr<load_balancer> balancer_;
    std::vector<endpoint*> ready_;
    std::unique_ptr<picker> picker_; // over `ready_`, or null
    // Of a balancer that wants one of them: where the search begins, how many are tried, when one more is.
    std::size_t first_ = 0;
    std::size_t racing_ = 1;
    time_point race_due_ = time_point::max();
    std::shared_ptr<service_config const> config_;
    bool own_config_ = false; // and not a resolver's
    std::optional<retry_throttle> throttle_;
    std::optional<outlier_detector> outliers_;

    std::atomic<connectivity_state> state_{connectivity_state::idle};
    status last_failure_;
    std::vector<state_waiter> state_waiters_;
    bool retired_ = false;
    bool shut_down_ = false;
    bool maintaining_ = false;
    bool maintain_again_ = false;
    bool surplus_ = false; // more connections than are kept when idle
    bool asked_to_connect_ = false;

    std::deque<std::shared_ptr<rpc::pending_call>> queue_;
    std::size_t refused_ = 0;                      // so many at its front wait for a breaker
    time_point refused_until_ = time_point::max(); // when the first of them may be let through
    bool breakers_moved_ = false;
    std::vector<std::shared_ptr<rpc::pending_call>> delayed_; // until their next attempt
    std::size_t hedged_ = 0;                                  // calls that may have further attempts
    net::timer_queue call_timers_;                            // deadlines of the first, attempts of the second
    std::shared_ptr<pool> keep_;                              // while there are any in the first two
    bool serving_queue_ = false;
    bool maintain_posted_ = false;
    refusal refusal_; // of the last call that no breaker let through
    boost::asio::steady_timer timer_;
    time_point armed_ = time_point::max();
};

} // namespace joust::client
