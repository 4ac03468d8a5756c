//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/channel_base.hpp"

#include <memory>
#include <utility>

namespace joust::game {

/// The messages of another call, for what changes some of them.
class forwarding_messages : public client_messages {
public:
    explicit forwarding_messages(std::shared_ptr<client_messages> inner) noexcept : inner_(std::move(inner)) {}

    boost::asio::any_io_executor get_executor() const override { return inner_->get_executor(); }
    void read(read_handler handler) override { inner_->read(std::move(handler)); }
    void write(result<buffer> framed, void_handler handler) override {
        inner_->write(std::move(framed), std::move(handler));
    }
    void writes_done(void_handler handler) override { inner_->writes_done(std::move(handler)); }
    void finish(void_handler handler) override { inner_->finish(std::move(handler)); }
    void finish_with_message(boost::asio::any_completion_handler<void(result<buffer>)> handler) override {
        inner_->finish_with_message(std::move(handler));
    }
    void read_initial_metadata(boost::asio::any_completion_handler<void(result<metadata>)> handler) override {
        inner_->read_initial_metadata(std::move(handler));
    }
    void cancel() override { inner_->cancel(); }
    bool message_compressed() const override { return inner_->message_compressed(); }
    metadata const& trailing_metadata() const override { return inner_->trailing_metadata(); }

protected:
    client_messages& inner() const noexcept { return *inner_; }

private:
    std::shared_ptr<client_messages> inner_;
};

} // namespace joust::game
