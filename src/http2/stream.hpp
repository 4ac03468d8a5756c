//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "http2/output.hpp"
#include "joust/core/header_field.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace joust::http2 {

/// One stream's sending side, and what the session needs to know of the rest.
struct stream {
    static constexpr std::size_t no_watch = static_cast<std::size_t>(-1);

    /// A trailer field; unless it is static, its texts follow each other in `trailer_text` from `at`.
    struct trailer {
        header_field field;
        std::size_t at;
    };

    std::int32_t id = 0;
    void* user = nullptr;
    stream* next = nullptr; // of the free list

    outgoing* front = nullptr; // the outbox
    outgoing* back = nullptr;
    std::size_t queued = 0;
    std::size_t low_water = no_watch;

    bool deferred = false; // the data source gave up for want of data
    bool ended = false;    // nothing is added to the outbox any more
    bool closed = false;   // stream_closed has been recorded
    bool reset_locally = false;
    bool remote_ended = false;
    bool unsendable = false; // its request was too large for nghttp2 to send

    std::vector<trailer> trailers;
    std::string trailer_text;
};

} // namespace joust::http2
