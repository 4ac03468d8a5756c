//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/wire/compressor.hpp"
#include "joust/wire/message.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace joust::call {

enum class read_state : std::uint8_t {
    message, ///< a message was taken
    pending, ///< none is complete yet
    end,     ///< the peer sends no more
    failed,  ///< the bytes are not messages: see inbound::error
};

/// The receiving half of a call: cuts the body into messages when somebody wants them.
///
/// Bytes that nobody waits for are kept as they came and are not returned to the stream's window, so what a peer can
/// make this side hold is one window and one message. A compressed message unfolds when it is read, not before.
class inbound {
public:
    void reset(std::size_t max_message_size) noexcept;

    /// How messages with the compressed flag are compressed; null: none may have it. Lives as long as the call.
    void set_encoding(compressor const* c) noexcept { encoding_ = c; }

    /// Whether bytes are decoded as they come, because somebody waits for a message.
    void want(bool wanted) noexcept { wanted_ = wanted; }

    /// Takes bytes of the body. Decodes at once if a message is wanted.
    void on_data(std::string_view bytes);
    void on_end() noexcept { ended_ = true; }

    /// Takes the next message.
    read_state read(buffer& into);

    /// True when `read` would not answer `pending`.
    bool readable();

    /// Whether the message that was read last came compressed.
    bool was_compressed() const noexcept { return was_compressed_; }

    bool ended() const noexcept { return ended_; }
    bool failed() const noexcept { return state_ == wire::message_decoder::state::failed; }

    /// INTERNAL or RESOURCE_EXHAUSTED, after `failed`.
    status const& error() const noexcept { return error_; }

    /// True when more of the body has come than the complete message that waits to be read.
    bool has_surplus() const noexcept { return state_ == wire::message_decoder::state::message && !backlog_.empty(); }

    /// After the end: OK when all that is left to read are whole and valid messages, but for what decompressing shows.
    status check_end();

    /// How many bytes were decoded since the last call: what the window gets back.
    std::size_t take_consumed() noexcept;

    /// Forgets what has been received; nothing more is read.
    void discard() noexcept;

private:
    void decode(std::string_view& in);
    void drop_decoded() noexcept;
    read_state unfold(buffer& into);

    wire::message_decoder decoder_;
    buffer backlog_; // bytes not decoded yet, from backlog_begin_
    std::size_t backlog_begin_ = 0;
    std::size_t max_message_size_ = 0;
    compressor const* encoding_ = nullptr;
    std::size_t consumed_ = 0;
    wire::message_decoder::state state_ = wire::message_decoder::state::need_more;
    bool was_compressed_ = false;
    bool wanted_ = false;
    bool ended_ = false;
    bool holds_much_ = false; // the decoder was handed the storage of a large message
    status error_;
};

} // namespace joust::call
