//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace joust {

/// Found by Boost.Test.
inline std::ostream& boost_test_print_type(std::ostream& os, status_code code) {
    return os << to_string(code);
}

} // namespace joust

namespace joust::test {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// No test waits this long unless something hangs.
inline constexpr std::chrono::seconds patience{20};

/// Runs handlers until `done()`, which may come true on another thread; throws when that takes too long or nothing is
/// left to run.
template <class Done>
void run_until(asio::io_context& io, Done done) {
    auto const limit = std::chrono::steady_clock::now() + patience;
    while (!done()) {
        if (io.stopped())
            io.restart();
        if (io.run_one_for(5ms) == 0 && io.stopped() && !done())
            throw std::runtime_error("nothing is left to run, but the test waits");
        if (std::chrono::steady_clock::now() > limit)
            throw std::runtime_error("the test hangs");
    }
}

/// Runs `body()`, a coroutine, to its end. What else is under way on `io` stays so.
template <class Body>
void run(asio::io_context& io, Body body) {
    bool done = false;
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(body), [&](std::exception_ptr e) {
        failure = std::move(e);
        done = true;
    });
    run_until(io, [&] { return done; });
    if (failure)
        std::rethrow_exception(failure);
}

/// Something that happens once, to be awaited by a coroutine of the same thread.
class event {
public:
    explicit event(asio::any_io_executor executor)
        : timer_(std::move(executor), asio::steady_timer::time_point::max()) {}

    void set() {
        set_ = true;
        timer_.cancel();
    }
    bool is_set() const noexcept { return set_; }

    asio::awaitable<void> wait() {
        boost::system::error_code ignored;
        while (!set_)
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }

private:
    asio::steady_timer timer_;
    bool set_ = false;
};

/// Lets everything that is ready run, without waiting.
inline void settle(asio::io_context& io) {
    do
        io.restart();
    while (io.poll() != 0);
}

template <class T>
status_code code_of(result<T> const& r) {
    return r.has_error() ? r.error().code() : status_code::ok;
}

template <class T>
std::string message_of(result<T> const& r) {
    return r.has_error() ? r.error().message() : std::string();
}

} // namespace joust::test
