//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/head.hpp"
#include "joust/wire/header_list.hpp"
#include "joust/wire/message.hpp"
#include "joust/wire/timeout.hpp"
#include "micro/report.hpp"

#include <array>

// What gRPC adds to HTTP/2: header blocks, metadata, the framing of messages.

using namespace joust;

namespace {

constexpr std::array<header_field, 10> request_fields{{
    {":method", "POST"},
    {":scheme", "http"},
    {":path", "/bench.Echo/Unary"},
    {":authority", "127.0.0.1:50051"},
    {"te", "trailers"},
    {"grpc-timeout", "5S"},
    {"content-type", "application/grpc"},
    {"user-agent", "joust-bench"},
    {"x-request-id", "0123456789abcdef"},
    {"trace-bin", "AAECAwQFBgcICQoLDA0ODw"},
}};
constexpr std::array<header_field, 2> trailer_fields{{{"grpc-status", "5"}, {"grpc-message", "no such player: 17%25"}}};

void parse_request_head(benchmark::State& state) {
    metadata custom;
    wire::request_head head;
    bench::measure(state, [&] {
        custom.clear();
        if (!wire::parse_request_head(request_fields, head, custom).ok())
            state.SkipWithError("refused");
    });
}
BENCHMARK(parse_request_head);

void parse_trailers(benchmark::State& state) {
    metadata custom;
    wire::response_head head;
    bench::measure(state, [&] { wire::parse_response_head(trailer_fields, head, custom); });
}
BENCHMARK(parse_trailers);

void write_request_head(benchmark::State& state) {
    metadata custom;
    custom.add("x-request-id", "0123456789abcdef");
    custom.add("trace-bin", std::string_view("\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", 16));
    wire::header_list list;
    bench::measure(state, [&] {
        list.clear();
        list.add_static(":method", "POST");
        list.add(":path", "/bench.Echo/Unary");
        list.add("grpc-timeout", wire::timeout_text(std::chrono::seconds(5)).view());
        list.add_metadata(custom);
        benchmark::DoNotOptimize(list.fields().data());
    });
}
BENCHMARK(write_request_head);

// Argument: the message's size.
void frame_and_decode(benchmark::State& state) {
    std::string const text(static_cast<std::size_t>(state.range(0)), 'x');
    buffer framed, message;
    wire::message_decoder decoder;
    bench::measure(state, [&] {
        framed.clear();
        std::size_t const at = wire::begin_message(framed);
        framed.append(text);
        wire::end_message(framed, at);
        std::string_view in = framed.view();
        if (decoder.feed(in) != wire::message_decoder::state::message)
            state.SkipWithError("no message");
        decoder.take(message);
    });
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(frame_and_decode)->Arg(12)->Arg(64 * 1024);

} // namespace
