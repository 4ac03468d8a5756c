//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "suite/cases.hpp"
#include "suite/client_calls.hpp"

#include <cstddef>

namespace joust::test::interop {

namespace {

std::vector<int> request_sizes() {
    return {27182, 8, 1828, 45904};
}
std::vector<int> response_sizes() {
    return {31415, 9, 2653, 58979};
}

awaitable<void> client_streaming(channel via, client_flags const&) {
    auto opening = open_input(via, call_options());
    input_call call = co_await std::move(opening);
    for (int const size : request_sizes()) {
        auto writing = write(call, input_request(size));
        co_await std::move(writing);
    }
    co_await writes_done(call);
    result<StreamingInputCallResponse> const r = co_await finish(call);
    require_equal(r.value().aggregated_payload_size(), 74922);
}

StreamingInputCallRequest expecting(bool compressed, int size) {
    StreamingInputCallRequest q = input_request(size);
    q.mutable_expect_compressed()->set_value(compressed);
    return q;
}

awaitable<void> client_compressed_streaming_noprobe(channel via, client_flags const&) {
    call_options compressed;
    compressed.encoding = "gzip";
    auto opening = open_input(via, compressed);
    input_call call = co_await std::move(opening);
    auto first = write(call, expecting(true, 27182));
    co_await std::move(first);
    write_options const plain{.compress = false};
    auto second = write(call, expecting(false, 45904), plain);
    co_await std::move(second);
    co_await writes_done(call);
    result<StreamingInputCallResponse> const r = co_await finish(call);
    require_equal(r.value().aggregated_payload_size(), 73086);
}

awaitable<void> client_compressed_streaming(channel via, client_flags const& flags) {
    auto probing = open_input(via, call_options());
    input_call probe = co_await std::move(probing);
    auto lying = write(probe, expecting(true, 27182));
    co_await std::move(lying);
    auto ending = probe.async_writes_done();
    (void)co_await std::move(ending); // the status may be there already
    result<StreamingInputCallResponse> const refused = co_await finish(probe);
    require_failure(refused, status_code::invalid_argument);
    co_await client_compressed_streaming_noprobe(via, flags);
}

awaitable<void> server_streaming(channel via, client_flags const&) {
    auto opening = open_output(via, output_request(response_sizes()), call_options());
    output_call call = co_await std::move(opening);
    for (int const size : response_sizes())
        co_await read_body(call, size);
    co_await require_end(call);
}

awaitable<void> server_compressed_streaming(channel via, client_flags const&) {
    std::vector<int> const sizes{31415, 92653};
    StreamingOutputCallRequest q = output_request(sizes);
    q.mutable_response_parameters(0)->mutable_compressed()->set_value(true);
    q.mutable_response_parameters(1)->mutable_compressed()->set_value(false);
    auto opening = open_output(via, q, call_options());
    output_call call = co_await std::move(opening);
    co_await read_body(call, sizes[0]);
    require(call.message_compressed(), "the first message is not compressed");
    co_await read_body(call, sizes[1]);
    require(!call.message_compressed(), "the second message is compressed");
    co_await require_end(call);
}

awaitable<void> ping_pong(channel via, client_flags const&) {
    auto opening = open_duplex(via, call_options());
    duplex_call call = co_await std::move(opening);
    std::vector<int> const up = request_sizes();
    std::vector<int> const down = response_sizes();
    for (std::size_t i = 0; i != up.size(); ++i) {
        std::vector<int> const wanted(1, down[i]);
        auto writing = write(call, output_request(wanted, up[i]));
        co_await std::move(writing);
        co_await read_body(call, down[i]);
    }
    co_await writes_done(call);
    co_await require_end(call);
}

/// First all requests, then all answers.
awaitable<void> half_duplex(channel via, client_flags const&) {
    auto opening = via.async_open(service::half_duplex_call);
    result<duplex_call> opened = co_await std::move(opening);
    duplex_call call = std::move(opened).value();
    for (int const size : response_sizes()) {
        std::vector<int> const wanted(1, size);
        StreamingOutputCallRequest q = output_request(wanted, 0);
        q.mutable_response_parameters(0)->set_interval_us(1000);
        auto writing = write(call, q);
        co_await std::move(writing);
    }
    co_await writes_done(call);
    for (int const size : response_sizes())
        co_await read_body(call, size);
    co_await require_end(call);
}

awaitable<void> empty_stream(channel via, client_flags const&) {
    auto opening = open_duplex(via, call_options());
    duplex_call call = co_await std::move(opening);
    co_await writes_done(call);
    co_await require_end(call);
}

constexpr test_case cases[] = {
    {"client_streaming", client_streaming},
    {"client_compressed_streaming", client_compressed_streaming},
    {"client_compressed_streaming_noprobe", client_compressed_streaming_noprobe},
    {"server_streaming", server_streaming},
    {"server_compressed_streaming", server_compressed_streaming},
    {"ping_pong", ping_pong},
    {"half_duplex", half_duplex},
    {"empty_stream", empty_stream},
};

} // namespace

std::span<test_case const> stream_cases() {
    return cases;
}

} // namespace joust::test::interop
