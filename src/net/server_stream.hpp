//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "call/server_call.hpp"
#include "net/stream_base.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace joust::net {

class server_connection;
class server_stream;

/// What a handler of a call wants to hear, until the call is finished. All on the connection's executor.
class server_stream_listener {
public:
    /// What was awaited is there: `read` will not answer `pending`.
    virtual void on_readable(server_stream& s) = 0;
    /// The send queue has room again.
    virtual void on_writable(server_stream& s) = 0;
    /// The call ended without the handler's doing: the peer went away, the deadline passed, the server stops.
    virtual void on_cancelled(server_stream& s) = 0;
    /// The execution context is being destroyed: drop the handlers that wait for this call.
    virtual void on_abandoned() noexcept = 0;

protected:
    ~server_stream_listener() = default;
};

/// One call on a server's connection: the call machine, its stream and its deadline.
///
/// *Lifetime*: belongs to its connection, which reuses it once the stream is closed and no `server_stream_ref` is left.
/// *Thread safety*: everything on the connection's executor.
class server_stream final : public stream_base {
public:
    explicit server_stream(server_connection& owner) noexcept;

    call::server_call& call() noexcept { return call_; }
    call::server_call const& call() const noexcept { return call_; }
    server_connection& connection() noexcept { return connection_; }

    void set_listener(server_stream_listener* l) noexcept { listener_ = l; }

    /// Asks for one `on_readable`, as soon as `read` would not answer `pending`; it just did.
    void await_message();
    /// Asks for one `on_readable`, as soon as the whole request is there or can no longer come.
    void await_request();

    /// The stream's identifier on the connection.
    std::int32_t id() const noexcept { return id_; }

    /// What the listener wants to find again.
    void set_tag(void const* tag) noexcept { tag_ = tag; }
    void const* tag() const noexcept { return tag_; }

    /// For the messages of a unary call; their storage is kept from call to call.
    buffer& request() noexcept { return request_; }
    buffer& response() noexcept { return response_; }

    /// Ends the call with the handler's answer. False: it had ended before.
    bool finish(status const& outcome, metadata const& trailing = {});

private:
    friend class server_connection;
    enum class awaited : std::uint8_t { nothing, message, request };

    void on_expired() override;
    void recycle() override;

    bool open(http2::stream& s, std::span<header_field const> fields, bool end_stream, bool oversized);
    void on_data(std::string_view bytes, bool end_stream);
    void on_drained();
    void on_stream_closed(status const& why);
    void cancel(status const& why);
    void notify_if_there();
    void on_finished();
    void on_ended_by_force();

    server_connection& connection_;
    server_stream_listener* listener_ = nullptr;
    void const* tag_ = nullptr;
    std::int32_t id_ = 0;
    awaited awaited_ = awaited::nothing;
    buffer request_;
    buffer response_;
    call::server_call call_;
};

using server_stream_ref = stream_ref<server_stream>;

} // namespace joust::net
