//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Every way to be told that an operation is done.

#include "support/loopback.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <future>
#include <memory_resource>
#include <optional>
#include <string>
#include <thread>
#include <tuple>

namespace joust::test::tokens_tests {

namespace {

using asio::awaitable;

struct echo_server : loopback {
    echo_server() : echo_server(server_options()) {}
    explicit echo_server(server_options options) : loopback(std::move(options)) {
        server.add(bytes_service::unary, echo_bytes::unary);
        server.add(bytes_service::bidi, echo_bytes::bidi);
        listen();
    }
};

/// An io_context that a thread of its own runs.
class other_thread {
public:
    asio::io_context io{1};

    ~other_thread() {
        work_.reset();
        thread_.join();
    }
    std::thread::id id() const { return thread_.get_id(); }

private:
    asio::executor_work_guard<asio::io_context::executor_type> work_{io.get_executor()};
    std::thread thread_{[this] { io.run(); }};
};

octets const request = "hello";

} // namespace

BOOST_AUTO_TEST_SUITE(completion_tokens)

BOOST_FIXTURE_TEST_CASE(deferred_is_the_default_and_starts_nothing_by_itself, echo_server) {
    auto const ch = channel();
    { auto const never_started = ch.async_call(bytes_service::unary, request); }
    settle(io);
    BOOST_TEST(server.connection_count() == 0u);
    run([&]() -> awaitable<void> {
        auto operation = ch.async_call(bytes_service::unary, request);
        result<octets> const answer = co_await std::move(operation);
        BOOST_TEST(answer.value() == request);
    });
}

BOOST_FIXTURE_TEST_CASE(deferred_operations_compose_into_a_group, echo_server) {
    auto const ch = channel();
    std::optional<std::pair<octets, octets>> both;
    asio::experimental::make_parallel_group(ch.async_call(bytes_service::unary, request),
                                            ch.async_call(bytes_service::unary, octets("other")))
        .async_wait(asio::experimental::wait_for_all(), [&](std::array<std::size_t, 2>, result<octets> a,
                                                            result<octets> b) { both.emplace(a.value(), b.value()); });
    run_until(io, [&] { return both.has_value(); });
    BOOST_TEST(both->first == request);
    BOOST_TEST(both->second == "other");
}

BOOST_FIXTURE_TEST_CASE(use_awaitable_gives_the_result, echo_server) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        call_options const options;
        result<octets> const answer =
            co_await ch.async_call(bytes_service::unary, request, options, asio::use_awaitable);
        BOOST_TEST(answer.value() == request);
    });
}

BOOST_FIXTURE_TEST_CASE(as_tuple_gives_a_tuple, echo_server) {
    run([&]() -> awaitable<void> {
        auto const ch = channel();
        call_options const options;
        constexpr auto token = asio::as_tuple(asio::use_awaitable);
        std::tuple<result<octets>> const answer = co_await ch.async_call(bytes_service::unary, request, options, token);
        BOOST_TEST(std::get<0>(answer).value() == request);
    });
}

BOOST_FIXTURE_TEST_CASE(callbacks_are_called_after_the_initiating_function, echo_server) {
    auto const ch = channel();
    std::optional<result<octets>> answer;
    ch.async_call(bytes_service::unary, request, {}, [&](result<octets> r) { answer = std::move(r); });
    BOOST_TEST(!answer);
    run_until(io, [&] { return answer.has_value(); });
    BOOST_TEST(answer->value() == request);
}

BOOST_FIXTURE_TEST_CASE(move_only_callbacks_are_called, echo_server) {
    auto const ch = channel();
    auto answer = std::make_unique<octets>();
    octets& seen = *answer;
    bool done = false;
    ch.async_call(bytes_service::unary, request, {}, [&done, answer = std::move(answer)](result<octets> r) mutable {
        *answer = r.value();
        BOOST_TEST(*answer == request);
        done = true;
    });
    run_until(io, [&] { return done; });
    (void)seen;
}

BOOST_FIXTURE_TEST_CASE(detached_ignores_the_outcome, echo_server) {
    auto const ch = channel();
    ch.async_call(bytes_service::unary, request, {}, asio::detached);
    run_until(io, [&] { return server.connection_count() == 1; });
}

BOOST_AUTO_TEST_CASE(use_future_waits_on_a_thread_without_a_loop) {
    other_thread background;
    joust::server server(background.io.get_executor());
    server.add(bytes_service::unary, echo_bytes::unary);
    server.add(bytes_service::bidi, echo_bytes::bidi);
    auto const at = server.listen("127.0.0.1:0").value().to_string();
    joust::channel const ch(background.io.get_executor(), at);

    std::future<result<octets>> answer = ch.async_call(bytes_service::unary, request, {}, asio::use_future);
    BOOST_TEST(answer.get().value() == request);

    bidi_call stream = ch.async_open(bytes_service::bidi, {}, asio::use_future).get().value();
    BOOST_TEST(stream.async_write(request, asio::use_future).get().has_value());
    BOOST_TEST(stream.async_read(asio::use_future).get().value().value() == request);
    BOOST_TEST(stream.async_writes_done(asio::use_future).get().has_value());
    BOOST_TEST(!stream.async_read(asio::use_future).get().value());
    BOOST_TEST(stream.async_finish(asio::use_future).get().has_value());

    std::future<void> drained = server.async_drain(patience, asio::use_future);
    drained.get();
    ch.base(); // outlives the calls, as a user's would
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(associated_things)

BOOST_FIXTURE_TEST_CASE(a_handler_runs_on_its_own_executor, echo_server) {
    other_thread elsewhere;
    auto const ch = channel();
    std::promise<std::thread::id> where;
    auto told = where.get_future();
    ch.async_call(bytes_service::unary, request, {}, asio::bind_executor(elsewhere.io, [&](result<octets> r) {
                      BOOST_TEST(r.value() == request);
                      where.set_value(std::this_thread::get_id());
                  }));
    run_until(io, [&] { return told.wait_for(0s) == std::future_status::ready; });
    BOOST_CHECK(told.get() == elsewhere.id());
}

BOOST_FIXTURE_TEST_CASE(a_handler_of_a_stream_runs_on_its_own_executor, echo_server) {
    other_thread elsewhere;
    auto const ch = channel();
    std::promise<std::thread::id> where;
    auto told = where.get_future();
    std::optional<bidi_call> stream;
    ch.async_open(bytes_service::bidi, {}, asio::bind_executor(elsewhere.io, [&](result<bidi_call> r) {
                      stream.emplace(std::move(r).value());
                      stream->async_write(request, asio::bind_executor(elsewhere.io, [&](result<void>) {
                                              stream->async_read(asio::bind_executor(
                                                  elsewhere.io, [&](result<std::optional<octets>> m) {
                                                      BOOST_TEST(m.value().value() == request);
                                                      where.set_value(std::this_thread::get_id());
                                                  }));
                                          }));
                  }));
    run_until(io, [&] { return told.wait_for(0s) == std::future_status::ready; });
    BOOST_CHECK(told.get() == elsewhere.id());
}

BOOST_FIXTURE_TEST_CASE(a_handler_without_an_executor_runs_on_the_channels, echo_server) {
    auto const ch = channel();
    bool on_it = false, done = false;
    ch.async_call(bytes_service::unary, request, {}, [&](result<octets>) {
        on_it = io.get_executor().running_in_this_thread();
        done = true;
    });
    run_until(io, [&] { return done; });
    BOOST_TEST(on_it);
}

BOOST_FIXTURE_TEST_CASE(the_executor_of_a_handler_is_kept_at_work, echo_server) {
    // Without work of its own, that loop would end before the answer came.
    asio::io_context elsewhere{1};
    auto const ch = channel();
    bool done = false;
    ch.async_call(bytes_service::unary, request, {},
                  asio::bind_executor(elsewhere, [&](result<octets>) { done = true; }));
    BOOST_TEST(elsewhere.poll() == 0u);
    BOOST_TEST(!elsewhere.stopped());
    run_until(io, [&] { return elsewhere.poll() != 0; });
    BOOST_TEST(done);
    BOOST_TEST(elsewhere.stopped());
}

BOOST_FIXTURE_TEST_CASE(a_coroutine_elsewhere_resumes_elsewhere, echo_server) {
    other_thread elsewhere;
    auto const ch = channel();
    auto finished = asio::co_spawn(
        elsewhere.io,
        [&]() -> awaitable<void> {
            for (int i = 0; i < 100; ++i) {
                result<octets> const answer = co_await call(ch, request);
                BOOST_TEST(answer.value() == request);
                if (std::this_thread::get_id() != elsewhere.id())
                    throw std::runtime_error("resumed on the wrong thread");
            }
        },
        asio::use_future);
    run_until(io, [&] { return finished.wait_for(0s) == std::future_status::ready; });
    BOOST_CHECK_NO_THROW(finished.get());
}

BOOST_FIXTURE_TEST_CASE(a_slot_cancels_the_call, echo_server) {
    joust::server silent(io.get_executor());
    long_wait handler(io);
    silent.add(bytes_service::unary, [&](octets q) -> awaitable<octets> {
        co_await handler();
        co_return q;
    });
    joust::channel const ch(io.get_executor(), silent.listen("127.0.0.1:0").value().to_string());
    asio::cancellation_signal signal;
    std::optional<result<octets>> answer;
    ch.async_call(bytes_service::unary, request, {},
                  asio::bind_cancellation_slot(signal.slot(), [&](result<octets> r) { answer = std::move(r); }));
    run_until(io, [&] { return handler.started.is_set(); });
    signal.emit(asio::cancellation_type::terminal);
    run_until(io, [&] { return answer && handler.cancelled.is_set(); });
    BOOST_TEST(code_of(*answer) == status_code::cancelled);
    BOOST_CHECK(answer->error().origin() == status_origin::local);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(completions)

// What ends at once, inside of a completion that itself runs on the connection: still not inside the initiating
// function.
BOOST_AUTO_TEST_CASE(never_run_inside_the_initiating_function) {
    for (bool const strands : {true, false}) {
        server_options so;
        so.use_strands = strands;
        echo_server lo(so);
        channel_options small;
        small.max_send_message_size = 10;
        small.use_strand = strands;
        auto const ch = lo.channel(small);
        octets const too_large(11, 'x');
        call_options late;
        late.deadline = std::chrono::steady_clock::now();
        call_options bad_metadata;
        bad_metadata.metadata.add("Bad Key", "x");

        int completed = 0, expected = 0;
        bool initiating = false;
        auto const count = [&](auto const&...) {
            BOOST_TEST(!initiating);
            ++completed;
        };
        std::optional<bidi_call> stream;
        auto const begin_all = [&] {
            initiating = true;
            ch.async_call(bytes_service::unary, too_large, {}, count);
            ch.async_call(bytes_service::unary, request, late, count);
            ch.async_call(bytes_service::unary, request, bad_metadata, count);
            stream->async_write(too_large, count);
            stream->async_writes_done(count);
            expected += 5;
            initiating = false;
        };
        bool opened = false;
        asio::post(lo.io, [&] {
            ch.async_open(bytes_service::bidi, {}, [&](result<bidi_call> r) {
                stream.emplace(std::move(r).value());
                stream->async_write(octets("small"), [&](result<void>) {
                    stream->async_read([&](result<std::optional<octets>>) {
                        begin_all();
                        opened = true;
                    });
                });
            });
        });
        run_until(lo.io, [&] { return opened && completed == expected; });

        stream.reset();
        std::optional<bidi_call> ended;
        bool finished = false;
        ch.async_open(bytes_service::bidi, {}, [&](result<bidi_call> r) {
            ended.emplace(std::move(r).value());
            ended->async_writes_done(asio::detached);
            ended->async_finish([&](result<void>) {
                initiating = true;
                ended->async_read(count);
                ended->async_write(octets("late"), count);
                ended->async_read_initial_metadata(count);
                expected += 3;
                initiating = false;
                finished = true;
            });
        });
        run_until(lo.io, [&] { return finished && completed == expected; });
    }
}

BOOST_AUTO_TEST_CASE(of_a_bad_address_come_later_too) {
    asio::io_context io;
    joust::channel const ch(io.get_executor(), "no port");
    std::optional<result<octets>> answer;
    std::optional<status> refused;
    ch.async_call(bytes_service::unary, request, {}, [&](result<octets> r) { answer = std::move(r); });
    ch.async_open(bytes_service::bidi, {}, [&](result<bidi_call> r) { refused = r.error(); });
    BOOST_TEST(!answer);
    run_until(io, [&] { return answer && refused; });
    BOOST_TEST(code_of(*answer) == status_code::invalid_argument);
    BOOST_TEST(message_of(*answer) == "address 'no port': the port is missing (host:port)");
    BOOST_TEST(refused->code() == status_code::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test::tokens_tests
