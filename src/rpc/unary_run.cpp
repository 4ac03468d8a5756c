//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/message.hpp"
#include "net/server_connection.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/time_limit.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <memory>
#include <utility>

namespace joust::rpc {

namespace asio = boost::asio;

namespace {

/// A unary call whose handler runs as a coroutine.
class unary_run final : public std::enable_shared_from_this<unary_run>, private net::server_stream_listener {
public:
    explicit unary_run(net::server_stream& s) : stream_(s), context_(s) { s.set_listener(this); }
    unary_run(unary_run const&) = delete;
    unary_run& operator=(unary_run const&) = delete;
    /// The coroutine may be destroyed with its execution context, before the connection is.
    ~unary_run() { stream_->set_listener(nullptr); }

    void start(unary_handler& handler) {
        auto running = handler.start(context_, stream_->request().view(), stream_->response());
        asio::co_spawn(
            stream_->connection().get_executor(), std::move(running),
            asio::bind_cancellation_slot(cancel_.slot(), [self = shared_from_this()](std::exception_ptr e, status s) {
                self->complete(std::move(e), std::move(s));
            }));
    }

private:
    void complete(std::exception_ptr e, status outcome) {
        if (stream_->call().finished())
            return;
        stream_->set_listener(nullptr);
        if (e)
            outcome = context_.failure(std::move(e));
        if (outcome.ok()) {
            wire::end_message(stream_->response(), wire::prefix_size);
            outcome = stream_->call().send_message(stream_->response());
        }
        stream_->finish(outcome, context_.trailing_metadata());
    }

    void on_readable(net::server_stream&) override {}
    void on_writable(net::server_stream&) override {}
    void on_abandoned() noexcept override {}
    void on_cancelled(net::server_stream&) override {
        auto const keep = shared_from_this();
        cancel_.emit(asio::cancellation_type::terminal);
    }

    net::server_stream_ref stream_;
    call_context context_;
    asio::cancellation_signal cancel_;
    time_limit limit_{context_, cancel_};
};

} // namespace

void start_unary_coroutine(net::server_stream& s, unary_handler& handler) {
    std::make_shared<unary_run>(s)->start(handler);
}

} // namespace joust::rpc
