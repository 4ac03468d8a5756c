//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What a server and a channel do about connections that are quiet, old, silent, too many or full of headers.

#include "joust/core/connection_error.hpp"
#include "support/loopback.hpp"
#include "support/raw_peer.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(connection_care)

namespace {

using asio::awaitable;

struct echo_loopback : loopback {
    explicit echo_loopback(server_options options) : loopback(std::move(options)) {
        server.add(bytes_service::unary, echo_bytes::unary);
        server.add(bytes_service::bidi, echo_bytes::bidi);
        listen();
    }

    awaitable<void> connections(std::size_t n) {
        while (server.connection_count() != n)
            co_await asio::post(asio::use_awaitable);
    }
};

template <class Change>
server_options with(Change change) {
    server_options o;
    change(o);
    return o;
}

std::string debug_of(parsed_frame const& goaway) {
    return goaway.payload.substr(8);
}

} // namespace

BOOST_AUTO_TEST_CASE(connections_above_the_limit_are_refused_by_name) {
    echo_loopback lo(with([](auto& o) { o.max_connections = 2; }));
    lo.run([&]() -> awaitable<void> {
        auto const first = lo.channel();
        std::optional second(lo.channel());
        auto const third = lo.channel();
        BOOST_TEST((co_await call(first, "a")).has_value());
        BOOST_TEST((co_await call(*second, "b")).has_value());
        auto const refused = co_await call(third, "c");
        BOOST_TEST(code_of(refused) == status_code::unavailable);
        BOOST_TEST(message_of(refused).find("max_connections") != std::string::npos, message_of(refused));
        BOOST_TEST((co_await call(first, "a")).has_value());
        second.reset();
        co_await lo.connections(1);
        auto const fourth = lo.channel();
        BOOST_TEST((co_await call(fourth, "d")).has_value());
    });
}

BOOST_AUTO_TEST_CASE(flood_of_connections_leaves_the_others_alone) {
    echo_loopback lo(with([](auto& o) { o.max_connections = 2; }));
    lo.run([&]() -> awaitable<void> {
        auto const ch = lo.channel();
        BOOST_TEST((co_await call(ch, "a")).has_value());
        std::vector<raw_peer> crowd;
        for (int i = 0; i != 200; ++i)
            crowd.push_back(co_await raw_peer::connect(lo.address));
        BOOST_TEST((co_await call(ch, "a")).has_value());
        BOOST_TEST(lo.server.connection_count() <= 2u + 64u);
        crowd.clear();
        co_await lo.connections(1);
    });
}

BOOST_AUTO_TEST_CASE(connection_that_never_speaks_is_closed) {
    echo_loopback lo(with([](auto& o) { o.preface_timeout = 50ms; }));
    lo.run([&]() -> awaitable<void> {
        raw_peer silent = co_await raw_peer::connect(lo.address);
        raw_peer slow = co_await raw_peer::connect(lo.address);
        co_await slow.send(std::string(preface.substr(0, 10)));
        std::string const to_silent = co_await silent.rest(); // until the server closes
        std::string const to_slow = co_await slow.rest();
        BOOST_TEST(to_silent.ends_with("preface_timeout"));
        BOOST_TEST(to_slow.ends_with("preface_timeout"));
        co_await lo.connections(0);
    });
}

BOOST_AUTO_TEST_CASE(idle_connection_is_closed_and_the_next_call_gets_a_new_one) {
    echo_loopback lo(with([](auto& o) { o.max_connection_idle = 30ms; }));
    auto const ch = lo.channel();
    lo.run([&]() -> awaitable<void> {
        for (int i = 0; i != 3; ++i) {
            BOOST_TEST((co_await call(ch, "a")).has_value());
            co_await lo.connections(0);
        }
        // A call keeps it.
        auto stream = (co_await open_bidi(ch)).value();
        asio::steady_timer timer(lo.io, 100ms);
        co_await timer.async_wait(asio::use_awaitable);
        BOOST_TEST((co_await write(stream, "x")).has_value());
        BOOST_TEST((co_await read(stream)).value().value() == "x");
        (co_await writes_done(stream)).value();
        BOOST_TEST((co_await finish(stream)).has_value());
    });
}

BOOST_AUTO_TEST_CASE(calls_do_not_notice_that_connections_grow_old) {
    echo_loopback lo(with([](auto& o) { o.max_connection_age = 20ms; }));
    auto const ch = lo.channel();
    lo.run([&]() -> awaitable<void> {
        int failed = 0;
        auto const end = std::chrono::steady_clock::now() + 300ms;
        while (std::chrono::steady_clock::now() < end) {
            auto const answer = co_await call(ch, "a");
            // One that was not sent when GOAWAY came is refused, and safe to make again.
            bool const unsent = answer.has_error() && answer.error().cause() == connection_error::refused_stream;
            BOOST_TEST((answer.has_value() || unsent), message_of(answer));
            failed += answer.has_error() && !unsent;
        }
        BOOST_TEST(failed == 0);
    });
}

BOOST_AUTO_TEST_CASE(grace_of_an_old_connection_ends_its_calls) {
    echo_loopback lo(with([](auto& o) {
        o.max_connection_age = 20ms;
        o.max_connection_age_grace = 30ms;
    }));
    auto const ch = lo.channel();
    lo.run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        BOOST_TEST((co_await write(stream, "x")).has_value());
        BOOST_TEST((co_await read(stream)).value().value() == "x");
        auto const end = co_await read(stream);
        BOOST_TEST(code_of(end) == status_code::unavailable);
        BOOST_TEST(message_of(end) == "max_connection_age_grace has passed");
    });
}

BOOST_AUTO_TEST_CASE(client_that_does_not_answer_a_ping_is_lost) {
    echo_loopback lo(with([](auto& o) {
        o.keepalive.time = 1s;
        o.keepalive.timeout = 50ms;
    }));
    lo.run([&]() -> awaitable<void> {
        auto const ch = lo.channel(); // answers
        BOOST_TEST((co_await call(ch, "a")).has_value());
        raw_peer dead = co_await raw_peer::connect(lo.address);
        co_await dead.send(client_hello());
        co_await dead.frame_of(frame_type::ping);
        co_await dead.rest();
        co_await lo.connections(1);
        BOOST_TEST((co_await call(ch, "a")).has_value());
    });
}

BOOST_AUTO_TEST_CASE(pings_of_a_client_are_policed) {
    echo_loopback lo(with([](auto& o) { o.pings.max_strikes = 1; }));
    lo.run([&]() -> awaitable<void> {
        raw_peer eager = co_await raw_peer::connect(lo.address);
        co_await eager.send(client_hello());
        for (int i = 0; i != 3; ++i)
            co_await eager.send(ping_frame("12345678"));
        parsed_frame const last = co_await eager.frame_of(frame_type::goaway);
        BOOST_TEST(last.number(4) == 11u);
        BOOST_TEST(debug_of(last) == "too_many_pings");
    });
}

BOOST_AUTO_TEST_CASE(headers_up_to_the_limit_go_both_ways) {
    constexpr std::uint32_t limit = 4 * 1024 * 1024;
    loopback lo(with([](auto& o) { o.max_header_list_size = limit; }));
    lo.server.add(bytes_service::unary, [](octets q, call_context& context) {
        // Comes back in the initial metadata, and once more behind the answer.
        metadata m;
        for (auto const& [name, value] : context.request_metadata())
            if (name.starts_with("x-"))
                m.add(name, value);
        context.set_initial_metadata(m);
        context.trailing_metadata() = m;
        return q;
    });
    lo.listen();
    channel_options o;
    o.max_header_list_size = limit;
    auto const ch = lo.channel(o);
    lo.run([&]() -> awaitable<void> {
        for (std::size_t const size : {std::size_t{1} << 16, std::size_t{1} << 20, std::size_t{3} << 20}) {
            call_options options;
            for (int i = 0; i != 64; ++i)
                options.metadata.add("x-" + std::to_string(i), std::string(size / 64, 'm'));
            auto const answer = co_await call(ch, "a", options);
            BOOST_TEST(answer.has_value(), std::to_string(size) + ": " + message_of(answer));
        }
    });
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_named) {
    using changes = void (*)(server_options&);
    std::pair<changes, char const*> const bad[] = {
        {[](auto& o) { o.max_header_list_size = 8 * 1024 * 1024 + 1; }, "max_header_list_size must be at most 8388608"},
        {[](auto& o) { o.max_connections = 0; }, "max_connections must be at least 1"},
        {[](auto& o) { o.preface_timeout = 0s; }, "preface_timeout must be positive"},
        {[](auto& o) { o.max_connection_idle = 0s; }, "max_connection_idle must be positive"},
        {[](auto& o) { o.max_connection_age = -1s; }, "max_connection_age must be positive"},
        {[](auto& o) { o.max_connection_age_grace = -1s; }, "max_connection_age_grace must not be negative"},
        {[](auto& o) { o.keepalive.time = 999ms; }, "keepalive.time must be at least 1s"},
        {[](auto& o) { o.keepalive.timeout = 0s; }, "keepalive.timeout must be positive"},
        {[](auto& o) { o.pings.min_interval = -1s; }, "pings.min_interval must not be negative"},
        {[](auto& o) { o.max_running_handlers = 99; },
         "max_running_handlers must be 0 or at least max_concurrent_streams"},
    };
    for (auto const& [change, words] : bad)
        BOOST_TEST(validate(with(change)).value_or("none") == words);
    channel_options o;
    o.keepalive.time = 9s;
    BOOST_TEST(validate(o).value_or("none") == "keepalive.time must be at least 10s");
    o.keepalive = {.time = 10s, .timeout = 0s};
    BOOST_TEST(validate(o).value_or("none") == "keepalive.timeout must be positive");
    o.keepalive.timeout = 1s;
    BOOST_TEST(!validate(o).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
