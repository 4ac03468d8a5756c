//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/services.hpp"

#include "support/game_peer.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/describe/class.hpp>
#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

// What is not a described class's method, and what comes and goes while the server serves.

namespace joust::test {

BOOST_AUTO_TEST_SUITE(game_registration)

namespace {

namespace asio = boost::asio;
using asio::awaitable;

struct number {
    int value = 0;
};
BOOST_DESCRIBE_STRUCT(number, (), (value))

/// A service that is a template.
template <class T>
struct store {
    T kept{};

    T get() { return kept; }
    struct change {
        T to{};
        BOOST_DESCRIBE_CLASS(change, (), (to), (), ())
    };
    void set(change const& c) { kept = c.to; }

    BOOST_DESCRIBE_CLASS(store, (), (get, set), (), ())
};

/// Waits until it is told to go on.
struct gate {
    explicit gate(asio::io_context& io) : open(io, asio::steady_timer::time_point::max()) {}

    awaitable<int> pass(number n) {
        boost::system::error_code ignored;
        co_await open.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        co_return n.value;
    }

    asio::steady_timer open;
};
BOOST_DESCRIBE_STRUCT(gate, (), (pass))

template <class F>
std::string refusal(F f) {
    try {
        f();
    } catch (std::invalid_argument const& e) {
        return e.what();
    }
    return "none";
}

} // namespace

BOOST_AUTO_TEST_CASE(functions_are_methods) {
    game::services s;
    int calls = 0;
    s.add("math")
        .add("twice", [](number n) { return 2 * n.value; }, {.description = "twice `value`", .idempotent = true})
        .add("count", [&calls]() mutable { return ++calls; })
        .add("later",
             [](number const& n, call_context&) -> awaitable<result<int>> {
                 co_await asio::post(asio::use_awaitable);
                 if (n.value < 0)
                     co_return status(status_code::out_of_range, "below zero");
                 co_return n.value;
             })
        .add("push", [](game::responses<int>& out) -> awaitable<void> {
            auto pushing = out.async_push(7, asio::use_awaitable);
            (co_await std::move(pushing)).value();
        });
    game_peer peer(s);
    BOOST_TEST(peer.call("math", "twice", R"({"value":4})") == success("8"));
    BOOST_TEST(peer.call("math", "count") == success("1"));
    BOOST_TEST(peer.call("math", "count") == success("2"));
    BOOST_TEST(peer.call("math", "later", R"({"value":3})") == success("3"));
    BOOST_TEST(peer.call("math", "later", R"({"value":-3})") == game_answer(400, "below zero", ""));
    BOOST_TEST(peer.call("math", "push") == success("[7]"));
    BOOST_TEST(s.find("math")->find("twice")->options.idempotent);
    BOOST_TEST(refusal([&] { s.find("math")->add("twice", [] { return 0; }); }) ==
               "the service 'math' has a method 'twice' already");
    BOOST_TEST(refusal([&] { s.find("math")->add("a.b", [] { return 0; }); }) ==
               "a method's name must not be empty or hold a dot: 'a.b'");
    BOOST_TEST(refusal([&] { s.find("math")->add("zero", [] { return 0; }, {.timeout = std::chrono::seconds(0)}); }) ==
               "the options of math.zero: timeout must be positive");
    BOOST_TEST(s.find("math")->find("zero") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_service_may_be_a_template) {
    game::services s;
    s.add("numbers", std::make_shared<store<int>>());
    s.add("texts", std::make_shared<store<std::string>>());
    game_peer peer(s);
    BOOST_TEST(peer.call("numbers", "set", R"({"to":3})") == success(""));
    BOOST_TEST(peer.call("numbers", "get") == success("3"));
    BOOST_TEST(peer.call("texts", "set", R"({"to":"x"})") == success(""));
    BOOST_TEST(peer.call("texts", "get") == success(R"("x")"));
    BOOST_TEST(peer.call("numbers", "set", R"({"to":"x"})").code == 400);
}

BOOST_AUTO_TEST_CASE(services_come_and_go_while_the_server_serves) {
    game::services s;
    game_peer peer(s);
    BOOST_TEST(peer.call("math", "twice") == game_answer(404, R"("math.twice": unknown service "math")", ""));
    s.add("math").add("twice", [](number n) { return 2 * n.value; }).add("half", [](number n) { return n.value / 2; });
    BOOST_TEST(peer.call("math", "twice", R"({"value":1})") == success("2"));
    BOOST_TEST(s.find("math")->remove("twice"));
    BOOST_TEST(!s.find("math")->remove("twice"));
    BOOST_TEST(peer.call("math", "twice") ==
               game_answer(404, R"("math.twice": service "math" has no method "twice")", ""));
    BOOST_TEST(peer.call("math", "half", R"({"value":2})") == success("1"));
    BOOST_TEST(s.remove("math"));
    BOOST_TEST(!s.remove("math"));
    BOOST_TEST(s.find("math") == nullptr);
    BOOST_TEST(peer.call("math", "half").code == 404);
}

BOOST_AUTO_TEST_CASE(calls_under_way_keep_what_was_removed) {
    game::services s;
    game_peer peer(s);
    auto object = std::make_shared<gate>(*peer.io);
    gate& held = *object;
    std::weak_ptr<gate> const probe = object;
    s.add("gate", std::move(object));
    probe_call call;
    peer.start(call, envelope("gate", "pass", R"({"value":5})"));
    game_stream stream(peer);
    BOOST_TEST(stream.send(envelope("gate", "pass", R"({"value":6})")).empty());

    BOOST_TEST(s.remove("gate"));
    BOOST_TEST(peer.call("gate", "pass").code == 404);
    BOOST_TEST(!probe.expired());
    held.open.cancel();
    peer.poll();
    BOOST_TEST_REQUIRE(call.messages.size() == 1u);
    BOOST_TEST(game_answer(call.messages[0]) == success("5"));
    BOOST_TEST(stream.receive() == std::vector{success("6")}, boost::test_tools::per_element());
    BOOST_TEST(probe.expired());
    BOOST_TEST(stream.send(envelope("gate", "pass"))[0].code == 404); // the stream goes on
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(sizes_have_limits_of_the_method) {
    game::services s;
    s.add("text")
        .add("echo", [](boost::json::object const& o) { return o; }, {.max_arguments_size = 10, .max_answer_size = 8})
        .add("echo_later", [](boost::json::object o) -> awaitable<boost::json::object> { co_return o; },
             {.max_arguments_size = 10, .max_answer_size = 8});
    game_peer peer(s);
    for (std::string const name : {"echo", "echo_later"}) {
        BOOST_TEST(peer.call("text", name, R"({"a":12})") == success(R"({"a":12})"));
        BOOST_TEST(peer.call("text", name, R"({"a":123})") ==
                   game_answer(500, "text." + name + ": an answer of 9 bytes, the limit is 8", ""));
        BOOST_TEST(peer.call("text", name, R"({"a":12345})") ==
                   game_answer(400, "text." + name + ": arguments of 11 bytes, the limit is 10", ""));
    }
}

BOOST_AUTO_TEST_CASE(addresses_are_kept) {
    game::services s;
    s.add("math").address("math:50051");
    BOOST_TEST(s.find("math")->address() == "math:50051");
    BOOST_TEST(s.find("math")->name() == "math");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
