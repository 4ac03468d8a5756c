//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "http2/event.hpp"
#include "http2/output.hpp"
#include "joust/core/buffer.hpp"
#include "joust/core/connection_error.hpp"
#include "joust/core/header_field.hpp"
#include "joust/core/observer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace joust::http2 {

/// What this side of a connection offers; the numbers become its SETTINGS.
struct session_settings {
    std::uint32_t max_concurrent_streams = 100; ///< server: streams that the peer may have open
    std::uint32_t stream_window = 1024 * 1024;  ///< bytes a peer may send on a stream before they are consumed
    std::uint32_t connection_window = 4 * 1024 * 1024;
    std::uint32_t max_header_list_size = 8 * 1024;     ///< of a received header block, counted as RFC 9113 6.5.2 does
    std::uint32_t max_sent_header_block = 1024 * 1024; ///< bytes; what the peer accepts is its own limit
    std::uint32_t max_frame_size = 16 * 1024;
    /// server: a request's `:authority` may be any text, such as the path of a Unix socket
    bool any_authority = false;
};

/// One HTTP/2 connection without its socket: bytes in, events out; requests and messages in, bytes out.
///
/// A stream is named by a pointer that stays valid until the `stream_closed` event has been cleared. All bytes and
/// events of one side are handled by one caller at a time; nothing here reads a clock or calls back.
///
/// Data is taken off the connection's flow-control window at once and off the stream's window by `consume`, so that
/// a stream nobody reads stops its own peer only.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class session {
public:
    session(role side, session_settings const& settings);
    ~session();
    session(session const&) = delete;
    session& operator=(session const&) = delete;

    // -- bytes and events

    /// Parses all of `in`. `in` must stay untouched until the events have been cleared. An error ends the connection;
    /// events that were found before it are there nevertheless.
    boost::system::error_code feed(std::string_view in);

    /// What happened since the events were last cleared. Drain by index: acting on an event may append more.
    std::size_t event_count() const noexcept;
    event const& event_at(std::size_t i) const noexcept;
    /// The fields of a `headers` event. The span lives until the next call of `fields`.
    std::span<header_field const> fields(event const& e);
    /// The debug data of a `goaway` event.
    std::string_view debug_text(event const& e) const noexcept;
    void clear_events() noexcept;

    /// Appends what is to be written to `out`, up to about `limit` bytes (two frames more at most). May append events
    /// (streams that closed or drained).
    void pull(output& out, std::size_t limit);
    outgoing_pool& pool() noexcept;

    /// True when HEADERS or DATA have been pulled since the last call of this.
    bool take_answered() noexcept;

    /// Why this side gave up on the connection, once it has: the error of `feed`, or the one of a GOAWAY that was
    /// pulled.
    boost::system::error_code failure() const noexcept;

    /// False when the connection has nothing more to say or hear and may be closed.
    bool alive() const noexcept;

    // -- streams

    /// Opens a stream with a request. Null when no stream identifiers are left.
    stream* submit_request(std::span<header_field const> fields, void* user);
    /// Sends the response headers; with `end_stream` nothing follows (Trailers-Only).
    void submit_response(stream& s, std::span<header_field const> fields, bool end_stream);
    /// Queues bytes for the stream and takes `data` over, leaving an empty buffer (with recycled storage).
    void send(stream& s, buffer& data);
    /// Ends the stream after what is queued, by END_STREAM on the last DATA.
    void finish(stream& s);
    /// Ends the stream after what is queued, by trailers.
    void finish(stream& s, std::span<header_field const> trailers);
    /// Resets the stream; what is queued for it is not sent. A `stream_closed` event follows when the reset is pulled.
    void reset(stream& s, error_code code);
    /// Returns `n` received bytes to the stream's window.
    void consume(stream& s, std::size_t n);
    /// Asks for a `drained` event as soon as at most `low_water` bytes are queued.
    void watch_drain(stream& s, std::size_t low_water) noexcept;

    static void* user(stream const& s) noexcept;
    static void set_user(stream& s, void* user) noexcept;
    static std::int32_t id(stream const& s) noexcept;
    /// Bytes queued for the stream and not yet pulled.
    static std::size_t queued(stream const& s) noexcept;
    /// False: nothing of this request has been pulled.
    bool request_pulled(stream const& s) const noexcept;
    /// True when the stream was reset by this side.
    static bool reset_locally(stream const& s) noexcept;

    // -- the connection

    /// Streams that the peer allows this side to open at the same time.
    std::uint32_t peer_max_concurrent_streams() const noexcept;
    std::uint32_t peer_max_header_list_size() const noexcept;
    /// A first GOAWAY that closes the door for later, with the last stream 2^31-1 (server).
    void announce_shutdown();
    /// GOAWAY with the real last stream.
    void goaway(error_code code, std::string_view debug = {});
    /// GOAWAY and the end of everything: `alive` becomes false when it is written.
    void terminate(error_code code);
    void ping(std::uint64_t opaque);

private:
    class engine;
    std::unique_ptr<engine> engine_;
};

} // namespace joust::http2
