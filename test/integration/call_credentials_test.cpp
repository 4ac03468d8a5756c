//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Metadata that credentials give to calls: when they are asked for, where they may go, what becomes of their failures.

#include "support/tls_loopback.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace joust::test {

namespace {

using asio::awaitable;

struct authorized_server : loopback {
    in_process wire;
    std::string authorization;

    authorized_server() {
        server.add(bytes_service::unary, [this](octets q, call_context& context) {
            authorization.clear();
            for (auto const value : context.request_metadata().get_all("authorization"))
                authorization.append(authorization.empty() ? "" : "|").append(value);
            return q;
        });
        server.add(bytes_service::bidi, echo_bytes::bidi);
        server.listen(wire).value();
        listen();
    }

    joust::channel local(std::shared_ptr<call_credentials> c) {
        channel_options o;
        o.call_credentials = std::move(c);
        return joust::channel(io.get_executor(), wire, o);
    }

    result<octets> call_by(joust::channel const& ch, call_options o = {}) {
        result<octets> answer = octets();
        test::run(io, [&]() -> awaitable<void> { answer = co_await call(ch, "q", o); });
        return answer;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(calls_with_credentials)

BOOST_FIXTURE_TEST_CASE(a_token_goes_with_every_call, authorized_server) {
    auto const ch = local(bearer_token("secret"));
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(call_by(ch).value() == "q");
        BOOST_TEST(authorization == "Bearer secret");
    }
}

BOOST_FIXTURE_TEST_CASE(a_function_sees_the_call_and_may_take_time, authorized_server) {
    auto const ch = local(make_call_credentials([](call_target t) -> awaitable<result<metadata>> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 5ms);
        co_await timer.async_wait(asio::use_awaitable);
        metadata m;
        m.add("authorization", t.authority + t.path);
        co_return m;
    }));
    BOOST_TEST(call_by(ch).value() == "q");
    BOOST_TEST(authorization == "localhost/test.Bytes/Unary");
}

BOOST_FIXTURE_TEST_CASE(the_calls_own_come_after_the_channels, authorized_server) {
    auto const ch = local(bearer_token("channel"));
    call_options o;
    o.credentials = bearer_token("call");
    BOOST_TEST(call_by(ch, o).value() == "q");
    BOOST_TEST(authorization == "Bearer channel|Bearer call");
    BOOST_TEST(call_by(local(nullptr), o).value() == "q");
    BOOST_TEST(authorization == "Bearer call");
}

BOOST_FIXTURE_TEST_CASE(without_tls_they_stay_here, authorized_server) {
    channel_options o;
    o.call_credentials = bearer_token("secret");
    joust::channel const ch(io.get_executor(), address, o);
    auto const r = call_by(ch);
    BOOST_TEST(code_of(r) == status_code::unauthenticated);
    BOOST_TEST(message_of(r) == "call credentials are not sent to " + address +
                                    " without TLS (channel_options.call_credentials_without_tls allows it)");
    test::run(io, [&]() -> awaitable<void> {
        auto const opened = co_await open_bidi(ch);
        BOOST_TEST(code_of(opened) == status_code::unauthenticated);
    });
    BOOST_TEST(server.connection_count() == 0U);
    o.call_credentials_without_tls = true;
    BOOST_TEST(call_by(joust::channel(io.get_executor(), address, o)).value() == "q");
    BOOST_TEST(authorization == "Bearer secret");
}

BOOST_FIXTURE_TEST_CASE(tls_is_safe, tls_loopback) {
    std::string authorization;
    joust::server other(io.get_executor());
    other.add(bytes_service::unary, [&](octets q, call_context& context) {
        authorization = context.request_metadata().get("authorization").value_or("");
        return q;
    });
    auto const at = other.listen("127.0.0.1:0", server_credentials::tls(server_side()).value()).value();
    channel_options c;
    c.credentials = channel_credentials::tls(client_side()).value();
    c.call_credentials = bearer_token("secret");
    BOOST_TEST(call_by(joust::channel(io.get_executor(), at.to_string(), c)).value() == "hello");
    BOOST_TEST(authorization == "Bearer secret");
}

BOOST_FIXTURE_TEST_CASE(failures_fail_the_call, authorized_server) {
    auto const failing = [&](status s) {
        return call_by(local(make_call_credentials([s](call_target const&) { return result<metadata>(s); })));
    };
    auto const r = failing(status(status_code::permission_denied, "no"));
    BOOST_TEST(code_of(r) == status_code::permission_denied);
    auto const changed = failing(status(status_code::not_found, "no token"));
    BOOST_TEST(code_of(changed) == status_code::internal);
    BOOST_TEST(message_of(changed) == "call credentials: NOT_FOUND: no token");
    auto const thrown = call_by(local(make_call_credentials([](call_target) -> awaitable<result<metadata>> {
        throw std::runtime_error("broken");
        co_return metadata();
    })));
    BOOST_TEST(code_of(thrown) == status_code::unavailable);
    BOOST_TEST(message_of(thrown) == "call credentials: broken");
    auto const bad = call_by(local(make_call_credentials([](call_target const&) {
        metadata m;
        m.add("grpc-status", "0");
        return result<metadata>(m);
    })));
    BOOST_TEST(code_of(bad) == status_code::internal);
}

BOOST_FIXTURE_TEST_CASE(the_deadline_and_cancellation_do_not_wait, authorized_server) {
    auto const ch = local(make_call_credentials([](call_target) -> awaitable<result<metadata>> {
        asio::steady_timer forever(co_await asio::this_coro::executor, 200ms);
        co_await forever.async_wait(asio::use_awaitable);
        co_return metadata();
    }));
    call_options o;
    o.timeout = 20ms;
    BOOST_TEST(code_of(call_by(ch, o)) == status_code::deadline_exceeded);

    asio::cancellation_signal cancel;
    result<octets> answer = octets();
    bool done = false;
    call_options const none;
    octets const q = "q";
    ch.async_call(bytes_service::unary, q, none, asio::bind_cancellation_slot(cancel.slot(), [&](result<octets> r) {
                      answer = std::move(r);
                      done = true;
                  }));
    settle(io);
    cancel.emit(asio::cancellation_type::total);
    run_until(io, [&] { return done; });
    BOOST_TEST(code_of(answer) == status_code::cancelled);
}

BOOST_FIXTURE_TEST_CASE(a_token_is_fetched_once_and_renewed_in_time, authorized_server) {
    int fetched = 0;
    auto lifetime = std::chrono::steady_clock::duration(1h);
    bool fail = false;
    auto const fetch = [&]() -> awaitable<result<access_token>> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 5ms);
        co_await timer.async_wait(asio::use_awaitable);
        if (fail)
            co_return status(status_code::unavailable, "no tokens today");
        co_return access_token{"t" + std::to_string(++fetched), std::chrono::steady_clock::now() + lifetime};
    };
    bearer_token_options options;
    options.refresh_before = 1min;
    auto const ch = local(bearer_token(fetch, options));
    fail = true;
    BOOST_TEST(message_of(call_by(ch)) == "no tokens today");
    fail = false;
    lifetime = 30s; // due for renewal at once
    int open = 5;
    for (int i = 0; i < 5; ++i)
        asio::co_spawn(
            io,
            [&]() -> awaitable<void> {
                (co_await call(ch, "q")).value();
                --open;
            },
            asio::detached);
    run_until(io, [&] { return open == 0; });
    BOOST_TEST(fetched == 1);
    BOOST_TEST(authorization == "Bearer t1");
    lifetime = 1h;
    BOOST_TEST(call_by(ch).value() == "q"); // with the old one, while the next is fetched
    BOOST_TEST(authorization == "Bearer t1");
    run_until(io, [&] { return fetched == 2; });
    BOOST_TEST(call_by(ch).value() == "q");
    BOOST_TEST(authorization == "Bearer t2");
    BOOST_TEST(fetched == 2);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
