//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "suite/interop_service.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace joust::test::interop {

namespace asio = boost::asio;
using namespace grpc::testing;
using asio::awaitable;

namespace {

constexpr std::string_view encoding = "gzip";

void echo_metadata(call_context& c) {
    metadata initial;
    for (auto const& [key, value] : c.request_metadata()) {
        if (key == echo_initial)
            initial.add(key, value);
        if (key == echo_trailing)
            c.trailing_metadata().add(key, value);
    }
    if (!initial.empty())
        (void)c.set_initial_metadata(std::move(initial));
}

template <class Request>
status wanted_status(Request const& q) {
    if (!q.has_response_status() || q.response_status().code() == 0)
        return {};
    return status(to_status_code(q.response_status().code()).value_or(status_code::unknown),
                  q.response_status().message());
}

/// Whether the message that was read last came as it says it should have.
template <class Request>
status check_compression(Request const& q, call_context const& c) {
    if (!q.has_expect_compressed() || q.expect_compressed().value() == c.message_compressed())
        return {};
    return status(status_code::invalid_argument,
                  c.message_compressed() ? "the request came compressed" : "the request did not come compressed");
}

status fill(Payload& p, PayloadType type, std::int32_t size) {
    if (type != COMPRESSABLE)
        return status(status_code::invalid_argument, "there is no such type of payload");
    if (size < 0)
        return status(status_code::invalid_argument, "a size below zero");
    p.set_body(std::string(static_cast<std::size_t>(size), '\0'));
    return {};
}

awaitable<void> pause(std::int32_t microseconds) {
    if (microseconds <= 0)
        co_return;
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::microseconds(microseconds));
    co_await timer.async_wait(asio::use_awaitable);
}

bool compressed(ResponseParameters const& p) {
    return p.compressed().value();
}

/// The messages that one request asks for, and its status.
awaitable<result<void>> answer(StreamingOutputCallRequest const& q, server_writer<StreamingOutputCallResponse>& out,
                               call_context& c) {
    if (std::ranges::any_of(q.response_parameters(), compressed))
        (void)c.set_encoding(encoding); // too late behind the headers: then messages go as they are
    for (ResponseParameters const& p : q.response_parameters()) {
        co_await pause(p.interval_us());
        StreamingOutputCallResponse r;
        if (status s = fill(*r.mutable_payload(), q.response_type(), p.size()); !s.ok())
            co_return s;
        write_options const how{.compress = compressed(p)};
        auto writing = out.async_write(r, how);
        if (result<void> const written = co_await std::move(writing); written.has_error())
            co_return written;
    }
    if (status s = wanted_status(q); !s.ok())
        co_return s;
    co_return result<void>();
}

} // namespace

void interop_service::bind(router& to) {
    to.add(test_service::empty_call, [](empty const&, call_context& c) {
        echo_metadata(c);
        return empty();
    });
    to.add(test_service::unary_call,
           [self = *this](SimpleRequest const& q, call_context& c) { return self.unary_call(q, c); });
    to.add(test_service::streaming_input_call, streaming_input_call);
    to.add(test_service::streaming_output_call, streaming_output_call);
    to.add(test_service::full_duplex_call, full_duplex_call);
    to.add(test_service::half_duplex_call, half_duplex_call);
}

result<SimpleResponse> interop_service::unary_call(SimpleRequest const& q, call_context& c) const {
    echo_metadata(c);
    if (status s = check_compression(q, c); !s.ok())
        return s;
    if (status s = wanted_status(q); !s.ok())
        return s;
    SimpleResponse r;
    if (status s = fill(*r.mutable_payload(), q.response_type(), q.response_size()); !s.ok())
        return s;
    if (q.response_compressed().value())
        (void)c.set_encoding(encoding);
    if (q.fill_server_id())
        r.set_server_id(id_);
    return r;
}

awaitable<result<StreamingInputCallResponse>> interop_service::streaming_input_call(server_reader<input>& in,
                                                                                    call_context& c) {
    echo_metadata(c);
    StreamingInputCallResponse r;
    for (;;) {
        auto reading = in.async_read();
        result<std::optional<input>> const q = co_await std::move(reading);
        if (q.has_error())
            co_return q.error();
        if (!q->has_value())
            co_return r;
        if (status s = check_compression(**q, c); !s.ok())
            co_return s;
        auto const size = static_cast<std::int32_t>((*q)->payload().body().size());
        r.set_aggregated_payload_size(r.aggregated_payload_size() + size);
    }
}

awaitable<result<void>> interop_service::streaming_output_call(wish q, server_writer<output>& out, call_context& c) {
    echo_metadata(c);
    auto answering = answer(q, out, c);
    co_return co_await std::move(answering);
}

awaitable<result<void>> interop_service::full_duplex_call(server_stream<wish, output>& both, call_context& c) {
    echo_metadata(c);
    for (;;) {
        auto reading = both.async_read();
        result<std::optional<wish>> const q = co_await std::move(reading);
        if (q.has_error())
            co_return q.error();
        if (!q->has_value())
            co_return result<void>();
        auto answering = answer(**q, both, c);
        if (result<void> answered = co_await std::move(answering); answered.has_error())
            co_return answered;
    }
}

awaitable<result<void>> interop_service::half_duplex_call(server_stream<wish, output>& both, call_context& c) {
    echo_metadata(c);
    std::vector<wish> all;
    for (;;) {
        auto reading = both.async_read();
        result<std::optional<wish>> q = co_await std::move(reading);
        if (q.has_error())
            co_return q.error();
        if (!q->has_value())
            break;
        all.push_back(std::move(**q));
    }
    for (wish const& q : all) {
        auto answering = answer(q, both, c);
        if (result<void> answered = co_await std::move(answering); answered.has_error())
            co_return answered;
    }
    co_return result<void>();
}

} // namespace joust::test::interop
