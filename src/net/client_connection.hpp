//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/client_stream.hpp"
#include "net/connection.hpp"

#include <memory>
#include <string>

namespace joust::net {

/// Who opened a client's connection. All on the connection's executor.
class client_connection_owner {
public:
    /// The server's SETTINGS came: calls may be opened.
    virtual void on_ready() = 0;
    /// A stream closed, or the server allows more: `can_open` may have changed.
    virtual void on_capacity() = 0;
    /// The server takes no new calls on this connection.
    virtual void on_going_away() = 0;
    /// The server finds that there are too many pings: the next connection is to ask half as often.
    virtual void on_too_many_pings() {}
    /// The connection is gone; `why` says what happened, with GOAWAY's words if there were any.
    virtual void on_lost(status const& why) = 0;
    /// The execution context is being destroyed: drop what waits for this connection.
    virtual void on_abandoned() noexcept {}

protected:
    ~client_connection_owner() = default;
};

/// The client's side of a connection: a `client_stream` per call.
class client_connection final : public connection {
public:
    client_connection(std::unique_ptr<transport> t, connection_settings const& settings,
                      std::shared_ptr<observer> watcher, std::shared_ptr<client_connection_owner> owner);

    bool ready() const noexcept { return ready_; }
    bool going_away() const noexcept { return going_away_; }
    /// True when a call can be opened now.
    bool can_open() const noexcept;
    std::size_t active_calls() const noexcept { return streams_.size(); }
    /// How many calls the server allows at a time.
    std::size_t max_calls() const noexcept { return peer_max_concurrent_streams_; }

    /// Opens a call. Null when it cannot be. `listener` lives until `on_done` or until it is replaced.
    client_stream* open_call(call::request_start const& start, call::limits const& l,
                             std::optional<time_point> deadline, client_stream_listener& listener);

    /// Says GOAWAY and closes when the calls under way are done.
    void shut_down();

private:
    friend class client_stream;

    void on_event(http2::event const& e) override;
    void on_closed(boost::system::error_code why) override;
    void on_abandoned() noexcept override;
    bool busy() const noexcept override { return !streams_.empty(); }

    void on_goaway(http2::event const& e);
    void tell(void (client_connection_owner::*what)());
    void recycle(client_stream& s) { streams_.recycle(s); }

    std::shared_ptr<client_connection_owner> user_; // until the connection is closed
    stream_set<client_stream, client_connection> streams_;
    bool ready_ = false;
    bool going_away_ = false;
    std::uint32_t peer_max_concurrent_streams_ = 0;
    std::string goaway_text_;
};

} // namespace joust::net
