//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "call/inbound.hpp"

#include "wire/compression.hpp"

namespace joust::call {

namespace {

using state = wire::message_decoder::state;
constexpr std::size_t max_kept = 16 * 1024;

status unexpectedly_compressed() {
    return status(status_code::internal, "a message has the compressed flag, but no grpc-encoding was named");
}

status cut_short() {
    return status(status_code::internal, "the stream ended inside a message");
}

} // namespace

void inbound::reset(std::size_t max_message_size) noexcept {
    max_message_size_ = max_message_size;
    discard();
    decoder_.reset(max_message_size);
    encoding_ = nullptr;
    was_compressed_ = false;
    consumed_ = 0;
    wanted_ = false;
    ended_ = false;
    error_ = {};
}

void inbound::discard() noexcept {
    if (backlog_.capacity() > max_kept)
        backlog_ = buffer();
    else
        backlog_.clear();
    backlog_begin_ = 0;
    drop_decoded();
    state_ = state::need_more;
    ended_ = true;
}

// A call that waits to be used again must not keep what it has received.
void inbound::drop_decoded() noexcept {
    if (!decoder_.mid_message() && !holds_much_)
        return;
    decoder_ = wire::message_decoder(max_message_size_);
    holds_much_ = false;
}

void inbound::decode(std::string_view& in) {
    if (state_ != state::need_more)
        return;
    std::size_t const before = in.size();
    state_ = decoder_.feed(in);
    consumed_ += before - in.size();
    if (state_ == state::failed)
        error_ = decoder_.error();
    else if (state_ == state::message && decoder_.compressed() && encoding_ == nullptr) {
        state_ = state::failed;
        error_ = unexpectedly_compressed();
    }
}

void inbound::on_data(std::string_view bytes) {
    if (ended_ || state_ == state::failed)
        return;
    if (wanted_ && backlog_.empty())
        decode(bytes);
    if (backlog_begin_ > backlog_.size() / 2) {
        backlog_.erase_front(backlog_begin_);
        backlog_begin_ = 0;
    }
    backlog_.append(bytes);
}

bool inbound::readable() {
    if (state_ == state::need_more && !backlog_.empty()) {
        std::string_view rest = backlog_.view().substr(backlog_begin_);
        decode(rest);
        backlog_begin_ = backlog_.size() - rest.size();
        if (rest.empty()) {
            backlog_.clear();
            backlog_begin_ = 0;
        }
    }
    return state_ != state::need_more || ended_;
}

read_state inbound::read(buffer& into) {
    if (!readable())
        return read_state::pending;
    if (state_ == state::message) {
        state_ = state::need_more;
        was_compressed_ = decoder_.compressed();
        if (was_compressed_)
            return unfold(into);
        holds_much_ |= into.capacity() > max_kept;
        decoder_.take(into);
        return read_state::message;
    }
    if (state_ == state::need_more && decoder_.mid_message()) {
        state_ = state::failed;
        error_ = cut_short();
    }
    return state_ == state::failed ? read_state::failed : read_state::end;
}

read_state inbound::unfold(buffer& into) {
    buffer packed;
    decoder_.take(packed);
    error_ = wire::decompress(*encoding_, packed.view(), max_message_size_, into);
    if (error_.ok())
        return read_state::message;
    state_ = state::failed;
    return read_state::failed;
}

status inbound::check_end() {
    readable();
    if (state_ == state::failed)
        return error_;
    if (state_ == state::need_more)
        return decoder_.mid_message() ? cut_short() : status();
    // A message waits to be read, so the rest begins with a prefix.
    wire::message_decoder rest_decoder(max_message_size_);
    std::string_view rest = backlog_.view().substr(backlog_begin_);
    for (buffer message;;) {
        switch (rest_decoder.feed(rest)) {
        case state::failed: return rest_decoder.error();
        case state::need_more: return rest_decoder.mid_message() ? cut_short() : status();
        case state::message: rest_decoder.take(message);
        }
        if (rest_decoder.compressed() && encoding_ == nullptr)
            return unexpectedly_compressed();
    }
}

std::size_t inbound::take_consumed() noexcept {
    std::size_t const n = consumed_;
    consumed_ = 0;
    return n;
}

} // namespace joust::call
