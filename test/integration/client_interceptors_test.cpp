//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Interceptors around calls of all kinds: their order, that starts and ends come in pairs, and what each may do.

#include "joust/rpc/client_interceptor.hpp"
#include "support/call_of_kind.hpp"
#include "support/interceptor_log.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(client_interceptors)

namespace {

using asio::awaitable;
using act = interceptor_log::act;
using namespace asio::experimental::awaitable_operators;

class recorder final : public client_interceptor {
public:
    recorder(interceptor_log& log, std::string name) : log_(log), name_(std::move(name)) {}

    status on_start(std::string_view, call_options&) override { return log_.at(name_ + ".start"); }
    bool sees_messages() const override { return true; }
    status on_request(buffer& m) override { return log_.at(name_ + ".request", &m); }
    status on_response(buffer& m) override { return log_.at(name_ + ".response", &m); }
    void on_finish(status& outcome, metadata const&) override { log_.finished(name_, outcome); }

private:
    interceptor_log& log_;
    std::string name_;
};

class async_recorder final : public async_client_interceptor {
public:
    async_recorder(interceptor_log& log, std::string name) : log_(log), name_(std::move(name)) {}

    awaitable<status> on_start(std::string_view, call_options&) override { return log_.async_at(name_ + ".start"); }
    bool sees_messages() const override { return true; }
    awaitable<status> on_request(buffer& m) override { return log_.async_at(name_ + ".request", &m); }
    awaitable<status> on_response(buffer& m) override { return log_.async_at(name_ + ".response", &m); }
    awaitable<void> on_finish(status& outcome, metadata const&) override {
        co_await asio::post(asio::use_awaitable);
        log_.finished(name_, outcome);
    }

private:
    interceptor_log& log_;
    std::string name_;
};

enum class form { synchronous, coroutines, plain_outside, plain_inside };
constexpr form all_forms[] = {form::synchronous, form::coroutines, form::plain_outside, form::plain_inside};

any_client_interceptor make(bool plain, interceptor_log& log, std::string name) {
    if (plain)
        return std::make_shared<recorder>(log, std::move(name));
    return std::make_shared<async_recorder>(log, std::move(name));
}

any_channel with(any_channel const& via, form f, interceptor_log& log) {
    std::vector<any_client_interceptor> all;
    all.push_back(make(f == form::synchronous || f == form::plain_outside, log, "a"));
    all.push_back(make(f == form::synchronous || f == form::plain_inside, log, "b"));
    return intercept(via, std::move(all));
}

struct echo_loopback : loopback {
    echo_loopback() {
        add_echo_handlers(server);
        listen();
    }
};

struct recorded_client {
    interceptor_log log;
    std::unique_ptr<loopback> at = std::make_unique<echo_loopback>();
    any_channel channel;

    explicit recorded_client(form f) : channel(with(at->channel(), f, log)) {}

    call_outcome call(call_kind kind, call_options options = {}) {
        call_outcome made;
        at->run([&]() -> awaitable<void> {
            auto calling = call_of_kind(channel, kind, options);
            made = co_await std::move(calling);
        });
        return made;
    }

    void run_until_logged(std::string_view line) {
        run_until(at->io, [&] { return log.has(line); });
    }
};

template <class Body>
void for_each_combination(Body body) {
    for (form const f : all_forms)
        for (call_kind const kind : all_kinds)
            BOOST_TEST_CONTEXT("form " << static_cast<int>(f) << ", kind " << static_cast<int>(kind))
    body(f, kind);
}

} // namespace

BOOST_AUTO_TEST_CASE(run_from_the_first_to_the_last_and_back) {
    for_each_combination([](form f, call_kind kind) {
        recorded_client c(f);
        BOOST_TEST(c.call(kind).outcome.to_string() == "OK");
        BOOST_TEST(c.log.text() == expected_hooks(kind));
    });
}

BOOST_AUTO_TEST_CASE(change_messages) {
    for_each_combination([](form f, call_kind kind) {
        recorded_client c(f);
        c.log.change = true;
        std::string const answers = c.call(kind).answers;
        if (kind == call_kind::unary)
            BOOST_TEST(answers == "1abba");
        else if (kind == call_kind::client_streaming)
            BOOST_TEST(answers == "1ab2abba");
        else if (kind == call_kind::server_streaming)
            BOOST_TEST(answers == "1abba1abba");
        else
            BOOST_TEST(answers == "1abba2abba");
    });
}

BOOST_AUTO_TEST_CASE(that_refuse_end_the_call_and_hear_of_it) {
    for_each_combination([](form f, call_kind kind) {
        for (std::string const where : {"a.start", "b.start", "a.request", "b.request", "b.response", "a.response"})
            BOOST_TEST_CONTEXT(where) {
                recorded_client c(f);
                c.log.where = where;
                c.log.what = act::refuse;
                BOOST_TEST(c.call(kind).outcome.to_string() == "PERMISSION_DENIED: refused by " + where);
                BOOST_TEST(c.log.text() == expected_hooks(kind, where, "PERMISSION_DENIED"));
                BOOST_TEST(c.log.lines.back() == "a.finish:PERMISSION_DENIED");
            }
    });
}

BOOST_AUTO_TEST_CASE(that_throw_refuse) {
    for_each_combination([](form f, call_kind kind) {
        for (std::string const where : {"a.start", "b.start", "b.request", "a.response"})
            BOOST_TEST_CONTEXT(where) {
                recorded_client c(f);
                c.log.where = where;
                c.log.what = act::fail;
                BOOST_TEST(c.call(kind).outcome.to_string() == "INTERNAL: an interceptor failed: secret");
                BOOST_TEST(c.log.text() == expected_hooks(kind, where, "INTERNAL"));
            }
    });
}

BOOST_AUTO_TEST_CASE(that_throw_at_the_end_do_not_keep_it_from_the_others) {
    for_each_combination([](form f, call_kind kind) {
        recorded_client c(f);
        c.log.where = "b.finish:OK";
        c.log.what = act::fail;
        BOOST_TEST(c.call(kind).outcome.code() == status_code::internal);
        BOOST_TEST(c.log.lines.back() == "a.finish:INTERNAL");
    });
}

BOOST_AUTO_TEST_CASE(hear_of_the_servers_status_of_the_deadline_and_of_cancellation) {
    for (form const f : all_forms)
        for (call_kind const kind : {call_kind::unary, call_kind::bidi_streaming}) {
            interceptor_log log;
            loopback at;
            long_wait waiting(at.io);
            at.server.add(bytes_service::unary, [&](octets q) -> awaitable<result<octets>> {
                if (q == "1")
                    co_await waiting();
                co_return status(status_code::not_found, "lost");
            });
            at.server.add(bytes_service::bidi,
                          [&](server_stream<octets, octets>&) -> awaitable<void> { co_await waiting(); });
            at.listen();
            any_channel const ch = with(at.channel(), f, log);
            at.run([&]() -> awaitable<void> {
                octets const lost = "lost";
                auto failing = ch.async_call(bytes_service::unary, lost);
                BOOST_TEST(code_of(co_await std::move(failing)) == status_code::not_found);
                BOOST_TEST(log.lines.back() == "a.finish:NOT_FOUND");
                call_options o;
                o.timeout = 300ms;
                auto late = call_of_kind(ch, kind, o);
                auto const made = co_await std::move(late);
                BOOST_TEST(made.outcome.code() == status_code::deadline_exceeded);
                BOOST_TEST(log.lines.back() == "a.finish:DEADLINE_EXCEEDED");
                waiting.started = event(at.io.get_executor());
                auto cancelled = call_of_kind(ch, kind);
                co_await (std::move(cancelled) || waiting.started.wait());
            });
            run_until(at.io, [&] { return log.has("a.finish:CANCELLED"); });
            settle(at.io);
            BOOST_TEST(log.lines.back() == "a.finish:CANCELLED");
            BOOST_TEST(log.lines[log.lines.size() - 2] == "b.finish:CANCELLED");
        }
}

BOOST_AUTO_TEST_CASE(that_wait_are_cancelled_with_the_call) {
    for (call_kind const kind : all_kinds)
        for (std::string const where : {"b.start", "b.request", "b.response"})
            BOOST_TEST_CONTEXT(where << ", kind " << static_cast<int>(kind)) {
                recorded_client c(form::plain_outside);
                c.log.where = where;
                c.log.what = act::wait;
                event waits(c.at->io.get_executor());
                asio::cancellation_signal signal;
                std::optional<std::exception_ptr> ended;
                asio::co_spawn(c.at->io, call_of_kind(c.channel, kind),
                               asio::bind_cancellation_slot(
                                   signal.slot(), [&](std::exception_ptr e, call_outcome) { ended = std::move(e); }));
                c.run_until_logged(where + ":waits");
                signal.emit(asio::cancellation_type::terminal);
                c.run_until_logged("a.finish:CANCELLED");
                run_until(c.at->io, [&] { return ended.has_value(); });
                BOOST_TEST(c.log.lines.back() == "a.finish:CANCELLED");
                BOOST_TEST(c.log.lines[c.log.lines.size() - 2] == "b.finish:CANCELLED");
            }
}

BOOST_AUTO_TEST_CASE(that_wait_go_with_the_execution_context) {
    for (call_kind const kind : all_kinds)
        for (std::string const where : {"b.start", "b.request", "b.response"}) {
            interceptor_log log;
            log.where = where;
            log.what = act::wait;
            {
                echo_loopback at;
                asio::co_spawn(at.io, call_of_kind(with(at.channel(), form::plain_outside, log), kind),
                               [](std::exception_ptr, call_outcome) {});
                run_until(at.io, [&] { return log.has(where + ":waits"); });
            }
            BOOST_TEST(log.lines.back() == where + ":waits");
        }
}

BOOST_AUTO_TEST_CASE(hear_of_a_handle_that_was_dropped) {
    for (form const f : all_forms) {
        recorded_client c(f);
        c.at->run([&]() -> awaitable<void> {
            auto opening = c.channel.async_open(bytes_service::bidi);
            auto stream = (co_await std::move(opening)).value();
            (co_await write(stream, "1")).value();
            (co_await read(stream)).value();
        });
        c.run_until_logged("a.finish:CANCELLED");
        BOOST_TEST(c.log.text() == "a.start b.start a.request b.request b.response a.response "
                                   "b.finish:CANCELLED a.finish:CANCELLED");
    }
}

namespace {

/// Has a state, as there is one for each call.
class stateful final : public client_interceptor {
public:
    explicit stateful(std::vector<std::string>& log) : log_(log) {}

    status on_start(std::string_view path, call_options& o) override {
        text_ = std::string(path);
        o.metadata.add("x-user", "ann");
        return {};
    }
    void on_headers(metadata const& initial) override {
        text_ += " " + std::string(initial.get("x-initial").value_or("none"));
    }
    void on_finish(status& outcome, metadata const& trailing) override {
        log_.push_back(text_ + " " + std::string(trailing.get("x-trailing").value_or("none")));
        if (outcome.code() == status_code::not_found)
            outcome = status(status_code::failed_precondition, "changed");
    }

private:
    std::vector<std::string>& log_;
    std::string text_;
};

} // namespace

BOOST_AUTO_TEST_CASE(see_headers_and_trailers_and_may_be_made_for_each_call) {
    loopback at;
    auto const answer = [](call_context& c) {
        metadata initial;
        initial.add("x-initial", c.request_metadata().get("x-user").value());
        (void)c.set_initial_metadata(initial);
        c.trailing_metadata().add("x-trailing", "bye");
    };
    at.server.add(bytes_service::unary, [&](octets q, call_context& c) -> result<octets> {
        if (q == "lost")
            return status(status_code::not_found, "lost");
        answer(c);
        return q;
    });
    at.server.add(bytes_service::bidi, [&](server_stream<octets, octets>&, call_context& c) -> awaitable<void> {
        answer(c);
        co_return;
    });
    at.listen();
    std::vector<std::string> log;
    std::vector<any_client_interceptor> all;
    all.push_back([&] { return std::make_shared<stateful>(log); });
    any_channel const ch = intercept(at.channel(), std::move(all));
    at.run([&]() -> awaitable<void> {
        response_info info;
        call_options o;
        o.info = &info;
        octets const q = "q";
        auto calling = ch.async_call(bytes_service::unary, q, o);
        BOOST_TEST((co_await std::move(calling)).value() == "q");
        BOOST_TEST(info.initial_metadata.get("x-initial").value() == "ann");
        BOOST_TEST(info.trailing_metadata.get("x-trailing").value() == "bye");
        octets const lost = "lost";
        auto failing = ch.async_call(bytes_service::unary, lost);
        BOOST_TEST(message_of(co_await std::move(failing)) == "changed");
        auto opening = ch.async_open(bytes_service::bidi);
        auto stream = (co_await std::move(opening)).value();
        auto reading = stream.async_read_initial_metadata();
        BOOST_TEST((co_await std::move(reading)).value().get("x-initial").value() == "ann");
        BOOST_TEST(!(co_await read(stream)).value().has_value());
        (co_await finish(stream)).value();
        BOOST_TEST(stream.trailing_metadata().get("x-trailing").value() == "bye");
    });
    BOOST_TEST(log == (std::vector<std::string>{"/test.Bytes/Unary ann bye", "/test.Bytes/Unary none none",
                                                "/test.Bytes/Bidi ann bye"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(complete_on_the_handlers_executor_and_never_at_once) {
    for (form const f : all_forms)
        for (bool const refused : {true, false}) {
            recorded_client c(f);
            c.log.where = "a.start";
            c.log.what = refused ? act::refuse : act::nothing;
            asio::io_context other{1};
            bool initiating = true;
            int done = 0;
            octets const q = "1";
            c.channel.async_call(bytes_service::unary, q, {}, asio::bind_executor(other, [&](result<octets> r) {
                                     BOOST_TEST(!initiating);
                                     BOOST_TEST(other.get_executor().running_in_this_thread());
                                     BOOST_TEST(r.has_error() == refused);
                                     ++done;
                                 }));
            c.channel.async_open(bytes_service::bidi, {}, asio::bind_executor(other, [&](result<bidi_call> r) {
                                     BOOST_TEST(!initiating);
                                     BOOST_TEST(other.get_executor().running_in_this_thread());
                                     BOOST_TEST(r.has_error() == refused);
                                     ++done;
                                 }));
            initiating = false;
            run_until(c.at->io, [&] {
                other.restart();
                other.poll();
                return done == 2;
            });
        }
}

BOOST_AUTO_TEST_CASE(lose_no_message_when_reads_are_cancelled) {
    constexpr int message_count = 200;
    for (form const f : all_forms) {
        recorded_client c(f);
        std::string sent;
        std::string seen;
        c.at->run([&]() -> awaitable<void> {
            auto opening = c.channel.async_open(bytes_service::bidi);
            auto stream = (co_await std::move(opening)).value();
            for (int i = 0; i != message_count; ++i) {
                (co_await write(stream, std::to_string(i))).value();
                sent += std::to_string(i) + " ";
            }
            (co_await writes_done(stream)).value();
            auto const executor = co_await asio::this_coro::executor;
            asio::steady_timer timer(executor);
            for (int turn = 0;; ++turn) {
                std::optional<result<std::optional<octets>>> got;
                timer.expires_after(std::chrono::microseconds(turn % 3 * 50));
                if (turn % 3 == 0) {
                    auto outcome = co_await (read(stream) || asio::post(executor, asio::use_awaitable));
                    if (outcome.index() == 0)
                        got = std::get<0>(std::move(outcome));
                } else if (turn % 3 == 1) {
                    auto outcome = co_await (timer.async_wait(asio::use_awaitable) || read(stream));
                    if (outcome.index() == 1)
                        got = std::get<1>(std::move(outcome));
                } else {
                    got = co_await read(stream);
                }
                if (!got)
                    continue;
                if (!got->value())
                    break;
                seen += ***got + " ";
            }
            (co_await finish(stream)).value();
        });
        BOOST_TEST(seen == sent);
    }
}

BOOST_AUTO_TEST_CASE(let_a_finish_stop_to_wait) {
    for (form const f : all_forms) {
        recorded_client c(f);
        c.at->run([&]() -> awaitable<void> {
            auto opening = c.channel.async_open(bytes_service::bidi);
            auto stream = (co_await std::move(opening)).value();
            asio::cancellation_signal signal;
            event stopped(c.at->io.get_executor());
            stream.async_finish(asio::bind_cancellation_slot(signal.slot(), [&](result<void> r) {
                BOOST_TEST(code_of(r) == status_code::cancelled);
                stopped.set();
            }));
            co_await asio::post(asio::use_awaitable);
            signal.emit(asio::cancellation_type::total);
            co_await stopped.wait();
            (co_await write(stream, "1")).value();
            BOOST_TEST((co_await read(stream)).value().value() == "1");
            (co_await writes_done(stream)).value();
            (co_await finish(stream)).value();
        });
        BOOST_TEST(c.log.lines.back() == "a.finish:OK");
    }
}

/// Interceptors on both sides, which see every message.
struct doubly_intercepted {
    interceptor_log log;
    loopback at;
    std::vector<bool> came_compressed; // to the handler

    explicit doubly_intercepted(server_options o) : at(std::move(o)) {
        at.server.add(bytes_service::bidi,
                      [&](server_stream<octets, octets>& both, call_context& c) -> awaitable<void> {
                          (void)c.set_encoding("gzip");
                          while (auto m = (co_await read(both)).value()) {
                              came_compressed.push_back(c.message_compressed());
                              write_options how;
                              how.compress = c.message_compressed();
                              auto writing = both.async_write(*m, how);
                              (co_await std::move(writing)).value();
                          }
                      });
        at.listen();
    }
};

/// Hears of every message, and leaves it as it is.
class onlooker final : public async_server_interceptor {
public:
    bool sees_messages() const override { return true; }
};

BOOST_AUTO_TEST_CASE(leave_it_to_the_writer_what_is_compressed) {
    for (form const f : all_forms) {
        server_options o;
        o.interceptors = {std::make_shared<onlooker>()};
        doubly_intercepted both(std::move(o));
        std::vector<bool> answers;
        both.at.run([&]() -> awaitable<void> {
            call_options in_gzip;
            in_gzip.encoding = "gzip";
            any_channel const ch = with(both.at.channel(), f, both.log);
            auto opening = ch.async_open(bytes_service::bidi, in_gzip);
            auto call = (co_await std::move(opening)).value();
            octets const large(1000, 'x');
            for (bool const compress : {true, false, true}) {
                auto writing = call.async_write(large, write_options{compress});
                (co_await std::move(writing)).value();
                BOOST_TEST((co_await read(call)).value().value() == large);
                answers.push_back(call.message_compressed());
            }
            (co_await writes_done(call)).value();
            (co_await finish(call)).value();
        });
        std::vector<bool> const expected{true, false, true};
        BOOST_TEST((both.came_compressed == expected));
        BOOST_TEST((answers == expected));
    }
}

BOOST_AUTO_TEST_CASE(that_are_null_are_complained_about) {
    loopback at;
    std::vector<any_client_interceptor> none{std::shared_ptr<client_interceptor>()};
    BOOST_CHECK_THROW(intercept(joust::channel(at.io.get_executor(), "localhost:1"), none), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
