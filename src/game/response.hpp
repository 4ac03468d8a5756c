//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/result.hpp"
#include "joust/core/status.hpp"

#include <cstddef>
#include <string_view>

namespace joust::game {

/// The message of a response that is not the last of its request.
inline constexpr std::string_view more_message = "more";
/// That of a response which says only that the server is there.
inline constexpr std::string_view heartbeat_message = "heartbeat";

/// Appends the response to a call of `method` (`"service.method"`) that ended with `outcome`. `json` is the payload
/// when that is OK.
void append_response(buffer& out, status const& outcome, std::string_view method, std::string_view json);

/// Appends a response that is not the last of its request.
void append_more_response(buffer& out, std::string_view json);

// The same as messages of a stream.
result<buffer> framed_response(status const& outcome, std::string_view method, std::string_view json);
result<buffer> framed_more_response(std::string_view json);
result<buffer> framed_heartbeat();

/// Whether a response is a heartbeat.
bool is_heartbeat(std::string_view bytes);

/// The response to a call, written around its payload: the method appends that to the message itself, between
/// construction and `end`.
class response_in_place {
public:
    explicit response_in_place(buffer& out);

    /// What was appended is the payload when `outcome` is OK, and else of no use.
    void end(status const& outcome, std::string_view method);

private:
    void end_success() noexcept;

    buffer& out_;
    std::size_t begin_;
    std::size_t payload_;
};

} // namespace joust::game
