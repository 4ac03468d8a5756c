//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Server, channel, calls and io_context destroyed in every order, with everything under way; nothing may leak or be
// touched afterwards. The sanitizer builds are the judges, and weak pointers are.

#include "support/loopback.hpp"
#include "support/raw_peer.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace joust::test::teardown_tests {

namespace {

using asio::awaitable;

octets const request = "hello";

/// A connection that nobody ever answers: its client waits for SETTINGS.
class silent_port {
public:
    explicit silent_port(asio::io_context& io) : acceptor_(io, {asio::ip::address_v4::loopback(), 0}) {}
    std::string address() const { return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

private:
    asio::ip::tcp::acceptor acceptor_;
};

/// Server, channel and io_context that can be destroyed one by one.
struct parts {
    // Lives in every handler and coroutine under way: gone when all of them are.
    std::shared_ptr<int> probe = std::make_shared<int>();
    std::unique_ptr<asio::io_context> io = std::make_unique<asio::io_context>(1);
    std::unique_ptr<joust::server> server = std::make_unique<joust::server>(io->get_executor());
    std::unique_ptr<joust::channel> channel;
    std::string address;
    int waiting = 0;             // server handlers that wait for a message or for time
    std::weak_ptr<event> reader; // what the client that does not read waits for

    parts() {
        server->add(bytes_service::unary, [this, keep = probe](octets q) -> awaitable<octets> {
            auto const mine = keep;
            ++waiting;
            asio::steady_timer forever(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
            co_await forever.async_wait(asio::use_awaitable);
            co_return q;
        });
        server->add(bytes_service::bidi, [this, keep = probe](server_stream<octets, octets>& both) -> awaitable<void> {
            auto const mine = keep;
            ++waiting;
            auto const first = (co_await read(both)).value();
            // Either it waits for another message, or for room to write.
            while (first == "flood")
                (co_await write(both, octets(100'000, 'x'))).value();
            auto m = (co_await read(both)).value();
            while (m)
                m = (co_await read(both)).value();
        });
        address = server->listen("127.0.0.1:0").value().to_string();
        channel = std::make_unique<joust::channel>(io->get_executor(), address);
    }

    /// Everything that can wait does: calls and streams in coroutines that own their channel and handle, callbacks,
    /// reads, writes, finishes.
    void begin_everything() {
        begin_unary(*channel);
        channel->async_call(bytes_service::unary, request, {}, [keep = probe](result<octets>) {});
        begin_read(*channel);
        begin_flood(*channel);
        begin_blocked_write(*channel);
        begin_all_waits(*channel);
        run_until(*io, [&] { return waiting >= 6; });
        settle(*io);
    }

    void begin_unary(joust::channel ch) {
        asio::co_spawn(*io, unary(std::move(ch), probe), [keep = probe](std::exception_ptr) {});
    }
    void begin_read(joust::channel ch) {
        asio::co_spawn(*io, read_one(std::move(ch), probe), [keep = probe](std::exception_ptr) {});
    }
    void begin_flood(joust::channel ch) {
        asio::co_spawn(*io, flood(std::move(ch), reader, probe), [keep = probe](std::exception_ptr) {});
    }
    void begin_blocked_write(joust::channel ch) {
        asio::co_spawn(*io, blocked_write(std::move(ch), probe), [keep = probe](std::exception_ptr) {});
    }
    void begin_all_waits(joust::channel ch) {
        asio::co_spawn(*io, all_waits(std::move(ch), probe), [keep = probe](std::exception_ptr) {});
    }

private:
    static awaitable<void> unary(joust::channel ch, std::shared_ptr<int>) { co_await call(ch, request); }

    static awaitable<void> read_one(joust::channel ch, std::shared_ptr<int>) {
        auto stream = (co_await open_bidi(ch)).value();
        co_await read(stream);
    }

    static awaitable<void> flood(joust::channel ch, std::weak_ptr<event>& reader, std::shared_ptr<int>) {
        auto stream = (co_await open_bidi(ch)).value();
        (co_await write(stream, "flood")).value();
        // Does not read: the server waits for room.
        auto const slow = std::make_shared<event>(co_await asio::this_coro::executor);
        reader = slow;
        co_await slow->wait();
        while ((co_await read(stream)).value()) {
        }
    }

    static awaitable<void> blocked_write(joust::channel ch, std::shared_ptr<int>) {
        auto stream = (co_await open_bidi(ch)).value();
        (co_await write(stream, "flood")).value(); // then the server does not read
        for (;;)
            (co_await write(stream, octets(100'000, 'x'))).value();
    }

    static awaitable<void> all_waits(joust::channel ch, std::shared_ptr<int> keep) {
        auto stream = (co_await open_bidi(ch)).value();
        stream.async_read_initial_metadata([keep](result<metadata>) {});
        stream.async_read([keep](result<std::optional<octets>>) {});
        co_await finish(stream);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(teardown)

BOOST_AUTO_TEST_CASE(in_every_order_with_everything_under_way) {
    enum part { context, served, channel };
    using order = std::array<part, 3>;
    // The context must outlive the server: that is said of it. The channel may go first, in between or last of the two.
    for (order const& o : {order{served, channel, context}, order{channel, served, context}}) {
        for (bool const run_between : {false, true}) {
            std::weak_ptr<int> left;
            {
                parts p;
                left = p.probe;
                p.begin_everything();
                for (part const gone : o) {
                    if (gone == context)
                        p.io.reset();
                    else if (gone == served)
                        p.server.reset();
                    else
                        p.channel.reset();
                    if (run_between && p.io)
                        settle(*p.io);
                }
            }
            BOOST_TEST(left.expired());
        }
    }
}

BOOST_AUTO_TEST_CASE(the_server_goes_and_every_handler_is_told) {
    parts p;
    p.begin_everything();
    std::weak_ptr<int> const left = p.probe;
    p.server.reset();
    p.channel.reset();
    p.probe.reset();
    p.reader.lock()->set();
    // Cancelled handlers end, calls fail, then nothing is under way any more.
    run_until(*p.io, [&] { return left.expired(); });
}

BOOST_AUTO_TEST_CASE(while_calls_wait_for_a_connection) {
    for (int const steps : {0, 1, 2, 1000}) {
        std::weak_ptr<int> left;
        {
            parts p;
            left = p.probe;
            silent_port const silent(*p.io);
            p.channel = std::make_unique<joust::channel>(p.io->get_executor(), silent.address());
            p.begin_unary(*p.channel);
            p.begin_read(*p.channel);
            for (int i = 0; i < steps; ++i)
                p.io->run_one_for(1ms);
            p.channel.reset(); // the coroutines have their own copies
            p.server.reset();
        }
        BOOST_TEST(left.expired(), "after " << steps << " steps");
    }
}

BOOST_AUTO_TEST_CASE(while_calls_wait_for_a_stream) {
    std::weak_ptr<int> left;
    {
        parts p;
        left = p.probe;
        server_options narrow;
        narrow.max_concurrent_streams = 1;
        joust::server one_at_a_time(p.io->get_executor(), narrow);
        bool started = false;
        one_at_a_time.add(bytes_service::unary, [&, keep = p.probe](octets q) -> awaitable<octets> {
            auto const mine = keep;
            started = true;
            asio::steady_timer forever(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
            co_await forever.async_wait(asio::use_awaitable);
            co_return q;
        });
        auto const at = one_at_a_time.listen("127.0.0.1:0").value().to_string();
        p.channel = std::make_unique<joust::channel>(p.io->get_executor(), at);
        for (int i = 0; i < 5; ++i)
            p.begin_unary(*p.channel);
        run_until(*p.io, [&] { return started; });
        p.channel.reset();
    }
    BOOST_TEST(left.expired());
}

BOOST_AUTO_TEST_CASE(while_a_drain_waits) {
    std::weak_ptr<int> left;
    {
        parts p;
        left = p.probe;
        p.begin_everything();
        p.server->async_drain(patience, [keep = p.probe](boost::system::error_code) {});
        settle(*p.io);
        p.server.reset();
    }
    BOOST_TEST(left.expired());
}

BOOST_AUTO_TEST_CASE(before_anything_ran) {
    std::weak_ptr<int> left;
    {
        parts p;
        left = p.probe;
        p.begin_unary(*p.channel);
        p.begin_read(*p.channel);
        p.channel->async_call(bytes_service::unary, request, {}, [keep = p.probe](result<octets>) {});
    }
    BOOST_TEST(left.expired());
}

BOOST_AUTO_TEST_CASE(a_server_that_is_over_does_not_listen_again) {
    for (bool const drained : {true, false}) {
        asio::io_context io{1};
        joust::server server(io.get_executor());
        in_process const wire;
        if (drained)
            server.async_drain(std::chrono::hours(1), [](error_code) {});
        else
            server.stop();
        std::string const told = std::string("the server has been ") + (drained ? "drained" : "stopped") +
                                 " and cannot listen again: make another one";
        for (result<endpoint> const& r : {server.listen("127.0.0.1:0"), server.listen(wire)}) {
            BOOST_TEST(code_of(r) == status_code::failed_precondition);
            BOOST_TEST(message_of(r) == told);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_handle_may_outlive_channel_and_server) {
    parts p;
    std::optional<bidi_call> stream;
    p.channel->async_open(bytes_service::bidi, {}, [&](result<bidi_call> r) { stream.emplace(std::move(r).value()); });
    run_until(*p.io, [&] { return stream && p.waiting == 1; });
    p.channel.reset();
    p.server.reset();
    test::run(*p.io, [&]() -> awaitable<void> {
        BOOST_TEST(code_of(co_await read(*stream)) == status_code::unavailable);
        BOOST_TEST(code_of(co_await finish(*stream)) == status_code::unavailable);
    });
    stream.reset();
    settle(*p.io);
}

BOOST_AUTO_TEST_CASE(without_strands) {
    std::weak_ptr<int> left;
    {
        auto const probe = std::make_shared<int>();
        left = probe;
        asio::io_context io{1};
        server_options so;
        so.use_strands = false;
        joust::server server(io.get_executor(), so);
        bool started = false;
        server.add(bytes_service::bidi, [&, probe](server_stream<octets, octets>& both) -> awaitable<void> {
            auto const mine = probe;
            started = true;
            co_await read(both);
        });
        channel_options co;
        co.use_strand = false;
        joust::channel const ch(io.get_executor(), server.listen("127.0.0.1:0").value().to_string(), co);
        asio::co_spawn(
            io,
            [ch, probe]() -> awaitable<void> {
                auto stream = (co_await open_bidi(ch)).value();
                co_await read(stream);
            },
            [probe](std::exception_ptr) {});
        run_until(io, [&] { return started; });
        settle(io);
    }
    BOOST_TEST(left.expired());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(idleness)

BOOST_AUTO_TEST_CASE(an_idle_server_and_channel_run_nothing) {
    loopback lo;
    lo.server.add(bytes_service::unary, echo_bytes::unary);
    lo.listen();
    auto const ch = lo.channel();
    lo.run([&]() -> awaitable<void> { (co_await call(ch, request)).value(); });
    settle(lo.io);
    // Anything periodic, or that wakes itself, would run in here.
    lo.io.restart();
    BOOST_TEST(lo.io.run_for(300ms) == 0u);
    BOOST_TEST(lo.server.connection_count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_deadline_that_was_not_needed_wakes_nobody_twice) {
    loopback lo;
    lo.server.add(bytes_service::unary, echo_bytes::unary);
    lo.listen();
    auto const ch = lo.channel();
    lo.run([&]() -> awaitable<void> {
        for (int i = 0; i < 100; ++i) {
            call_options options;
            options.timeout = 100ms;
            (co_await call(ch, request, options)).value();
        }
    });
    settle(lo.io);
    lo.io.restart();
    // One timer for each side's connection, which finds nothing due; not one for each call.
    BOOST_TEST(lo.io.run_for(300ms) <= 8u);
}

BOOST_AUTO_TEST_CASE(the_loop_ends_when_nothing_is_left) {
    asio::io_context io{1};
    bool called = false;
    {
        joust::server server(io.get_executor());
        server.add(bytes_service::unary, echo_bytes::unary);
        joust::channel const ch(io.get_executor(), server.listen("127.0.0.1:0").value().to_string());
        ch.async_call(bytes_service::unary, request, {}, [&](result<octets> r) { called = r.has_value(); });
        run_until(io, [&] { return called; });
    }
    auto const limit = std::chrono::steady_clock::now() + patience;
    io.restart();
    io.run_until(limit);
    BOOST_TEST(io.stopped());
    BOOST_TEST((std::chrono::steady_clock::now() < limit));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test::teardown_tests
