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
#include <vector>

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
    static constexpr std::size_t remembered = 32; // streams that ended; a power of two

    struct id_range {
        std::int32_t first, last;
    };

    void on_header(std::size_t length);
    void on_stream_frame(std::uint8_t type, bool end_stream, std::int32_t id);
    void on_new_stream(std::int32_t id);
    void on_end(std::int32_t id) noexcept;
    void fail(error_code why) noexcept;

    std::size_t skip_;
    std::size_t have_ = 0; // of a frame header that was cut, or of a PRIORITY frame
    std::array<std::uint8_t, header_size + payload_size> frame_{};

    error_code failure_ = error_code::no_error;
    std::int32_t last_ = -1;   // the newest stream
    std::int32_t current_ = 0; // one that is known to be open
    std::vector<id_range> skipped_;
    std::array<std::int32_t, remembered> ended_{};
    std::uint32_t ended_count_ = 0;
};

} // namespace joust::http2
