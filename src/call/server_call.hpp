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
#include "joust/core/metadata.hpp"
#include "joust/core/status.hpp"
#include "joust/wire/compressors.hpp"
#include "joust/wire/header_list.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace joust::call {

/// The server's side of one call.
///
///              on_headers (good)            first message          finish
///     idle ------------------------> open ----------------> sending ------> finished
///       |  on_headers (refused)        |  finish: Trailers-Only               ^
///       +------------------------------+--------------------------------------+
///                                      abort, on_closed
///
/// Whatever comes after `finished` is ignored: an answer, a cancellation and a deadline may race, the first wins.
class server_call {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// A new call on a new stream; keeps storages. What is known (null: no encoding) outlives the connection.
    void open(outbound& out, limits const& l, compressors const* known = nullptr) noexcept;

    // -- from the peer

    /// False: the call was refused and has been answered.
    bool on_headers(std::span<header_field const> fields, bool end_stream, bool oversized, time_point now);
    void on_data(std::string_view bytes, bool end_stream);
    /// The stream is gone; an unfinished call ends with `why`, or DEADLINE_EXCEEDED if it is late at `now`.
    void on_closed(status const& why, time_point now = time_point::min());

    /// The HTTP status for a request that is not gRPC's and has not been answered yet, or 0.
    int http_refusal() const noexcept { return http_refusal_; }
    void refuse_http();

    // -- from time and the server

    /// Ends the call with this status, unless it has ended: deadline, drain, refusal.
    void abort(status const& why);

    // -- from the handler

    /// The metadata that goes before the first message. FAILED_PRECONDITION once the headers are sent or the call has
    /// ended, INTERNAL when a pair may not be sent.
    status set_initial_metadata(metadata m);
    /// Compresses the answer's messages with this encoding, if the client accepts it; `identity` or nothing: no longer.
    /// FAILED_PRECONDITION once the headers are sent or the call has ended, INTERNAL when it is not known.
    status set_encoding(std::string_view name);
    /// Sends the headers now instead of with the first message.
    void send_headers();
    /// Takes over a message that begins with its prefix. RESOURCE_EXHAUSTED when it is too large (nothing was sent),
    /// INTERNAL when it cannot be compressed, else the status the call has ended with.
    status send_message(buffer& framed);
    /// RESOURCE_EXHAUSTED when a message of this many bytes would be too large for `send_message`.
    status check_message_size(std::size_t size) const { return check_send_limit(limits_, size); }
    /// False: the call had ended before. Trailing metadata that may not be sent make the outcome INTERNAL.
    bool finish(status const& outcome, metadata const& trailing);

    /// Takes the next message; gives the window back what was decoded.
    read_state read(buffer& into);
    /// Takes the only message there may be. UNIMPLEMENTED when the request has none, or more than one.
    status read_only(buffer& into);
    void want_message(bool wanted) noexcept { in_.want(wanted); }
    bool readable() { return in_.readable(); }
    /// Whether the message that was read last came compressed.
    bool was_compressed() const noexcept { return in_.was_compressed(); }
    status const& read_error() const noexcept { return in_.error(); }
    /// True when the whole request of a unary call is there, or can no longer come: it has more than one message then.
    bool request_complete() const noexcept { return in_.ended() || in_.failed() || in_.has_surplus(); }

    bool finished() const noexcept { return finished_; }
    /// How the call ended; CANCELLED when the peer went away.
    status const& outcome() const noexcept { return outcome_; }

    // -- what the head said
    std::string_view path() const noexcept { return path_; }
    std::string_view authority() const noexcept { return authority_; }
    std::string_view content_subtype() const noexcept { return content_subtype_; }
    metadata const& request_metadata() const noexcept { return request_metadata_; }
    std::optional<time_point> deadline() const noexcept { return deadline_; }

private:
    void refuse(int http_status, status const& why);
    bool accept_encoding(std::string_view name);
    status check_headers_unsent() const;
    void add_plain_headers();
    void send_http_refusal(int http_status);
    void return_window();
    void stop_reading() noexcept;

    outbound* out_ = nullptr;
    limits limits_;
    compressors const* known_ = nullptr;
    compressor const* encoding_ = nullptr; // of what is sent
    inbound in_;
    bool headers_sent_ = false;
    bool finished_ = false;
    int http_refusal_ = 0;
    bool offer_encodings_ = false;
    status outcome_;
    std::string path_;
    std::string authority_;
    std::string content_subtype_;
    std::string accepted_; // `grpc-accept-encoding`
    metadata request_metadata_;
    metadata initial_metadata_;
    std::optional<time_point> deadline_;
    wire::header_list scratch_;
};

} // namespace joust::call
