//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "client/backoff.hpp"
#include "joust/client/channel.hpp"
#include "net/address.hpp"
#include "net/client_connection.hpp"
#include "net/connector.hpp"
#include "net/tls_store.hpp"
#include "rpc/pending_call.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>
#include <random>

namespace joust::client {

/// One address and the connection to it.
///
///     idle --call--> connecting --SETTINGS--> ready --lost or GOAWAY--> idle
///                        |  failed                                        ^
///                        +-------> backing off --pause over---------------+
///
/// *Thread safety*: `submit` and `shut_down` are safe, the rest runs on the subchannel's executor.
class subchannel final : public net::client_connection_owner, public std::enable_shared_from_this<subchannel> {
public:
    using time_point = std::chrono::steady_clock::time_point;

    subchannel(boost::asio::any_io_executor io, net::address to, channel_options const& options);

    boost::asio::any_io_executor const& get_executor() const noexcept { return io_; }

    /// Makes the call now or as soon as it can be made.
    void submit(std::shared_ptr<rpc::pending_call> call);
    /// No new calls; those that wait for a connection fail, the connection closes when those under way are done.
    void shut_down();
    /// Nobody can make calls any more: shuts down once those that wait have been made.
    void retire();

private:
    enum class state : std::uint8_t { idle, connecting, ready, backing_off, shut_down };

    // net::client_connection_owner
    void on_ready() override;
    void on_capacity() override { start_queued(); }
    void on_going_away() override;
    void on_too_many_pings() override { settings_.keepalive = net::slower(settings_.keepalive); }
    void on_lost(status const& why) override;
    void on_abandoned() noexcept override;

    class attempt;
    void end_attempt();
    void do_submit(std::shared_ptr<rpc::pending_call> call);
    void enqueue(std::shared_ptr<rpc::pending_call> call);
    void connect();
    void on_connected(result<std::unique_ptr<net::transport>> made);
    net::connector_security security();
    void on_connect_timeout();
    void back_off(status why);
    void start_queued();
    void fail_queued(status const& why);
    void do_shut_down();
    void shut_down_if_retired();
    void arm_deadlines();
    void disarm_deadlines();

    boost::asio::any_io_executor io_;
    net::address to_;
    std::string name_; // of to_, for texts
    std::shared_ptr<net::tls_client_store> tls_;
    net::connection_settings settings_;
    std::chrono::steady_clock::duration connect_timeout_;
    std::size_t max_queued_;
    std::shared_ptr<observer> watcher_;

    state state_ = state::idle;
    bool retired_ = false;
    bool attempting_ = false;                 // a connector is at work
    std::weak_ptr<net::connector> connector_; // kept by its operations
    std::shared_ptr<net::client_connection> connection_;
    boost::asio::steady_timer timer_; // of the attempt to connect, then of the pause
    backoff backoff_;
    std::minstd_rand random_;
    status last_failure_;

    std::deque<std::shared_ptr<rpc::pending_call>> queue_;
    net::timer_queue deadlines_; // of the calls in the queue
    boost::asio::steady_timer deadline_timer_;
};

} // namespace joust::client
