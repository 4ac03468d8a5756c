//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Interceptors around handlers of all kinds: their order, that starts and ends come in pairs, and what each may do.

#include "support/call_of_kind.hpp"
#include "support/interceptor_log.hpp"
#include "support/raw_peer.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(server_interceptors)

namespace {

using asio::awaitable;
using act = interceptor_log::act;
using namespace asio::experimental::awaitable_operators;

class recorder final : public server_interceptor {
public:
    recorder(interceptor_log& log, std::string name) : log_(log), name_(std::move(name)) {}

    status on_start(call_context&) override { return log_.at(name_ + ".start"); }
    bool sees_messages() const override { return true; }
    status on_request(call_context&, buffer& m) override { return log_.at(name_ + ".request", &m); }
    status on_response(call_context&, buffer& m) override { return log_.at(name_ + ".response", &m); }
    void on_finish(call_context&, status& outcome) override { log_.finished(name_, outcome); }

private:
    interceptor_log& log_;
    std::string name_;
};

class async_recorder final : public async_server_interceptor {
public:
    async_recorder(interceptor_log& log, std::string name) : log_(log), name_(std::move(name)) {}

    awaitable<status> on_start(call_context&) override { return log_.async_at(name_ + ".start"); }
    bool sees_messages() const override { return true; }
    awaitable<status> on_request(call_context&, buffer& m) override { return log_.async_at(name_ + ".request", &m); }
    awaitable<status> on_response(call_context&, buffer& m) override { return log_.async_at(name_ + ".response", &m); }
    awaitable<void> on_finish(call_context&, status& outcome) override {
        co_await asio::post(asio::use_awaitable);
        log_.finished(name_, outcome);
    }

private:
    interceptor_log& log_;
    std::string name_;
};

enum class form { synchronous, coroutines, plain_outside, plain_inside };
constexpr form all_forms[] = {form::synchronous, form::coroutines, form::plain_outside, form::plain_inside};

any_server_interceptor make(bool plain, interceptor_log& log, std::string name) {
    if (plain)
        return std::make_shared<recorder>(log, std::move(name));
    return std::make_shared<async_recorder>(log, std::move(name));
}

server_options with(form f, interceptor_log& log) {
    server_options o;
    o.interceptors = {make(f == form::synchronous || f == form::plain_outside, log, "a"),
                      make(f == form::synchronous || f == form::plain_inside, log, "b")};
    return o;
}

struct recorded_server {
    interceptor_log log;
    std::unique_ptr<loopback> at;

    explicit recorded_server(form f) : at(std::make_unique<loopback>(with(f, log))) {
        add_echo_handlers(at->server);
        at->listen();
    }

    call_outcome call(call_kind kind, call_options options = {}) {
        call_outcome made;
        at->run([&]() -> awaitable<void> {
            any_channel const ch = at->channel();
            auto calling = call_of_kind(ch, kind, options);
            made = co_await std::move(calling);
        });
        return made;
    }

    void run_until_logged(std::string_view line) {
        run_until(at->io, [&] { return log.has(line); });
    }
};

/// Runs `body` with a fresh server and a longer timeout until the call has got far enough before its deadline: a busy
/// machine may not even have connected by then.
template <class Body>
void within_a_deadline(Body body) {
    for (std::chrono::milliseconds const timeout : {300ms, 3000ms, 30000ms})
        if (body(timeout))
            return;
    BOOST_ERROR("the call never got as far as its hook");
}

/// The path of the method that call_of_kind calls.
std::string_view path_of(call_kind kind) {
    switch (kind) {
    case call_kind::unary: return bytes_service::unary.path;
    case call_kind::client_streaming: return bytes_service::client_stream.path;
    case call_kind::server_streaming: return bytes_service::server_stream.path;
    default: return bytes_service::bidi.path;
    }
}

/// What the server answers when the timeout of a call passes and the client, which never resets it, waits on.
raw_answer late_answer(loopback& at, call_kind kind, std::chrono::milliseconds timeout) {
    raw_answer made;
    at.run([&]() -> awaitable<void> {
        raw_peer peer = co_await raw_peer::connect(at.address);
        field_list const head =
            request_fields(path_of(kind), {{"grpc-timeout", std::to_string(timeout.count()) + "m"}});
        co_await peer.send(client_hello() + headers_frame(1, head) + data_frame(1, grpc_message("1"), flag_end_stream));
        made = co_await peer.answer(1);
    });
    return made;
}

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
        recorded_server s(f);
        BOOST_TEST(s.call(kind).outcome.to_string() == "OK");
        s.run_until_logged("a.finish:OK");
        BOOST_TEST(s.log.text() == expected_hooks(kind));
    });
}

BOOST_AUTO_TEST_CASE(change_messages) {
    for_each_combination([](form f, call_kind kind) {
        recorded_server s(f);
        s.log.change = true;
        std::string const answers = s.call(kind).answers;
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
                recorded_server s(f);
                s.log.where = where;
                s.log.what = act::refuse;
                BOOST_TEST(s.call(kind).outcome.to_string() == "PERMISSION_DENIED: refused by " + where);
                s.run_until_logged("a.finish:PERMISSION_DENIED");
                BOOST_TEST(s.log.text() == expected_hooks(kind, where, "PERMISSION_DENIED"));
            }
    });
}

BOOST_AUTO_TEST_CASE(that_throw_end_the_call_as_a_handler_does) {
    for_each_combination([](form f, call_kind kind) {
        for (std::string const where : {"a.start", "b.start", "b.request", "a.response"})
            BOOST_TEST_CONTEXT(where) {
                recorded_server s(f);
                s.log.where = where;
                s.log.what = act::fail;
                status const outcome = s.call(kind).outcome;
                BOOST_TEST(outcome.code() == status_code::internal);
                BOOST_TEST(outcome.message().starts_with("the handler failed (call id "));
                s.run_until_logged("a.finish:INTERNAL");
                BOOST_TEST(s.log.text() == expected_hooks(kind, where, "INTERNAL"));
            }
    });
}

BOOST_AUTO_TEST_CASE(that_throw_at_the_end_do_not_keep_it_from_the_others) {
    for_each_combination([](form f, call_kind kind) {
        recorded_server s(f);
        s.log.where = "b.finish:OK";
        s.log.what = act::fail;
        BOOST_TEST(s.call(kind).outcome.code() == status_code::internal);
        s.run_until_logged("a.finish:INTERNAL");
    });
}

BOOST_AUTO_TEST_CASE(hear_that_a_handler_failed) {
    for (form const f : all_forms) {
        interceptor_log log;
        loopback at(with(f, log));
        at.server.add(bytes_service::unary,
                      [](octets) -> octets { throw rpc_error(status_code::not_found, "no such thing"); });
        at.server.add(bytes_service::bidi, [](server_stream<octets, octets>&) -> awaitable<void> {
            throw std::runtime_error("secret");
            co_return;
        });
        at.listen();
        at.run([&]() -> awaitable<void> {
            auto const ch = at.channel();
            auto const answer = co_await call(ch, "1");
            BOOST_TEST(code_of(answer) == status_code::not_found);
            auto stream = (co_await open_bidi(ch)).value();
            BOOST_TEST(code_of(co_await finish(stream)) == status_code::internal);
        });
        BOOST_TEST(log.text() == "a.start b.start a.request b.request b.finish:NOT_FOUND a.finish:NOT_FOUND "
                                 "a.start b.start b.finish:INTERNAL a.finish:INTERNAL");
    }
}

BOOST_AUTO_TEST_CASE(hear_of_a_passed_deadline_and_of_a_cancelled_call) {
    for (form const f : all_forms)
        for (bool const late : {true, false})
            for (call_kind const kind : {call_kind::unary, call_kind::bidi_streaming})
                within_a_deadline([&](auto timeout) {
                    interceptor_log log;
                    loopback at(with(f, log));
                    long_wait waiting(at.io);
                    at.server.add(bytes_service::unary, [&](octets q) -> awaitable<octets> {
                        co_await waiting();
                        co_return q;
                    });
                    at.server.add(bytes_service::bidi,
                                  [&](server_stream<octets, octets>&) -> awaitable<void> { co_await waiting(); });
                    at.listen();
                    if (late)
                        BOOST_TEST(late_answer(at, kind, timeout).grpc_status() == "4");
                    else
                        at.run([&]() -> awaitable<void> {
                            auto calling = call_of_kind(at.channel(), kind);
                            auto until = waiting.started.wait();
                            co_await (std::move(calling) || std::move(until));
                        });
                    settle(at.io);
                    if (!waiting.started.is_set())
                        return false;
                    std::string const code = late ? "DEADLINE_EXCEEDED" : "CANCELLED";
                    run_until(at.io, [&] { return log.has("a.finish:" + code); });
                    settle(at.io);
                    BOOST_TEST_REQUIRE(log.lines.size() >= 3);
                    BOOST_TEST(log.lines[log.lines.size() - 2] == "b.finish:" + code);
                    BOOST_TEST(log.lines[log.lines.size() - 3] == (kind == call_kind::unary ? "b.request" : "b.start"));
                    return true;
                });
}

BOOST_AUTO_TEST_CASE(that_wait_are_cancelled_with_the_call) {
    for (call_kind const kind : all_kinds)
        for (std::string const where : {"b.start", "b.request", "b.response"})
            within_a_deadline([&](auto timeout) {
                recorded_server s(form::plain_outside);
                s.log.where = where;
                s.log.what = act::wait;
                BOOST_TEST(late_answer(*s.at, kind, timeout).grpc_status() == "4");
                settle(s.at->io);
                if (!s.log.has(where + ":waits"))
                    return false;
                s.run_until_logged("a.finish:DEADLINE_EXCEEDED");
                BOOST_TEST_REQUIRE(s.log.lines.size() >= 3);
                BOOST_TEST(s.log.lines[s.log.lines.size() - 2] == "b.finish:DEADLINE_EXCEEDED");
                BOOST_TEST(s.log.lines[s.log.lines.size() - 3] == where + ":waits");
                return true;
            });
}

BOOST_AUTO_TEST_CASE(that_wait_go_with_the_execution_context) {
    for (call_kind const kind : all_kinds)
        for (std::string const where : {"b.start", "b.request", "b.response"}) {
            recorded_server s(form::plain_outside);
            s.log.where = where;
            s.log.what = act::wait;
            asio::co_spawn(s.at->io, call_of_kind(s.at->channel(), kind), [](std::exception_ptr, call_outcome) {});
            s.run_until_logged(where + ":waits");
            s.at.reset();
            BOOST_TEST(s.log.lines.back() == where + ":waits");
        }
}

namespace {

struct user {
    std::string name;
};

class user_check final : public server_interceptor {
public:
    status on_start(call_context& c) override {
        BOOST_TEST(c.value<user>() == nullptr);
        auto const name = c.request_metadata().get("x-user");
        if (!name)
            return status(status_code::unauthenticated, "who are you?");
        c.set_value(42);
        c.set_value(user{"nobody"});
        c.set_value(user{std::string(*name)});
        return {};
    }
    void on_finish(call_context& c, status& outcome) override {
        c.trailing_metadata().add("x-code", to_string(outcome.code()));
        if (outcome.code() == status_code::not_found)
            outcome = status(status_code::failed_precondition, "changed");
        else if (outcome.code() == status_code::aborted)
            outcome = status();
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(tell_the_handler_what_they_know_and_change_the_outcome) {
    server_options o;
    o.interceptors = {std::make_shared<user_check>()};
    loopback at(o);
    at.server.add(bytes_service::unary, [](octets q, call_context& c) -> result<octets> {
        if (q == "lost")
            return status(status_code::not_found, "lost");
        if (q == "aborted")
            return status(status_code::aborted, "aborted");
        return c.value<user>()->name + std::to_string(*c.value<int>()) + (c.value<long>() == nullptr ? "" : "?");
    });
    at.listen();
    at.run([&]() -> awaitable<void> {
        auto const ch = at.channel();
        BOOST_TEST(code_of(co_await call(ch, "")) == status_code::unauthenticated);
        response_info info;
        call_options known;
        known.metadata.add("x-user", "ann");
        known.info = &info;
        BOOST_TEST((co_await call(ch, "", known)).value() == "ann42");
        BOOST_TEST(info.trailing_metadata.get("x-code").value() == "OK");
        BOOST_TEST(message_of(co_await call(ch, "lost", known)) == "changed");
        BOOST_TEST(info.trailing_metadata.get("x-code").value() == "NOT_FOUND");
        BOOST_TEST(code_of(co_await call(ch, "aborted", known)) == status_code::internal);
    });
}

BOOST_AUTO_TEST_CASE(hear_of_an_answer_that_is_too_large) {
    for (form const f : all_forms) {
        interceptor_log log;
        server_options o = with(f, log);
        o.max_send_message_size = 10;
        loopback at(o);
        at.server.add(bytes_service::unary, [](octets) { return octets(11, 'x'); });
        at.listen();
        at.run([&]() -> awaitable<void> {
            auto const ch = at.channel();
            BOOST_TEST(code_of(co_await call(ch, "")) == status_code::resource_exhausted);
        });
        BOOST_TEST(log.has("a.finish:RESOURCE_EXHAUSTED"));
    }
}

namespace {

constexpr int message_count = 200;

// Reads to the end, and cancels most reads: before, while and after their message comes.
awaitable<std::string> read_with_cancellations(server_stream<octets, octets>& from) {
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    std::string all;
    for (int turn = 0;; ++turn) {
        std::optional<result<std::optional<octets>>> got;
        timer.expires_after(std::chrono::microseconds(turn % 3 * 50));
        if (turn % 3 == 0) {
            auto outcome = co_await (read(from) || asio::post(executor, asio::use_awaitable));
            if (outcome.index() == 0)
                got = std::get<0>(std::move(outcome));
        } else if (turn % 3 == 1) {
            auto outcome = co_await (timer.async_wait(asio::use_awaitable) || read(from));
            if (outcome.index() == 1)
                got = std::get<1>(std::move(outcome));
        } else {
            got = co_await read(from);
        }
        if (!got)
            continue;
        if (!got->value())
            co_return all;
        all += ***got + " ";
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(lose_no_message_when_reads_are_cancelled) {
    std::string sent;
    for (int i = 0; i != message_count; ++i)
        sent += std::to_string(i) + " ";
    for (form const f : all_forms) {
        interceptor_log log;
        loopback at(with(f, log));
        std::string seen;
        at.server.add(bytes_service::bidi, [&](server_stream<octets, octets>& both) -> awaitable<void> {
            seen = co_await read_with_cancellations(both);
        });
        at.listen();
        at.run([&]() -> awaitable<void> {
            auto const ch = at.channel();
            auto stream = (co_await open_bidi(ch)).value();
            for (int i = 0; i != message_count; ++i) {
                (co_await write(stream, std::to_string(i))).value();
                if (i % 7 == 0)
                    co_await asio::post(asio::use_awaitable);
            }
            (co_await writes_done(stream)).value();
            (co_await finish(stream)).value();
        });
        BOOST_TEST(seen == sent);
    }
}

BOOST_AUTO_TEST_CASE(keep_the_order_of_writes_that_nobody_waited_for) {
    for (form const f : all_forms) {
        interceptor_log log;
        loopback at(with(f, log));
        at.server.add(bytes_service::bidi, [&](server_stream<octets, octets>& both) -> awaitable<void> {
            auto const executor = co_await asio::this_coro::executor;
            for (int i = 0; i != 5; ++i)
                co_await (write(both, std::to_string(i)) || asio::post(executor, asio::use_awaitable));
        });
        at.listen();
        at.run([&]() -> awaitable<void> {
            auto const ch = at.channel();
            auto stream = (co_await open_bidi(ch)).value();
            octets all;
            while (auto const next = (co_await read(stream)).value())
                all += *next;
            BOOST_TEST(all == "01234");
            (co_await finish(stream)).value();
        });
    }
}

BOOST_AUTO_TEST_CASE(that_are_null_are_complained_about) {
    server_options o;
    o.interceptors = {std::shared_ptr<server_interceptor>()};
    BOOST_TEST(validate(o).value() == "interceptors must not have null pointers");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
