//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/observer.hpp"
#include "joust/rpc/router.hpp"
#include "net/server_stream.hpp"

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>

namespace joust::rpc {

/// Sends each call to its handler and the handler's answer back.
///
/// *Thread safety*: safe; connections on different threads share it.
class dispatcher final : private net::server_stream_listener {
public:
    dispatcher(std::shared_ptr<router const> routes, std::shared_ptr<observer> watcher);

    void on_call(net::server_stream& s);

    /// The status of a handler that ended by an exception: `rpc_error` chooses, everything else is INTERNAL with a
    /// fixed text and an id, under which the observer hears what it was.
    status to_status(std::exception_ptr e, std::string_view path) noexcept;

private:
    // The whole request of a unary call is there.
    void on_readable(net::server_stream& s) override;
    void on_writable(net::server_stream&) override {}
    void on_cancelled(net::server_stream&) override {}
    void on_abandoned() noexcept override {}

    void run_unary(net::server_stream& s, unary_handler& handler);

    std::shared_ptr<router const> routes_;
    std::shared_ptr<observer> watcher_;
    std::atomic<std::uint64_t> failures_{0};
};

/// Runs a unary handler's coroutine for the request in the stream's buffers.
void start_unary_coroutine(dispatcher& d, net::server_stream& s, unary_handler& handler);

/// Runs a streaming handler.
void start_stream(dispatcher& d, net::server_stream& s, stream_handler& handler);

} // namespace joust::rpc
