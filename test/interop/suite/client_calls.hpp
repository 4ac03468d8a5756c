//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "expectations.hpp"
#include "grpc/testing/test.joust.hpp"
#include "joust/client/channel.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What the cases are written with: the messages and calls of grpc.testing.TestService.
//
// Every awaited operation has a name of its own: GCC 12 destroys some temporaries of such an expression twice.

namespace joust::test::interop {

namespace asio = boost::asio;
namespace service = grpc::testing::test_service;
using asio::awaitable;
using grpc::testing::SimpleRequest;
using grpc::testing::SimpleResponse;
using grpc::testing::StreamingInputCallRequest;
using grpc::testing::StreamingInputCallResponse;
using grpc::testing::StreamingOutputCallRequest;
using grpc::testing::StreamingOutputCallResponse;
using namespace std::chrono_literals;

using input_call = client_call<StreamingInputCallRequest, StreamingInputCallResponse, call_kind::client_streaming>;
using output_call = client_call<StreamingOutputCallRequest, StreamingOutputCallResponse, call_kind::server_streaming>;
using duplex_call = client_call<StreamingOutputCallRequest, StreamingOutputCallResponse, call_kind::bidi_streaming>;

inline constexpr int large_request_size = 271828;
inline constexpr int large_response_size = 314159;

// --- messages
// ---------------------------------------------------------------------------------------------------------

/// Asks for a body of `response_size` zeros, with one of `request_size`.
SimpleRequest simple_request(int request_size = large_request_size, int response_size = large_response_size);
/// A body of `size` zeros.
StreamingInputCallRequest input_request(int size);
/// Asks for a body of each of these sizes, with one of `size`; none if that is 0.
StreamingOutputCallRequest output_request(std::vector<int> const& response_sizes, int size = 0);

/// It has exactly this many zeros.
void require_body(grpc::testing::Payload const& p, int size);

// --- calls
// ------------------------------------------------------------------------------------------------------------

awaitable<result<SimpleResponse>> unary(channel via, SimpleRequest q, call_options options);
awaitable<result<SimpleResponse>> unary(channel via, SimpleRequest q);
/// The large unary call; it has to succeed with what it asks for.
awaitable<void> large_unary(channel via);

awaitable<input_call> open_input(channel via, call_options options);
awaitable<output_call> open_output(channel via, StreamingOutputCallRequest q, call_options options);
awaitable<duplex_call> open_duplex(channel via, call_options options);

template <class Call, class Request>
awaitable<void> write(Call& to, Request m, write_options how) {
    auto writing = to.async_write(m, how);
    result<void> const sent = co_await std::move(writing);
    sent.value();
}
template <class Call, class Request>
awaitable<void> write(Call& to, Request m) {
    return write(to, std::move(m), write_options());
}

template <class Call>
awaitable<void> writes_done(Call& of) {
    auto ending = of.async_writes_done();
    result<void> const ended = co_await std::move(ending);
    ended.value();
}

template <class Call>
awaitable<result<std::optional<StreamingOutputCallResponse>>> read(Call& from) {
    auto reading = from.async_read();
    co_return co_await std::move(reading);
}

/// The next message; there has to be one with a body of `size` zeros.
template <class Call>
awaitable<void> read_body(Call& from, int size) {
    auto reading = read(from);
    result<std::optional<StreamingOutputCallResponse>> const m = co_await std::move(reading);
    require(m.value().has_value(), "the stream has ended before all messages were there");
    require_body((*m)->payload(), size);
}

/// No further message, and OK.
template <class Call>
awaitable<void> require_end(Call& of) {
    auto reading = read(of);
    result<std::optional<StreamingOutputCallResponse>> const m = co_await std::move(reading);
    require(!m.value().has_value(), "a message too many");
    auto finishing = of.async_finish();
    result<void> const outcome = co_await std::move(finishing);
    outcome.value();
}

/// No further message, and this status.
template <class Call>
awaitable<status> require_failed_end(Call& of, status_code code) {
    auto reading = read(of);
    result<std::optional<StreamingOutputCallResponse>> const m = co_await std::move(reading);
    require(m.has_error() || !m->has_value(), "a message instead of a status");
    auto finishing = of.async_finish();
    result<void> const outcome = co_await std::move(finishing);
    co_return require_failure(outcome, code);
}

awaitable<result<StreamingInputCallResponse>> finish(input_call& of);

/// Runs all of them at the same time; throws what the first one that failed has thrown, when all are done.
awaitable<void> all_of(std::vector<awaitable<void>> work);

awaitable<void> sleep(std::chrono::steady_clock::duration time);

} // namespace joust::test::interop
