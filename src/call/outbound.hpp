//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "http2/error_code.hpp"
#include "joust/core/buffer.hpp"
#include "joust/core/header_field.hpp"

#include <cstddef>
#include <span>

namespace joust::call {

/// What a call asks of its stream. The net layer carries it out, tests write it down.
class outbound {
public:
    virtual void send_headers(std::span<header_field const> fields, bool end_stream) = 0;
    /// Takes over a framed message and leaves an empty buffer.
    virtual void send_data(buffer& framed) = 0;
    /// Half-closes without trailers.
    virtual void send_end() = 0;
    virtual void send_trailers(std::span<header_field const> fields) = 0;
    virtual void reset(http2::error_code code) = 0;
    /// Returns received bytes to the stream's flow-control window.
    virtual void consume(std::size_t n) = 0;

protected:
    ~outbound() = default;
};

} // namespace joust::call
