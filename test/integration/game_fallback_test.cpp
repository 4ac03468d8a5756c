//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What a client of JSON services answers with when no server does in time.

#include "joust/game/client_cache.hpp"
#include "support/game_loopback.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace joust::test {

namespace {

using asio::awaitable;
using game::answer_source;
using game::answered;
using game::degradation;
using game::fallback;
using game::outgoing_call;

player const nobody{"nobody", 1};

struct degraded : game_loopback {
    std::string answer_of(result<answered<player>> const& r) {
        if (r.has_error())
            return told(r);
        auto const& o = r->origin;
        return r->value.player_id + " by " + std::string(to_string(o.source)) + ", " + std::string(to_string(o.why()));
    }

    /// Of `get_player_info`, or another method.
    std::string ask(game::client const& c, std::string const& id = "7", game::call_options how = {},
                    std::string const& method = "get_player_info") {
        std::string text;
        run([&]() -> awaitable<void> {
            player_query const q{id};
            auto calling = c.async_call<answered<player>>(method, q, how);
            auto const r = co_await std::move(calling);
            text = answer_of(r);
        });
        return text;
    }

    /// With its origin where the options say.
    std::string ask_plain(game::client const& c, game::call_options const& how) {
        std::string text;
        run([&]() -> awaitable<void> {
            player_query const q{"7"};
            auto calling = c.async_call<player>("get_player_info", q, how);
            auto const r = co_await std::move(calling);
            text = r.has_error() ? told(r) : r->player_id;
        });
        return text;
    }

    static game::client_options with(fallback f) {
        game::client_options o = over_one_connection();
        o.fallback = std::move(f);
        return o;
    }

    /// Of a channel whose breaker can be opened by hand.
    std::pair<joust::channel, game::client> breakable(game::client_options o) {
        joust::channel ch(io.get_executor(), address, o.channel);
        o.service = "logic";
        return {ch, game::client(ch, address, o)};
    }

    /// Where nobody listens.
    game::client nowhere(game::client_options o) {
        o.service = "logic";
        server.stop();
        return game::client(io.get_executor(), address, o);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(game_fallback, degraded)

BOOST_AUTO_TEST_CASE(a_server_that_answers_needs_none) {
    auto const c = client(with(fallback().value(nobody)));
    BOOST_TEST(ask(c) == "7 by server, none");
    BOOST_TEST(ask(client()) == "7 by server, none");
    // its own words are an answer, too
    run([&]() -> awaitable<void> {
        for (int const code : {404, 429, 500, 503}) {
            failing const f{code, "no"};
            auto calling = c.async_call<int>("fail", f);
            auto const r = co_await std::move(calling);
            BOOST_TEST(r.error().application_code() == code);
        }
    });
}

BOOST_AUTO_TEST_CASE(an_open_breaker) {
    auto [channel, c] = breakable(with(fallback().value(nobody)));
    BOOST_TEST(ask(c) == "7 by server, none");
    channel.set_circuit({}, circuit_control::force_open);
    BOOST_TEST(ask(c) == "nobody by value, circuit_open");
    game::answer_origin origin;
    run([&]() -> awaitable<void> {
        player_query const q{"7"};
        game::call_options how;
        how.origin = &origin;
        auto calling = c.async_call<player>("get_player_info", q, how);
        BOOST_TEST((co_await std::move(calling)).value().player_id == "nobody");
    });
    BOOST_TEST(origin.degraded());
    BOOST_TEST(origin.cause.message().find("circuit breaker") != std::string::npos);
    BOOST_CHECK(origin.cause.code() == status_code::unavailable);
    channel.set_circuit({}, circuit_control::automatic);
    run([&]() -> awaitable<void> {
        player_query const q{"7"};
        game::call_options how;
        how.origin = &origin;
        auto calling = c.async_call<player>("get_player_info", q, how);
        BOOST_TEST((co_await std::move(calling)).value().player_id == "7");
    });
    BOOST_TEST(!origin.degraded());
    BOOST_TEST(origin.cause.ok());
}

BOOST_AUTO_TEST_CASE(no_server) {
    auto const c = nowhere(with(fallback().value(nobody)));
    BOOST_TEST(ask(c) == "nobody by value, no_connection");
}

BOOST_AUTO_TEST_CASE(a_full_queue) {
    game::client_options o = with(fallback().value(nobody));
    o.channel.max_queued_calls = 0;
    o.service = "logic";
    game::client const c(io.get_executor(), address, o);
    BOOST_TEST(ask(c) == "nobody by value, no_connection");
}

BOOST_AUTO_TEST_CASE(a_deadline_that_passes) {
    auto const c = client(with(fallback().value(nobody)));
    game::call_options how;
    how.timeout = 20ms;
    BOOST_TEST(ask(c, "7", how, "logic.wait_with") ==
               "NOT_FOUND 404: \"logic.wait_with\": service \"logic\" has no method "
               "\"wait_with\"");
    run([&]() -> awaitable<void> {
        auto calling = c.async_call<answered<player>>("wait", game::no_arguments, how);
        auto const r = co_await std::move(calling);
        BOOST_TEST(answer_of(r) == "nobody by value, deadline");
        auto slow = c.async_call<answered<player>>("slow", game::arguments{{"ms", 10000}}.value()); // limited to 200 ms
        auto const s = co_await std::move(slow);
        BOOST_TEST(answer_of(s) == "nobody by value, deadline");
    });
}

BOOST_AUTO_TEST_CASE(a_reserve_leaves_time_for_the_fallback) {
    fallback f;
    f.function([](outgoing_call const&) -> awaitable<player> {
         asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
         co_await timer.async_wait(asio::use_awaitable);
         co_return player{"made", 1};
     }).reserve(10s);
    auto const c = client(with(f));
    run([&]() -> awaitable<void> {
        game::call_options how;
        how.timeout = 10s + 50ms;
        auto calling = c.async_call<answered<player>>("wait", game::no_arguments, how);
        auto const r = co_await std::move(calling);
        BOOST_TEST(answer_of(r) == "made by function, deadline");
        how.timeout = 5s; // not even begun
        auto again = c.async_call<answered<player>>("wait", game::no_arguments, how);
        auto const s = co_await std::move(again);
        BOOST_TEST(answer_of(s) == "made by function, deadline");
        BOOST_TEST(s->origin.cause.message() == "less time is left than the reserve of the fallback");
    });
    BOOST_TEST(logic->waits == 1);
}

BOOST_AUTO_TEST_CASE(a_coroutine_ends_with_the_deadline_and_with_the_caller) {
    int cancelled = 0;
    fallback f;
    f.function([&](outgoing_call const&) -> awaitable<player> {
        asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        boost::system::error_code ec;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        ++cancelled;
        if (ec)
            throw boost::system::system_error(ec);
        co_return nobody;
    });
    auto const c = nowhere(with(f));
    game::call_options how;
    how.timeout = 50ms;
    auto const text = ask(c, "7", how);
    BOOST_TEST(text.starts_with("UNAVAILABLE: "));
    BOOST_TEST(cancelled == 1);
    asio::cancellation_signal cancel;
    std::string outcome;
    how.timeout = 1h;
    player_query const q{"7"};
    c.async_call<player>("get_player_info", q, how,
                         asio::bind_cancellation_slot(cancel.slot(), [&](result<player> r) { outcome = told(r); }));
    for (int i = 0; i != 100 && outcome.empty(); ++i) { // wherever it is
        settle(io);
        if (i == 99)
            cancel.emit(asio::cancellation_type::terminal);
    }
    test::run_until(io, [&] { return !outcome.empty(); });
    BOOST_TEST(outcome == "CANCELLED: the call was cancelled");
}

BOOST_AUTO_TEST_CASE(the_last_good_answer_to_the_same_arguments) {
    auto [channel, c] = breakable(with(fallback().last_good()));
    BOOST_TEST(ask(c, "7") == "7 by server, none");
    BOOST_TEST(ask(c, "8") == "8 by server, none");
    channel.set_circuit({}, circuit_control::force_open);
    BOOST_TEST(ask(c, "7") == "7 by last_good, circuit_open");
    BOOST_TEST(ask(c, "8") == "8 by last_good, circuit_open");
    BOOST_TEST(ask(c, "9").starts_with("UNAVAILABLE: the circuit breaker of "));
    run([&]() -> awaitable<void> { // another method
        player_query const q{"7"};
        auto calling = c.async_call("echo", q);
        BOOST_CHECK(code_of(co_await std::move(calling)) == status_code::unavailable);
    });
    game::client const copy = c;
    BOOST_TEST(ask(copy, "7") == "7 by last_good, circuit_open");
}

BOOST_AUTO_TEST_CASE(a_last_good_answer_has_its_age) {
    using clock = std::chrono::steady_clock;
    auto [channel, c] = breakable(with(fallback().last_good().value(nobody)));
    game::answer_origin origin;
    game::call_options how;
    how.origin = &origin;
    auto const before = clock::now();
    BOOST_TEST(ask_plain(c, how) == "7");
    auto const kept = clock::now();
    BOOST_CHECK(origin.age == clock::duration::zero()); // it is the server's
    channel.set_circuit({}, circuit_control::force_open);
    auto const asked = clock::now();
    BOOST_TEST(ask_plain(c, how) == "7");
    BOOST_CHECK(origin.source == answer_source::last_good);
    BOOST_CHECK(origin.age >= asked - kept);
    BOOST_CHECK(origin.age <= clock::now() - before);
    run([&]() -> awaitable<void> {
        player_query const q{"7"};
        auto calling = c.async_call<answered<player>>("get_player_info", q);
        auto const r = co_await std::move(calling);
        BOOST_CHECK(r->origin.age >= asked - kept);
    });
}

BOOST_AUTO_TEST_CASE(a_last_good_answer_is_for_those_who_asked_for_it) {
    auto [channel, c] = breakable(with(fallback().last_good()));
    game::call_options ann;
    ann.headers.add("authorization", "Bearer ann");
    game::call_options bob;
    bob.headers.add("authorization", "Bearer bob");
    game::call_options token;
    token.metadata = {{"token", "ann"}};
    game::call_options traced = ann;
    traced.headers.add("traceparent", "00-1");
    BOOST_TEST(ask(c, "7", ann) == "7 by server, none");
    channel.set_circuit({}, circuit_control::force_open);
    BOOST_TEST(ask(c, "7", ann) == "7 by last_good, circuit_open");
    BOOST_TEST(ask(c, "7", traced) == "7 by last_good, circuit_open");
    for (auto const& other : {bob, token, game::call_options()})
        BOOST_TEST(ask(c, "7", other).starts_with("UNAVAILABLE: "));
    game::last_good_options shared;
    shared.identity = [](outgoing_call const&) { return std::string(); };
    auto [open, public_client] = breakable(with(fallback().last_good(shared)));
    BOOST_TEST(ask(public_client, "7", ann) == "7 by server, none");
    open.set_circuit({}, circuit_control::force_open);
    BOOST_TEST(ask(public_client, "7", bob) == "7 by last_good, circuit_open");
}

BOOST_AUTO_TEST_CASE(steps_are_tried_in_order) {
    fallback f;
    f.last_good()
        .function([](outgoing_call const& call) -> result<player> {
            if (call.arguments().find("\"1\"") != std::string_view::npos)
                return player{"one", 1};
            return status(status_code::not_found, "I know only one");
        })
        .function([](outgoing_call const&) -> player { throw std::runtime_error("I know nothing"); })
        .value(nobody);
    auto [channel, c] = breakable(with(f));
    BOOST_TEST(ask(c, "7") == "7 by server, none");
    channel.set_circuit({}, circuit_control::force_open);
    BOOST_TEST(ask(c, "7") == "7 by last_good, circuit_open");
    BOOST_TEST(ask(c, "1") == "one by function, circuit_open");
    BOOST_TEST(ask(c, "2") == "nobody by value, circuit_open");
}

BOOST_AUTO_TEST_CASE(a_method_has_its_own_or_that_of_all) {
    game::client_options o = with(fallback().value(nobody));
    o.fallbacks["get_player_info"] = fallback().value(player{"own", 1});
    o.fallbacks["other.get_player_info"] = fallback().value(player{"other", 1});
    o.fallbacks["nope"].function([](outgoing_call const&) -> result<int> { return status(status_code::internal); });
    server.stop();
    game::client const c(io.get_executor(), address, o);
    BOOST_TEST(ask(c, "7", {}, "logic.get_player_info") == "own by value, no_connection");
    BOOST_TEST(ask(c, "7", {}, "other.get_player_info") == "other by value, no_connection");
    BOOST_TEST(ask(c, "7", {}, "logic.echo") == "nobody by value, no_connection");
    BOOST_TEST(ask(c, "7", {}, "logic.nope").starts_with("UNAVAILABLE: "));
}

BOOST_AUTO_TEST_CASE(a_condition_chooses) {
    fallback f;
    f.value(5).when([](status const& s) { return s.application_code() == 503; });
    auto const c = client(with(f));
    run([&]() -> awaitable<void> {
        failing f503{503, "draining"};
        auto calling = c.async_call<answered<int>>("fail", f503);
        auto const r = co_await std::move(calling);
        BOOST_TEST(r->value == 5);
        BOOST_TEST(r->origin.cause.application_code() == 503);
        failing const f500{500, "broken"};
        auto other = c.async_call<answered<int>>("fail", f500);
        BOOST_CHECK(code_of(co_await std::move(other)) == status_code::internal);
    });
}

BOOST_AUTO_TEST_CASE(interceptors_see_what_answered) {
    struct seer final : game::client_interceptor {
        std::string seen;
        status after(outgoing_call& c) override {
            seen += std::string(to_string(c.origin().source)) + " ";
            return {};
        }
        void on_error(outgoing_call&, status& s) override { seen += std::string(to_string(s.code())) + " "; }
    };
    auto const s = std::make_shared<seer>();
    game::client_options o = with(fallback().last_good());
    o.interceptors = {s};
    auto [channel, c] = breakable(o);
    (void)ask(c, "7");
    channel.set_circuit({}, circuit_control::force_open);
    (void)ask(c, "7");
    (void)ask(c, "8");
    BOOST_TEST(s->seen == "server last_good UNAVAILABLE ");
}

BOOST_AUTO_TEST_CASE(wrong_ones_are_refused_at_the_start) {
    auto const refusal = [&](game::client_options const& o) { return validate(o).value_or("none"); };
    BOOST_TEST(refusal(with(fallback())) == "fallback has no answers: add a value, a function, or last_good");
    BOOST_TEST(refusal(with(fallback().value(1).reserve(-1s))) == "fallback reserve must not be negative");
    BOOST_TEST(refusal(with(fallback().value(std::string("\xff")))).starts_with("fallback value cannot be written: "));
    game::last_good_options none;
    none.max_entries = 0;
    game::client_options o;
    o.fallbacks["get"].last_good(none);
    BOOST_TEST(refusal(o) == "fallbacks[\"get\"] last_good.max_entries must be at least 1");
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct cached : game_loopback {
    /// `logic.get_player_info` by way of a cache.
    template <class Call>
    std::string ask(Call call) {
        std::string text;
        run([&]() -> awaitable<void> {
            auto calling = call();
            auto const r = co_await std::move(calling);
            text = r.has_error() ? told(r) : r->player_id;
        });
        return text;
    }
    player_query const q{"7"};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(game_client_cache, cached)

BOOST_AUTO_TEST_CASE(an_address_has_one_client) {
    game::client_cache const cache(io.get_executor());
    for (int i = 0; i != 3; ++i)
        BOOST_TEST(ask([&] { return cache.async_call<player>(address, "logic.get_player_info", q); }) == "7");
    run([&]() -> awaitable<void> {
        result<void> const none = co_await cache.async_call<void>(address, "logic.ping");
        BOOST_TEST(told(none) == "OK");
        result<player> const by_hand =
            co_await cache.async_call<player>(address, "logic.get_player_info", {{"player_id", "8"}});
        BOOST_TEST((by_hand.value() == player{"8", 10}));
    });
    BOOST_TEST(cache.size() == 1u);
    BOOST_TEST(server.connection_count() == 1u);
    cache.clear();
    BOOST_TEST(cache.size() == 0u);
}

BOOST_AUTO_TEST_CASE(it_is_bounded) {
    game::client_cache_options o;
    o.max_clients = 2;
    game::client_cache const cache(io.get_executor(), o);
    game::client const kept = cache.get(address);
    for (int port = 1; port != 6; ++port)
        (void)cache.get("127.0.0.1:" + std::to_string(port));
    BOOST_TEST(cache.size() == 2u);
    BOOST_TEST(ask([&] { return kept.async_call<player>("logic.get_player_info", q); }) == "7"); // still good
}

BOOST_AUTO_TEST_CASE(idle_clients_go) {
    game::client_cache_options o;
    o.idle_timeout = std::chrono::nanoseconds(1);
    game::client_cache const cache(io.get_executor(), o);
    (void)cache.get("127.0.0.1:1");
    (void)cache.get("127.0.0.1:2");
    BOOST_TEST(cache.size() <= 1u);
    auto const before = cache.size();
    BOOST_TEST(cache.drop_idle() == before);
    BOOST_TEST(cache.size() == 0u);
}

BOOST_AUTO_TEST_CASE(services_come_from_the_environment) {
    game::client_cache const cache(io.get_executor());
    auto const unset = cache.service("cache-test");
    BOOST_TEST(told(unset) ==
               "FAILED_PRECONDITION: the servers of \"cache-test\" are not known: the environment variable "
               "CACHE_TEST_SERVICES is not set (host:port,host:port)");
    ::setenv("LOGIC_SERVICES", address.c_str(), 1);
    BOOST_TEST(ask([&] { return cache.service("logic").value().async_call<player>("get_player_info", q); }) == "7");
    ::setenv("MY_SHOP_SERVICES", address.c_str(), 1); // the whole name is the service's
    BOOST_TEST(ask([&] { return cache.service("my-shop").value().async_call<player>("get_player_info", q); }) ==
               "NOT_FOUND 404: \"my-shop.get_player_info\": unknown service \"my-shop\"");
    ::unsetenv("MY_SHOP_SERVICES");
    ::setenv("LOGIC_SERVICES", "", 1);
    game::client_cache const other(io.get_executor());
    BOOST_TEST(message_of(other.service("logic")).find("LOGIC_SERVICES is empty") != std::string::npos);
    ::unsetenv("LOGIC_SERVICES");
}

BOOST_AUTO_TEST_CASE(options_are_checked) {
    game::client_cache_options o;
    o.max_clients = 0;
    BOOST_TEST(validate(o).value() == "max_clients must be at least 1");
    BOOST_CHECK_THROW(game::client_cache(io.get_executor(), o), std::invalid_argument);
    o.client.timeout = 0s;
    BOOST_TEST(validate(o).value() == "client.timeout must be positive");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
