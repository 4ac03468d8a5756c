//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/connection_error.hpp"
#include "net/server_connection.hpp"
#include "rpc/completion.hpp"
#include "rpc/dispatcher.hpp"
#include "rpc/one_at_a_time.hpp"
#include "rpc/read_cancellation.hpp"
#include "rpc/time_limit.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>

#include <memory>
#include <utility>

namespace joust::rpc {

namespace asio = boost::asio;

namespace {

/// A streaming call and its handler's coroutine.
class stream_run final : public std::enable_shared_from_this<stream_run>,
                         public server_messages,
                         private net::server_stream_listener {
public:
    explicit stream_run(net::server_stream& s) : stream_(s), context_(s) { s.set_listener(this); }
    stream_run(stream_run const&) = delete;
    stream_run& operator=(stream_run const&) = delete;
    /// The coroutine may be destroyed with its execution context, before the connection is.
    ~stream_run() { stream_->set_listener(nullptr); }

    void start(stream_handler& handler) {
        auto running = handler.start(context_, *this);
        asio::co_spawn(
            get_executor(), std::move(running),
            asio::bind_cancellation_slot(cancel_.slot(), [self = shared_from_this()](std::exception_ptr e, status s) {
                self->complete(std::move(e), std::move(s));
            }));
    }

    asio::any_io_executor get_executor() const override { return stream_->connection().get_executor(); }

    void read(read_handler handler) override {
        completion<read_result> done(std::move(handler), get_executor());
        bool const* const cancelled = watch_read(done.slot(), [weak = weak_from_this()] {
            if (auto const self = weak.lock(); self && self->reading_)
                self->reading_.post(wait_cancelled());
        });
        if (refuse_beside(reading_, done, "read"))
            return;
        if (auto r = try_read()) {
            done.post(std::move(*r), returning_to(shared_from_this(), cancelled));
            return;
        }
        reading_ = std::move(done);
        read_cancelled_ = cancelled;
        stream_->await_message();
    }

    /// A message that was read, but not seen.
    void give_back(buffer message) {
        asio::dispatch(get_executor(), [self = shared_from_this(), m = std::move(message)]() mutable {
            self->returned_ = std::move(m);
        });
    }

    void write(result<buffer> framed, write_handler handler) override {
        completion<result<void>> done(std::move(handler), get_executor());
        if (refuse_beside(writing_, done, "write"))
            return;
        status const sent = framed.has_error() ? framed.error() : stream_->call().send_message(*framed);
        if (!sent.ok()) {
            done.post(sent);
            return;
        }
        if (!stream_->send_queue_full()) {
            done.post({});
            return;
        }
        if (auto slot = done.slot(); slot.is_connected())
            slot.assign([weak = weak_from_this()](asio::cancellation_type) {
                if (auto const self = weak.lock(); self && self->writing_)
                    self->writing_.post(wait_cancelled());
            });
        writing_ = std::move(done);
    }

private:
    using read_result = result<std::optional<buffer>>;

    std::optional<read_result> try_read() {
        if (returned_)
            return read_result(std::exchange(returned_, std::nullopt));
        if (stream_->call().finished())
            return read_result(ended());
        buffer message;
        switch (stream_->call().read(message)) {
        case call::read_state::message: return read_result(std::move(message));
        case call::read_state::end: return read_result(std::nullopt);
        case call::read_state::failed: return read_result(stream_->call().read_error());
        case call::read_state::pending: break;
        }
        return std::nullopt;
    }

    status ended() const {
        status const& outcome = stream_->call().outcome();
        return outcome.ok() ? status(status_code::cancelled, "the call has ended") : outcome;
    }

    void complete(std::exception_ptr e, status outcome) {
        if (stream_->call().finished())
            return;
        stream_->set_listener(nullptr);
        if (e)
            outcome = context_.failure(std::move(e));
        stream_->finish(outcome, context_.trailing_metadata());
    }

    void on_readable(net::server_stream&) override {
        if (!reading_)
            return;
        auto const keep = shared_from_this();
        if (auto r = try_read())
            reading_.dispatch(std::move(*r), returning_to(shared_from_this(), read_cancelled_));
        else
            stream_->await_message();
    }

    void on_writable(net::server_stream&) override {
        auto const keep = shared_from_this();
        if (writing_)
            writing_.dispatch({});
    }

    void on_abandoned() noexcept override {
        auto const keep = shared_from_this();
        reading_.abandon();
        writing_.abandon();
    }

    void on_cancelled(net::server_stream&) override {
        auto const keep = shared_from_this();
        if (reading_)
            reading_.dispatch(ended());
        if (writing_)
            writing_.dispatch(ended());
        cancel_.emit(asio::cancellation_type::terminal);
    }

    net::server_stream_ref stream_;
    call_context context_;
    completion<read_result> reading_;
    bool const* read_cancelled_ = nullptr; // of `reading_`
    std::optional<buffer> returned_;
    completion<result<void>> writing_;
    asio::cancellation_signal cancel_;
    time_limit limit_{context_, cancel_};
};

} // namespace

void start_stream(net::server_stream& s, stream_handler& handler) {
    std::make_shared<stream_run>(s)->start(handler);
}

} // namespace joust::rpc
