//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "client/backoff.hpp"
#include "client/circuit_breaker.hpp"
#include "client/outlier_detector.hpp"
#include "client/subchannel.hpp"
#include "joust/client/channel.hpp"
#include "joust/client/endpoint_address.hpp"
#include "joust/client/picker.hpp"
#include "net/address.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace joust::client {

class pool;
struct pool_counters;

/// Why a breaker let no call through, and when it may.
struct refusal {
    std::string text = {};
    time_point until = time_point::max();
};

/// One address that the resolver gave: its connections, and what is known of the server there.
///
/// *Lifetime*: its pool and its connections keep it.
/// *Thread safety*: on the channel's executor.
class endpoint : public std::enable_shared_from_this<endpoint> {
public:
    endpoint(pool& owner, endpoint_address address, net::address where);

    // -- for the pool

    endpoint_address const& address() const noexcept { return address_; }
    /// The same endpoint with another weight or locality.
    void update(endpoint_address address) { address_ = std::move(address); }
    std::string const& name() const noexcept { return name_; }
    endpoint_load const& load() const noexcept { return load_; }
    std::vector<std::shared_ptr<subchannel>> const& connections() const noexcept { return connections_; }
    outlier_id& outlier() noexcept { return outlier_; }

    /// One of its connections can be used, or could if it were not full.
    bool ready() const noexcept;
    bool connecting() const noexcept;
    /// Until when no connection is to be tried.
    time_point backing_off_until() const noexcept { return backing_off_until_; }
    /// Why the last attempt to connect failed; OK when there was none since the last success.
    status const& last_failure() const noexcept { return last_failure_; }
    void reset_backoff() noexcept;

    enum class start_result : std::uint8_t { started, full, refused };
    /// Makes the call on one of its connections; `refused` by the breaker, of which `why` then tells.
    start_result try_start(rpc::pending_call& call, refusal& why);
    /// Until when its breaker lets no call through, if it is one for all methods.
    time_point refusing_until() const noexcept { return refusing_until_; }

    void open();
    /// Takes this connection out; it closes when the calls under way are done.
    void close(subchannel& which);
    /// Takes all of them out.
    void close_all();
    /// By hand, for all of its breakers, those to come too: see `circuit_breaker`.
    void set_circuit(circuit_control what);

    // -- for its connections

    boost::asio::any_io_executor const& get_executor() const noexcept;
    net::address const& where() const noexcept { return where_; }
    duration connect_timeout() const noexcept;
    net::connector_security security() const;
    net::connection_settings const& settings() const noexcept { return settings_; }
    std::shared_ptr<observer> const& watcher() const noexcept;
    /// Of calls that go there; empty: the channel's.
    std::string_view authority() const noexcept {
        return address_.authority ? std::string_view(*address_.authority) : std::string_view(own_authority_);
    }
    void slow_keepalive();
    /// For connections whose server has no health service, if there are no other pings.
    keepalive_options pings_instead_of_probes() const noexcept;
    /// Null when the servers are not asked.
    std::shared_ptr<health_probe> make_probe(subchannel& of) const;

    void on_ready(subchannel& which);
    void on_capacity();
    void on_idle(time_point now);
    void on_serving_changed(status const& found);
    std::shared_ptr<pool_counters> const& counters() const noexcept;
    void on_failed(subchannel& which, status const& why);
    /// Gets no more calls; those under way go on, unless it is closed.
    void on_lost(subchannel& which);
    void on_drained(subchannel& which);
    void on_abandoned() noexcept;
    bool on_attempt_end(rpc::pending_call& call, rpc::attempt_end const& how, bool connection_lost);

private:
    circuit_breaker* breaker_of(std::string_view method);
    void look_at(circuit_breaker const& breaker, circuit_state before, time_point now);
    std::string refusal_text(circuit_breaker const& breaker, duration retry_after) const;
    void remove(subchannel& which);
    void remember_draining(std::shared_ptr<subchannel> which);
    void release_pool_if_unused();

    pool& pool_;
    std::shared_ptr<pool> keep_; // while there is a connection
    endpoint_address address_;
    net::address where_;
    std::string name_;
    std::string own_authority_;
    net::connection_settings settings_;

    std::vector<std::shared_ptr<subchannel>> connections_;
    std::vector<std::shared_ptr<subchannel>> draining_;
    std::size_t next_ = 0; // of `connections_`, in turn
    endpoint_load load_;

    duration least_ping_interval_ = std::chrono::seconds(10); // gRFC A8

    backoff backoff_;
    time_point backing_off_until_ = time_point::min();
    status last_failure_;
    bool loss_told_ = false;     // to the breakers, since a connection was made
    std::size_t to_replace_ = 0; // lost connections since whose loss none was made

    std::map<std::string, circuit_breaker, std::less<>> breakers_; // by method, or one for all: the empty name
    circuit_control by_hand_ = circuit_control::automatic;
    std::string last_unhealthy_; // the last outcome that spoke against the server
    time_point refusing_until_ = time_point::min();
    outlier_id outlier_;
};

} // namespace joust::client
