//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The four kinds of calls with protobuf messages: the service of echo.proto, whose C++ joust_generate has made.

#include "echo.joust.hpp"

#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <iostream>
#include <optional>
#include <string>

namespace asio = boost::asio;

using example::EchoReply;
using example::EchoRequest;

namespace {

EchoRequest request(std::string text) {
    EchoRequest q;
    q.set_text(std::move(text));
    return q;
}
EchoReply reply(std::string text) {
    EchoReply r;
    r.set_text(std::move(text));
    return r;
}

// [handlers]
class my_echo {
public:
    EchoReply say(EchoRequest const& q) { return reply(q.text()); }

    asio::awaitable<joust::result<EchoReply>> collect(joust::server_reader<EchoRequest>& requests) {
        std::string all;
        for (;;) {
            auto next = co_await requests.async_read();
            if (next.has_error())
                co_return next.error();
            if (!*next) // the client sends no more
                co_return reply(all);
            all += (*next)->text();
        }
    }

    asio::awaitable<void> repeat(EchoRequest q, joust::server_writer<EchoReply>& replies,
                                 joust::call_context& context) {
        for (int i = 0; i != q.count(); ++i) {
            EchoReply const r = reply(q.text());
            (co_await replies.async_write(r)).value(); // waits while the client does not read
        }
        context.trailing_metadata().add("x-count", std::to_string(q.count()));
    }

    asio::awaitable<joust::status> chat(joust::server_stream<EchoRequest, EchoReply>& both) {
        for (;;) {
            auto next = co_await both.async_read();
            if (next.has_error())
                co_return next.error();
            if (!*next)
                co_return joust::status();
            EchoReply const r = reply((*next)->text());
            (co_await both.async_write(r)).value();
        }
    }
};
// [/handlers]

asio::awaitable<void> call_all(joust::channel channel) {
    // [unary]
    EchoRequest const q = request("hello");
    joust::call_options options;
    options.timeout = std::chrono::seconds(1);
    options.metadata.add("x-trace", "42");
    joust::result<EchoReply> answer = co_await channel.async_call(example::echo::say, q, options);
    // [/unary]
    std::cout << "unary: " << answer.value().text() << '\n';

    // [client-streaming]
    auto up = (co_await channel.async_open(example::echo::collect)).value();
    for (char const* const word : {"to", "get", "her"}) {
        EchoRequest const part = request(word);
        (co_await up.async_write(part)).value();
    }
    (co_await up.async_writes_done()).value();
    joust::result<EchoReply> whole = co_await up.async_finish();
    // [/client-streaming]
    std::cout << "client streaming: " << whole.value().text() << '\n';

    // [server-streaming]
    EchoRequest thrice = request("again");
    thrice.set_count(3);
    auto down = (co_await channel.async_open(example::echo::repeat, thrice)).value();
    for (;;) {
        auto next = co_await down.async_read(); // result<optional<EchoReply>>: empty at the end
        if (!next.value())
            break;
        std::cout << "server streaming: " << (*next)->text() << '\n';
    }
    joust::result<void> outcome = co_await down.async_finish(); // the status of the call
    std::cout << "x-count: " << down.trailing_metadata().get("x-count").value() << '\n';
    // [/server-streaming]
    outcome.value();

    // [bidi]
    auto both = (co_await channel.async_open(example::echo::chat)).value();
    EchoRequest const ping = request("ping");
    (co_await both.async_write(ping)).value();
    auto pong = co_await both.async_read();
    (co_await both.async_writes_done()).value();
    (co_await both.async_finish()).value();
    // [/bidi]
    std::cout << "both ways: " << pong.value()->text() << std::endl;
}

} // namespace

int main() {
    asio::io_context io;
    // [bind]
    my_echo handlers; // outlives the last handler, or is bound as a std::shared_ptr or a temporary
    joust::server server(io.get_executor());
    server.add(example::echo::bind(handlers));
    // [/bind]
    auto const endpoint = server.listen("127.0.0.1:0").value();
    joust::channel const channel(io.get_executor(), endpoint.to_string());
    int code = 0;
    asio::co_spawn(io, call_all(channel), [&](std::exception_ptr failed) {
        server.stop();
        try {
            if (failed)
                std::rethrow_exception(failed);
        } catch (std::exception const& e) {
            std::cerr << e.what() << '\n';
            code = 1;
        }
    });
    io.run();
    return code;
}
