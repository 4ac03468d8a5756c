//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/router.hpp"
#include "net/server_stream.hpp"

#include <memory>

namespace joust::rpc {

/// Sends each call to its handler and the handler's answer back.
///
/// *Thread safety*: safe; connections on different threads share it.
class dispatcher final : private net::server_stream_listener {
public:
    explicit dispatcher(std::shared_ptr<router const> routes);

    void on_call(net::server_stream& s);

private:
    // The whole request of a unary call is there.
    void on_readable(net::server_stream& s) override;
    void on_writable(net::server_stream&) override {}
    void on_cancelled(net::server_stream&) override {}
    void on_abandoned() noexcept override {}

    void run_unary(net::server_stream& s, unary_handler& handler);

    std::shared_ptr<router const> routes_;
};

/// Runs a unary handler's coroutine for the request in the stream's buffers.
void start_unary_coroutine(net::server_stream& s, unary_handler& handler);

/// Runs a streaming handler.
void start_stream(net::server_stream& s, stream_handler& handler);

} // namespace joust::rpc
