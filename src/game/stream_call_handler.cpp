//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/call_handler.hpp"
#include "game/collecting_sink.hpp"
#include "game/conversation.hpp"
#include "game/counted_call.hpp"
#include "game/heartbeats.hpp"
#include "game/method_stream.hpp"
#include "game/response.hpp"
#include "game/serve.hpp"
#include "joust/rpc/framing.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

/// Sends each pushed answer as a response of its own.
class sending_sink final : public answer_sink {
public:
    sending_sink(conversation& to, counted_call& counted) noexcept : to_(to), counted_(counted) {}

    void push(result<buffer> json, handler_type handler) override {
        if (json.has_value()) {
            counted_.add_out(json->size());
            json = framed_more_response(json->view());
        }
        to_.write(std::move(json), std::move(handler));
    }

private:
    conversation& to_;
    counted_call& counted_;
};

bool asks_for_many(target const& t) noexcept {
    return t.request.find_metadata(many_answers_key) == many_answers_value;
}

class stream_call_handler final : public stream_handler {
public:
    explicit stream_call_handler(std::shared_ptr<services::registry const> in) : in_(std::move(in)) {}

    asio::awaitable<status> start(call_context& context, server_messages& messages) override {
        conversation in(context, messages);
        for (;;) {
            auto reading = in.read();
            result<std::optional<buffer>> const request = co_await std::move(reading);
            if (request.has_error())
                co_return request.error();
            std::optional<buffer> const& message = *request;
            if (!message)
                co_return status();
            auto answering = answer(in, message->view());
            status const answered = co_await std::move(answering);
            if (!answered.ok())
                co_return answered;
        }
    }

private:
    /// Answers one request, or as many as its method wants; a failed method is an answer, too.
    asio::awaitable<status> answer(conversation& in, std::string_view bytes) {
        target t;
        if (status bad = decode_request(bytes, t.request); !bad.ok())
            co_return bad;
        result<buffer> response;
        if (status const refused = accept(in, t); !refused.ok()) {
            response = framed_response(refused, {}, {});
        } else if (t.method->code->serves_stream()) {
            auto serving = serve_stream(in, t);
            std::optional<result<buffer>> last = co_await std::move(serving);
            if (!last)
                co_return status();
            response = std::move(*last);
        } else {
            auto responding = respond(in, t);
            response = co_await std::move(responding);
        }
        auto writing = in.write(std::move(response));
        result<void> const written = co_await std::move(writing);
        co_return written.has_error() ? written.error() : status();
    }

    /// Finds the method of a request, and begins with the heartbeats that it asks for.
    status accept(conversation& in, target& t) const {
        if (status unknown = in_->find(t); !unknown.ok())
            return unknown;
        auto const asked = t.request.find_metadata(heartbeat_key);
        if (!asked)
            return {};
        auto const interval = heartbeat_interval(*asked, in_->options.min_heartbeat);
        if (interval.has_error())
            return status(interval.error().code(), t.method->name + ": " + interval.error().message());
        in.beat(*interval);
        return {};
    }

    /// The response to a request, or its last one.
    asio::awaitable<result<buffer>> respond(conversation& in, target& t) {
        if (!needs_coroutine(*t.method))
            co_return make_framed([&](buffer& out) {
                response_in_place around(out);
                call c(in.context(), *t.method, t.request, in_->calls, out);
                c.set_codec(t.codec);
                counted_call counted(*t.method, c);
                status const outcome = serve_at_once(*t.method, c);
                counted.end(outcome, outcome.ok() ? c.answer().size() : 0);
                around.end(outcome, t.method->name);
                return status();
            });
        buffer returned;
        call c(in.context(), *t.method, t.request, in_->calls, returned);
        c.set_codec(t.codec);
        counted_call counted(*t.method, c);
        status outcome;
        if (asks_for_many(t)) {
            sending_sink pushed(in, counted);
            auto running = serve(*t.method, c, pushed);
            outcome = co_await std::move(running);
        } else {
            collecting_sink pushed(in.context().get_executor(), t.codec);
            auto running = serve(*t.method, c, pushed);
            outcome = co_await std::move(running);
            if (outcome.ok() && t.method->code->pushes() && c.asked())
                outcome = std::move(pushed).answer(c, returned);
        }
        counted.end(outcome, outcome.ok() ? returned.size() : 0);
        co_return framed_response(outcome, t.method->name, returned.view());
    }

    /// Leaves the stream to a method from this request on, until it returns. The response that is then still owed, if
    /// any: to a client that asked for many answers that there are no more, to all what it returned or why it failed.
    asio::awaitable<std::optional<result<buffer>>> serve_stream(conversation& in, target& t) {
        bool const many = asks_for_many(t);
        buffer returned;
        call c(in.context(), *t.method, t.request, in_->calls, returned);
        c.set_codec(t.codec);
        counted_call counted(*t.method, c);
        auto const link = std::make_shared<method_stream>(in.messages(), in.outbox(), *t.method, c, counted, many);
        c.set_stream(link.get());
        auto running = serve(*t.method, c, *link);
        status const outcome = co_await std::move(running);
        auto closing = link->close();
        std::optional<conversation::message> unseen = co_await std::move(closing);
        in.put_back(std::move(unseen));
        counted.end(outcome, outcome.ok() ? returned.size() : 0);
        if (outcome.ok() && returned.empty() && !c.answered() && !many)
            co_return std::nullopt;
        co_return framed_response(outcome, t.method->name, returned.view());
    }

    std::shared_ptr<services::registry const> in_;
};

} // namespace

std::unique_ptr<stream_handler> make_stream_call_handler(std::shared_ptr<services::registry const> in) {
    return std::make_unique<stream_call_handler>(std::move(in));
}

} // namespace joust::game
