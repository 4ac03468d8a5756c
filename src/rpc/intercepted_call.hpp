//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "rpc/client_hooks.hpp"
#include "rpc/completion.hpp"
#include "rpc/outgoing_message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace joust::rpc {

/// A streaming call with the hooks of interceptors around its messages and its end.
///
/// As `intercepting_messages` on the server: a message that has been asked for is taken through the hooks whether the
/// read still waits or not. The end of the call is asked for once, by whatever comes first: `finish`, a read that finds
/// no more messages, a cancellation. All of them wait for the hooks of the end.
///
/// *Thread safety*: safe; the work is done on a strand.
class intercepted_call final : public client_messages, public std::enable_shared_from_this<intercepted_call> {
public:
    intercepted_call(std::shared_ptr<client_messages> inner, std::shared_ptr<client_hooks> hooks);

    boost::asio::any_io_executor get_executor() const override { return inner_->get_executor(); }
    void read(read_handler handler) override;
    void write(result<buffer> framed, void_handler handler) override;
    void writes_done(void_handler handler) override;
    void finish(void_handler handler) override;
    void finish_with_message(boost::asio::any_completion_handler<void(result<buffer>)> handler) override;
    void read_initial_metadata(boost::asio::any_completion_handler<void(result<metadata>)> handler) override;
    void cancel() override;
    bool message_compressed() const override { return inner_->message_compressed(); }
    metadata const& trailing_metadata() const override { return inner_->trailing_metadata(); }

    /// A message that was read, but not seen.
    void give_back(buffer message);

private:
    using read_result = result<std::optional<buffer>>;
    using void_result = result<void>;
    using signal_ptr = std::shared_ptr<boost::asio::cancellation_signal>;

    struct outgoing {
        std::optional<outgoing_message> message; // none: the end of the messages
        std::shared_ptr<completion<void_result>> waiter;
    };
    class whole;
    class waiting;

    template <class OnCancel>
    void watch(boost::asio::cancellation_slot slot, OnCancel on_cancel);
    void spawn(boost::asio::awaitable<void> body, signal_ptr& cancel, void (intercepted_call::*then)());
    boost::asio::awaitable<void> changed();
    void wake();

    void do_read(read_handler handler, bool const* cancelled);
    boost::asio::awaitable<void> pull();
    boost::asio::awaitable<read_result> try_pull();
    void on_pulled();

    void enqueue(std::optional<outgoing_message> message, std::shared_ptr<completion<void_result>> waiter);
    boost::asio::awaitable<void> send_all();
    boost::asio::awaitable<void_result> send(outgoing& next);
    void on_pumped();

    boost::asio::awaitable<void> hear_headers();
    void on_headers_heard() {}

    void begin_ending(bool with_message);
    boost::asio::awaitable<void> run_ending(bool with_message);
    boost::asio::awaitable<status> await_outcome(bool with_message);
    void on_ending_done();
    void cancel_finish(boost::asio::cancellation_type type);
    void complete_all();
    read_result end_result() const;

    void refuse(status const& why);
    void do_cancel();
    void abandon() noexcept;

    std::shared_ptr<client_messages> inner_;
    std::shared_ptr<client_hooks> hooks_;
    boost::asio::any_io_executor strand_;
    std::optional<status> refused_;
    bool cancelled_ = false;
    std::vector<boost::asio::steady_timer*> waiting_; // for something to change

    completion<read_result> reading_;
    bool const* read_cancelled_ = nullptr; // of `reading_`
    std::optional<buffer> pulled_;
    bool pulling_ = false;
    signal_ptr cancel_pull_;

    std::deque<outgoing> queue_;
    bool pumping_ = false;
    signal_ptr cancel_pump_;

    completion<result<metadata>> reading_headers_;
    result<metadata> headers_ = metadata();
    bool headers_asked_ = false;
    bool headers_heard_ = false;
    signal_ptr cancel_headers_;

    completion<void_result> finishing_;
    completion<result<buffer>> finishing_with_message_;
    std::optional<buffer> answer_;
    bool ending_ = false;
    bool over_ = false;  // the hooks of the end run, or have run
    bool ended_ = false; // they have, `outcome_` is there
    status outcome_;
    signal_ptr cancel_ending_;
};

} // namespace joust::rpc
