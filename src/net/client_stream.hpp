//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "call/client_call.hpp"
#include "net/stream_base.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace joust::net {

class client_connection;
class client_stream;

/// What the user of a call wants to hear. All on the connection's executor.
class client_stream_listener {
public:
    /// The server's initial metadata are there.
    virtual void on_headers(client_stream& s) = 0;
    /// What was awaited is there: `read` will not answer `pending`.
    virtual void on_readable(client_stream& s) = 0;
    /// The send queue has room again.
    virtual void on_writable(client_stream& s) = 0;
    /// The call has its outcome. Once, and nothing after it: what has arrived is read without waiting.
    virtual void on_done(client_stream& s) = 0;
    /// The execution context is being destroyed: drop the handlers that wait for this call.
    virtual void on_abandoned() noexcept = 0;

protected:
    ~client_stream_listener() = default;
};

/// One call on a client's connection: the call machine, its stream and its deadline.
///
/// *Lifetime*: belongs to its connection, which reuses it once the stream is closed and no `client_stream_ref` is left.
/// *Thread safety*: everything on the connection's executor.
class client_stream final : public stream_base {
public:
    explicit client_stream(client_connection& owner) noexcept;

    call::client_call& call() noexcept { return call_; }
    client_connection& connection() noexcept { return connection_; }

    void set_listener(client_stream_listener* l) noexcept { listener_ = l; }

    /// As those of `client_call`; what ends the call is heard by `on_done` before they return.
    call::read_state read(buffer& into);
    void await_message();
    void stop_awaiting() noexcept;

    /// Ends the call on this side.
    void abort(status why);

    /// Ends the call with UNAVAILABLE, cause `attempt_timeout`, unless response headers come before.
    void expect_headers_by(call::client_call::time_point when);
    /// The connection was lost before anything of this call was given to it.
    bool never_sent() const noexcept { return never_sent_; }

private:
    friend class client_connection;

    void on_expired() override;
    void recycle() override;

    bool open(call::request_start const& start, call::limits const& l,
              std::optional<call::client_call::time_point> deadline, client_stream_listener& listener);
    void on_headers(std::span<header_field const> fields, bool end_stream, bool oversized);
    void on_data(std::string_view bytes, bool end_stream);
    void on_drained();
    void on_stream_closed(http2::error_code code);
    void on_connection_lost(status const& why);
    void notify();

    client_connection& connection_;
    client_stream_listener* listener_ = nullptr;
    bool awaiting_ = false;
    bool done_reported_ = false;
    bool never_sent_ = false;
    std::optional<call::client_call::time_point> headers_by_; // what the timer is set to, instead of the deadline
    std::string path_;
    call::client_call call_;
};

using client_stream_ref = stream_ref<client_stream>;

} // namespace joust::net
