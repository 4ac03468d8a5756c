//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game/heartbeats.hpp"
#include "game/response_outbox.hpp"
#include "joust/rpc/handler.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace joust::game {

/// The messages of one StreamCall.
///
/// *Thread safety*: on the call's executor.
class conversation {
public:
    using message = result<std::optional<buffer>>;

    conversation(call_context& context, server_messages& messages) noexcept : context_(context), messages_(messages) {}
    conversation(conversation const&) = delete;
    conversation& operator=(conversation const&) = delete;
    ~conversation();

    call_context& context() const noexcept { return context_; }
    server_messages& messages() const noexcept { return messages_; }

    boost::asio::awaitable<message> read();
    /// The next that is read.
    void put_back(std::optional<message> m) noexcept { next_ = std::move(m); }

    void write(result<buffer> framed, server_messages::write_handler handler);
    boost::asio::awaitable<result<void>> write(result<buffer> framed);

    /// For more than the answers to one request after the other; from now on `write` goes through it.
    std::shared_ptr<response_outbox> const& outbox();
    /// Begins with heartbeats, or goes on with them in another interval, until the stream ends.
    void beat(std::chrono::steady_clock::duration interval);

private:
    call_context& context_;
    server_messages& messages_;
    std::optional<message> next_;
    std::shared_ptr<response_outbox> out_;
    std::shared_ptr<heartbeats> beats_;
};

} // namespace joust::game
