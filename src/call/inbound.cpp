//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "call/inbound.hpp"

namespace joust::call {

namespace {

using state = wire::message_decoder::state;
constexpr std::size_t max_kept_backlog = 16 * 1024;

} // namespace

void inbound::reset(std::size_t max_message_size) noexcept {
    decoder_.reset(max_message_size);
    discard();
    consumed_ = 0;
    wanted_ = false;
    ended_ = false;
    error_ = {};
}

void inbound::discard() noexcept {
    if (backlog_.capacity() > max_kept_backlog)
        backlog_ = buffer();
    else
        backlog_.clear();
    backlog_begin_ = 0;
    state_ = state::need_more;
    ended_ = true;
}

void inbound::decode(std::string_view& in) {
    if (state_ != state::need_more)
        return;
    std::size_t const before = in.size();
    state_ = decoder_.feed(in);
    consumed_ += before - in.size();
    if (state_ == state::failed)
        error_ = decoder_.error();
    else if (state_ == state::message && decoder_.compressed()) {
        state_ = state::failed;
        error_ = status(status_code::internal, "a message has the compressed flag, but no grpc-encoding was named");
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
        decoder_.take(into);
        state_ = state::need_more;
        return read_state::message;
    }
    if (state_ == state::need_more && decoder_.mid_message()) {
        state_ = state::failed;
        error_ = status(status_code::internal, "the stream ended inside a message");
    }
    return state_ == state::failed ? read_state::failed : read_state::end;
}

std::size_t inbound::take_consumed() noexcept {
    std::size_t const n = consumed_;
    consumed_ = 0;
    return n;
}

} // namespace joust::call
