//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What a server of JSON services offers, changed while it serves: functions as methods, their options, an interceptor,
// a service that goes.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <joust/joust.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

struct number {
    int value = 0;
};
BOOST_DESCRIBE_STRUCT(number, (), (value))

// [functions]
void add_math(joust::game::services& services) {
    services.add("math")
        .add("twice", [](number n) { return 2 * n.value; }, {.description = "twice `value`", .idempotent = true})
        .add("root", [](number n) -> joust::result<int> {
            if (n.value < 0)
                return joust::status(joust::status_code::out_of_range, "no root of " + std::to_string(n.value));
            int root = 0;
            while ((root + 1) * (root + 1) <= n.value)
                ++root;
            return root;
        });
}
// [/functions]

// [interceptor]
/// Tells how long each call took.
class stopwatch final : public joust::game::interceptor {
public:
    joust::status after(joust::game::call& c) override {
        tell(c, "answered");
        return {};
    }
    void on_error(joust::game::call& c, joust::status& error) override { tell(c, error.to_string()); }

private:
    static void tell(joust::game::call const& c, std::string const& outcome) {
        auto const took = std::chrono::steady_clock::now() - c.received();
        std::clog << c.name() << ": " << outcome << " after "
                  << std::chrono::duration_cast<std::chrono::microseconds>(took).count() << " us\n";
    }
};
// [/interceptor]

asio::awaitable<void> show(joust::game::client const& client, std::string name, int value) {
    number const n{value};
    joust::result<int> const answer = co_await client.async_call<int>(name, n);
    std::cout << name << "(" << value
              << ") = " << (answer ? std::to_string(*answer) : std::to_string(answer.error().application_code()))
              << '\n';
}

asio::awaitable<void> run(joust::game::services& services, joust::server& server, std::string address) {
    joust::game::client const client(co_await asio::this_coro::executor, address, joust::game::options_for_one_call());
    auto twice = show(client, "math.twice", 21);
    co_await std::move(twice);
    auto root = show(client, "math.root", -1);
    co_await std::move(root);

    // [changes]
    services.find("math")->add("half", [](number n) { return n.value / 2; });
    services.find("math")->remove("twice"); // calls under way end as they have begun
    services.find("math")->use("half", std::make_shared<stopwatch>());
    // [/changes]
    auto half = show(client, "math.half", 8);
    co_await std::move(half);
    auto gone = show(client, "math.twice", 21);
    co_await std::move(gone);

    services.remove("math");
    auto all_gone = show(client, "math.half", 8);
    co_await std::move(all_gone);
    server.stop();
}

} // namespace

int main() {
    asio::io_context io(1);
    joust::game::services services;
    // [use]
    services.use(std::make_shared<stopwatch>()); // around every method of every service; the first is the outermost
    // [/use]
    add_math(services);
    joust::server server(io.get_executor());
    server.add(services);
    auto const endpoint = server.listen("127.0.0.1:0").value();
    asio::co_spawn(io, run(services, server, endpoint.to_string()), asio::detached);
    io.run();
}
