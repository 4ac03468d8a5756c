//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "client/health_verdict.hpp"
#include "rpc/pending_call.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace joust::client {

class subchannel;

/// Asks the server of one connection, again and again, whether it serves (`grpc.health.v1.Health/Check`), and takes the
/// connection out of rotation or brings it back. A server without the service is never asked again: then HTTP/2 pings
/// have to tell (keepalive).
///
/// *Lifetime*: its connection's.
/// *Thread safety*: on the channel's executor.
class health_probe : public std::enable_shared_from_this<health_probe> {
public:
    /// `options` outlive it, as does `whom`, until `stop`.
    health_probe(subchannel& whom, boost::asio::any_io_executor const& io, health_check_options const& options,
                 std::shared_ptr<rpc::call_defaults const> defaults);

    void start() { ask(); }
    void stop();

private:
    void ask();
    void on_answer(result<buffer> const& answer);
    void wait();

    subchannel* whom_; // null once stopped
    health_check_options const& options_;
    std::shared_ptr<rpc::call_defaults const> defaults_;
    health_verdict verdict_;
    boost::asio::any_io_executor io_;
    boost::asio::steady_timer timer_;
};

} // namespace joust::client
