//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "call/inbound.hpp"
#include "call/limits.hpp"
#include "call/outbound.hpp"
#include "joust/core/connection_error.hpp"
#include "joust/core/metadata.hpp"
#include "joust/core/result.hpp"
#include "joust/wire/compressors.hpp"
#include "joust/wire/header_list.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

namespace joust::call {

/// What a request's header block is made of.
struct request_start {
    std::string_view path;
    std::string_view authority;
    std::string_view user_agent;
    bool secure = false; ///< `:scheme` https
    metadata const* custom = nullptr;
    std::optional<std::chrono::nanoseconds> timeout{};
    /// What the channel knows (null: no encoding), and how the request's messages are compressed (null: not at all).
    /// Outlive the connection.
    compressors const* known = nullptr;
    compressor const* encoding = nullptr;
};

/// The client's side of one call.
///
///            start           response headers          trailers
///     idle -------> waiting ------------------> open -----------> done
///                      |   Trailers-Only, reset, deadline, cancel   ^
///                      +------------------------+-------------------+
///
/// The first outcome wins. Messages that arrived before a status of the peer's are still read; an outcome made on this
/// side (deadline, cancellation, broken answer, lost connection) drops them.
class client_call {
public:
    using time_point = std::chrono::steady_clock::time_point;

    void open(limits const& l, std::optional<time_point> deadline) noexcept;
    /// Writes the request's headers for the stream that is to be made.
    std::span<header_field const> request_headers(request_start const& start);
    /// The stream has been made.
    void attach(outbound& out) noexcept { out_ = &out; }
    bool attached() const noexcept { return out_ != nullptr; }

    // -- from the user

    /// Takes over a message that begins with its prefix. RESOURCE_EXHAUSTED when it is too large (nothing was sent),
    /// FAILED_PRECONDITION after `half_close`, INTERNAL when it cannot be compressed, else the status the call has
    /// ended with.
    status send_message(buffer& framed);
    void half_close();
    read_state read(buffer& into);
    /// The only message of an answer whose status is OK. INTERNAL when there is none, or more than one.
    result<buffer> read_only();
    bool readable() { return in_.readable(); }
    /// Whether the message that was read last came compressed.
    bool was_compressed() const noexcept { return in_.was_compressed(); }
    void want_message(bool wanted) noexcept { in_.want(wanted); }
    /// Nobody reads before the call is done, as the answer is one message; one that is too large, broken or followed by
    /// another ends the call at once, or the peer would wait for window for ever.
    void want_only_message() noexcept {
        only_message_ = true;
        in_.want(true);
    }

    // -- from the peer

    void on_headers(std::span<header_field const> fields, bool end_stream, bool oversized);
    void on_data(std::string_view bytes, bool end_stream);
    /// The stream is gone.
    void on_closed(http2::error_code code, time_point now);

    // -- from time and this side

    /// Ends the call with a status of this side and resets the stream, unless the call is done.
    void abort(status why);

    bool done() const noexcept { return done_; }
    status const& outcome() const noexcept { return outcome_; }
    /// For who knows more of the circumstances.
    status& outcome() noexcept { return outcome_; }
    bool headers_received() const noexcept { return headers_received_; }
    metadata const& initial_metadata() const noexcept { return initial_metadata_; }
    metadata const& trailing_metadata() const noexcept { return trailing_metadata_; }
    std::optional<time_point> deadline() const noexcept { return deadline_; }

private:
    void on_encoding(std::string_view name);
    void on_trailers(std::span<header_field const> fields);
    void complete(status outcome, bool keep_messages);
    void return_window();

    outbound* out_ = nullptr;
    limits limits_;
    compressors const* known_ = nullptr;
    compressor const* encoding_ = nullptr; // of what is sent
    inbound in_;
    bool only_message_ = false;
    bool half_closed_ = false;
    bool headers_received_ = false;
    bool stream_ended_ = false;
    bool done_ = false;
    status outcome_;
    metadata initial_metadata_;
    metadata trailing_metadata_;
    std::optional<time_point> deadline_;
    wire::header_list scratch_;
};

} // namespace joust::call
