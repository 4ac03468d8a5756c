//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "call/client_call.hpp"
#include "call/server_call.hpp"
#include "joust/wire/message.hpp"
#include "micro/report.hpp"

#include <array>

// The call machines of both sides, with streams that take everything and send nothing.

using namespace joust;

namespace {

class void_outbound final : public call::outbound {
public:
    void send_headers(std::span<header_field const>, bool) override {}
    void send_data(buffer& framed) override { framed.clear(); }
    void send_end() override {}
    void send_trailers(std::span<header_field const>) override {}
    void reset(http2::error_code) override {}
    void consume(std::size_t) override {}
};

constexpr std::array<header_field, 7> request_fields{{
    {":method", "POST"},
    {":scheme", "http"},
    {":path", "/bench.Echo/Unary"},
    {":authority", "127.0.0.1:50051"},
    {"te", "trailers"},
    {"content-type", "application/grpc"},
    {"user-agent", "joust-bench"},
}};
constexpr std::array<header_field, 2> response_fields{{{":status", "200"}, {"content-type", "application/grpc"}}};
constexpr std::array<header_field, 1> trailer_fields{{{"grpc-status", "0"}}};
constexpr std::string_view framed_message("\0\0\0\0\014hello, joust", 17);

void server_call(benchmark::State& state) {
    void_outbound out;
    call::server_call c;
    buffer message;
    bench::measure(state, [&] {
        c.open(out, {});
        c.on_headers(request_fields, false, false, {});
        c.want_message(true);
        c.on_data(framed_message, true);
        if (!c.read_only(message).ok())
            state.SkipWithError("no message");
        message.clear();
        message.append(framed_message);
        c.send_message(message);
        c.finish({}, {});
        c.on_closed({});
    });
}
BENCHMARK(server_call);

void client_call(benchmark::State& state) {
    void_outbound out;
    call::client_call c;
    buffer message;
    call::request_start start;
    start.path = "/bench.Echo/Unary";
    start.authority = "127.0.0.1:50051";
    start.user_agent = "joust-bench";
    bench::measure(state, [&] {
        c.open({}, std::nullopt);
        benchmark::DoNotOptimize(c.request_headers(start).data());
        c.attach(out);
        message.append(framed_message);
        c.send_message(message);
        c.half_close();
        c.want_message(true);
        c.on_headers(response_fields, false, false);
        c.on_data(framed_message, false);
        c.on_headers(trailer_fields, true, false);
        if (!c.read_only())
            state.SkipWithError("no message");
        c.on_closed(http2::error_code::no_error, {});
    });
}
BENCHMARK(client_call);

} // namespace
