//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "http2/error_code.hpp"

#include <cstdint>
#include <string_view>

namespace joust::http2 {

struct stream;

enum class event_kind : std::uint8_t {
    headers,        ///< a whole header block arrived: of a request, a response, or trailers
    data,           ///< bytes of the stream's body arrived; possibly none, when only the end did
    stream_closed,  ///< the stream is gone, maybe without `headers` before; its pointer is dead once the events are
                    ///< cleared
    stream_refused, ///< the client has opened more streams than it may; RST_STREAM is on its way, no `stream_closed`
                    ///< comes
    drained,        ///< the stream's outbox fell below its low-water mark
    settings,       ///< the peer's SETTINGS were taken over
    goaway,         ///< the peer sent GOAWAY
    goaway_sent,    ///< this side's GOAWAY is among the bytes that were pulled
    ping,           ///< the peer sent PING (answered already)
    ping_ack,       ///< the peer answered a PING
};

/// Something that happened on a connection. Views live until the events are cleared.
struct event {
    event_kind kind{};
    bool end_stream = false;     ///< headers, data: the peer half-closed with this
    bool oversized = false;      ///< headers: the block was larger than the limit; the fields are incomplete
    error_code code{};           ///< stream_closed, goaway
    http2::stream* stream{};     ///< headers, data, stream_closed, drained
    std::int32_t last_stream{};  ///< goaway
    std::uint32_t first_field{}; ///< headers: see session::fields; goaway: see session::debug_text
    std::uint32_t field_count{};
    std::uint64_t opaque{};   ///< ping, ping_ack
    std::string_view bytes{}; ///< data: what arrived
};

} // namespace joust::http2
