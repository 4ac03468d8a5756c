//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/observer.hpp"
#include "joust/core/result.hpp"
#include "joust/rpc/router.hpp"
#include "joust/rpc/server_interceptor.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/deferred.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace joust {

/// How a server treats its connections and calls.
struct server_options {
    /// Largest message accepted, in bytes.
    std::size_t max_receive_message_size = 4 * 1024 * 1024;
    /// Largest message sent, in bytes.
    std::size_t max_send_message_size = 0xffffffff;
    /// Calls under way on one connection at a time.
    std::uint32_t max_concurrent_streams = 100;
    /// Largest header block accepted, counted as RFC 9113 6.5.2 does.
    std::uint32_t max_header_list_size = 8 * 1024;
    /// Bytes that a client may send ahead of the handler's reading, per call.
    std::uint32_t stream_window = 1024 * 1024;
    /// A handler's write waits while this many bytes are queued for its call.
    std::size_t send_queue = 64 * 1024;
    /// Give each connection a strand. Needed when several threads run the executor; without it the executor must run
    /// one thing at a time.
    bool use_strands = true;
    /// Sees connections and calls. Without one, failed handlers are written to `std::clog`.
    std::shared_ptr<joust::observer> observer = {};
    /// What is done around every handler, the first outermost. Calls that have no handler, or whose request is broken,
    /// come to none.
    std::vector<any_server_interceptor> interceptors = {};
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(server_options const& options);

/// Where a server listens.
struct endpoint {
    std::string address = {};
    std::uint16_t port = 0;

    /// `"127.0.0.1:50051"`, `"[::1]:50051"`
    std::string to_string() const;
};

/// A gRPC server on the user's executor.
///
/// *Lifetime*: destroying it closes its sockets and cancels its handlers; it must not outlive its execution context.
/// *Thread safety*: distinct objects safe, shared objects unsafe, except `stop`, which is safe.
class server {
public:
    /// Throws `std::invalid_argument` with the words of `validate` when an option is out of range.
    explicit server(boost::asio::any_io_executor executor, server_options options = {});
    server(server const&) = delete;
    server& operator=(server const&) = delete;
    server(server&&) noexcept;
    server& operator=(server&&) noexcept;
    ~server();

    /// Binds a handler to a method: see `router::add`. Before the first `listen`.
    template <message Request, message Response, call_kind Kind, class F>
    void add(basic_method<Request, Response, Kind> method, F f) {
        routes().add(method, std::move(f));
    }

    /// Binds everything that `service.bind(router&)` adds. Before the first `listen`.
    template <class Service>
        requires requires(Service& s, router& r) { s.bind(r); }
    void add(Service&& service) {
        service.bind(routes());
    }

    /// The services that were added, by name. The names live as long as the server.
    std::vector<service_info> services() const;

    /// Begins to accept connections at `host:port` (`0.0.0.0:50051`, `[::1]:0`, `localhost:50051`). Port 0 picks one.
    /// A name is resolved before this returns, and every address that it has is listened at.
    ///
    /// *Errors*: INVALID_ARGUMENT for a malformed address, UNAVAILABLE with the cause when it cannot be bound.
    result<endpoint> listen(std::string_view address);

    /// Stops accepting, tells clients to go elsewhere (GOAWAY), and waits for the calls under way. What is left after
    /// `timeout` is cancelled with UNAVAILABLE.
    ///
    /// *Completion*: `void(error_code)` on the handler's executor, else the server's: success, or `timed_out` when
    /// calls had to be cancelled.
    /// *Cancellation*: all types; stops the wait, the drain goes on.
    template <class Token = boost::asio::deferred_t>
    auto async_drain(std::chrono::steady_clock::duration timeout, Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(error_code)>(
            [](auto handler, std::shared_ptr<impl> self, std::chrono::steady_clock::duration t) {
                drain(std::move(self), t, std::move(handler));
            },
            token, impl_, timeout);
    }

    /// Closes all sockets and cancels all handlers. Nothing is answered.
    void stop();

    /// Connections that are open.
    std::size_t connection_count() const;

    boost::asio::any_io_executor get_executor() const;

private:
    class impl;

    router& routes();
    static void drain(std::shared_ptr<impl> self, std::chrono::steady_clock::duration timeout,
                      boost::asio::any_completion_handler<void(error_code)> handler);

    std::shared_ptr<impl> impl_;
};

} // namespace joust
