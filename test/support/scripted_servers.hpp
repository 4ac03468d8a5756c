//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/call_context.hpp"
#include "support/loopback.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace joust::test {

/// Several servers with the service of bytes, whose unary calls go as a test says: by the order in which they arrive,
/// wherever that is.
struct scripted_servers {
    struct arrival {
        std::size_t server;
        std::string previous; ///< `grpc-previous-rpc-attempts`, or empty
        bool cancelled = false;
    };
    using script = std::function<asio::awaitable<octets>(std::size_t nth, call_context& context)>;

    asio::io_context io{1};
    script on_call;
    std::deque<arrival> arrivals; ///< of calls that are not for warming up
    std::set<std::size_t> warm;
    std::vector<std::unique_ptr<joust::server>> servers;
    std::string target;

    explicit scripted_servers(std::size_t n = 2) {
        for (std::size_t i = 0; i != n; ++i) {
            servers.push_back(std::make_unique<joust::server>(io.get_executor()));
            servers.back()->add(bytes_service::unary, [this, i](octets q, call_context& c) -> asio::awaitable<octets> {
                if (q == "warm") {
                    warm.insert(i);
                    co_return q;
                }
                co_return co_await arrived(i, c);
            });
            servers.back()->add(bytes_service::bidi, echo_bytes::bidi);
            target += (i == 0 ? "" : ",") + servers.back()->listen("127.0.0.1:0").value().to_string();
        }
    }

    /// One that is connected to all of them.
    joust::channel channel(channel_options options) {
        joust::channel ch(io.get_executor(), target, std::move(options));
        run([&]() -> asio::awaitable<void> {
            while (warm.size() != servers.size())
                (co_await call(ch, "warm")).value();
        });
        warm.clear();
        return ch;
    }

    template <class Body>
    void run(Body body) {
        test::run(io, std::move(body));
    }

    /// Does not return before the call is cancelled.
    static asio::awaitable<octets> wait_for_ever() {
        asio::steady_timer forever(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        co_await forever.async_wait(asio::use_awaitable);
        co_return octets();
    }

private:
    asio::awaitable<octets> arrived(std::size_t server, call_context& c) {
        std::size_t const nth = arrivals.size();
        auto const previous = c.request_metadata().get("grpc-previous-rpc-attempts");
        arrivals.push_back({server, std::string(previous.value_or(""))});
        try {
            co_return co_await on_call(nth, c);
        } catch (boost::system::system_error const&) {
            arrivals[nth].cancelled = true;
            throw;
        }
    }
};

/// A unary call that can be cancelled, and its outcome.
struct unary_outcome {
    asio::cancellation_signal signal;
    std::optional<result<octets>> outcome;

    explicit unary_outcome(joust::channel const& ch, call_options options = {}) {
        ch.async_call(
            bytes_service::unary, octets("hello"), std::move(options),
            asio::bind_cancellation_slot(signal.slot(), [this](result<octets> r) { outcome = std::move(r); }));
    }
    unary_outcome(unary_outcome const&) = delete;
    unary_outcome& operator=(unary_outcome const&) = delete;
};

} // namespace joust::test
