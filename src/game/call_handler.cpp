//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/call_handler.hpp"

#include "game/collecting_sink.hpp"
#include "joust/game/code.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <cstring>
#include <string>
#include <utility>

namespace joust::game {

namespace asio = boost::asio;

namespace {

std::string full_name(method_name name) {
    std::string text(name.service);
    return text.append(".").append(name.method);
}

status timed_out(target const& t) {
    double const seconds = std::chrono::duration<double>(t.method->options.timeout).count();
    std::string text = std::to_string(seconds);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.push_back('0');
    return status(status_code::deadline_exceeded, full_name(t.name) + ": timed out after " + text + " s");
}

/// The method's coroutine with its exceptions as a status.
asio::awaitable<status> run_guarded(services::registry const& in, target const& t, call_context& context,
                                    answer_sink& pushed, buffer& answer) {
    try {
        auto running = t.method->start(context, t.request.payload, in.options.arguments, pushed, answer);
        status outcome = co_await std::move(running);
        co_return with_name(std::move(outcome), t.name);
    } catch (boost::system::system_error const& e) {
        if (e.code() == asio::error::operation_aborted) // the client is gone, or the time is up
            co_return status(status_code::cancelled, full_name(t.name) + ": cancelled");
        co_return with_name(context.failure(std::current_exception()), t.name);
    } catch (...) {
        co_return with_name(context.failure(std::current_exception()), t.name);
    }
}

// A successful RpcResponse is written around its payload, so that the method can append to the message itself: field 2
// is `success`, field 3 a length that is known afterwards.
constexpr std::string_view success_head = "\x12\x07success\x1a";
constexpr std::size_t longest_length = 5;

std::size_t begin_success(buffer& out) {
    out.append(success_head);
    out.grow(longest_length);
    return out.size();
}

/// The payload begins at `at` and reaches to the end of `out`.
void end_success(buffer& out, std::size_t at) noexcept {
    std::size_t const size = out.size() - at;
    std::uint8_t* p = out.data() + at - longest_length;
    if (size == 0) { // an empty field is left out, its tag too
        out.truncate(at - longest_length - 1);
        return;
    }
    for (std::size_t rest = size;; rest >>= 7) {
        *p++ = static_cast<std::uint8_t>((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
        if (rest <= 0x7f)
            break;
    }
    std::memmove(p, out.data() + at, size);
    out.truncate(static_cast<std::size_t>(p - out.data()) + size);
}

class call_handler final : public unary_handler {
public:
    explicit call_handler(std::shared_ptr<services::registry const> in) : in_(std::move(in)) {}

    std::optional<status> invoke(call_context& context, std::string_view bytes, buffer& response) override {
        target t;
        if (status bad = decode_request(bytes, t.request); !bad.ok())
            return bad;
        find_target(*in_, t);
        if (t.method == nullptr)
            return append_response(response, t.refusal, {});
        if (t.method->is_coroutine())
            return std::nullopt;
        return run_plain(context, t, response);
    }

    asio::awaitable<status> start(call_context& context, std::string_view bytes, buffer& response) override {
        target t;
        if (status bad = decode_request(bytes, t.request); !bad.ok())
            co_return bad;
        find_target(*in_, t);
        collecting_sink pushed(context.get_executor());
        buffer returned;
        auto running = run_method(*in_, t, context, pushed, returned);
        status const outcome = co_await std::move(running);
        if (t.method->pushes())
            returned = std::move(pushed).answer(std::move(returned));
        co_return append_response(response, outcome, returned.view());
    }

private:
    status run_plain(call_context& context, target const& t, buffer& response) {
        std::size_t const before = response.size();
        std::size_t const at = begin_success(response);
        status outcome;
        try {
            outcome = t.method->invoke(context, t.request.payload, in_->options.arguments, response);
        } catch (...) {
            outcome = context.failure(std::current_exception());
        }
        if (outcome.ok()) {
            end_success(response, at);
            return outcome;
        }
        response.truncate(before);
        return append_response(response, with_name(std::move(outcome), t.name), {});
    }

    std::shared_ptr<services::registry const> in_;
};

} // namespace

void find_target(services::registry const& in, target& t) {
    t.name = received_name(t.request.service_name, t.request.method_name);
    auto const s = in.by_name.find(t.name.service);
    if (s == in.by_name.end()) {
        t.refusal = status(status_code::not_found, full_name(t.name) + ": unknown service '" +
                                                       std::string(t.name.service) + "'");
        return;
    }
    t.method = s->second.find(t.name.method);
    if (t.method == nullptr)
        t.refusal = status(status_code::not_found, full_name(t.name) + ": service '" + std::string(t.name.service) +
                                                       "' has no method '" + std::string(t.name.method) + "'");
}

status append_response(buffer& out, status const& outcome, std::string_view json, std::string_view message) {
    response_view response;
    response.message = message;
    if (outcome.ok()) {
        response.payload = json;
    } else {
        response.code = to_application_code(outcome);
        response.message = outcome.message();
    }
    return encode_response(out, response);
}

status with_name(status s, method_name name) {
    // What a handler chose to say is the handler's business; it carries a number or a message of its own.
    if (s.ok() || s.code() != status_code::invalid_argument || s.application_code() != 0)
        return s;
    s.set_message(full_name(name) + ": " + s.message());
    return s;
}

asio::awaitable<status> run_method(services::registry const& in, target const& t, call_context& context,
                                   answer_sink& pushed, buffer& answer) {
    using namespace asio::experimental::awaitable_operators;
    if (!t.method->is_coroutine()) {
        try {
            co_return with_name(t.method->invoke(context, t.request.payload, in.options.arguments, answer), t.name);
        } catch (...) {
            co_return with_name(context.failure(std::current_exception()), t.name);
        }
    }
    asio::steady_timer limit(co_await asio::this_coro::executor, t.method->options.timeout);
    auto race = run_guarded(in, t, context, pushed, answer) || limit.async_wait(asio::use_awaitable);
    auto first = co_await std::move(race);
    if (first.index() == 1)
        co_return timed_out(t);
    co_return std::get<0>(std::move(first));
}

std::unique_ptr<unary_handler> make_call_handler(std::shared_ptr<services::registry const> in) {
    return std::make_unique<call_handler>(std::move(in));
}

} // namespace joust::game
