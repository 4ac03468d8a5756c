//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Every way to wait for an answer: the completion token is yours to choose, and there is no coroutine in sight.

#include <joust/joust.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <array>
#include <chrono>
#include <future>
#include <iostream>
#include <memory>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using joust::game::client;

namespace {

struct terms {
    int a;
    int b;
};
BOOST_DESCRIBE_STRUCT(terms, (), (a, b))

// [parent]
/// Calls on, for as long as somebody waits for its own answer.
struct relay_service {
    client next;

    asio::awaitable<joust::result<int>> add(terms t, joust::call_context& context) {
        joust::game::call_options on_behalf;
        on_behalf.parent = &context; // its deadline becomes this call's; when it is cancelled, this coroutine is
        joust::result<int> sum = co_await next.async_call<int>("math.add", t, on_behalf);
        co_return sum;
    }
};
BOOST_DESCRIBE_STRUCT(relay_service, (), (add))
// [/parent]

struct math_service {
    int add(terms const& t) { return t.a + t.b; }
    asio::awaitable<int> ponder(terms t) {
        asio::steady_timer timer(co_await asio::this_coro::executor, 2s);
        co_await timer.async_wait(asio::use_awaitable);
        co_return t.a;
    }
};
BOOST_DESCRIBE_STRUCT(math_service, (), (add, ponder))

// Both run on the pool below, so they wait by future; on an io_context of your own, nothing waits.

int by_callback(client const& math) {
    std::promise<int> done;
    // [callback]
    terms const five{2, 3};
    joust::game::call_options const options;
    math.async_call<int>("math.add", five, options, [&](joust::result<int> sum) { done.set_value(sum.value()); });
    // [/callback]
    return done.get_future().get();
}

int by_future(client const& math) {
    // [future]
    terms const five{2, 3};
    joust::game::call_options const options;
    std::future<joust::result<int>> sum = math.async_call<int>("math.add", five, options, asio::use_future);
    return sum.get().value(); // on a thread that does not run the executor
    // [/future]
}

int by_relay(client const& relay) {
    terms const five{2, 3};
    joust::game::call_options const options;
    return relay.async_call<int>("relay.add", five, options, asio::use_future).get().value();
}

int two_at_once(client const& math) {
    std::promise<int> done;
    // [group]
    terms const five{2, 3};
    terms const nine{4, 5};
    asio::experimental::make_parallel_group( // of deferred operations, the default: nothing has begun yet
        math.async_call<int>("math.add", five), math.async_call<int>("math.add", nine))
        .async_wait(asio::experimental::wait_for_all(),
                    [&](std::array<std::size_t, 2>, joust::result<int> first, joust::result<int> second) {
                        done.set_value(first.value() + second.value());
                    });
    // [/group]
    return done.get_future().get();
}

joust::status cancelled(client const& math) {
    std::promise<joust::status> done;
    // [slot]
    asio::cancellation_signal cancel;
    terms const five{2, 3};
    joust::game::call_options const options;
    math.async_call<int>("math.ponder", five, options,
                         asio::bind_cancellation_slot(cancel.slot(), [&](joust::result<int> answer) {
                             done.set_value(answer.has_error() ? answer.error() : joust::status());
                         }));
    cancel.emit(asio::cancellation_type::terminal);
    // [/slot]
    return done.get_future().get();
}

bool check(char const* what, bool good) {
    std::cout << what << (good ? ": ok" : ": WRONG") << std::endl;
    return good;
}

} // namespace

int main() {
    // [pool]
    asio::thread_pool pool(2); // several threads: connections have strands, and handlers may run on any thread
    joust::server server(pool.get_executor());
    joust::game::services services;
    services.add("math", std::make_shared<math_service>());
    server.add(services);
    auto const endpoint = server.listen("127.0.0.1:0").value();
    client const math(pool.get_executor(), endpoint.to_string());
    // [/pool]
    joust::server front(pool.get_executor());
    joust::game::services relays;
    relays.add("relay", std::make_shared<relay_service>(math));
    front.add(relays);
    client const relay(pool.get_executor(), front.listen("127.0.0.1:0").value().to_string());

    bool good = check("a callback", by_callback(math) == 5);
    good &= check("a future", by_future(math) == 5);
    good &= check("a call on behalf of a call", by_relay(relay) == 5);
    good &= check("two at once", two_at_once(math) == 14);
    good &= check("cancelled", cancelled(math).code() == joust::status_code::cancelled);

    front.stop();
    server.stop();
    pool.stop();
    pool.join();
    return good ? 0 : 1;
}
