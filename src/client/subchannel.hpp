//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/client_connection.hpp"
#include "net/connector.hpp"
#include "rpc/pending_call.hpp"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

namespace joust::client {

class endpoint;
class health_probe;
struct pool_counters;

/// One connection to an endpoint, from the attempt to make it to its end.
///
///     connecting --SETTINGS--> ready --GOAWAY, or not wanted any more--> draining --last call--> closed
///          |                     |                                           |                      ^
///          +---- failed ---------+------------------ lost -------------------+----------------------+
///
/// The connection, or the attempt to make it, keeps this object; this keeps the endpoint.
///
/// *Thread safety*: on the channel's executor.
class subchannel final : public net::client_connection_owner,
                         public rpc::attempt_owner,
                         public std::enable_shared_from_this<subchannel> {
public:
    using time_point = std::chrono::steady_clock::time_point;
    enum class state : std::uint8_t { connecting, ready, draining, closed };

    explicit subchannel(std::shared_ptr<endpoint> of);
    subchannel(subchannel const&) = delete;
    subchannel& operator=(subchannel const&) = delete;
    ~subchannel();

    void connect();

    state current() const noexcept { return state_; }
    std::size_t active_calls() const noexcept { return connection_ ? connection_->active_calls() : 0; }
    std::size_t max_calls() const noexcept { return connection_ ? connection_->max_calls() : 0; }
    bool has_free_stream() const noexcept { return state_ == state::ready && connection_->can_open(); }
    bool can_open() const noexcept { return serving_ && has_free_stream(); }
    /// Since when no call is under way.
    time_point idle_since() const noexcept { return idle_since_; }

    /// What a probe found: a server that does not serve gets no calls. OK, or why it does not.
    void set_serving(status const& found);
    /// The server does not say whether it serves: pings are to show that it lives.
    void rely_on_pings();
    bool serving() const noexcept { return serving_; }

    /// Precondition: `can_open()`. False: there was no stream after all.
    bool start(rpc::pending_call& call);
    /// A call that is not of the channel's user: its outcome counts for nothing.
    bool start_probe(rpc::pending_call& call);
    void on_probe_failed() noexcept;
    /// Is not used any more; closes when the calls under way are done.
    void drain();

    // rpc::attempt_owner
    bool on_attempt_end(rpc::pending_call& call, rpc::attempt_end const& how) override;

private:
    class attempt;

    // net::client_connection_owner
    void on_ready() override;
    void on_capacity() override;
    void on_going_away() override;
    void on_too_many_pings() override;
    void on_lost(status const& why) override;
    void on_abandoned() noexcept override;

    void on_connected(result<std::unique_ptr<net::transport>> made);
    void on_connect_timeout();
    void end_attempt();
    void fail(status const& why);
    void become(state s);
    void count() noexcept;

    std::shared_ptr<endpoint> endpoint_;
    std::shared_ptr<pool_counters> counters_;
    std::atomic<std::uint64_t>* counted_ = nullptr; // of `counters_`, where this is counted
    state state_ = state::connecting;
    bool serving_ = true;
    bool attempting_ = false;                 // a connector is at work
    std::weak_ptr<net::connector> connector_; // kept by its operations
    std::shared_ptr<net::client_connection> connection_;
    boost::asio::steady_timer timer_;     // of the attempt to connect
    std::shared_ptr<health_probe> probe_; // while it is ready
    time_point idle_since_{};
};

} // namespace joust::client
