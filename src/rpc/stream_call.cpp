//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/completion.hpp"
#include "rpc/one_at_a_time.hpp"
#include "rpc/pending_call.hpp"
#include "rpc/read_cancellation.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace joust::rpc {

namespace asio = boost::asio;

namespace {

/// A streaming call. The user holds it as `client_messages`, from any thread; the work is done on the connection's
/// executor.
///
/// Until the answer begins, what was written is kept, within `retry_buffer_size`: should the attempt fail and the
/// channel make another one, it is written again. Between the two there is no stream, and reads and writes wait.
class stream_call final : public pending_call, public client_messages, private net::client_stream_listener {
public:
    stream_call(asio::any_io_executor io, asio::any_io_executor user, std::shared_ptr<call_defaults const> defaults,
                std::string_view path, std::optional<result<buffer>> only, call_options options,
                channel_base::open_handler_type handler)
        : pending_call(std::move(io), std::move(defaults), path, std::move(only), std::move(options)),
          user_(std::move(user)), opening_(std::move(handler), user_) {}

    void connect_cancellation() {
        watch(opening_.slot(), [](stream_call& self, asio::cancellation_type) {
            if (!self.started())
                self.fail(call_cancelled());
        });
    }

    // -- client_messages

    asio::any_io_executor get_executor() const override { return user_; }

    void read(read_handler handler) override {
        bool const* const cancelled = watch_read(slot_of(handler), [io = io_, weak = weak_from_this()] {
            asio::post(io, [weak] {
                if (auto const self = std::static_pointer_cast<stream_call>(weak.lock()))
                    self->cancel_read();
            });
        });
        asio::dispatch(io_, [self = shared(), h = std::move(handler), cancelled]() mutable {
            self->do_read(std::move(h), cancelled);
        });
    }

    /// A message that was read, but not seen.
    void give_back(buffer message) {
        asio::dispatch(io_, [self = shared(), m = std::move(message)]() mutable { self->returned_ = std::move(m); });
    }

    void write(result<buffer> framed, void_handler handler) override {
        watch(slot_of(handler), [](stream_call& s, asio::cancellation_type) {
            if (s.writing_)
                s.writing_.dispatch(wait_cancelled());
        });
        asio::dispatch(io_, [self = shared(), f = std::move(framed), h = std::move(handler)]() mutable {
            self->do_write(std::move(f), std::move(h));
        });
    }

    void writes_done(void_handler handler) override {
        asio::dispatch(io_, [self = shared(), h = std::move(handler)]() mutable {
            self->writes_done_ = true;
            if (self->stream_ && !self->held_)
                self->stream_->call().half_close();
            post_completion(std::move(h), self->user_, self->over() ? self->outcome() : result<void>());
        });
    }

    void finish(void_handler handler) override {
        watch(slot_of(handler),
              [](stream_call& s, asio::cancellation_type type) { s.cancel_finish(type, s.finishing_); });
        asio::dispatch(io_, [self = shared(), h = std::move(handler)]() mutable {
            completion<result<void>> done(std::move(h), self->user_);
            if (refuse_beside(self->finishing_, done, "finish"))
                return;
            self->finishing_ = std::move(done);
            self->do_finish();
        });
    }

    void finish_with_message(asio::any_completion_handler<void(result<buffer>)> handler) override {
        watch(slot_of(handler),
              [](stream_call& s, asio::cancellation_type type) { s.cancel_finish(type, s.finishing_with_message_); });
        asio::dispatch(io_, [self = shared(), h = std::move(handler)]() mutable {
            completion<result<buffer>> done(std::move(h), self->user_);
            if (refuse_beside(self->finishing_with_message_, done, "finish"))
                return;
            self->finishing_with_message_ = std::move(done);
            self->do_finish();
        });
    }

    void read_initial_metadata(asio::any_completion_handler<void(result<metadata>)> handler) override {
        watch(slot_of(handler), [](stream_call& s, asio::cancellation_type) {
            if (s.reading_headers_)
                s.reading_headers_.dispatch(wait_cancelled());
        });
        asio::dispatch(io_, [self = shared(), h = std::move(handler)]() mutable {
            if (self->over() || (self->stream_ && self->stream_->call().headers_received())) {
                post_completion(std::move(h), self->user_, self->initial_metadata());
                return;
            }
            self->reading_headers_ = completion<result<metadata>>(std::move(h), self->user_);
        });
    }

    void cancel() override {
        asio::post(io_, [self = shared()] { self->do_cancel(); });
    }

    bool message_compressed() const override { return message_compressed_; }

    metadata const& trailing_metadata() const override { return trailing_metadata_; }

private:
    using read_result = result<std::optional<buffer>>;

    std::shared_ptr<stream_call> shared() { return std::static_pointer_cast<stream_call>(shared_from_this()); }

    template <class Handler>
    static asio::cancellation_slot slot_of(Handler const& h) noexcept {
        return asio::get_associated_cancellation_slot(h);
    }

    /// In the initiating function, as from then on the operation may be cancelled. Hops from whatever thread emits the
    /// cancellation to the connection's executor, where it comes after the operation's beginning.
    template <class OnCancel>
    void watch(asio::cancellation_slot slot, OnCancel on_cancel) {
        if (!slot.is_connected())
            return;
        slot.assign([io = io_, weak = weak_from_this(), on_cancel](asio::cancellation_type type) {
            asio::post(io, [weak, type, on_cancel] {
                if (auto const self = std::static_pointer_cast<stream_call>(weak.lock()))
                    on_cancel(*self, type);
            });
        });
    }

    // -- pending_call

    void on_started() override {
        keep_ = shared_from_this();
        if (opening_)
            opening_.post(std::shared_ptr<client_messages>(shared()));
        else
            resume();
    }

    void abandon() noexcept override { on_abandoned(); }

    void on_failed(status why) override {
        if (opening_) {
            opening_.post(std::move(why));
            return;
        }
        failure_ = std::move(why);
        settle();
    }

    net::client_stream_listener& listener() override { return *this; }

    // -- the work

    /// The call has ended: its attempt under way has, and there is no other.
    bool over() const { return failure_ || (stream_ && stream_->call().done()); }

    /// Precondition: `over()`.
    result<void> outcome() const {
        status const& s = failure_ ? *failure_ : stream_->call().outcome();
        return s.ok() ? result<void>() : result<void>(s);
    }

    result<metadata> initial_metadata() const {
        if (failure_)
            return *failure_;
        auto& call = stream_->call();
        if (call.headers_received() || call.outcome().ok() || call.outcome().origin() == status_origin::peer)
            return call.initial_metadata();
        return call.outcome();
    }

    std::optional<read_result> try_read() {
        if (returned_)
            return read_result(std::exchange(returned_, std::nullopt));
        if (failure_)
            return read_result(*failure_);
        if (!stream_)
            return std::nullopt;
        buffer message;
        switch (stream_->read(message)) {
        case call::read_state::message:
            message_compressed_ = stream_->call().was_compressed();
            return read_result(std::move(message));
        case call::read_state::pending: return std::nullopt;
        case call::read_state::end:
        case call::read_state::failed: break;
        }
        result<void> const end = outcome();
        return end.has_error() ? read_result(end.error()) : read_result(std::nullopt);
    }

    void do_read(read_handler handler, bool const* cancelled) {
        completion<read_result> done(std::move(handler), user_);
        if (refuse_beside(reading_, done, "read"))
            return;
        if (auto r = try_read()) {
            done.post(std::move(*r), returning_to(shared(), cancelled));
            return;
        }
        reading_ = std::move(done);
        read_cancelled_ = cancelled;
        if (stream_)
            stream_->await_message();
    }

    void do_write(result<buffer> framed, void_handler handler) {
        completion<result<void>> done(std::move(handler), user_);
        if (refuse_beside(writing_, done, "write"))
            return;
        if (failure_ || framed.has_error()) {
            done.post(failure_ ? *failure_ : framed.error());
            return;
        }
        bool const kept = !writes_done_ && keep(*framed);
        if (!stream_) {
            if (writes_done_) {
                done.post(status(status_code::failed_precondition, "a message was written after the last one"));
                return;
            }
            if (kept) { // sent with the next attempt
                done.post({});
                return;
            }
            held_ = std::move(*framed);
            writing_ = std::move(done);
            return;
        }
        if (status const sent = stream_->call().send_message(*framed); !sent.ok()) {
            if (kept)
                kept_.pop_back();
            done.post(sent);
            return;
        }
        if (!stream_->send_queue_full()) {
            done.post({});
            return;
        }
        writing_ = std::move(done);
    }

    /// Copies a message for another attempt. What does not fit is not kept, and then nothing is.
    bool keep(buffer const& framed) {
        if (committed())
            return false;
        if (framed.size() > retry_buffer_size() - kept_size_) {
            if (stream_)
                forget_kept();
            return false;
        }
        kept_.push_back(framed);
        kept_size_ += framed.size();
        return true;
    }

    void forget_kept() {
        commit();
        kept_ = {};
    }

    /// Does again what was done with the attempt before.
    void resume() {
        for (buffer const& each : kept_) {
            buffer sending(each);
            (void)stream_->call().send_message(sending); // when the attempt is over already, `on_done` follows
        }
        if (held_) {
            forget_kept();
            (void)stream_->call().send_message(*held_);
            held_.reset();
        }
        if (writes_done_)
            stream_->call().half_close();
        if (writing_ && !stream_->send_queue_full())
            writing_.dispatch({});
        if (reading_)
            stream_->await_message();
        do_finish();
    }

    void do_cancel() {
        if (stream_)
            stream_->abort(call_cancelled());
        else
            fail(call_cancelled());
    }

    void cancel_read() {
        if (!reading_)
            return;
        if (stream_)
            stream_->stop_awaiting();
        reading_.dispatch(wait_cancelled());
        do_finish();
    }

    /// Does nothing unless somebody waits for the status. As long as nobody reads: the rest must come for it to come.
    void do_finish() {
        if (reading_ || !(finishing_ || finishing_with_message_))
            return;
        if (failure_)
            return complete_finish();
        if (!stream_)
            return;
        buffer message;
        for (;;) {
            switch (stream_->read(message)) {
            case call::read_state::message:
                message_compressed_ = stream_->call().was_compressed();
                if (++messages_ == 1)
                    first_ = std::move(message);
                continue;
            case call::read_state::pending: stream_->await_message(); return;
            case call::read_state::end:
            case call::read_state::failed: complete_finish(); return;
            }
        }
    }

    void complete_finish() {
        if (finishing_)
            finishing_.post(outcome());
        if (!finishing_with_message_)
            return;
        if (auto const end = outcome(); end.has_error())
            finishing_with_message_.post(end.error());
        else if (messages_ == 1)
            finishing_with_message_.post(std::move(first_));
        else
            finishing_with_message_.post(status(status_code::internal,
                                                "the answer must have one message, it has " + std::to_string(messages_),
                                                status_origin::peer));
    }

    template <class Result>
    void cancel_finish(asio::cancellation_type type, completion<Result>& finishing) {
        if ((type & (asio::cancellation_type::terminal | asio::cancellation_type::partial)) !=
            asio::cancellation_type::none)
            do_cancel();
        else if (finishing)
            finishing.dispatch(wait_cancelled());
    }

    // -- net::client_stream_listener

    void on_headers(net::client_stream&) override {
        forget_kept();
        if (reading_headers_)
            reading_headers_.dispatch(initial_metadata());
    }

    void on_readable(net::client_stream& s) override {
        if (s.call().done() && !s.call().headers_received())
            return; // there is nothing but the end, and it may not be this call's: `on_done` follows
        if (reading_) {
            auto r = try_read();
            if (!r) {
                stream_->await_message();
                return;
            }
            if (reading_) // else a broken answer has ended the call, and `on_done` the reading
                reading_.dispatch(std::move(*r), returning_to(shared(), read_cancelled_));
        }
        do_finish();
    }

    void on_writable(net::client_stream&) override {
        if (writing_)
            writing_.dispatch({});
    }

    void on_abandoned() noexcept override {
        auto const keep = std::move(keep_);
        opening_.abandon();
        reading_.abandon();
        writing_.abandon();
        finishing_.abandon();
        finishing_with_message_.abandon();
        reading_headers_.abandon();
    }

    void on_done(net::client_stream& s) override {
        auto const keep = std::move(keep_);
        if (taken_over(s))
            return;
        trailing_metadata_ = s.call().trailing_metadata();
        settle();
    }

    /// The call is over. Posted, as a read that finds the answer broken comes here from its initiating function.
    void settle() {
        kept_ = {};
        held_.reset();
        if (reading_headers_)
            reading_headers_.post(initial_metadata());
        if (writing_) {
            result<void> const end = outcome();
            writing_.post(end.has_error() ? end.error()
                                          : status(status_code::failed_precondition, "the call has ended"));
        }
        if (reading_)
            if (auto r = try_read()) // always: the call is done
                reading_.post(std::move(*r), returning_to(shared(), read_cancelled_));
        do_finish();
    }

    asio::any_io_executor user_;
    completion<result<std::shared_ptr<client_messages>>> opening_;
    completion<read_result> reading_;
    bool const* read_cancelled_ = nullptr; // of `reading_`
    std::optional<buffer> returned_;
    completion<result<void>> writing_;
    completion<result<void>> finishing_;
    completion<result<buffer>> finishing_with_message_;
    completion<result<metadata>> reading_headers_;
    std::vector<buffer> kept_; // what was written, for another attempt
    std::size_t kept_size_ = 0;
    std::optional<buffer> held_; // was written between two attempts and does not fit into `kept_`
    bool writes_done_ = false;
    std::optional<status> failure_; // between two attempts
    buffer first_;
    std::size_t messages_ = 0;
    bool message_compressed_ = false;
    metadata trailing_metadata_;
    std::shared_ptr<pending_call> keep_; // while the stream refers to this
};

} // namespace

std::shared_ptr<pending_call> make_stream_call(asio::any_io_executor io, asio::any_io_executor const& user,
                                               std::shared_ptr<call_defaults const> defaults, std::string_view path,
                                               std::optional<result<buffer>> only, call_options options,
                                               channel_base::open_handler_type handler) {
    auto call = std::make_shared<stream_call>(std::move(io), user, std::move(defaults), path, std::move(only),
                                              std::move(options), std::move(handler));
    call->connect_cancellation();
    return call;
}

} // namespace joust::rpc
