//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/channel_base.hpp"
#include "rpc/completion.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::test {

/// A channel without a network: it keeps what is called and answers unary calls as the test says.
class scripted_channel final : public channel_base {
public:
    struct request {
        std::string path;
        std::string message;
        call_options options;
    };

    explicit scripted_channel(boost::asio::io_context& io) : io_(io) {}

    std::vector<request> requests;
    /// What the next calls are answered; without one a call waits for `answer`.
    std::deque<result<std::string>> answers;

    /// Answers the oldest call that waits.
    void answer(result<std::string> with) {
        unary_handler_type handler(std::move(waiting_.front()));
        waiting_.pop_front();
        complete(std::move(handler), std::move(with));
    }
    std::size_t waiting() const noexcept { return waiting_.size(); }

    boost::asio::any_io_executor get_executor() const override { return io_.get_executor(); }

    void start_unary(std::string_view path, result<buffer> framed, call_options options,
                     unary_handler_type handler) override {
        if (framed.has_error())
            return complete(std::move(handler), framed.error());
        constexpr std::size_t prefix = 5;
        requests.push_back({std::string(path), std::string(framed->view().substr(prefix)), std::move(options)});
        if (answers.empty()) {
            boost::asio::get_associated_cancellation_slot(handler).assign(
                [this](boost::asio::cancellation_type) { answer(status(status_code::cancelled, "cancelled")); });
            waiting_.push_back(std::move(handler));
            return;
        }
        result<std::string> next = std::move(answers.front());
        answers.pop_front();
        complete(std::move(handler), std::move(next));
    }
    void start_stream(std::string_view, call_options, open_handler_type handler) override {
        rpc::post_completion(std::move(handler), get_executor(),
                             result<std::shared_ptr<client_messages>>(
                                 status(status_code::unimplemented, "a scripted channel has no streams")));
    }
    void start_server_streaming(std::string_view path, result<buffer>, call_options options,
                                open_handler_type handler) override {
        start_stream(path, std::move(options), std::move(handler));
    }

private:
    void complete(unary_handler_type handler, result<std::string> with) {
        result<buffer> message = with.has_error() ? result<buffer>(with.error()) : result<buffer>(buffer(*with));
        rpc::post_completion(std::move(handler), get_executor(), std::move(message));
    }

    boost::asio::io_context& io_;
    std::deque<unary_handler_type> waiting_;
};

} // namespace joust::test
