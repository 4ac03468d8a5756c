//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "support/connections.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

using namespace joust;
using namespace joust::test;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

BOOST_AUTO_TEST_SUITE(connection_faults)

namespace {

// Everything lives as long as this; what is left of it is looked for afterwards.
struct leak_check {
    std::weak_ptr<net::connection> server, client;
    std::weak_ptr<echo_server> acceptor;
    std::weak_ptr<memory_link> link;

    explicit leak_check(connection_pair const& p)
        : server(p.server), client(p.client), acceptor(p.acceptor), link(p.link) {}

    void expect_nothing_left() const {
        BOOST_TEST(server.expired());
        BOOST_TEST(client.expired());
        BOOST_TEST(acceptor.expired());
        BOOST_TEST(link.expired());
    }
};

// The pointers of the test go, the io_context last: what is under way keeps the rest.
void destroy(connection_pair& p) {
    p.server.reset();
    p.client.reset();
    p.acceptor.reset();
    p.owner.reset();
    p.link.reset();
    p.io.reset();
}

// A mix of calls: short and long, one that waits, one with much to send.
struct mixed_calls {
    std::list<probe_call> all;
    std::vector<probe_call*> opened;

    explicit mixed_calls(net::client_connection& c) {
        add(c, "/unary", "short", true);
        add(c, "/hold", "x", false);
        add(c, "/stream", std::string(40'000, 'y'), true);
        add(c, "/unary", std::string(70'000, 'z'), true);
    }

    void add(net::client_connection& c, std::string_view path, std::string_view text, bool half_close) {
        probe_call& call = all.emplace_back();
        if (!call.open(c, path, clock_type::now() + 1h))
            return;
        opened.push_back(&call);
        if (!call.stream)
            return;
        call.send(text);
        if (half_close && call.stream)
            call.stream->call().half_close();
    }
};

std::list<probe_call> hold(connection_pair& p, std::size_t n) {
    std::list<probe_call> calls(n);
    for (auto& call : calls)
        BOOST_TEST(call.open(*p.client, "/hold"));
    p.poll();
    return calls;
}

// A crowd of streams that has become idle often enough is given back when it does so again: with the next call.
void prepare_crowd(connection_pair& p) {
    for (int i = 0; i < 33; ++i) {
        auto const calls = hold(p, i == 0 ? 50 : 1);
        for (auto* const s : std::exchange(p.acceptor->held, {}))
            s->finish({});
        p.poll();
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(every_read_and_write_failed_in_turn_ends_every_call_once) {
    std::size_t const operations = for_each_failure([](failures& f) {
        connection_pair p({.close_grace = 0s}, {.close_grace = 0s});
        leak_check const leaks(p);
        p.link->fail = &f;
        p.link->to_server.chunk = 5000;
        p.link->to_client.chunk = 4000;
        p.start();
        mixed_calls calls(*p.client);
        p.poll();
        for (auto* const s : std::vector(p.acceptor->held))
            s->finish({});
        p.poll();
        for (probe_call const* const call : calls.opened)
            BOOST_TEST(call->done == 1);
        if (f.reached()) {
            BOOST_TEST(!p.client->open());
            BOOST_TEST(!p.server->open());
            BOOST_TEST(p.acceptor->closed == 1);
            BOOST_TEST(p.owner->lost.size() == 1u);
        } else {
            for (probe_call const* const call : calls.opened)
                BOOST_TEST(call->outcome->ok());
            BOOST_TEST(p.client->open());
        }
        destroy(p);
        leaks.expect_nothing_left();
    });
    BOOST_TEST(operations > 50u);
}

BOOST_AUTO_TEST_CASE(connection_closed_after_any_number_of_handlers_ends_every_call_once) {
    for (bool const by_client : {true, false}) {
        bool finished = false;
        for (std::size_t steps = 0; !finished; ++steps) {
            connection_pair p;
            leak_check const leaks(p);
            p.link->to_server.chunk = 9000;
            p.start();
            mixed_calls calls(*p.client);
            for (std::size_t i = 0; i < steps; ++i) {
                p.io->restart();
                finished = p.io->poll_one() == 0;
            }
            if (by_client)
                p.client->close(connection_error::shut_down);
            else
                p.server->close(connection_error::shut_down);
            p.poll();
            for (probe_call const* const call : calls.opened)
                BOOST_TEST(call->done == 1);
            BOOST_TEST(p.acceptor->closed == 1);
            BOOST_TEST(p.owner->lost.size() == 1u);
            BOOST_TEST(p.acceptor->held.empty());
            destroy(p);
            leaks.expect_nothing_left();
        }
    }
}

BOOST_AUTO_TEST_CASE(io_context_destroyed_after_any_number_of_handlers_leaves_nothing) {
    bool finished = false;
    for (std::size_t steps = 0; !finished; ++steps) {
        std::list<probe_call> calls;
        connection_pair p;
        leak_check const leaks(p);
        p.link->to_client.chunk = 9000;
        p.start();
        {
            mixed_calls mixed(*p.client);
            for (std::size_t i = 0; i < steps; ++i) {
                p.io->restart();
                finished = p.io->poll_one() == 0;
            }
            calls = std::move(mixed.all);
        }
        destroy(p);
        for (probe_call const& call : calls) {
            BOOST_TEST(call.done + call.abandoned == 1);
            BOOST_TEST(!call.stream);
        }
        leaks.expect_nothing_left();
    }
}

BOOST_AUTO_TEST_CASE(listeners_need_not_outlive_their_calls) {
    connection_pair p;
    leak_check const leaks(p);
    p.start();
    p.acceptor->before_call = [](net::server_stream& s) {
        struct short_lived final : net::server_stream_listener {
            void on_readable(net::server_stream&) override {}
            void on_writable(net::server_stream&) override {}
            void on_cancelled(net::server_stream&) override {}
            void on_abandoned() noexcept override {}
        };
        auto const listener = std::make_unique<short_lived>();
        s.set_listener(listener.get());
        s.finish(status(status_code::aborted));
    };
    p.link->set_capacity(p.link->to_server, 0);
    p.link->set_capacity(p.link->to_client, 0);
    {
        auto const call = std::make_unique<probe_call>();
        BOOST_TEST(call->open(*p.client, "/hold"));
        p.poll();
        call->stream->abort(status(status_code::cancelled));
        BOOST_TEST(call->done == 1);
        // Its stream stays until the reset can be written.
    }
    // The answer to the ping occupies the link, the one to the request waits.
    p.link->send(p.link->to_server, ping_frame("12345678"));
    p.poll();
    p.link->send(p.link->to_server, headers_frame(7, request_fields()));
    p.poll();
    destroy(p);
    leaks.expect_nothing_left();
}

BOOST_AUTO_TEST_CASE(io_context_destroyed_before_the_start_leaves_nothing) {
    connection_pair p;
    leak_check const leaks(p);
    p.server->start();
    p.client->start();
    destroy(p);
    leaks.expect_nothing_left();
}

BOOST_AUTO_TEST_CASE(connections_that_were_never_started_leave_nothing) {
    connection_pair p;
    leak_check const leaks(p);
    destroy(p);
    leaks.expect_nothing_left();
}

BOOST_AUTO_TEST_CASE(connection_closed_inside_every_callback_ends_every_call_once) {
    enum place {
        ready,
        capacity,
        headers,
        readable,
        done,
        writable,
        server_call,
        server_readable,
        server_writable,
        server_cancelled,
        places
    };
    for (int at = 0; at < places; ++at) {
        for (bool const by_client : {true, false}) {
            BOOST_TEST_CONTEXT("callback " << at << (by_client ? ", client closes" : ", server closes")) {
                connection_pair p({.send_queue = 1000}, {.send_queue = 1000});
                leak_check const leaks(p);
                int closed = 0;
                auto const close = [&] {
                    ++closed;
                    if (by_client)
                        p.client->close(connection_error::shut_down);
                    else
                        p.server->close(connection_error::shut_down);
                };
                auto const if_here = [&](int where) {
                    return [&close, here = where == at] {
                        if (here)
                            close();
                    };
                };
                p.owner->before_ready = if_here(ready);
                p.owner->before_capacity = if_here(capacity);
                p.acceptor->before_call = [f = if_here(server_call)](auto&) { f(); };
                p.acceptor->before_readable = [f = if_here(server_readable)](auto&) { f(); };
                p.acceptor->before_writable = [f = if_here(server_writable)](auto&) { f(); };
                p.acceptor->before_cancelled = [f = if_here(server_cancelled)](auto&) { f(); };
                p.start();

                std::list<probe_call> calls;
                std::vector<probe_call*> opened;
                auto const open = [&](std::string_view path, std::size_t size) {
                    probe_call& call = calls.emplace_back();
                    call.before_headers = if_here(headers);
                    call.before_readable = if_here(readable);
                    call.before_done = if_here(done);
                    call.before_writable = if_here(writable);
                    if (!call.open(*p.client, path))
                        return;
                    opened.push_back(&call);
                    call.send(std::string(size, 'x'));
                    if (call.stream)
                        call.stream->send_queue_full(); // asks for on_writable
                };
                open("/stream", 5000);
                open("/unary", 10);
                if (!opened.empty() && opened.back()->stream)
                    opened.back()->stream->call().half_close();
                open("/hold", 10);
                p.poll();
                if (!opened.empty() && opened[0]->stream)
                    opened[0]->send("more");
                p.poll();
                if (!opened.empty() && opened.back()->stream)
                    opened.back()->stream->abort(status(status_code::cancelled));
                p.poll();
                BOOST_TEST(closed >= 1);
                BOOST_TEST(!p.client->open());
                BOOST_TEST(!p.server->open());
                for (probe_call const* const call : opened)
                    BOOST_TEST(call->done == 1);
                BOOST_TEST(p.acceptor->closed == 1);
                BOOST_TEST(p.owner->lost.size() == 1u);
                destroy(p);
                leaks.expect_nothing_left();
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(handler_that_closes_while_all_are_aborted_is_harmless) {
    connection_pair p;
    leak_check const leaks(p);
    p.start();
    prepare_crowd(p);
    auto const calls = hold(p, 50);
    int cancelled = 0;
    p.acceptor->before_cancelled = [&](auto&) {
        if (++cancelled == 25)
            p.server->close(connection_error::shut_down);
    };
    p.server->abort(status(status_code::unavailable));
    p.poll();
    BOOST_TEST(cancelled == 50);
    for (auto& call : calls)
        BOOST_TEST(call.done == 1);
    destroy(p);
    leaks.expect_nothing_left();
}

BOOST_AUTO_TEST_CASE(stream_outlives_the_callback_that_closes_the_connection) {
    for (bool const by_call : {true, false}) {
        connection_pair p;
        leak_check const leaks(p);
        p.start();
        prepare_crowd(p);
        auto const close = [&](net::server_stream& s) {
            p.server->close(connection_error::shut_down);
            BOOST_TEST(s.call().finished());
            BOOST_TEST(s.call().path() == "/unary");
        };
        (by_call ? p.acceptor->before_call : p.acceptor->before_readable) = close;
        probe_call call;
        BOOST_TEST(call.unary(*p.client, "x"));
        p.poll();
        BOOST_TEST(call.done == 1);
        destroy(p);
        leaks.expect_nothing_left();
    }
}

BOOST_AUTO_TEST_CASE(calls_opened_inside_the_callbacks_of_others_work) {
    connection_pair p;
    p.start();
    probe_call first, second, third;
    first.before_done = [&] { BOOST_TEST(second.unary(*p.client, "second")); };
    second.before_headers = [&] { BOOST_TEST(third.unary(*p.client, "third")); };
    BOOST_TEST(first.unary(*p.client, "first"));
    p.poll();
    BOOST_TEST(third.done == 1);
    BOOST_TEST(third.messages == std::vector<std::string>{"third"});
}

BOOST_AUTO_TEST_CASE(call_opened_when_the_connection_is_lost_is_not_opened) {
    connection_pair p;
    p.start();
    probe_call first, second;
    bool tried = false;
    first.before_done = [&] {
        tried = true;
        BOOST_TEST(!second.unary(*p.client, "second"));
    };
    BOOST_TEST(first.open(*p.client, "/hold"));
    p.poll();
    p.link->close();
    p.poll();
    BOOST_TEST(tried);
    BOOST_TEST(second.done == 0);
}

BOOST_AUTO_TEST_SUITE_END()
