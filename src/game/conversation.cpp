//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/conversation.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace joust::game {

namespace asio = boost::asio;

conversation::~conversation() {
    if (beats_)
        beats_->stop();
    if (out_)
        out_->close();
}

asio::awaitable<conversation::message> conversation::read() {
    if (auto next = std::exchange(next_, std::nullopt))
        co_return std::move(*next);
    auto reading = asio::async_initiate<asio::use_awaitable_t<> const, void(message)>(
        [](auto handler, server_messages* from) { from->read(std::move(handler)); }, asio::use_awaitable, &messages_);
    co_return co_await std::move(reading);
}

void conversation::write(result<buffer> framed, server_messages::write_handler handler) {
    if (out_)
        out_->write(std::move(framed), std::move(handler));
    else
        messages_.write(std::move(framed), std::move(handler));
}

asio::awaitable<result<void>> conversation::write(result<buffer> framed) {
    auto writing = asio::async_initiate<asio::use_awaitable_t<> const, void(result<void>)>(
        [](auto handler, conversation* to, result<buffer> bytes) { to->write(std::move(bytes), std::move(handler)); },
        asio::use_awaitable, this, std::move(framed));
    co_return co_await std::move(writing);
}

std::shared_ptr<response_outbox> const& conversation::outbox() {
    if (!out_)
        out_ = std::make_shared<response_outbox>(messages_);
    return out_;
}

void conversation::beat(std::chrono::steady_clock::duration interval) {
    if (!beats_)
        beats_ = std::make_shared<heartbeats>(messages_.get_executor(), outbox());
    beats_->every(interval);
}

} // namespace joust::game
