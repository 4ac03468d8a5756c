//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/intercepted_call.hpp"

#include "net/strand.hpp"
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

/// The completion handler of each coroutine here. If it is destroyed without being called, as its execution context
/// is, the handlers of the user have to go, too: they own the call.
class intercepted_call::whole {
public:
    whole(std::shared_ptr<intercepted_call> owner, signal_ptr cancel, void (intercepted_call::*then)()) noexcept
        : owner_(std::move(owner)), cancel_(std::move(cancel)), then_(then) {}
    whole(whole&&) noexcept = default;
    whole& operator=(whole&&) = delete;
    ~whole() {
        if (owner_)
            owner_->abandon();
    }

    void operator()(std::exception_ptr e) {
        auto const owner = std::exchange(owner_, nullptr);
        if (e && !owner->cancelled_)
            owner->refuse(status_of(std::move(e)));
        (owner.get()->*then_)();
        owner->wake();
    }

private:
    std::shared_ptr<intercepted_call> owner_;
    signal_ptr cancel_; // lives as long as the coroutine
    void (intercepted_call::*then_)();
};

class intercepted_call::waiting {
public:
    explicit waiting(intercepted_call& call) : timer(call.strand_, asio::steady_timer::time_point::max()), call_(call) {
        call_.waiting_.push_back(&timer);
    }
    waiting(waiting const&) = delete;
    waiting& operator=(waiting const&) = delete;
    ~waiting() { std::erase(call_.waiting_, &timer); }

    asio::steady_timer timer;

private:
    intercepted_call& call_;
};

intercepted_call::intercepted_call(std::shared_ptr<client_messages> inner, std::shared_ptr<client_hooks> hooks)
    : inner_(std::move(inner)), hooks_(std::move(hooks)), strand_(net::make_strand(inner_->get_executor())) {}

template <class OnCancel>
void intercepted_call::watch(asio::cancellation_slot slot, OnCancel on_cancel) {
    if (!slot.is_connected())
        return;
    slot.assign([io = strand_, weak = weak_from_this(), on_cancel](asio::cancellation_type type) {
        asio::post(io, [weak, type, on_cancel] {
            if (auto const self = weak.lock())
                on_cancel(*self, type);
        });
    });
}

void intercepted_call::spawn(asio::awaitable<void> body, signal_ptr& cancel, void (intercepted_call::*then)()) {
    cancel = std::make_shared<asio::cancellation_signal>();
    asio::co_spawn(strand_, std::move(body),
                   asio::bind_cancellation_slot(cancel->slot(), whole(shared_from_this(), cancel, then)));
}

asio::awaitable<void> intercepted_call::changed() {
    waiting w(*this);
    error_code ignored;
    co_await w.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void intercepted_call::wake() {
    for (asio::steady_timer* const each : waiting_)
        each->cancel();
}

// -- reading

void intercepted_call::read(read_handler handler) {
    bool const* const cancelled =
        watch_read(asio::get_associated_cancellation_slot(handler), [io = strand_, weak = weak_from_this()] {
            asio::post(io, [weak] {
                if (auto const self = weak.lock(); self && self->reading_)
                    self->reading_.dispatch(wait_cancelled());
            });
        });
    asio::dispatch(strand_, [self = shared_from_this(), h = std::move(handler), cancelled]() mutable {
        self->do_read(std::move(h), cancelled);
    });
}

void intercepted_call::do_read(read_handler handler, bool const* cancelled) {
    completion<read_result> done(std::move(handler), get_executor());
    if (refuse_beside(reading_, done, "read"))
        return;
    if (pulled_) {
        done.post(read_result(std::exchange(pulled_, std::nullopt)), returning_to(shared_from_this(), cancelled));
        return;
    }
    if (ended_)
        return done.post(end_result());
    reading_ = std::move(done);
    read_cancelled_ = cancelled;
    if (!std::exchange(pulling_, true))
        spawn(pull(), cancel_pull_, &intercepted_call::on_pulled);
}

void intercepted_call::give_back(buffer message) {
    asio::dispatch(strand_,
                   [self = shared_from_this(), m = std::move(message)]() mutable { self->pulled_ = std::move(m); });
}

asio::awaitable<void> intercepted_call::pull() {
    std::exception_ptr failed;
    try {
        auto pulling = try_pull();
        read_result r = co_await std::move(pulling);
        if (r.has_value())
            pulled_ = std::move(*r);
    } catch (...) {
        failed = std::current_exception();
    }
    if (failed)
        refuse(status_of(std::move(failed)));
}

asio::awaitable<result<std::optional<buffer>>> intercepted_call::try_pull() {
    auto reading = asio::async_initiate<asio::deferred_t const, void(read_result)>(
        [](auto handler, client_messages* from) { from->read(std::move(handler)); }, asio::deferred, inner_.get());
    read_result r = co_await std::move(reading);
    if (r.has_error())
        co_return r;
    std::optional<buffer>& message = *r;
    if (!message)
        co_return r;
    auto headers = hear_headers();
    co_await std::move(headers);
    if (!hooks_->sees_messages())
        co_return r;
    auto hooks = hooks_->async_on_response(*message);
    if (status const refused = co_await std::move(hooks); !refused.ok()) {
        refuse(refused);
        co_return refused;
    }
    co_return r;
}

void intercepted_call::on_pulled() {
    pulling_ = false;
    if (!pulled_ || refused_) {
        pulled_.reset();
        if (ended_)
            complete_all();
        else
            begin_ending(false);
        return;
    }
    if (reading_)
        reading_.dispatch(read_result(std::exchange(pulled_, std::nullopt)),
                          returning_to(shared_from_this(), read_cancelled_));
}

// -- writing

void intercepted_call::write(result<buffer> framed, void_handler handler) {
    if (framed.has_error() || !hooks_->sees_messages())
        return inner_->write(std::move(framed), std::move(handler));
    auto waiter = std::make_shared<completion<void_result>>(std::move(handler), get_executor());
    if (auto slot = waiter->slot(); slot.is_connected())
        slot.assign([io = strand_, weak = std::weak_ptr(waiter)](asio::cancellation_type) {
            asio::post(io, [weak] {
                if (auto const w = weak.lock(); w && *w)
                    w->dispatch(wait_cancelled());
            });
        });
    enqueue(outgoing_message(std::move(*framed)), std::move(waiter));
}

void intercepted_call::writes_done(void_handler handler) {
    if (!hooks_->sees_messages())
        return inner_->writes_done(std::move(handler));
    enqueue(std::nullopt, std::make_shared<completion<void_result>>(std::move(handler), get_executor()));
}

void intercepted_call::enqueue(std::optional<outgoing_message> message,
                               std::shared_ptr<completion<void_result>> waiter) {
    asio::dispatch(strand_, [self = shared_from_this(), m = std::move(message), w = std::move(waiter)]() mutable {
        self->queue_.push_back({std::move(m), std::move(w)});
        if (!std::exchange(self->pumping_, true))
            self->spawn(self->send_all(), self->cancel_pump_, &intercepted_call::on_pumped);
    });
}

asio::awaitable<void> intercepted_call::send_all() {
    while (!queue_.empty()) {
        outgoing next = std::move(queue_.front());
        queue_.pop_front();
        void_result sent;
        std::exception_ptr failed;
        try {
            auto sending = send(next);
            sent = co_await std::move(sending);
        } catch (...) {
            failed = std::current_exception();
        }
        if (failed) {
            status const why = status_of(std::move(failed));
            if (!cancelled_)
                refuse(why);
            sent = why;
        }
        if (*next.waiter)
            next.waiter->post(std::move(sent));
    }
}

asio::awaitable<result<void>> intercepted_call::send(outgoing& next) {
    if (refused_)
        co_return *refused_;
    if (!next.message) {
        auto ending = asio::async_initiate<asio::deferred_t const, void(void_result)>(
            [](auto handler, client_messages* to) { to->writes_done(std::move(handler)); }, asio::deferred,
            inner_.get());
        co_return co_await std::move(ending);
    }
    auto hooks = hooks_->async_on_request(next.message->bytes);
    if (status const refused = co_await std::move(hooks); !refused.ok()) {
        refuse(refused);
        co_return refused;
    }
    auto writing = asio::async_initiate<asio::deferred_t const, void(void_result)>(
        [](auto handler, client_messages* to, buffer framed) { to->write(std::move(framed), std::move(handler)); },
        asio::deferred, inner_.get(), next.message->framed());
    co_return co_await std::move(writing);
}

void intercepted_call::on_pumped() {
    pumping_ = false;
    if (refused_)
        begin_ending(false);
    if (!queue_.empty() && !std::exchange(pumping_, true))
        spawn(send_all(), cancel_pump_, &intercepted_call::on_pumped);
}

// -- the server's headers

void intercepted_call::read_initial_metadata(asio::any_completion_handler<void(result<metadata>)> handler) {
    watch(asio::get_associated_cancellation_slot(handler), [](intercepted_call& c, asio::cancellation_type) {
        if (c.reading_headers_)
            c.reading_headers_.dispatch(wait_cancelled());
    });
    asio::dispatch(strand_, [self = shared_from_this(), h = std::move(handler)]() mutable {
        if (self->headers_heard_)
            return post_completion(std::move(h), self->get_executor(), self->headers_);
        self->reading_headers_ = completion<result<metadata>>(std::move(h), self->get_executor());
        if (!self->headers_asked_)
            self->spawn(self->hear_headers(), self->cancel_headers_, &intercepted_call::on_headers_heard);
    });
}

asio::awaitable<void> intercepted_call::hear_headers() {
    while (headers_asked_ && !headers_heard_) {
        auto until = changed();
        co_await std::move(until);
    }
    if (headers_heard_)
        co_return;
    headers_asked_ = true;
    std::exception_ptr failed;
    try {
        auto reading = asio::async_initiate<asio::deferred_t const, void(result<metadata>)>(
            [](auto handler, client_messages* from) { from->read_initial_metadata(std::move(handler)); },
            asio::deferred, inner_.get());
        headers_ = co_await std::move(reading);
        if (headers_.has_value()) {
            auto hooks = hooks_->async_on_headers(*headers_);
            co_await std::move(hooks);
        }
    } catch (...) {
        failed = std::current_exception();
    }
    if (failed && !cancelled_)
        refuse(status_of(std::move(failed)));
    headers_heard_ = true;
    if (reading_headers_)
        reading_headers_.post(headers_);
    wake();
}

// -- the end

void intercepted_call::finish(void_handler handler) {
    watch(asio::get_associated_cancellation_slot(handler),
          [](intercepted_call& c, asio::cancellation_type type) { c.cancel_finish(type); });
    asio::dispatch(strand_, [self = shared_from_this(), h = std::move(handler)]() mutable {
        completion<void_result> done(std::move(h), self->get_executor());
        if (refuse_beside(self->finishing_, done, "finish"))
            return;
        self->finishing_ = std::move(done);
        self->ended_ ? self->complete_all() : self->begin_ending(false);
    });
}

void intercepted_call::finish_with_message(asio::any_completion_handler<void(result<buffer>)> handler) {
    watch(asio::get_associated_cancellation_slot(handler),
          [](intercepted_call& c, asio::cancellation_type type) { c.cancel_finish(type); });
    asio::dispatch(strand_, [self = shared_from_this(), h = std::move(handler)]() mutable {
        completion<result<buffer>> done(std::move(h), self->get_executor());
        if (refuse_beside(self->finishing_with_message_, done, "finish"))
            return;
        self->finishing_with_message_ = std::move(done);
        self->ended_ ? self->complete_all() : self->begin_ending(true);
    });
}

void intercepted_call::cancel_finish(asio::cancellation_type type) {
    if ((type & (asio::cancellation_type::terminal | asio::cancellation_type::partial)) !=
        asio::cancellation_type::none)
        return do_cancel();
    if (finishing_)
        finishing_.dispatch(wait_cancelled());
    if (finishing_with_message_)
        finishing_with_message_.dispatch(wait_cancelled());
    if (ending_ && !over_)
        cancel_ending_->emit(asio::cancellation_type::total);
}

void intercepted_call::begin_ending(bool with_message) {
    if (!ended_ && !std::exchange(ending_, true))
        spawn(run_ending(with_message), cancel_ending_, &intercepted_call::on_ending_done);
}

asio::awaitable<void> intercepted_call::run_ending(bool with_message) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    auto awaiting = await_outcome(with_message);
    status outcome = co_await std::move(awaiting);
    auto const state = co_await asio::this_coro::cancellation_state;
    bool const stopped = state.cancelled() != asio::cancellation_type::none;
    co_await asio::this_coro::reset_cancellation_state();
    if (stopped && outcome.cause() == asio::error::operation_aborted)
        co_return; // only the wait was cancelled, the call goes on
    while (pulling_ || pumping_) {
        auto until = changed();
        co_await std::move(until);
    }
    auto headers = hear_headers();
    co_await std::move(headers);
    if (answer_ && hooks_->sees_messages() && !refused_) {
        std::exception_ptr failed;
        try {
            auto hooks = hooks_->async_on_response(*answer_);
            if (status const refused = co_await std::move(hooks); !refused.ok())
                refuse(refused);
        } catch (...) {
            failed = std::current_exception();
        }
        if (failed)
            refuse(status_of(std::move(failed)));
    }
    co_await asio::this_coro::reset_cancellation_state();
    if (refused_)
        outcome = *refused_;
    over_ = true;
    auto finishing = hooks_->async_finish(outcome, inner_->trailing_metadata());
    co_await std::move(finishing);
    outcome_ = std::move(outcome);
    ended_ = true;
}

asio::awaitable<status> intercepted_call::await_outcome(bool with_message) {
    if (!with_message) {
        auto finishing = asio::async_initiate<asio::deferred_t const, void(void_result)>(
            [](auto handler, client_messages* from) { from->finish(std::move(handler)); }, asio::deferred,
            inner_.get());
        void_result const r = co_await std::move(finishing);
        co_return r.has_error() ? r.error() : status();
    }
    auto finishing = asio::async_initiate<asio::deferred_t const, void(result<buffer>)>(
        [](auto handler, client_messages* from) { from->finish_with_message(std::move(handler)); }, asio::deferred,
        inner_.get());
    result<buffer> r = co_await std::move(finishing);
    if (r.has_error())
        co_return r.error();
    answer_ = std::move(*r);
    co_return status();
}

void intercepted_call::on_ending_done() {
    if (ended_)
        return complete_all();
    ending_ = false;
    if (finishing_ || finishing_with_message_)
        begin_ending(static_cast<bool>(finishing_with_message_));
    else if (cancelled_ || refused_ || (reading_ && !pulling_))
        begin_ending(false);
}

void intercepted_call::complete_all() {
    if (finishing_)
        finishing_.post(outcome_.ok() ? void_result() : void_result(outcome_));
    if (finishing_with_message_) {
        result<buffer> answer = status(outcome_.ok() ? status(status_code::internal, {}) : outcome_);
        if (answer_) {
            answer = std::move(*answer_);
            answer_.reset();
        }
        finishing_with_message_.post(concluded(std::move(answer), outcome_));
    }
    if (reading_ && !pulling_)
        reading_.post(end_result());
}

result<std::optional<buffer>> intercepted_call::end_result() const {
    return outcome_.ok() ? read_result(std::nullopt) : read_result(outcome_);
}

void intercepted_call::refuse(status const& why) {
    if (refused_)
        return;
    refused_ = why;
    pulled_.reset();
    inner_->cancel();
}

void intercepted_call::cancel() {
    asio::post(strand_, [self = shared_from_this()] { self->do_cancel(); });
}

void intercepted_call::do_cancel() {
    if (over_ || std::exchange(cancelled_, true))
        return;
    inner_->cancel();
    for (signal_ptr const* const each : {&cancel_pull_, &cancel_pump_, &cancel_headers_})
        if (*each)
            (*each)->emit(asio::cancellation_type::terminal);
    if (ending_)
        cancel_ending_->emit(asio::cancellation_type::terminal);
    begin_ending(false);
}

void intercepted_call::abandon() noexcept {
    auto const keep = shared_from_this();
    reading_.abandon();
    reading_headers_.abandon();
    finishing_.abandon();
    finishing_with_message_.abandon();
    for (outgoing& each : std::exchange(queue_, {}))
        each.waiter->abandon();
}

std::shared_ptr<client_messages> intercept(std::shared_ptr<client_messages> inner,
                                           std::shared_ptr<client_hooks> hooks) {
    return std::make_shared<intercepted_call>(std::move(inner), std::move(hooks));
}

} // namespace joust::rpc
