//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Limits on messages, calls and queues, on both sides: what is over them fails alone, what waits is bounded.

#include "support/loopback.hpp"
#include "support/raw_peer.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <string>

namespace joust::test {

namespace {

using asio::awaitable;

constexpr std::size_t limit = 1000;

/// Answers with as many bytes as the request says.
struct sized_server : loopback {
    explicit sized_server(server_options options = {}) : loopback(std::move(options)) {
        server.add(bytes_service::unary, [](octets q) { return octets(std::stoul(q), 'x'); });
        server.add(bytes_service::bidi, [](server_stream<octets, octets>& both) -> awaitable<status> {
            for (;;) {
                auto const q = co_await read(both);
                if (q.has_error())
                    co_return q.error();
                if (!*q)
                    co_return status();
                if (auto const sent = co_await write(both, octets(std::stoul(**q), 'x')); sent.has_error())
                    co_return sent.error();
            }
        });
        listen();
    }
};

struct limited_server : sized_server {
    static server_options options() {
        server_options o;
        o.max_receive_message_size = limit;
        o.max_send_message_size = limit;
        return o;
    }
    limited_server() : sized_server(options()) {}
};

/// A request for `answer` bytes that is itself `size` bytes long.
octets request_of(std::size_t size, std::size_t answer) {
    octets const number = std::to_string(answer);
    return octets(size - number.size(), '0') + number;
}

/// The outcomes of the unary and of the streaming call with that request.
awaitable<void> expect_both(joust::channel ch, octets q, call_options options, status_code code, std::string message) {
    result<octets> const answer = co_await call(ch, q, options);
    BOOST_TEST(code_of(answer) == code);
    BOOST_TEST(message_of(answer) == message);
    auto stream = (co_await open_bidi(ch, options)).value();
    (void)(co_await write(stream, q)); // an error of its own in the case of a send limit
    (void)(co_await writes_done(stream));
    auto const got = co_await read(stream);
    BOOST_TEST(code_of(got) == code);
    BOOST_TEST(message_of(got) == message);
}

} // namespace

BOOST_AUTO_TEST_SUITE(limits_of_messages)

BOOST_FIXTURE_TEST_CASE(the_server_refuses_larger_requests, limited_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        co_await expect_both(ch, request_of(limit, 5), {}, status_code::ok, "");
        co_await expect_both(ch, request_of(limit + 1, 5), {}, status_code::resource_exhausted,
                             "message of 1001 bytes exceeds max_receive_message_size of 1000 bytes");
        co_await expect_both(ch, request_of(1'000'000, 5), {}, status_code::resource_exhausted,
                             "message of 1000000 bytes exceeds max_receive_message_size of 1000 bytes");
        co_await expect_both(ch, request_of(limit, 5), {}, status_code::ok, "");
    });
    BOOST_TEST(server.connection_count() == 1u);
}

BOOST_FIXTURE_TEST_CASE(the_server_does_not_send_larger_answers, limited_server) {
    auto const ch = channel();
    run([&]() -> awaitable<void> {
        co_await expect_both(ch, request_of(10, limit), {}, status_code::ok, "");
        co_await expect_both(ch, request_of(10, limit + 1), {}, status_code::resource_exhausted,
                             "message of 1001 bytes exceeds max_send_message_size of 1000 bytes");
    });
    BOOST_TEST(server.connection_count() == 1u);
}

BOOST_FIXTURE_TEST_CASE(the_client_refuses_larger_answers, sized_server) {
    channel_options options;
    options.max_receive_message_size = limit;
    auto const ch = channel(options);
    run([&]() -> awaitable<void> {
        co_await expect_both(ch, request_of(10, limit), {}, status_code::ok, "");
        co_await expect_both(ch, request_of(10, limit + 1), {}, status_code::resource_exhausted,
                             "message of 1001 bytes exceeds max_receive_message_size of 1000 bytes");
        call_options roomy;
        roomy.max_receive_message_size = limit + 1;
        co_await expect_both(ch, request_of(10, limit + 1), roomy, status_code::ok, "");
    });
    BOOST_TEST(server.connection_count() == 1u);
}

BOOST_FIXTURE_TEST_CASE(the_client_does_not_send_larger_requests, sized_server) {
    channel_options options;
    options.max_send_message_size = limit;
    auto const ch = channel(options);
    run([&]() -> awaitable<void> {
        std::string const complaint = "message of 1001 bytes exceeds max_send_message_size of 1000 bytes";
        result<octets> const answer = co_await call(ch, request_of(limit + 1, 5));
        BOOST_TEST(code_of(answer) == status_code::resource_exhausted);
        BOOST_TEST(message_of(answer) == complaint);
        BOOST_TEST(server.connection_count() == 0u); // for that, nobody needs a server

        // On a stream the write fails, the call goes on.
        auto stream = (co_await open_bidi(ch)).value();
        result<void> const written = co_await write(stream, request_of(limit + 1, 5));
        BOOST_TEST(code_of(written) == status_code::resource_exhausted);
        BOOST_TEST(message_of(written) == complaint);
        BOOST_TEST((co_await write(stream, request_of(limit, 5))).has_value());
        BOOST_TEST((co_await read(stream)).value().value() == "xxxxx");
    });
}

BOOST_FIXTURE_TEST_CASE(four_mebibytes_are_the_default, sized_server) {
    auto const ch = channel();
    constexpr std::size_t most = 4 * 1024 * 1024;
    run([&]() -> awaitable<void> {
        co_await expect_both(ch, request_of(most, most), {}, status_code::ok, "");
        co_await expect_both(ch, request_of(most + 1, 5), {}, status_code::resource_exhausted,
                             "message of 4194305 bytes exceeds max_receive_message_size of 4194304 bytes");
        co_await expect_both(ch, request_of(10, most + 1), {}, status_code::resource_exhausted,
                             "message of 4194305 bytes exceeds max_receive_message_size of 4194304 bytes");
    });
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_named) {
    asio::io_context io;
    auto const complaint = [&](auto change) {
        server_options o;
        change(o);
        try {
            joust::server const s(io.get_executor(), o);
        } catch (std::invalid_argument const& e) {
            return std::string(e.what());
        }
        return std::string("none");
    };
    BOOST_TEST(complaint([](server_options&) {}) == "none");
    BOOST_TEST(complaint([](server_options& o) { o.max_concurrent_streams = 0; }) ==
               "server_options: max_concurrent_streams must be at least 1");
    BOOST_TEST(complaint([](server_options& o) { o.send_queue = 0; }) ==
               "server_options: send_queue must be at least 1");
    channel_options late;
    late.default_timeout = 0s;
    BOOST_CHECK_THROW(joust::channel(io.get_executor(), "127.0.0.1:1", late), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(limits_of_calls)

BOOST_AUTO_TEST_CASE(a_thousand_calls_share_a_connection_of_a_hundred_streams) {
    loopback lo;
    int running = 0, most = 0;
    lo.server.add(bytes_service::unary, [&](octets q) -> awaitable<octets> {
        most = std::max(most, ++running);
        co_await asio::post(asio::use_awaitable);
        --running;
        co_return q;
    });
    lo.listen();
    channel_options one;
    one.max_connections = 1;
    auto const ch = lo.channel(one);
    int good = 0, ended = 0;
    for (int i = 0; i < 1000; ++i) {
        octets const request = std::to_string(i);
        ch.async_call(bytes_service::unary, request, {}, [&, request](result<octets> r) {
            ++ended;
            good += r.has_value() && *r == request ? 1 : 0;
        });
    }
    run_until(lo.io, [&] { return ended == 1000; });
    BOOST_TEST(good == 1000);
    BOOST_TEST(most <= 100);
    BOOST_TEST(most > 1);
    BOOST_TEST(lo.server.connection_count() == 1u);
}

BOOST_AUTO_TEST_CASE(calls_beyond_the_queue_are_refused) {
    server_options narrow;
    narrow.max_concurrent_streams = 1;
    loopback lo(narrow);
    event go(lo.io.get_executor());
    lo.server.add(bytes_service::unary, [&](octets q) -> awaitable<octets> {
        co_await go.wait();
        co_return q;
    });
    lo.listen();
    channel_options options;
    options.max_queued_calls = 3;
    auto const ch = lo.channel(options);
    std::vector<result<octets>> outcomes;
    for (int i = 0; i < 5; ++i)
        ch.async_call(bytes_service::unary, octets("x"), {},
                      [&](result<octets> r) { outcomes.push_back(std::move(r)); });
    run_until(lo.io, [&] { return outcomes.size() == 2; });
    for (auto const& o : outcomes) {
        BOOST_TEST(code_of(o) == status_code::resource_exhausted);
        BOOST_TEST(message_of(o).starts_with("more than max_queued_calls = 3 calls wait for a connection"));
    }
    go.set();
    run_until(lo.io, [&] { return outcomes.size() == 5; });
    BOOST_TEST(std::count_if(outcomes.begin(), outcomes.end(), [](auto const& o) { return o.has_value(); }) == 3);
}

namespace {

/// A call whose request is whole.
std::string whole_call(std::int32_t id) {
    return headers_frame(id, request_fields(bytes_service::unary.path)) +
           data_frame(id, grpc_message("x"), flag_end_stream);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_stream_above_a_limit_that_the_client_knows_is_refused_and_the_connection_lives) {
    struct refusals final : observer {
        void stream_refused(std::string_view, status const& why) noexcept override { said.push_back(why.message()); }
        std::vector<std::string> said;
    };
    auto const watcher = std::make_shared<refusals>();
    loopback lo(server_options{.observer = watcher});
    event go(lo.io.get_executor());
    lo.server.add(bytes_service::unary, [&](octets q) -> awaitable<octets> {
        co_await go.wait();
        co_return q;
    });
    lo.listen();
    lo.run([&]() -> awaitable<void> {
        raw_peer peer = co_await raw_peer::connect(lo.address);
        co_await peer.send(client_hello());
        for (bool known = false; !known;) { // the peer answers the server's SETTINGS by itself
            parsed_frame const f = co_await peer.frame_of(frame_type::settings);
            known = !f.has(flag_ack);
        }
        std::string all;
        for (std::int32_t id = 1; id <= 203; id += 2) // 102 calls
            all += whole_call(id);
        co_await peer.send(all);
        for (std::int32_t const id : {201, 203}) {
            raw_answer const refused = co_await peer.answer(id);
            BOOST_TEST(refused.reset);
            BOOST_TEST(refused.reset_code == 7u); // REFUSED_STREAM
        }
        go.set();
        int good = 0;
        for (int n = 0; n != 100;) {
            parsed_frame const f = co_await peer.frame_of(frame_type::headers);
            if (!f.has(flag_end_stream))
                continue; // not the trailers
            ++n;
            good += peer.last_headers.value("grpc-status") == "0" ? 1 : 0;
        }
        BOOST_TEST(good == 100);
        co_await peer.send(whole_call(205));
        BOOST_TEST((co_await peer.answer(205)).grpc_status() == "0");
    });
    BOOST_TEST(watcher->said.size() == 2u);
    BOOST_TEST(watcher->said.back() == "the client has opened more than max_concurrent_streams = 100 streams");
    BOOST_TEST(lo.server.connection_count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_client_that_opens_more_streams_than_allowed_is_refused_those) {
    server_options narrow;
    narrow.max_concurrent_streams = 2;
    loopback lo(narrow);
    event go(lo.io.get_executor());
    lo.server.add(bytes_service::unary, [&](octets q) -> awaitable<octets> {
        co_await go.wait();
        co_return q;
    });
    lo.listen();
    lo.run([&]() -> awaitable<void> {
        raw_peer peer = co_await raw_peer::connect(lo.address);
        std::string all = client_hello();
        for (std::int32_t const id : {1, 3, 5})
            all += whole_call(id);
        co_await peer.send(all);
        raw_answer const refused = co_await peer.answer(5);
        BOOST_TEST(refused.reset);
        BOOST_TEST(refused.reset_code == 7u); // REFUSED_STREAM
        go.set();
        BOOST_TEST((co_await peer.answer(1)).grpc_status() == "0");
        BOOST_TEST((co_await peer.answer(3)).grpc_status() == "0");
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(back_pressure)

namespace {

constexpr std::size_t window = 65535;
constexpr std::size_t send_queue = 64 * 1024;
constexpr std::size_t piece = 10'000;
constexpr int pieces = 1000;
// What may be on its way to a reader that does not read: its window, the writer's queue and the message that filled it.
constexpr std::size_t bound = window + send_queue + piece;

/// Round trips on the same connection: whatever could have been sent meanwhile was.
awaitable<void> go_to_and_fro(joust::channel ch) {
    for (int i = 0; i < 100; ++i)
        (co_await call(ch, "x")).value();
}

template <class Writer>
awaitable<void> write_all(Writer& to, std::size_t& written) {
    octets const message(piece, 'x');
    for (int i = 0; i < pieces; ++i) {
        result<void> const sent = co_await write(to, message);
        sent.value();
        written += piece;
    }
}

template <class Reader>
awaitable<std::size_t> read_to_end(Reader& from) {
    std::size_t total = 0;
    for (;;) {
        result<std::optional<octets>> const m = co_await read(from);
        if (!m.value())
            co_return total;
        total += (*m)->size();
    }
}

server_options small_windows() {
    server_options o;
    o.stream_window = window;
    o.send_queue = send_queue;
    return o;
}

channel_options small_channel() {
    channel_options o;
    o.stream_window = window;
    o.send_queue = send_queue;
    return o;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_server_that_does_not_read_stops_the_client) {
    loopback lo(small_windows());
    event read_now(lo.io.get_executor());
    lo.server.add(bytes_service::unary, echo_bytes::unary);
    lo.server.add(bytes_service::bidi, [&](server_stream<octets, octets>& both) -> awaitable<void> {
        co_await read_now.wait();
        std::size_t const total = co_await read_to_end(both);
        (co_await write(both, std::to_string(total))).value();
    });
    lo.listen();
    auto const ch = lo.channel(small_channel());
    lo.run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        std::size_t written = 0;
        event all_written(lo.io.get_executor());
        asio::co_spawn(lo.io, write_all(stream, written), [&](std::exception_ptr) { all_written.set(); });
        co_await go_to_and_fro(ch);
        BOOST_TEST(!all_written.is_set());
        BOOST_TEST(written >= window);
        BOOST_TEST(written <= bound);
        read_now.set();
        co_await all_written.wait();
        (co_await writes_done(stream)).value();
        BOOST_TEST((co_await read(stream)).value().value() == std::to_string(piece * pieces));
    });
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_stops_the_server) {
    loopback lo(small_windows());
    std::size_t written = 0;
    event all_written(lo.io.get_executor());
    lo.server.add(bytes_service::unary, echo_bytes::unary);
    lo.server.add(bytes_service::bidi, [&](server_stream<octets, octets>& both) -> awaitable<void> {
        co_await write_all(both, written);
        all_written.set();
    });
    lo.listen();
    auto const ch = lo.channel(small_channel());
    lo.run([&]() -> awaitable<void> {
        auto stream = (co_await open_bidi(ch)).value();
        co_await go_to_and_fro(ch);
        BOOST_TEST(!all_written.is_set());
        BOOST_TEST(written >= window);
        BOOST_TEST(written <= bound);
        BOOST_TEST((co_await read_to_end(stream)) == piece * pieces);
        co_await all_written.wait();
    });
}

BOOST_AUTO_TEST_CASE(a_client_that_never_opens_its_window_stops_its_own_call_only) {
    loopback lo(small_windows());
    std::size_t written = 0;
    long_wait never(lo.io);
    lo.server.add(bytes_service::unary, echo_bytes::unary);
    lo.server.add(bytes_service::bidi,
                  [&](server_stream<octets, octets>& both) -> awaitable<void> { co_await write_all(both, written); });
    lo.listen();
    auto const ch = lo.channel();
    lo.run([&]() -> awaitable<void> {
        raw_peer peer = co_await raw_peer::connect(lo.address);
        co_await peer.send(client_hello() + window_frame(0, 1'000'000) +
                           headers_frame(1, request_fields(bytes_service::bidi.path)));
        co_await go_to_and_fro(ch);
        // Other calls of the same client are not stopped, either.
        co_await peer.send(headers_frame(3, request_fields(bytes_service::unary.path)) +
                           data_frame(3, grpc_message("x"), flag_end_stream));
        BOOST_TEST((co_await peer.answer(3)).grpc_status() == "0");
        BOOST_TEST(written >= window);
        BOOST_TEST(written <= bound);
    });
}

BOOST_AUTO_TEST_CASE(answers_to_a_client_that_does_not_read_its_socket_are_bounded) {
    // It asks for 1000 answers of 60 kB and reads none. At most its streams hold one each.
    loopback lo;
    int answered = 0;
    lo.server.add(bytes_service::unary, [&](octets) {
        ++answered;
        return octets(60'000, 'x');
    });
    lo.listen();
    lo.run([&]() -> awaitable<void> {
        raw_peer peer = co_await raw_peer::connect(lo.address);
        std::string all = client_hello();
        for (std::int32_t id = 1; id < 2000; id += 2)
            all += headers_frame(id, request_fields(bytes_service::unary.path)) +
                   data_frame(id, grpc_message("x"), flag_end_stream);
        co_await peer.send(all);
        auto const ch = lo.channel();
        for (int i = 0; i < 20; ++i)
            (co_await call(ch, "x")).value();
        BOOST_TEST(answered - 20 <= 200);
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
