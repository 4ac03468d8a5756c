//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/call_handler.hpp"
#include "game/collecting_sink.hpp"
#include "game/response.hpp"
#include "game/serve.hpp"
#include "joust/rpc/framing.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

asio::awaitable<result<std::optional<buffer>>> read(server_messages& from) {
    auto reading = asio::async_initiate<asio::use_awaitable_t<> const, void(result<std::optional<buffer>>)>(
        [](auto handler, server_messages* m) { m->read(std::move(handler)); }, asio::use_awaitable, &from);
    co_return co_await std::move(reading);
}

asio::awaitable<result<void>> write(server_messages& to, result<buffer> framed) {
    auto writing = asio::async_initiate<asio::use_awaitable_t<> const, void(result<void>)>(
        [](auto handler, server_messages* m, result<buffer> bytes) { m->write(std::move(bytes), std::move(handler)); },
        asio::use_awaitable, &to, std::move(framed));
    co_return co_await std::move(writing);
}

result<buffer> framed_response(status const& outcome, std::string_view method, std::string_view json) {
    return make_framed([&](buffer& out) {
        append_response(out, outcome, method, json);
        return status();
    });
}

/// Sends each pushed answer as a response of its own.
class sending_sink final : public answer_sink {
public:
    explicit sending_sink(server_messages& to) noexcept : to_(to) {}

    void push(result<buffer> json, handler_type handler) override {
        to_.write(make_framed([&](buffer& out) {
                      if (json.has_error())
                          return json.error();
                      append_more_response(out, json->view());
                      return status();
                  }),
                  std::move(handler));
    }

private:
    server_messages& to_;
};

class stream_call_handler final : public stream_handler {
public:
    explicit stream_call_handler(std::shared_ptr<services::registry const> in) : in_(std::move(in)) {}

    asio::awaitable<status> start(call_context& context, server_messages& messages) override {
        for (;;) {
            auto reading = read(messages);
            result<std::optional<buffer>> const request = co_await std::move(reading);
            if (request.has_error())
                co_return request.error();
            std::optional<buffer> const& message = *request;
            if (!message)
                co_return status();
            auto answering = answer(context, messages, message->view());
            status const answered = co_await std::move(answering);
            if (!answered.ok())
                co_return answered;
        }
    }

private:
    /// Answers one request; a failed method is an answer, too.
    asio::awaitable<status> answer(call_context& context, server_messages& messages, std::string_view bytes) {
        target t;
        if (status bad = decode_request(bytes, t.request); !bad.ok())
            co_return bad;
        auto responding = respond(context, messages, t);
        result<buffer> response = co_await std::move(responding);
        auto writing = write(messages, std::move(response));
        result<void> const written = co_await std::move(writing);
        co_return written.has_error() ? written.error() : status();
    }

    /// The response to a request, or its last one.
    asio::awaitable<result<buffer>> respond(call_context& context, server_messages& messages, target& t) {
        if (status const unknown = in_->find(t); !unknown.ok())
            co_return framed_response(unknown, {}, {});
        if (!needs_coroutine(*t.method))
            co_return make_framed([&](buffer& out) {
                response_in_place around(out);
                call c(context, *t.method, t.request, in_->calls, out);
                around.end(serve_at_once(*t.method, c), t.method->name);
                return status();
            });
        buffer returned;
        call c(context, *t.method, t.request, in_->calls, returned);
        status outcome;
        if (t.request.find_metadata(many_answers_key) == many_answers_value) {
            sending_sink pushed(messages);
            auto running = serve(*t.method, c, pushed);
            outcome = co_await std::move(running);
        } else {
            collecting_sink pushed(context.get_executor());
            auto running = serve(*t.method, c, pushed);
            outcome = co_await std::move(running);
            if (t.method->code->pushes() && !c.answered())
                returned = std::move(pushed).answer(std::move(returned));
        }
        co_return framed_response(outcome, t.method->name, returned.view());
    }

    std::shared_ptr<services::registry const> in_;
};

} // namespace

std::unique_ptr<stream_handler> make_stream_call_handler(std::shared_ptr<services::registry const> in) {
    return std::make_unique<stream_call_handler>(std::move(in));
}

} // namespace joust::game
