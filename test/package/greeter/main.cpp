//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The consumer of all three projects: serves the generated service and calls it.

#include "greeter.joust.hpp"

#include <joust/client/channel.hpp>
#include <joust/rpc/server.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <iostream>

namespace {

struct my_greeter {
    boost::asio::awaitable<package_test::Greeting> greet(package_test::Name name) {
        // An operation of Asio's whose memory our functions hand out.
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(1));
        co_await timer.async_wait(boost::asio::use_awaitable);
        package_test::Greeting g;
        g.set_text("hello, " + name.text());
        co_return g;
    }
};

} // namespace

int main() {
    boost::asio::io_context io;
    joust::server server(io.get_executor());
    server.add(package_test::greeter::bind(my_greeter()));
    auto const endpoint = server.listen("127.0.0.1:0").value();
    joust::channel const channel(io.get_executor(), endpoint.to_string());
    package_test::Name name;
    name.set_text("package");
    int code = 1;
    channel.async_call(package_test::greeter::greet, name, {}, [&](joust::result<package_test::Greeting> g) {
        std::cout << (g ? g->text() : g.error().to_string()) << '\n';
        code = g ? 0 : 1;
        server.stop();
    });
    io.run();
    return code;
}
