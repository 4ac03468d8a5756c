//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/server.hpp"
#include "test_service.joust.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace joust::test {

namespace echo {

// Metadata of a request that the server answers with metadata.
inline constexpr std::string_view echo_initial = "x-echo-initial";       ///< sent back before the first message
inline constexpr std::string_view echo_trailing = "x-echo-trailing-bin"; ///< sent back with the status
inline constexpr std::string_view report = "x-report";                   ///< asks for the two below
inline constexpr std::string_view deadline_ms = "x-deadline-ms";         ///< the time left, or "none"
inline constexpr std::string_view cancelled_calls = "x-cancelled-calls"; ///< how many calls were cancelled so far
} // namespace echo

/// Implements the service as the comments of its proto say; a failing call has the request's `data` as its details.
class echo_service {
public:
    template <class T>
    using awaitable = boost::asio::awaitable<T>;
    using server_stream_type = joust::server_stream<EchoRequest, EchoReply>;

    void bind(router& r) { echo::bind(*this).bind(r); }

    int cancelled() const noexcept { return cancelled_; }

    awaitable<result<EchoReply>> unary(EchoRequest q, call_context& c) {
        echo_metadata(c);
        co_await pause(q);
        if (auto const failed = failure(q); failed.has_error())
            co_return failed.error();
        EchoReply r;
        r.set_text(q.text());
        r.set_data(q.data());
        co_return r;
    }

    awaitable<result<EchoReply>> client_stream(server_reader<EchoRequest>& in, call_context& c) {
        echo_metadata(c);
        EchoReply r;
        for (;;) {
            auto reading = in.async_read();
            result<std::optional<EchoRequest>> q = co_await std::move(reading);
            if (q.has_error()) {
                ++cancelled_;
                co_return q.error();
            }
            if (!q->has_value())
                co_return r;
            if (auto const failed = failure(**q); failed.has_error())
                co_return failed.error();
            co_await pause(**q);
            r.set_text(r.text() + (*q)->text());
            r.set_data(r.data() + (*q)->data());
            r.set_index(r.index() + 1);
        }
    }

    awaitable<result<void>> server_stream(EchoRequest q, server_writer<EchoReply>& out, call_context& c) {
        echo_metadata(c);
        co_return co_await answer(q, out);
    }

    awaitable<result<void>> bidi_stream(server_stream_type& both, call_context& c) {
        echo_metadata(c);
        for (;;) {
            auto reading = both.async_read();
            result<std::optional<EchoRequest>> q = co_await std::move(reading);
            if (q.has_error()) {
                ++cancelled_;
                co_return q.error();
            }
            if (!q->has_value())
                co_return result<void>();
            if (result<void> answered = co_await answer(**q, both); answered.has_error())
                co_return answered;
        }
    }

private:
    void echo_metadata(call_context& c) const {
        metadata initial;
        for (auto const& [key, value] : c.request_metadata()) {
            if (key == echo::echo_initial)
                initial.add(key, value);
            if (key == echo::echo_trailing)
                c.trailing_metadata().add(key, value);
        }
        if (!initial.empty())
            (void)c.set_initial_metadata(std::move(initial));
        if (!c.request_metadata().contains(echo::report))
            return;
        using namespace std::chrono;
        auto const left = [&] { return duration_cast<milliseconds>(*c.deadline() - steady_clock::now()).count(); };
        c.trailing_metadata().add(echo::deadline_ms, c.deadline() ? std::to_string(left()) : "none");
        c.trailing_metadata().add(echo::cancelled_calls, std::to_string(cancelled_));
    }

    static result<void> failure(EchoRequest const& q) {
        if (q.fail_code() == 0)
            return {};
        status s(to_status_code(q.fail_code()).value_or(status_code::unknown), q.fail_message());
        s.set_details(q.data());
        return s;
    }

    awaitable<void> pause(EchoRequest const& q) {
        if (q.delay_ms() == 0)
            co_return;
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                        std::chrono::milliseconds(q.delay_ms()));
        boost::system::error_code ec;
        co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ec));
        if (ec)
            ++cancelled_;
    }

    awaitable<result<void>> answer(EchoRequest const& q, server_writer<EchoReply>& out) {
        for (int i = 0; i < q.count(); ++i) {
            co_await pause(q);
            EchoReply r;
            r.set_text(q.text());
            r.set_data(q.data());
            r.set_index(i);
            auto writing = out.async_write(r);
            if (auto const written = co_await std::move(writing); written.has_error()) {
                ++cancelled_;
                co_return written.error();
            }
        }
        co_return failure(q);
    }

    std::atomic<int> cancelled_{0};
};

} // namespace joust::test
