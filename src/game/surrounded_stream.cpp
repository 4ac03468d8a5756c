//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/surrounded_stream.hpp"

#include "game/response.hpp"
#include "joust/game/answer.hpp"
#include "joust/rpc/converting_handler.hpp"
#include "rpc/client_hooks.hpp"
#include "rpc/one_at_a_time.hpp"
#include "rpc/read_cancellation.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace joust::game {

namespace asio = boost::asio;

/// The completion handler of each coroutine here. If it is destroyed without being called, as its execution context
/// is, the handlers of the user have to go, too: they own the stream.
class surrounded_stream::whole {
public:
    whole(std::shared_ptr<surrounded_stream> owner, signal_ptr cancel) noexcept
        : owner_(std::move(owner)), cancel_(std::move(cancel)) {}
    whole(whole&&) noexcept = default;
    whole& operator=(whole&&) = delete;
    ~whole() {
        if (owner_)
            owner_->abandon();
    }

    void operator()(std::exception_ptr) { owner_.reset(); }

private:
    std::shared_ptr<surrounded_stream> owner_;
    signal_ptr cancel_; // lives as long as the coroutine
};

surrounded_stream::surrounded_stream(std::shared_ptr<client_messages> inner, std::shared_ptr<surroundings const> around,
                                     joust::call_options options)
    : inner_(std::move(inner)), around_(std::move(around)), options_(std::move(options)),
      strand_(asio::make_strand(inner_->get_executor())) {}

void surrounded_stream::spawn(asio::awaitable<void> body, signal_ptr const& cancel) {
    auto const slot = cancel ? cancel->slot() : asio::cancellation_slot();
    asio::co_spawn(strand_, std::move(body), asio::bind_cancellation_slot(slot, whole(shared_from_this(), cancel)));
}

// -- requests

void surrounded_stream::write(result<buffer> framed, void_handler handler) {
    if (framed.has_error()) // there is nothing to be seen
        return inner_->write(std::move(framed), std::move(handler));
    enqueue(std::move(*framed), std::move(handler));
}

void surrounded_stream::writes_done(void_handler handler) {
    enqueue(std::nullopt, std::move(handler));
}

void surrounded_stream::enqueue(std::optional<buffer> framed, void_handler handler) {
    auto waiter = std::make_shared<rpc::completion<void_result>>(std::move(handler), get_executor());
    if (auto slot = waiter->slot(); slot.is_connected())
        slot.assign([io = strand_, weak = std::weak_ptr(waiter)](asio::cancellation_type) {
            asio::post(io, [weak] {
                if (auto const w = weak.lock(); w && *w)
                    w->dispatch(rpc::wait_cancelled());
            });
        });
    asio::dispatch(strand_, [self = shared_from_this(), m = std::move(framed), w = std::move(waiter)]() mutable {
        self->queue_.push_back({std::move(m), std::move(w)});
        if (std::exchange(self->sending_, true))
            return;
        self->cancel_sending_ = std::make_shared<asio::cancellation_signal>();
        self->spawn(self->send_all(), self->cancel_sending_);
    });
}

asio::awaitable<void> surrounded_stream::send_all() {
    while (!queue_.empty()) {
        outgoing next = std::move(queue_.front());
        queue_.pop_front();
        void_result sent;
        std::exception_ptr failed;
        try {
            auto sending = send(std::move(next.framed));
            sent = co_await std::move(sending);
        } catch (...) {
            failed = std::current_exception();
        }
        co_await asio::this_coro::reset_cancellation_state();
        if (failed)
            sent = rpc::status_of(std::move(failed));
        if (*next.waiter)
            next.waiter->post(std::move(sent));
    }
    sending_ = false;
}

asio::awaitable<result<void>> surrounded_stream::send(std::optional<buffer> framed) {
    if (!framed) {
        auto ending = asio::async_initiate<asio::deferred_t const, void(void_result)>(
            [](auto handler, client_messages* to) { to->writes_done(std::move(handler)); }, asio::deferred,
            inner_.get());
        co_return co_await std::move(ending);
    }
    auto call = std::make_unique<surrounded_call>(around_, std::move(*framed), options_, true);
    result<buffer> message = status();
    if (ended_) {
        call->fail(*ended_); // before it has begun: no hook hears of it
    } else {
        auto beginning = call->async_before();
        if (co_await std::move(beginning)) {
            if (ended_)
                call->fail(*ended_);
            else if (message = call->request(); message.has_error())
                call->fail(message.error());
        }
    }
    if (message.has_value()) {
        pending_.push_back({std::move(call)});
        auto writing = asio::async_initiate<asio::deferred_t const, void(void_result)>(
            [](auto handler, client_messages* to, buffer bytes) { to->write(std::move(bytes), std::move(handler)); },
            asio::deferred, inner_.get(), std::move(*message));
        co_return co_await std::move(writing);
    }
    co_await asio::this_coro::reset_cancellation_state();
    auto ending = call->async_after();
    co_await std::move(ending);
    if (ended_)
        co_return *ended_;
    pending_.push_back({nullptr, call->conclude_message()});
    deliver();
    co_return void_result();
}

// -- answers

void surrounded_stream::read(read_handler handler) {
    bool const* const cancelled =
        rpc::watch_read(asio::get_associated_cancellation_slot(handler), [io = strand_, weak = weak_from_this()] {
            asio::post(io, [weak] {
                if (auto const self = weak.lock(); self && self->reading_)
                    self->reading_.dispatch(rpc::wait_cancelled());
            });
        });
    asio::dispatch(strand_, [self = shared_from_this(), h = std::move(handler), cancelled]() mutable {
        self->do_read(std::move(h), cancelled);
    });
}

void surrounded_stream::do_read(read_handler handler, bool const* cancelled) {
    rpc::completion<read_result> done(std::move(handler), get_executor());
    if (rpc::refuse_beside(reading_, done, "read"))
        return;
    reading_ = std::move(done);
    read_cancelled_ = cancelled;
    deliver();
}

void surrounded_stream::give_back(buffer message) {
    asio::dispatch(strand_, [self = shared_from_this(), m = std::move(message)]() mutable {
        self->ready_.push_front(std::move(m));
    });
}

/// Gives the read what is there for it, or asks for more.
void surrounded_stream::deliver() {
    while (!receiving_ && !pending_.empty() && pending_.front().call == nullptr) {
        ready_.push_back(std::move(pending_.front().answer));
        pending_.pop_front();
    }
    if (!reading_)
        return;
    if (!ready_.empty()) {
        read_result next(std::move(ready_.front()));
        ready_.pop_front();
        return reading_.post(std::move(next), rpc::returning_to(shared_from_this(), read_cancelled_));
    }
    if (last_)
        return reading_.post(*last_);
    if (!std::exchange(pulling_, true))
        spawn(pull());
}

asio::awaitable<void> surrounded_stream::pull() {
    auto reading = asio::async_initiate<asio::deferred_t const, void(read_result)>(
        [](auto handler, client_messages* from) { from->read(std::move(handler)); }, asio::deferred, inner_.get());
    read_result r = co_await std::move(reading);
    std::optional<buffer> message;
    if (r.has_value())
        message.swap(*r);
    if (message) {
        std::exception_ptr failed;
        try {
            auto receiving = receive(std::move(*message));
            co_await std::move(receiving);
        } catch (...) { // of `on_push`
            failed = std::current_exception();
        }
        if (failed) {
            inner_->cancel();
            message.reset();
            r = rpc::status_of(std::move(failed));
        }
    }
    if (!message) {
        auto ending = end(r.has_error() ? r.error()
                                        : status(status_code::internal, "the stream ended without an answer to this"));
        co_await std::move(ending);
        last_ = std::move(r);
    }
    pulling_ = false;
    deliver();
}

asio::awaitable<void> surrounded_stream::receive(buffer message) {
    auto const first =
        std::find_if(pending_.begin(), pending_.end(), [](request const& each) { return each.call != nullptr; });
    if (first == pending_.end()) { // to nothing that was asked
        ready_.push_back(std::move(message));
        co_return;
    }
    // Those before it were answered here, when nobody was reading.
    for (auto n = first - pending_.begin(); n != 0; --n) {
        ready_.push_back(std::move(pending_.front().answer));
        pending_.pop_front();
    }
    bool more = false;
    auto const payload = detail::open_envelope(message.view(), &more);
    if (payload.has_value() && more) {
        ready_.push_back(pending_.front().call->push(*payload));
        co_return;
    }
    auto const call = std::move(pending_.front().call);
    pending_.pop_front();
    receiving_ = true;
    call->take(std::move(message));
    auto ending = call->async_after();
    co_await std::move(ending);
    receiving_ = false;
    ready_.push_back(call->conclude_message());
}

// -- the end

asio::awaitable<void> surrounded_stream::end(status why) {
    if (!ended_)
        ended_ = std::move(why);
    while (!pending_.empty()) {
        auto const call = std::move(pending_.front().call);
        if (call == nullptr)
            ready_.push_back(std::move(pending_.front().answer));
        pending_.pop_front();
        if (call == nullptr)
            continue;
        call->fail(*ended_);
        auto ending = call->async_after();
        co_await std::move(ending);
    }
}

void surrounded_stream::finish(void_handler handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected())
        slot.assign([io = strand_, weak = weak_from_this()](asio::cancellation_type type) {
            asio::post(io, [weak, type] {
                auto const self = weak.lock();
                if (!self)
                    return;
                if ((type & (asio::cancellation_type::terminal | asio::cancellation_type::partial)) !=
                    asio::cancellation_type::none)
                    self->do_cancel();
                else if (self->finishing_)
                    self->finishing_.dispatch(rpc::wait_cancelled());
            });
        });
    asio::dispatch(strand_,
                   [self = shared_from_this(), h = std::move(handler)]() mutable { self->do_finish(std::move(h)); });
}

void surrounded_stream::do_finish(void_handler handler) {
    rpc::completion<void_result> done(std::move(handler), get_executor());
    if (rpc::refuse_beside(finishing_, done, "finish"))
        return;
    finishing_ = std::move(done);
    if (finished_)
        return finishing_.post(*finished_);
    if (!std::exchange(finish_runs_, true))
        spawn(run_finish());
}

asio::awaitable<void> surrounded_stream::run_finish() {
    auto finishing = asio::async_initiate<asio::deferred_t const, void(void_result)>(
        [](auto handler, client_messages* from) { from->finish(std::move(handler)); }, asio::deferred, inner_.get());
    void_result r = co_await std::move(finishing);
    auto ending =
        end(r.has_error() ? r.error() : status(status_code::cancelled, "the stream ended before this was read"));
    co_await std::move(ending);
    finished_ = std::move(r);
    if (finishing_)
        finishing_.post(*finished_);
}

void surrounded_stream::cancel() {
    asio::post(strand_, [self = shared_from_this()] { self->do_cancel(); });
}

void surrounded_stream::do_cancel() {
    inner_->cancel();
    if (ended_)
        return;
    ended_ = status(status_code::cancelled, "the call was cancelled");
    if (cancel_sending_)
        cancel_sending_->emit(asio::cancellation_type::terminal);
    spawn(end(*ended_));
}

namespace {

class surrounding_channel final : public channel_base {
public:
    surrounding_channel(std::shared_ptr<channel_base> inner, std::shared_ptr<surroundings const> around)
        : inner_(std::move(inner)), around_(std::move(around)) {}

    asio::any_io_executor get_executor() const override { return inner_->get_executor(); }
    void start_unary(std::string_view path, result<buffer> framed, joust::call_options options,
                     unary_handler_type handler) override {
        inner_->start_unary(path, std::move(framed), std::move(options), std::move(handler));
    }
    void start_stream(std::string_view path, joust::call_options options, open_handler_type handler) override {
        joust::call_options kept = options;
        kept.info = nullptr;
        kept.parent = nullptr; // may be gone when a request is made
        auto wrap =
            [around = around_, kept = std::move(kept)](
                result<std::shared_ptr<client_messages>> r) mutable -> result<std::shared_ptr<client_messages>> {
            if (r.has_error())
                return r;
            return std::make_shared<surrounded_stream>(std::move(*r), std::move(around), std::move(kept));
        };
        inner_->start_stream(path, std::move(options),
                             joust::detail::converting_handler{std::move(handler), std::move(wrap)});
    }
    void start_server_streaming(std::string_view path, result<buffer> framed, joust::call_options options,
                                open_handler_type handler) override {
        inner_->start_server_streaming(path, std::move(framed), std::move(options), std::move(handler));
    }

private:
    std::shared_ptr<channel_base> inner_;
    std::shared_ptr<surroundings const> around_;
};

} // namespace

std::shared_ptr<channel_base> with_surrounded_streams(std::shared_ptr<channel_base> inner,
                                                      std::shared_ptr<surroundings const> around) {
    return std::make_shared<surrounding_channel>(std::move(inner), std::move(around));
}

void surrounded_stream::abandon() noexcept {
    auto const keep = shared_from_this();
    reading_.abandon();
    finishing_.abandon();
    for (outgoing& each : std::exchange(queue_, {}))
        each.waiter->abandon();
}

} // namespace joust::game
