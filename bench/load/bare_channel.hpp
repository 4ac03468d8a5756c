//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/any_channel.hpp"
#include "net/address.hpp"
#include "net/client_connection.hpp"
#include "net/connector.hpp"
#include "net/strand.hpp"
#include "rpc/pending_call.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace joust::bench {

/// One connection and nothing else: what a call costs without the client stack. Unary calls only.
class bare_channel final : public channel_base {
public:
    /// Connects, running `io`.
    bare_channel(boost::asio::io_context& io, std::string_view address, bool use_strand)
        : user_(io.get_executor()), io_(use_strand ? net::make_strand(user_) : user_),
          ready_(std::make_shared<ready_flag>()) {
        auto defaults = std::make_shared<rpc::call_defaults>();
        defaults->authority = address;
        defaults->user_agent = "joust-bench";
        defaults_ = std::move(defaults);
        std::make_shared<net::connector>(io_)->start(
            net::parse_address(address).value(), {}, [this](result<std::unique_ptr<net::transport>> made) {
                connection_ = std::make_shared<net::client_connection>(std::move(made).value(),
                                                                       net::connection_settings(), nullptr, ready_);
                connection_->start();
            });
        while (!ready_->is)
            if (io.run_one() == 0)
                throw std::runtime_error("no connection to " + std::string(address));
    }

    /// Ends the connection when its calls are done.
    void shut_down() {
        boost::asio::dispatch(io_, [c = connection_] { c->shut_down(); });
    }

    boost::asio::any_io_executor get_executor() const override { return user_; }
    void start_unary(std::string_view path, result<buffer> framed, call_options options,
                     unary_handler_type handler) override {
        boost::asio::dispatch(
            io_, [c = connection_, call = rpc::make_unary_call(io_, user_, defaults_, path, std::move(framed),
                                                               std::move(options), std::move(handler))] {
                if (!call->start(*c, nullptr))
                    call->fail(status(status_code::unavailable, "no stream is free"));
            });
    }
    void start_stream(std::string_view, call_options, open_handler_type) override {}
    void start_server_streaming(std::string_view, result<buffer>, call_options, open_handler_type) override {}

private:
    struct ready_flag final : net::client_connection_owner {
        bool is = false;
        void on_ready() override { is = true; }
        void on_capacity() override {}
        void on_going_away() override {}
        void on_lost(status const&) override {}
    };

    boost::asio::any_io_executor user_;
    boost::asio::any_io_executor io_;
    std::shared_ptr<ready_flag> ready_;
    std::shared_ptr<rpc::call_defaults const> defaults_;
    std::shared_ptr<net::client_connection> connection_;
};

} // namespace joust::bench
