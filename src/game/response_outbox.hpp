//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/handler.hpp"
#include "rpc/completion.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>

namespace joust::game {

/// The responses of a StreamCall from more than one side: of the method, to requests that are no good, heartbeats. They
/// are sent in the order of `write`, one at a time; each write completes as those of `server_messages` do.
///
/// *Lifetime*: `close` is called before the messages go. *Thread safety*: on the call's executor.
class response_outbox final : public std::enable_shared_from_this<response_outbox> {
public:
    using write_handler = server_messages::write_handler;
    using clock = std::chrono::steady_clock;

    explicit response_outbox(server_messages& to) : to_(to) {}

    void write(result<buffer> framed, write_handler handler);

    /// Nothing waits for the client to read.
    bool idle() const noexcept { return !sending_; }
    /// When something was written last, or this was made.
    clock::time_point last() const noexcept { return last_; }

    /// Waits until everything is in the send queue.
    boost::asio::awaitable<void> flush();
    /// Nothing is sent from now on.
    void close() noexcept { closed_ = true; }

private:
    using completion = rpc::completion<result<void>>;
    struct entry {
        std::optional<result<buffer>> framed; ///< none: only waits for those before
        std::shared_ptr<completion> waiter;
    };

    void add(std::optional<result<buffer>> framed, write_handler handler);
    void next();
    void on_sent(result<void> r);
    void abandon() noexcept;

    server_messages& to_;
    std::deque<entry> queue_;
    std::shared_ptr<completion> waiter_; // of what is being sent
    bool sending_ = false;
    bool closed_ = false;
    clock::time_point last_ = clock::now();
};

} // namespace joust::game
