//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "rpc/completion.hpp"
#include "rpc/outgoing_message.hpp"
#include "rpc/server_chain.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>
#include <optional>

namespace joust::rpc {

/// The messages of a streaming call with the hooks of interceptors between them and the handler.
///
/// A read is apart from the message that it waits for: once one has been asked for, it is taken through the hooks
/// whether the read still waits or not, and kept for the next one. Writes are as they were asked for, in order.
///
/// A hook that refuses ends both directions; `refused` is then the outcome of the call.
///
/// *Thread safety*: on the call's executor.
class intercepting_messages final : public server_messages, public std::enable_shared_from_this<intercepting_messages> {
public:
    intercepting_messages(std::shared_ptr<server_chain const> chain, call_context& context, server_messages& inner);

    boost::asio::any_io_executor get_executor() const override { return inner_.get_executor(); }
    void read(read_handler handler) override;
    void write(result<buffer> framed, write_handler handler) override;

    /// The handler is done: stops the hooks of messages that nobody reads, waits for those of messages that are still
    /// to be sent. No hook runs afterwards. Resets the cancellation state of the coroutine that awaits it.
    boost::asio::awaitable<void> close();

    std::optional<status> const& refused() const noexcept { return refused_; }

    /// A message that was read, but not seen.
    void give_back(buffer message);

private:
    using read_result = result<std::optional<buffer>>;
    using void_result = result<void>;

    struct outgoing {
        outgoing_message message;
        std::shared_ptr<completion<void_result>> waiter;
    };
    class whole_pull;
    class whole_pump;

    void pull();
    void on_pulled(read_result r);
    void on_hooks_done(status outcome);
    void deliver(read_result r);
    boost::asio::awaitable<status> run_request_hooks();
    void pump();
    boost::asio::awaitable<void> send_all();
    boost::asio::awaitable<void_result> send(outgoing_message& message);
    void refuse(status const& why);
    void on_pumped();
    void abandon() noexcept;
    void wake();

    std::shared_ptr<server_chain const> chain_;
    call_context& context_;
    server_messages& inner_;
    std::optional<status> refused_;
    bool closed_ = false;

    completion<read_result> reading_;
    bool const* read_cancelled_ = nullptr; // of `reading_`
    std::optional<read_result> pulled_;
    bool pulling_ = false;
    bool hooking_ = false; // `message_` is with the coroutine of request hooks
    buffer message_;
    boost::asio::cancellation_signal stop_requests_;

    std::deque<outgoing> queue_;
    bool pumping_ = false;
    boost::asio::cancellation_signal stop_responses_;
    boost::asio::steady_timer* closing_ = nullptr;
};

} // namespace joust::rpc
