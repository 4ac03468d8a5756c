//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "http2/error_code.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace joust::http2 {

/// Finds the frames of a client that break HTTP/2 and that nghttp2 passes over, as it forgets closed streams and reads
/// no priorities:
///
/// - HEADERS and DATA on a stream that the client has ended or reset itself (RFC 9113, 5.1): STREAM_CLOSED;
/// - HEADERS on a stream that was passed over (5.1.1): PROTOCOL_ERROR;
/// - PRIORITY of stream 0 or of a stream that depends on itself (6.3; RFC 7540, 5.3.1): PROTOCOL_ERROR.
///
/// What comes late for a stream that the server has ended is none of these. Only the heads of frames are read.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class frame_check {
public:
    /// `preface`: the bytes before the first frame.
    explicit frame_check(std::size_t preface) noexcept : skip_(preface) {}

    /// The error of the first bad frame there ever was, or no_error.
    error_code feed(std::string_view in);

private:
    static constexpr std::size_t header_size = 9, payload_size = 5;
    static constexpr std::uint32_t remembered = 64; // the newest streams, a bit for each

    bool on_header(std::uint8_t const* head);
    void on_priority(std::uint8_t const* frame) noexcept;
    void on_stream_frame(std::uint8_t type, bool end_stream, std::int32_t id) noexcept;
    void on_new_stream(std::int32_t id) noexcept;
    void fail(error_code why) noexcept;
    /// How many streams before the newest this one is.
    std::uint32_t age(std::int32_t id) const noexcept { return static_cast<std::uint32_t>(last_ - id) / 2; }

    std::size_t skip_;
    std::size_t have_ = 0; // of a frame header that was cut, or of a PRIORITY frame
    std::array<std::uint8_t, header_size + payload_size> frame_{};

    error_code failure_ = error_code::no_error;
    std::int32_t last_ = -1;    // the newest stream
    std::uint64_t ended_ = 0;   // bit n: the client has ended the stream of age n
    std::uint64_t skipped_ = 0; // bit n: it has passed it over
};

} // namespace joust::http2
