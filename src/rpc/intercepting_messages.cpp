//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/intercepting_messages.hpp"

#include "rpc/one_at_a_time.hpp"
#include "rpc/read_cancellation.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace joust::rpc {

namespace asio = boost::asio;

// Completion handlers inside. If they are destroyed without being called, as their execution context is, those of the
// user have to go, too: they own the coroutine that owns this object.

class intercepting_messages::whole_pull {
public:
    explicit whole_pull(std::shared_ptr<intercepting_messages> owner) noexcept : owner_(std::move(owner)) {}
    whole_pull(whole_pull&&) noexcept = default;
    whole_pull& operator=(whole_pull&&) = delete;
    ~whole_pull() {
        if (owner_)
            owner_->abandon();
    }

    void operator()(read_result r) { std::exchange(owner_, nullptr)->on_pulled(std::move(r)); }
    void operator()(std::exception_ptr e, status s) {
        auto const owner = std::exchange(owner_, nullptr);
        // What `close` has cancelled did not fail.
        owner->on_hooks_done(e && !owner->closed_ ? outcome_of(owner->context_, std::move(e)) : std::move(s));
    }

private:
    std::shared_ptr<intercepting_messages> owner_;
};

class intercepting_messages::whole_pump {
public:
    explicit whole_pump(std::shared_ptr<intercepting_messages> owner) noexcept : owner_(std::move(owner)) {}
    whole_pump(whole_pump&&) noexcept = default;
    whole_pump& operator=(whole_pump&&) = delete;
    ~whole_pump() {
        if (owner_)
            owner_->abandon();
    }

    void operator()(std::exception_ptr) { std::exchange(owner_, nullptr)->on_pumped(); }

private:
    std::shared_ptr<intercepting_messages> owner_;
};

intercepting_messages::intercepting_messages(std::shared_ptr<server_chain const> chain, call_context& context,
                                             server_messages& inner)
    : chain_(std::move(chain)), context_(context), inner_(inner) {}

// -- reading

void intercepting_messages::read(read_handler handler) {
    completion<read_result> done(std::move(handler), get_executor());
    bool const* const cancelled = watch_read(done.slot(), [weak = weak_from_this()] {
        if (auto const self = weak.lock(); self && self->reading_)
            self->reading_.post(wait_cancelled());
    });
    if (refuse_beside(reading_, done, "read"))
        return;
    if (refused_)
        return done.post(*refused_);
    if (auto pulled = std::exchange(pulled_, std::nullopt)) {
        done.post(std::move(*pulled), returning_to(shared_from_this(), cancelled));
        return;
    }
    reading_ = std::move(done);
    read_cancelled_ = cancelled;
    if (!std::exchange(pulling_, true))
        pull();
}

void intercepting_messages::pull() {
    inner_.read(whole_pull(shared_from_this()));
}

void intercepting_messages::on_pulled(read_result r) {
    if (closed_ || r.has_error())
        return deliver(std::move(r));
    std::optional<buffer>& message = *r;
    if (!message)
        return deliver(std::move(r));
    message_ = std::move(*message);
    if (chain_->synchronous()) {
        status outcome;
        try {
            outcome = chain_->on_request(context_, message_);
        } catch (...) {
            outcome = outcome_of(context_, std::current_exception());
        }
        return on_hooks_done(std::move(outcome));
    }
    hooking_ = true;
    auto hooks = run_request_hooks();
    asio::co_spawn(get_executor(), std::move(hooks),
                   asio::bind_cancellation_slot(stop_requests_.slot(), whole_pull(shared_from_this())));
}

asio::awaitable<status> intercepting_messages::run_request_hooks() {
    auto hooks = chain_->async_on_request(context_, message_);
    co_return co_await std::move(hooks);
}

void intercepting_messages::on_hooks_done(status outcome) {
    if (std::exchange(hooking_, false))
        wake();
    if (closed_)
        return;
    if (outcome.ok())
        return deliver(std::optional<buffer>(std::move(message_)));
    refuse(outcome);
    deliver(std::move(outcome));
}

void intercepting_messages::deliver(read_result r) {
    pulling_ = false;
    if (reading_)
        reading_.dispatch(std::move(r), returning_to(shared_from_this(), read_cancelled_));
    else
        pulled_ = std::move(r);
}

void intercepting_messages::give_back(buffer message) {
    asio::dispatch(get_executor(), [self = shared_from_this(), m = std::move(message)]() mutable {
        self->pulled_ = read_result(std::optional<buffer>(std::move(m)));
    });
}

// -- writing

void intercepting_messages::write(result<buffer> framed, write_handler handler) {
    if (framed.has_error())
        return inner_.write(std::move(framed), std::move(handler));
    if (refused_)
        return post_completion<void_result>(std::move(handler), get_executor(), *refused_);
    outgoing_message message(std::move(*framed));
    if (chain_->synchronous()) {
        status outcome;
        try {
            outcome = chain_->on_response(context_, message.bytes);
        } catch (...) {
            outcome = outcome_of(context_, std::current_exception());
        }
        if (outcome.ok())
            return inner_.write(message.framed(), std::move(handler));
        refuse(outcome);
        return post_completion<void_result>(std::move(handler), get_executor(), std::move(outcome));
    }
    auto waiter = std::make_shared<completion<void_result>>(std::move(handler), get_executor());
    if (auto slot = waiter->slot(); slot.is_connected())
        slot.assign([weak = std::weak_ptr(waiter)](asio::cancellation_type) {
            if (auto const w = weak.lock(); w && *w)
                w->post(wait_cancelled());
        });
    queue_.push_back({std::move(message), std::move(waiter)});
    if (!std::exchange(pumping_, true))
        pump();
}

void intercepting_messages::pump() {
    auto sending = send_all();
    asio::co_spawn(get_executor(), std::move(sending),
                   asio::bind_cancellation_slot(stop_responses_.slot(), whole_pump(shared_from_this())));
}

asio::awaitable<void> intercepting_messages::send_all() {
    while (!queue_.empty()) {
        outgoing next = std::move(queue_.front());
        queue_.pop_front();
        void_result sent;
        std::exception_ptr failed;
        try {
            auto sending = send(next.message);
            sent = co_await std::move(sending);
        } catch (...) {
            failed = std::current_exception();
        }
        if (failed) {
            status const why = outcome_of(context_, std::move(failed));
            refuse(why);
            sent = why;
        }
        if (*next.waiter)
            next.waiter->post(std::move(sent));
    }
}

asio::awaitable<result<void>> intercepting_messages::send(outgoing_message& message) {
    if (refused_)
        co_return *refused_;
    auto hooks = chain_->async_on_response(context_, message.bytes);
    if (status const outcome = co_await std::move(hooks); !outcome.ok()) {
        refuse(outcome);
        co_return outcome;
    }
    auto writing = asio::async_initiate<asio::deferred_t const, void(void_result)>(
        [](auto handler, server_messages* to, buffer framed) { to->write(std::move(framed), std::move(handler)); },
        asio::deferred, &inner_, message.framed());
    co_return co_await std::move(writing);
}

void intercepting_messages::on_pumped() {
    pumping_ = false;
    if (!queue_.empty()) {
        pumping_ = true;
        pump();
        return;
    }
    wake();
}

// -- the end

void intercepting_messages::refuse(status const& why) {
    if (!refused_)
        refused_ = why;
}

asio::awaitable<void> intercepting_messages::close() {
    closed_ = true;
    if (hooking_)
        stop_requests_.emit(asio::cancellation_type::terminal);
    asio::steady_timer idle(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    closing_ = &idle;
    while (hooking_ || pumping_) {
        if (pumping_ && context_.cancelled())
            stop_responses_.emit(asio::cancellation_type::terminal);
        error_code ignored;
        co_await idle.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        co_await asio::this_coro::reset_cancellation_state();
    }
    closing_ = nullptr;
}

void intercepting_messages::wake() {
    if (closing_ != nullptr)
        closing_->cancel();
}

void intercepting_messages::abandon() noexcept {
    auto const keep = shared_from_this();
    reading_.abandon();
    for (outgoing& each : std::exchange(queue_, {}))
        each.waiter->abandon();
}

} // namespace joust::rpc
