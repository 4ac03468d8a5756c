//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Channel and server of one process, without a socket.

#include "support/loopback.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(in_process_wire)

namespace {

using asio::awaitable;

void add_echo(joust::server& to) {
    to.add(bytes_service::unary, echo_bytes::unary);
    to.add(bytes_service::bidi, echo_bytes::bidi);
}

result<octets> call_by(asio::io_context& io, joust::channel const& ch, octets const& q) {
    result<octets> answer = octets();
    run(io, [&]() -> awaitable<void> { answer = co_await call(ch, q); });
    return answer;
}

} // namespace

BOOST_AUTO_TEST_CASE(calls_pass) {
    loopback l;
    std::string peer;
    l.server.add(bytes_service::unary, [&](octets q, call_context& context) {
        peer = context.peer();
        return q;
    });
    in_process const wire;
    BOOST_TEST(l.server.listen(wire).value().to_string() == "in-process");
    joust::channel const ch(l.io.get_executor(), wire);
    for (std::size_t const size : {std::size_t{0}, std::size_t{5}, std::size_t{100'000}, std::size_t{4'000'000}})
        BOOST_TEST((call_by(l.io, ch, octets(size, 'x')).value() == octets(size, 'x')));
    BOOST_TEST(peer == "in-process");
    BOOST_TEST(l.server.connection_count() == 1U);
}

BOOST_AUTO_TEST_CASE(streams_and_drain) {
    loopback l;
    add_echo(l.server);
    in_process const wire;
    l.server.listen(wire).value();
    joust::channel const ch(l.io.get_executor(), wire);
    l.run([&]() -> awaitable<void> {
        auto both = (co_await open_bidi(ch)).value();
        for (int i = 0; i < 100; ++i) {
            octets const m(static_cast<std::size_t>(i) * 1000, 'm');
            (co_await write(both, m)).value();
            BOOST_TEST(((co_await read(both)).value().value() == m));
        }
        (co_await writes_done(both)).value();
        BOOST_TEST(!(co_await read(both)).value());
        (co_await finish(both)).value();
    });
    bool drained = false;
    l.server.async_drain(5s, [&](error_code ec) { drained = !ec; });
    run_until(l.io, [&] { return drained; });
    BOOST_TEST(code_of(call_by(l.io, ch, "late")) == status_code::unavailable);
}

BOOST_AUTO_TEST_CASE(one_server_at_a_time) {
    loopback l;
    add_echo(l.server);
    in_process const wire;
    channel_options o;
    o.initial_backoff = 1ms;
    joust::channel const ch(l.io.get_executor(), wire, o);
    auto const early = call_by(l.io, ch, "early");
    BOOST_TEST(code_of(early) == status_code::unavailable);
    BOOST_TEST(message_of(early) == "connect to in-process: no server listens there");
    l.server.listen(wire).value();
    joust::server other(l.io.get_executor());
    BOOST_TEST(code_of(other.listen(wire)) == status_code::unavailable);
    l.server.stop();
    add_echo(other);
    other.listen(wire).value();
    run_until(l.io, [&] { return !call_by(l.io, ch, "again").has_error(); });
}

BOOST_AUTO_TEST_CASE(across_threads) {
    asio::io_context servers, clients;
    joust::server server(servers.get_executor());
    add_echo(server);
    in_process const wire;
    server.listen(wire).value();
    joust::channel const ch(clients.get_executor(), wire);
    std::vector<std::thread> threads;
    auto const work = std::make_unique<std::pair<asio::executor_work_guard<asio::io_context::executor_type>,
                                                 asio::executor_work_guard<asio::io_context::executor_type>>>(
        asio::make_work_guard(servers), asio::make_work_guard(clients));
    for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&] { servers.run(); });
        threads.emplace_back([&] { clients.run(); });
    }
    std::vector<std::future<result<octets>>> answers;
    std::vector<octets> const sent = [] {
        std::vector<octets> all;
        for (std::size_t i = 0; i < 200; ++i)
            all.emplace_back(i * 50, 'q');
        return all;
    }();
    for (octets const& q : sent) {
        call_options const o;
        answers.push_back(ch.async_call(bytes_service::unary, q, o, asio::use_future));
    }
    for (std::size_t i = 0; i < answers.size(); ++i)
        BOOST_TEST((answers[i].get().value() == sent[i]));
    servers.stop();
    clients.stop();
    for (std::thread& t : threads)
        t.join();
}

BOOST_AUTO_TEST_CASE(either_side_may_be_destroyed_first) {
    for (bool const server_first : {true, false}) {
        in_process const wire;
        auto servers = std::make_unique<loopback>();
        auto clients = std::make_unique<asio::io_context>();
        add_echo(servers->server);
        servers->server.listen(wire).value();
        int answered = 0, ended = 0;
        {
            joust::channel const ch(clients->get_executor(), wire);
            auto const keep = std::make_shared<int>(0);
            asio::co_spawn(
                *clients,
                [&, ch]() -> awaitable<void> {
                    auto both = (co_await open_bidi(ch)).value();
                    (co_await write(both, "m")).value();
                    BOOST_TEST((co_await read(both)).value().value() == "m");
                    ++answered;
                    auto const last = co_await read(both); // until the server is gone
                    ended += last.has_error() ? 1 : 0;
                },
                asio::detached);
        }
        auto const turn = [&](auto done) {
            for (auto const limit = std::chrono::steady_clock::now() + patience;
                 !done() && std::chrono::steady_clock::now() < limit;) {
                if (servers)
                    servers->io.run_for(1ms);
                clients->run_for(1ms);
            }
        };
        turn([&] { return answered == 1; });
        BOOST_TEST(answered == 1);
        if (server_first) {
            servers.reset();
            turn([&] { return ended == 1; });
            BOOST_TEST(ended == 1);
            clients.reset();
        } else {
            clients.reset();
            run_until(servers->io, [&] { return servers->server.connection_count() == 0; });
            servers.reset();
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
