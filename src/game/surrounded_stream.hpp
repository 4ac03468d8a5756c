//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game/surrounded_call.hpp"
#include "joust/rpc/channel_base.hpp"
#include "rpc/completion.hpp"
#include "rpc/outgoing_message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <deque>
#include <memory>
#include <optional>

namespace joust::game {

/// A StreamCall with hooks around each of its requests.
///
/// Requests go through `before` one after the other, in the order of the writes. Those that are sent wait in `pending_`
/// for their answers, together with those that were answered here, whose turn has not come. A message that was asked
/// for goes through the hooks whether the read waits or not. However the stream ends, the requests that have no answer
/// by then are told so.
///
/// *Thread safety*: safe; the work is done on a strand.
class surrounded_stream final : public client_messages, public std::enable_shared_from_this<surrounded_stream> {
public:
    /// `options`: what the stream was opened with.
    surrounded_stream(std::shared_ptr<client_messages> inner, std::shared_ptr<surroundings const> around,
                      joust::call_options options);

    boost::asio::any_io_executor get_executor() const override { return inner_->get_executor(); }
    void read(read_handler handler) override;
    void write(result<buffer> framed, void_handler handler) override;
    void writes_done(void_handler handler) override;
    void finish(void_handler handler) override;
    void finish_with_message(boost::asio::any_completion_handler<void(result<buffer>)> handler) override {
        inner_->finish_with_message(std::move(handler));
    }
    void read_initial_metadata(boost::asio::any_completion_handler<void(result<metadata>)> handler) override {
        inner_->read_initial_metadata(std::move(handler));
    }
    void cancel() override;
    bool message_compressed() const override { return inner_->message_compressed(); }
    metadata const& trailing_metadata() const override { return inner_->trailing_metadata(); }

    /// A message that was read, but not seen.
    void give_back(buffer message);

private:
    using read_result = result<std::optional<buffer>>;
    using void_result = result<void>;

    struct outgoing {
        std::optional<buffer> framed; // none: the end of the requests
        std::shared_ptr<rpc::completion<void_result>> waiter;
    };
    struct request {
        std::unique_ptr<surrounded_call> call; // null once it was answered here
        buffer answer = {};
    };
    class whole;

    using signal_ptr = std::shared_ptr<boost::asio::cancellation_signal>;

    void spawn(boost::asio::awaitable<void> body, signal_ptr const& cancel);
    void spawn(boost::asio::awaitable<void> body) { spawn(std::move(body), nullptr); }
    void enqueue(std::optional<buffer> framed, void_handler handler);
    boost::asio::awaitable<void> send_all();
    boost::asio::awaitable<void_result> send(std::optional<buffer> framed);

    void do_read(read_handler handler, bool const* cancelled);
    void do_finish(void_handler handler);
    void deliver();
    boost::asio::awaitable<void> pull();
    boost::asio::awaitable<void> receive(buffer message);
    boost::asio::awaitable<void> end(status why);
    boost::asio::awaitable<void> run_finish();
    void do_cancel();
    void abandon() noexcept;

    std::shared_ptr<client_messages> inner_;
    std::shared_ptr<surroundings const> around_;
    joust::call_options options_;
    boost::asio::any_io_executor strand_;

    std::deque<outgoing> queue_;
    bool sending_ = false;
    signal_ptr cancel_sending_;

    std::deque<request> pending_;
    std::deque<buffer> ready_; // to be read
    bool pulling_ = false;
    bool receiving_ = false;          // the hooks of the first of `pending_`, which is out, are at work
    std::optional<read_result> last_; // how reading ended
    std::optional<status> ended_;     // why no request will be answered any more
    rpc::completion<read_result> reading_;
    bool const* read_cancelled_ = nullptr; // of `reading_`

    rpc::completion<void_result> finishing_;
    bool finish_runs_ = false;
    std::optional<void_result> finished_;
};

/// A channel whose streams have these hooks around their requests.
std::shared_ptr<channel_base> with_surrounded_streams(std::shared_ptr<channel_base> inner,
                                                      std::shared_ptr<surroundings const> around);

} // namespace joust::game
