//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Interceptors: a log and authentication around a server's handlers, a floor under a client's deadlines.

#include <joust/joust.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace vault {
inline constexpr joust::unary_method<std::string, std::string> open{"/example.Vault/Open"};
} // namespace vault

namespace {

// [log]
/// One line for each call, whatever became of it.
class call_log final : public joust::server_interceptor {
public:
    joust::status on_start(joust::call_context& call) override {
        call.set_value(started{std::chrono::steady_clock::now()});
        return {};
    }

    void on_finish(joust::call_context& call, joust::status& outcome) override {
        auto const took = std::chrono::steady_clock::now() - call.value<started>()->at;
        std::clog << call.call_id() << ' ' << call.path() << ' ' << outcome << " after "
                  << std::chrono::duration_cast<std::chrono::microseconds>(took).count() << " us\n";
    }

private:
    struct started {
        std::chrono::steady_clock::time_point at;
    };
};
// [/log]

// [auth]
struct user {
    std::string name;
};

/// Asks somebody else, hence a coroutine; it is cancelled with its call.
class authentication final : public joust::async_server_interceptor {
public:
    asio::awaitable<joust::status> on_start(joust::call_context& call) override {
        auto const authorization = call.request_metadata().get("authorization");
        if (!authorization)
            co_return joust::status(joust::status_code::unauthenticated, "who are you?");
        std::string const name = co_await look_up(*authorization);
        if (name.empty())
            co_return joust::status(joust::status_code::unauthenticated, "no such token");
        call.set_value(user{name}); // for the handler
        co_return joust::status();
    }

private:
    static asio::awaitable<std::string> look_up(std::string_view authorization) {
        asio::steady_timer far_away(co_await asio::this_coro::executor, 1ms);
        co_await far_away.async_wait(asio::use_awaitable);
        co_return authorization == "Bearer 4711" ? "ann" : "";
    }
};

std::string open_vault(std::string const& what, joust::call_context& call) {
    return what + " opened for " + call.value<user>()->name;
}
// [/auth]

// [floor]
/// Gives every call a deadline, and none less than what a call takes.
class deadline_floor final : public joust::client_interceptor {
public:
    joust::status on_start(std::string_view /*path*/, joust::call_options& options) override {
        if (!options.deadline)
            options.timeout = std::max<std::chrono::steady_clock::duration>(options.timeout.value_or(10s), 200ms);
        return {};
    }
};
// [/floor]

asio::awaitable<void> call_all(joust::any_channel plain) {
    // [client]
    joust::any_channel const channel = joust::intercept(plain, {std::make_shared<deadline_floor>()});
    joust::call_options options;
    options.timeout = 1us;
    options.metadata.add("authorization", "Bearer 4711");
    std::string const box = "box";
    joust::result<std::string> const opened = co_await channel.async_call(vault::open, box, options);
    std::cout << opened.value() << '\n';
    // [/client]

    joust::result<std::string> const refused = co_await channel.async_call(vault::open, box);
    std::cout << refused.error() << '\n';
}

} // namespace

int main() {
    asio::io_context io;
    // [server]
    joust::server_options options;
    options.interceptors = {std::make_shared<call_log>(), std::make_shared<authentication>()}; // the first is outermost
    joust::server server(io.get_executor(), options);
    server.add(vault::open, open_vault);
    // [/server]
    auto const endpoint = server.listen("127.0.0.1:0").value();

    int failed = 0;
    asio::co_spawn(io, call_all(joust::channel(io.get_executor(), endpoint.to_string())), [&](std::exception_ptr e) {
        try {
            if (e)
                std::rethrow_exception(e);
        } catch (std::exception const& why) {
            std::cerr << "error: " << why.what() << '\n';
            failed = 1;
        }
        server.stop();
    });
    io.run();
    return failed;
}
