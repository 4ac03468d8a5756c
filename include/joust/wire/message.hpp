//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace joust::wire {

/// Bytes before each message: the compressed flag and the length, big-endian.
inline constexpr std::size_t prefix_size = 5;

/// Makes room for a message's prefix at the end of `out`; returns where the message itself begins, behind the prefix.
/// Append the message to `out`, then call `end_message` with what was returned.
std::size_t begin_message(buffer& out);

/// Writes the prefix of the message that was begun at `at` and reaches to the end of `out`.
///
/// *Preconditions*: `at` came from `begin_message` on this buffer; the message is shorter than 4 GiB.
void end_message(buffer& out, std::size_t at, bool compressed = false) noexcept;

/// In place of the compressed flag of a framed message until it is sent: it is not to be compressed.
inline constexpr std::uint8_t plain_mark = 0x80;

/// Marks a framed message that is to travel as it is, also in a call that compresses.
inline void keep_plain(buffer& framed) noexcept {
    framed.data()[0] = plain_mark;
}

/// Cuts a stream of bytes into messages.
///
/// The input may be cut anywhere. The length is checked against the limit before anything is buffered, and memory
/// grows with the bytes that arrived, not with the length that was claimed.
///
/// ```
/// while (decoder.feed(in) == message_decoder::state::message) {
///     decoder.take(message);
///     // use message and decoder.compressed()
/// }
/// ```
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
/// *See*: gRPC over HTTP/2, Length-Prefixed-Message.
class message_decoder {
public:
    enum class state : std::uint8_t {
        need_more, ///< the input is used up, no message is complete
        message,   ///< one message is complete: `take` it before the next `feed`
        failed,    ///< the stream is broken for good: see `error`
    };

    explicit message_decoder(std::size_t max_message_size = 4 * 1024 * 1024) noexcept : limit_(max_message_size) {}

    /// Takes bytes from the front of `in`, up to the end of one message at most. While a complete message waits to be
    /// taken, and after a failure, nothing is taken and the state is the same again.
    state feed(std::string_view& in);

    /// Moves the complete message into `into` (whose old storage is kept for the next one).
    ///
    /// *Preconditions*: the last `feed` returned `state::message`.
    void take(buffer& into) noexcept;

    /// Whether the complete message carried the compressed flag; until the next `feed`.
    bool compressed() const noexcept { return compressed_; }

    /// True when bytes of a message were fed that is not taken yet: an end of input now cuts a message short.
    bool mid_message() const noexcept { return prefix_have_ != 0; }

    /// RESOURCE_EXHAUSTED naming length and limit, or INTERNAL for a flag that is neither 0 nor 1.
    status const& error() const noexcept { return error_; }

    /// Back to the beginning, with this limit; keeps the storage.
    void reset(std::size_t max_message_size) noexcept;

private:
    // True when the prefix is complete, for better or worse.
    bool read_prefix(std::string_view& in);
    status refusal() const;
    void make_room(std::size_t n);

    std::size_t limit_;
    std::uint32_t length_ = 0;
    std::uint8_t prefix_have_ = 0;
    std::uint8_t prefix_[prefix_size] = {};
    bool compressed_ = false;
    bool failed_ = false;
    buffer message_;
    status error_;
};

} // namespace joust::wire
