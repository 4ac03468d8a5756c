//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "core/token_bucket.hpp"
#include "joust/core/http_message.hpp"
#include "net/connection.hpp"
#include "net/server_stream.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace joust::net {

class server_connection;

/// Where calls go: the server above.
class call_acceptor {
public:
    /// A call's headers came and were accepted. Sets the stream's listener or finishes it.
    virtual void on_call(server_stream& s) = 0;
    /// A request that is not gRPC's came (with `limits::http_fallback` only). Nothing: it is refused.
    virtual std::optional<http_response> on_http(server_stream&, http_request const&) { return std::nullopt; }
    virtual void on_connection_closed(server_connection& c) = 0;

protected:
    ~call_acceptor() = default;
};

/// The server's side of a connection: opens a `server_stream` per request.
class server_connection final : public connection, private timed {
public:
    server_connection(std::unique_ptr<transport> t, connection_settings const& settings,
                      std::shared_ptr<observer> watcher, std::shared_ptr<call_acceptor> acceptor);

    /// Refuses new calls and closes when those under way are done: GOAWAY with the last stream 2^31-1, a PING to see
    /// what was already on its way, GOAWAY with the real one.
    void drain() { drain({}); }
    /// Cancels every call with `why` and closes when the answers are written, at the latest after a second.
    void abort(status const& why);

    /// Instead of `start`: tells the client why it is not served, and closes.
    void refuse(std::string_view why, boost::system::error_code cause);

    bool draining() const noexcept { return draining_; }
    std::size_t active_calls() const noexcept { return streams_.size(); }

    /// A number that tells this connection's calls from those of others in logs.
    std::uint64_t id() const noexcept { return id_; }

private:
    friend class server_stream;

    // connection
    void on_event(http2::event const& e) override;
    void on_closed(boost::system::error_code why) override;
    void on_abandoned() noexcept override;
    bool busy() const noexcept override { return !streams_.empty(); }

    // timed: the grace of abort
    void on_expired() override;

    time_point on_care_time(time_point now) override;

    void drain(std::string_view why); // a literal; the debug text of the last GOAWAY
    void say_final_goaway();
    void on_stream_closed(http2::event const& e, server_stream* s);
    void on_stream_refused();
    void count_reset();
    void recycle(server_stream& s) { streams_.recycle(s); }
    void on_headers(http2::event const& e);

    std::shared_ptr<call_acceptor> acceptor_;
    stream_set<server_stream, server_connection> streams_;
    std::uint64_t id_;
    time_point idle_since_;
    ping_police pings_;
    token_bucket resets_;
    net::lifetime lifetime_;
    std::string_view drain_reason_;
    bool draining_ = false;
    bool final_goaway_ = false;
};

} // namespace joust::net
