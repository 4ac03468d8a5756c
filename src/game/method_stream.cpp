//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/method_stream.hpp"

#include "game/abandoning_handler.hpp"
#include "game/chain.hpp"
#include "game/response.hpp"
#include "game/serve.hpp"
#include "joust/game/envelope.hpp"
#include "joust/game/json/error_trace.hpp"
#include "joust/game/name.hpp"
#include "joust/game/payload_codec.hpp"
#include "rpc/one_at_a_time.hpp"
#include "rpc/read_cancellation.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>
#include <utility>

namespace joust::game {

namespace asio = boost::asio;

method_stream::method_stream(server_messages& from, std::shared_ptr<response_outbox> to, registered_method const& m,
                             call& c, counted_call& counted, bool many)
    : from_(from), to_(std::move(to)), method_(m), call_(c), counted_(counted), many_(many) {}

// -- reading

void method_stream::read(request_slot& into, read_handler handler) {
    rpc::completion<result<bool>> done(std::move(handler), from_.get_executor());
    bool const* const cancelled = rpc::watch_read(done.slot(), [weak = weak_from_this()] {
        // What is on its way is kept for the next read.
        if (auto const self = weak.lock(); self && self->reading_)
            self->reading_.post(rpc::wait_cancelled());
    });
    if (rpc::refuse_beside(reading_, done, "read"))
        return;
    into_ = &into;
    reading_ = std::move(done);
    read_cancelled_ = cancelled;
    initiating_ = true;
    next();
    initiating_ = false;
}

/// Precondition: somebody reads.
void method_stream::next() {
    if (pulling_ || refusing_)
        return;
    if (std::exchange(filled_, false))
        return complete(true);
    if (std::exchange(first_, false)) {
        current_.reset();
        return take(call_.arguments());
    }
    if (auto m = std::exchange(kept_, std::nullopt))
        return on_request(std::move(*m));
    if (last_)
        return on_request(*last_);
    pulling_ = true;
    using pulled = abandoning_handler<method_stream, &method_stream::on_pulled, &method_stream::abandon>;
    from_.read(asio::bind_cancellation_slot(stop_pulling_.slot(), pulled(shared_from_this())));
}

void method_stream::on_pulled(message m) {
    pulling_ = false;
    if (closing_) {
        bool const stopped = m.has_error() && m.error().cause() == asio::error::operation_aborted;
        if (!stopped)
            kept_ = std::move(m);
        return closing_.dispatch({});
    }
    if (reading_)
        on_request(std::move(m));
    else
        kept_ = std::move(m);
}

void method_stream::on_request(message m) {
    if (m.has_error()) {
        last_ = m;
        return complete(m.error());
    }
    if (!m->has_value()) {
        last_ = m;
        return complete(false);
    }
    // NOLINTNEXTLINE(bugprone-unchecked-optional-access): looked at above
    buffer const& bytes = current_.emplace(std::move(**m));
    request_view request;
    if (status bad = decode_request(bytes.view(), request); !bad.ok()) {
        last_ = message(bad);
        return complete(std::move(bad));
    }
    method_name const name = received_name(request.service_name, request.method_name);
    if (name != received_name(call_.service(), call_.method())) {
        std::string const full = std::string(name.service) + "." + std::string(name.method);
        return refuse(status(status_code::invalid_argument,
                             json::quoted(full) + ": the stream belongs to " + std::string(call_.name())));
    }
    std::string_view const codec = request.find_metadata(codec_key).value_or(json_codec_name);
    std::string_view const own = call_.codec() == nullptr ? json_codec_name : call_.codec()->name();
    if (codec != own)
        return refuse(call_.named(status(status_code::invalid_argument, "a request in " + json::quoted(codec) +
                                                                            " of a stream in " + json::quoted(own))));
    counted_.add_in(request.payload.size());
    if (method_.around->empty())
        return take(request.payload);
    buffer payload(request.payload);
    status refused;
    try {
        refused = method_.around->on_read(call_, payload);
    } catch (...) {
        refused = outcome_of(call_, std::current_exception());
    }
    if (refused.ok())
        return take(payload.view());
    give(std::move(refused));
}

void method_stream::take(std::string_view payload) {
    status bad = check_arguments(call_, payload.size());
    try {
        if (bad.ok()) {
            bad = into_->fill(payload, call_);
            if (bad.ok())
                return complete(true);
            bad = call_.named(std::move(bad));
        }
    } catch (...) {
        bad = outcome_of(call_, std::current_exception());
    }
    give(std::move(bad));
}

/// A request that is no good goes to the method if that wants it, else back.
void method_stream::give(status why) {
    if (into_->fill_error(why))
        complete(true);
    else
        refuse(why);
}

void method_stream::refuse(status const& why) {
    refusing_ = true;
    using refused = abandoning_handler<method_stream, &method_stream::on_refused, &method_stream::abandon>;
    to_->write(framed_response(why, call_.name(), {}), refused(shared_from_this()));
}

void method_stream::on_refused(result<void> sent) {
    refusing_ = false;
    if (!reading_)
        return;
    if (sent.has_error())
        complete(sent.error());
    else
        next();
}

void method_stream::complete(result<bool> r) {
    // A request that nobody waits for any more stays for the next read.
    auto const look = [self = shared_from_this(), cancelled = read_cancelled_](result<bool>& seen) {
        if (cancelled == nullptr || !*cancelled || seen.has_error() || !*seen)
            return;
        self->filled_ = true;
        seen = rpc::wait_cancelled();
    };
    if (initiating_)
        reading_.post(std::move(r), look);
    else
        reading_.dispatch(std::move(r), look);
}

// -- writing

void method_stream::push(result<buffer> payload, handler_type handler) {
    if (payload.has_value()) {
        try {
            if (status refused = method_.around->on_push(call_, *payload); !refused.ok())
                payload = std::move(refused);
        } catch (...) {
            payload = outcome_of(call_, std::current_exception());
        }
    }
    if (payload.has_value()) {
        counted_.add_out(payload->size());
        payload = many_ ? framed_more_response(payload->view()) : framed_response({}, call_.name(), payload->view());
    }
    to_->write(std::move(payload), std::move(handler));
}

void method_stream::push_error(status why, handler_type handler) {
    if (why.ok())
        why = call_.named(status(status_code::internal, "an error with the status OK"));
    to_->write(framed_response(why, call_.name(), {}), std::move(handler));
}

// -- the end

void method_stream::release() noexcept {
    into_ = nullptr;
    if (std::exchange(filled_, false) && current_)
        kept_ = message(std::move(current_));
    if (reading_)
        reading_.post(status(status_code::cancelled, "the method has returned"));
}

asio::awaitable<std::optional<method_stream::message>> method_stream::close() {
    co_await asio::this_coro::reset_cancellation_state();
    if (pulling_) {
        auto stopping = asio::async_initiate<asio::use_awaitable_t<> const, void(result<void>)>(
            [](auto handler, method_stream* self) {
                self->closing_ = rpc::completion<result<void>>(std::move(handler), self->from_.get_executor());
                self->stop_pulling_.emit(asio::cancellation_type::terminal);
            },
            asio::use_awaitable, this);
        co_await std::move(stopping);
    }
    auto flushing = to_->flush();
    co_await std::move(flushing);
    co_return last_ ? last_ : std::exchange(kept_, std::nullopt);
}

void method_stream::abandon() noexcept {
    auto const keep = shared_from_this();
    pulling_ = false;
    reading_.abandon();
    closing_.abandon();
}

} // namespace joust::game
