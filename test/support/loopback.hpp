//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/channel.hpp"
#include "joust/rpc/server.hpp"
#include "support/run.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace joust::test {

using octets = std::string;

/// A service of plain bytes with all four kinds.
namespace bytes_service {
inline constexpr unary_method<octets, octets> unary{"/test.Bytes/Unary"};
inline constexpr client_streaming_method<octets, octets> client_stream{"/test.Bytes/ClientStream"};
inline constexpr server_streaming_method<octets, octets> server_stream{"/test.Bytes/ServerStream"};
inline constexpr bidi_streaming_method<octets, octets> bidi{"/test.Bytes/Bidi"};
} // namespace bytes_service

// Calls of that service, short to write.

using bidi_call = client_call<octets, octets, call_kind::bidi_streaming>;

inline asio::awaitable<result<octets>> call(joust::channel via, octets request, call_options options = {}) {
    auto calling = via.async_call(bytes_service::unary, request, std::move(options));
    co_return co_await std::move(calling);
}

inline asio::awaitable<result<bidi_call>> open_bidi(joust::channel via, call_options options = {}) {
    auto opening = via.async_open(bytes_service::bidi, std::move(options));
    co_return co_await std::move(opening);
}

template <class Writer>
asio::awaitable<result<void>> write(Writer& to, octets message) {
    auto writing = to.async_write(message);
    co_return co_await std::move(writing);
}

template <class Reader>
asio::awaitable<result<std::optional<octets>>> read(Reader& from) {
    auto reading = from.async_read();
    co_return co_await std::move(reading);
}

inline asio::awaitable<result<void>> writes_done(bidi_call& of) {
    auto ending = of.async_writes_done();
    co_return co_await std::move(ending);
}

inline asio::awaitable<result<void>> finish(bidi_call& of) {
    auto finishing = of.async_finish();
    co_return co_await std::move(finishing);
}

/// Handlers of the service that answer with what they get.
namespace echo_bytes {
inline octets unary(octets q) {
    return q;
}
inline asio::awaitable<void> bidi(joust::server_stream<octets, octets>& both) {
    for (;;) {
        auto const m = (co_await read(both)).value();
        if (!m)
            co_return;
        (co_await write(both, *m)).value();
    }
}
} // namespace echo_bytes

/// A server and a way to reach it. Fill `server`, then `listen`.
struct loopback {
    asio::io_context io{1};
    joust::server server;
    std::string address;

    explicit loopback(server_options options = {}) : server(io.get_executor(), std::move(options)) {}

    void listen(std::string_view at = "127.0.0.1:0") { address = server.listen(at).value().to_string(); }

    joust::channel channel(channel_options options = {}) {
        return joust::channel(io.get_executor(), address, std::move(options));
    }

    template <class Body>
    void run(Body body) {
        test::run(io, std::move(body));
    }
};

/// A handler's long wait, and what came of it.
class long_wait {
public:
    explicit long_wait(asio::io_context& io) : started(io.get_executor()), cancelled(io.get_executor()) {}

    event started;
    event cancelled;

    /// Ends by cancellation only.
    asio::awaitable<void> operator()() {
        started.set();
        asio::steady_timer forever(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        boost::system::error_code ec;
        co_await forever.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        cancelled.set();
        throw boost::system::system_error(ec);
    }
};

} // namespace joust::test
