//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/keepalive_options.hpp"
#include "joust/core/observer.hpp"
#include "joust/core/result.hpp"
#include "joust/net/credentials.hpp"
#include "joust/net/in_process.hpp"
#include "joust/rpc/http_handler.hpp"
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

class compressors;
/// Pings that a client may send without being told to go (GOAWAY "too_many_pings"). The server forgets all strikes when
/// it sends something of a call.
struct ping_limits {
    /// A ping sooner after another is a strike.
    std::chrono::steady_clock::duration min_interval = std::chrono::minutes(5);
    /// The same interval for clients without a call under way, which otherwise may ping every two hours.
    bool permit_without_calls = false;
    /// More strikes are too many. 0: nobody counts.
    std::uint32_t max_strikes = 2;
};

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
    /// The encodings of messages: all of these are read, and `call_context::set_encoding` chooses one for the answer.
    /// Null: `compressors::standard()`.
    std::shared_ptr<joust::compressors const> compressors = {};

    // Care of connections: a client that goes too far gets GOAWAY or a status with the option's name.

    /// Connections open at a time; a client above it gets GOAWAY.
    std::size_t max_connections = 100'000;
    /// How long a client may take to begin with HTTP/2 (its preface and SETTINGS).
    std::chrono::steady_clock::duration preface_timeout = std::chrono::seconds(20);
    /// A connection without calls for this long is closed; none: never.
    std::optional<std::chrono::steady_clock::duration> max_connection_idle = {};
    /// A connection this old, give or take a tenth, takes no new calls and is closed behind those under way.
    std::optional<std::chrono::steady_clock::duration> max_connection_age = {};
    /// How long those may take; then they are cancelled with UNAVAILABLE. None: as long as they like.
    std::optional<std::chrono::steady_clock::duration> max_connection_age_grace = {};
    /// Pings to clients that have gone quiet.
    keepalive_options keepalive = {.time = std::chrono::hours(2)};
    /// Pings that clients may send.
    ping_limits pings = {};
    /// Calls of a connection whose handlers are at work, those counted whose stream was reset. Calls above it get
    /// RESOURCE_EXHAUSTED. 0: twice `max_concurrent_streams`.
    std::uint32_t max_running_handlers = 0;
    /// Streams that a client may reset each second on a connection, ten times as many at once. 0: any number.
    std::uint32_t max_resets_per_second = 2000;
    /// Answers requests that are not gRPC's; may be null.
    http_handler http = serve_healthz;
    /// Largest body of such a request; above it the answer is 413.
    std::size_t max_http_body_size = 64 * 1024;

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
    std::string address = {}; ///< an IP address, or all there is to say: `"unix:/run/players.sock"`
    std::uint16_t port = 0;   ///< 0: none

    /// `"127.0.0.1:50051"`, `"[::1]:50051"`, `"unix:/run/players.sock"`
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

    /// Begins to accept connections at `host:port` (`0.0.0.0:50051`, `[::1]:0`, `localhost:50051`), `unix:path`,
    /// `unix:///absolute/path` or `unix-abstract:name`. Port 0 picks one. A name is resolved before this returns, and
    /// every address that it has is listened at. The file of a Unix socket that nobody listens at is replaced; it is
    /// removed when this server closes it.
    ///
    /// With TLS credentials, connections begin with a handshake; the observer hears of those that fail.
    ///
    /// *Errors*: INVALID_ARGUMENT for a malformed address, UNAVAILABLE with the cause when it cannot be bound,
    /// FAILED_PRECONDITION after `stop` or `async_drain`: a server serves once.
    result<endpoint> listen(std::string_view address, server_credentials const& credentials = {});
    /// Begins to accept the channels of this process that are made with `wire`.
    ///
    /// *Errors*: UNAVAILABLE when a server listens there already, FAILED_PRECONDITION as above.
    result<endpoint> listen(in_process const& wire);

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

    /// Closes all sockets and cancels all handlers, on the executor: an address is free once that has run. Nothing is
    /// answered.
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
