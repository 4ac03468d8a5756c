//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "suite/client_calls.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <memory>

namespace joust::test::interop {

namespace {

std::string zeros(int size) {
    return std::string(static_cast<std::size_t>(size), '\0');
}

} // namespace

SimpleRequest simple_request(int request_size, int response_size) {
    SimpleRequest q;
    q.set_response_type(grpc::testing::COMPRESSABLE);
    q.set_response_size(response_size);
    q.mutable_payload()->set_body(zeros(request_size));
    return q;
}

StreamingInputCallRequest input_request(int size) {
    StreamingInputCallRequest q;
    q.mutable_payload()->set_body(zeros(size));
    return q;
}

StreamingOutputCallRequest output_request(std::vector<int> const& response_sizes, int size) {
    StreamingOutputCallRequest q;
    q.set_response_type(grpc::testing::COMPRESSABLE);
    for (int const wanted : response_sizes)
        q.add_response_parameters()->set_size(wanted);
    if (size != 0)
        q.mutable_payload()->set_body(zeros(size));
    return q;
}

void require_body(grpc::testing::Payload const& p, int size) {
    require(p.type() == grpc::testing::COMPRESSABLE, "another type of payload");
    require_equal(p.body().size(), static_cast<std::size_t>(size));
    require(std::ranges::all_of(p.body(), [](char c) { return c == '\0'; }), "a body that is not all zeros");
}

awaitable<result<SimpleResponse>> unary(channel via, SimpleRequest q, call_options options) {
    auto calling = via.async_call(service::unary_call, q, std::move(options));
    co_return co_await std::move(calling);
}

awaitable<result<SimpleResponse>> unary(channel via, SimpleRequest q) {
    return unary(std::move(via), std::move(q), call_options());
}

awaitable<void> large_unary(channel via) {
    auto calling = unary(via, simple_request());
    result<SimpleResponse> const r = co_await std::move(calling);
    require_body(r.value().payload(), large_response_size);
}

awaitable<input_call> open_input(channel via, call_options options) {
    auto opening = via.async_open(service::streaming_input_call, std::move(options));
    result<input_call> call = co_await std::move(opening);
    co_return std::move(call).value();
}

awaitable<output_call> open_output(channel via, StreamingOutputCallRequest q, call_options options) {
    auto opening = via.async_open(service::streaming_output_call, q, std::move(options));
    result<output_call> call = co_await std::move(opening);
    co_return std::move(call).value();
}

awaitable<duplex_call> open_duplex(channel via, call_options options) {
    auto opening = via.async_open(service::full_duplex_call, std::move(options));
    result<duplex_call> call = co_await std::move(opening);
    co_return std::move(call).value();
}

awaitable<result<StreamingInputCallResponse>> finish(input_call& of) {
    auto finishing = of.async_finish();
    co_return co_await std::move(finishing);
}

awaitable<void> all_of(std::vector<awaitable<void>> work) {
    struct shared_state {
        asio::steady_timer done;
        std::size_t left;
        std::exception_ptr failed = {};
    };
    auto const executor = co_await asio::this_coro::executor;
    auto const never = asio::steady_timer::time_point::max();
    auto const state = std::make_shared<shared_state>(asio::steady_timer(executor, never), work.size());
    for (awaitable<void>& one : work)
        asio::co_spawn(executor, std::move(one), [state](std::exception_ptr e) {
            if (e && !state->failed)
                state->failed = e;
            if (--state->left == 0)
                state->done.cancel();
        });
    error_code ignored;
    if (state->left != 0)
        co_await state->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (state->failed)
        std::rethrow_exception(state->failed);
}

awaitable<void> sleep(std::chrono::steady_clock::duration time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

} // namespace joust::test::interop
