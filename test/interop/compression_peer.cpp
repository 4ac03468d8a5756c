//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Messages of plain bytes, compressed, and rich errors, with stock peers.
//
// usage: compression_peer --listen HOST:PORT     serves until SIGTERM, once it has said `listening on HOST:PORT`
//        compression_peer ADDRESS ENCODING       makes each kind of call, with requests in this encoding
//
// The service echoes, in the encoding that `x-answer` asks for; `x-compressed` in the trailers tells of each request
// whether it came compressed: `101`. Its method Fail fails with details. As a client it prints one line for each call,
// the same digits for the answers, or what it found in the details.

#include "joust/client/channel.hpp"
#include "joust/rpc/error_details.hpp"
#include "joust/rpc/server.hpp"

#include <google/rpc/error_details.pb.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace asio = boost::asio;
using namespace joust;

namespace {

using asio::awaitable;
using octets = std::string;

constexpr unary_method<octets, octets> unary{"/joust.test.Bytes/Unary"};
constexpr client_streaming_method<octets, octets> client_stream{"/joust.test.Bytes/ClientStream"};
constexpr server_streaming_method<octets, octets> server_stream{"/joust.test.Bytes/ServerStream"};
constexpr bidi_streaming_method<octets, octets> bidi_stream{"/joust.test.Bytes/BidiStream"};
constexpr unary_method<octets, octets> fail{"/joust.test.Bytes/Fail"};

constexpr int answers = 3; // of a stream

char digit(bool b) {
    return b ? '1' : '0';
}

template <class Reader>
awaitable<std::optional<octets>> next(Reader& from) {
    auto reading = from.async_read();
    result<std::optional<octets>> m = co_await std::move(reading);
    co_return std::move(m).value();
}

template <class Writer>
awaitable<void> send(Writer& to, octets m, bool compress) {
    auto writing = to.async_write(m, write_options{compress});
    result<void> const sent = co_await std::move(writing);
    sent.value();
}

// --- the service ----------------------------------------------------------------------------------------------------

void choose(call_context& c) {
    if (auto const wanted = c.request_metadata().get("x-answer"))
        if (status s = c.set_encoding(*wanted); !s.ok())
            throw rpc_error(std::move(s));
}

void report(call_context& c, std::string const& digits) {
    c.trailing_metadata().add("x-compressed", digits);
}

void serve(server& to) {
    to.add(unary, [](octets q, call_context& c) {
        choose(c);
        report(c, {digit(c.message_compressed())});
        return q;
    });
    to.add(client_stream, [](server_reader<octets>& in, call_context& c) -> awaitable<octets> {
        choose(c);
        octets all;
        std::string digits;
        while (auto m = co_await next(in)) {
            digits += digit(c.message_compressed());
            all += *m;
        }
        report(c, digits);
        co_return all;
    });
    to.add(server_stream, [](octets q, server_writer<octets>& out, call_context& c) -> awaitable<void> {
        choose(c);
        report(c, {digit(c.message_compressed())});
        for (int i = 0; i < answers; ++i)
            co_await send(out, q, i != 1);
    });
    to.add(bidi_stream, [](joust::server_stream<octets, octets>& both, call_context& c) -> awaitable<void> {
        choose(c);
        std::string digits;
        while (auto m = co_await next(both)) {
            digits += digit(c.message_compressed());
            co_await send(both, std::move(*m), true);
        }
        report(c, digits);
    });
    to.add(fail, [](octets const& q) -> result<octets> {
        google::rpc::RetryInfo retry;
        retry.mutable_retry_delay()->set_seconds(30);
        google::rpc::ErrorInfo info;
        info.set_reason("TOO_MANY");
        info.set_domain("joust.test");
        return make_status(status_code::resource_exhausted, q, retry, info);
    });
}

int run_server(std::string const& address) {
    asio::io_context io(1);
    server s(io.get_executor());
    serve(s);
    std::cout << "listening on " << s.listen(address).value().to_string() << std::endl;
    asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](error_code, int) { s.async_drain(std::chrono::seconds(5), [](error_code) {}); });
    io.run();
    return 0;
}

// --- the client -----------------------------------------------------------------------------------------------------

void require(bool holds) {
    if (!holds)
        throw std::runtime_error("another message came back");
}

template <class Call>
awaitable<std::string> read_all(Call& call, octets const& expected) {
    std::string digits;
    for (;;) {
        std::optional<octets> const m = co_await next(call);
        if (!m)
            co_return digits;
        require(*m == expected);
        digits += digit(call.message_compressed());
    }
}

awaitable<void> call_all(channel via, call_options options) {
    octets const large(300'000, 'x');
    {
        response_info info;
        call_options o = options;
        o.info = &info;
        auto calling = via.async_call(unary, large, o);
        require((co_await std::move(calling)).value() == large);
        std::cout << "Unary " << digit(info.compressed) << std::endl;
    }
    {
        auto opening = via.async_open(client_stream, options);
        auto call = (co_await std::move(opening)).value();
        for (int i = 0; i < answers; ++i)
            co_await send(call, large, i != 1);
        (co_await call.async_writes_done()).value();
        result<octets> const all = co_await call.async_finish();
        require(all.value() == large + large + large);
        std::cout << "ClientStream " << digit(call.message_compressed()) << std::endl;
    }
    {
        auto opening = via.async_open(server_stream, large, options);
        auto call = (co_await std::move(opening)).value();
        std::string const digits = co_await read_all(call, large);
        std::cout << "ServerStream " << digits << std::endl;
    }
    {
        auto opening = via.async_open(bidi_stream, options);
        auto call = (co_await std::move(opening)).value();
        for (int i = 0; i < answers; ++i)
            co_await send(call, large, true);
        (co_await call.async_writes_done()).value();
        std::string const digits = co_await read_all(call, large);
        std::cout << "BidiStream " << digits << std::endl;
    }
    auto failing = via.async_call(fail, octets("größer"), options);
    result<octets> const failed = co_await std::move(failing);
    status const& s = failed.error();
    auto const retry = find_detail<google::rpc::RetryInfo>(s);
    auto const info = find_detail<google::rpc::ErrorInfo>(s);
    std::cout << "Fail " << s << " " << retry.value().retry_delay().seconds() << " " << info.value().reason()
              << std::endl;
}

int run_client(std::string const& address, std::string const& encoding) {
    asio::io_context io(1);
    channel const via(io.get_executor(), address);
    call_options options;
    options.encoding = encoding;
    options.timeout = std::chrono::seconds(20);
    int code = 0;
    asio::co_spawn(io, call_all(via, options), [&](std::exception_ptr failed) {
        try {
            if (failed)
                std::rethrow_exception(failed);
        } catch (std::exception const& e) {
            std::cerr << "compression_peer: " << e.what() << '\n';
            code = 1;
        }
        io.stop();
    });
    io.run();
    return code;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: compression_peer --listen HOST:PORT | ADDRESS ENCODING\n";
        return 2;
    }
    return std::string_view(argv[1]) == "--listen" ? run_server(argv[2]) : run_client(argv[1], argv[2]);
}
