//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/services.hpp"

#include "support/game_peer.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

// How described classes become services.

namespace joust::test {

BOOST_AUTO_TEST_SUITE(services)

namespace {

using namespace std::chrono_literals;

struct counter {
    int value = 0;

    int next() { return ++value; }
    int get() const { return value; }
    void reset() noexcept { value = 0; }
    int twice() const noexcept { return value * 2; }
    int secret() { return 42; } // not described
};
BOOST_DESCRIBE_STRUCT(counter, (), (next, get, reset, twice))

struct base {
    virtual ~base() = default;
    std::string who() { return "base"; }
    virtual std::string replaced() { return "base"; }
    std::string hidden() { return "base"; }
};
BOOST_DESCRIBE_STRUCT(base, (), (who, replaced, hidden))

struct other_base {
    int number() const { return 7; }
};
BOOST_DESCRIBE_STRUCT(other_base, (), (number))

struct derived : base, other_base {
    std::string replaced() override { return "derived"; }
    std::string hidden() { return "derived"; }
    std::string own() { return "own"; }
};
BOOST_DESCRIBE_STRUCT(derived, (base, other_base), (hidden, own))

/// Nothing of its own.
struct heir : derived {};
BOOST_DESCRIBE_STRUCT(heir, (derived), ())

class guarded {
public:
    int open() { return 1; }

private:
    int closed() { return 2; }
    BOOST_DESCRIBE_CLASS(guarded, (), (open), (), (closed))
};

struct colliding {
    int before() { return -1; }
    int next() { return -1; }
    int after() { return -1; }
};
BOOST_DESCRIBE_STRUCT(colliding, (), (before, next, after))

/// Overloads are described with their signatures, and collide.
struct overloaded {
    int f() { return 1; }
    int f() const { return 2; }
};
BOOST_DESCRIBE_STRUCT(overloaded, (), ((int())f, (int() const)f))

struct data_and_methods {
    int level = 3;
    int get() { return level; }
    static int of_class() { return 0; }
};
BOOST_DESCRIBE_STRUCT(data_and_methods, (), (level, get, of_class))

/// The words of the exception, which must be std::invalid_argument.
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

BOOST_AUTO_TEST_CASE(methods_plain_const_and_noexcept_are_callable) {
    game::services s;
    s.add("counter", std::make_shared<counter>());
    game_peer peer(s);
    BOOST_TEST(peer.call("counter", "next") == success("1"));
    BOOST_TEST(peer.call("counter", "next") == success("2"));
    BOOST_TEST(peer.call("counter", "get") == success("2"));
    BOOST_TEST(peer.call("counter", "twice") == success("4"));
    BOOST_TEST(peer.call("counter", "reset") == success(""));
    BOOST_TEST(peer.call("counter", "get") == success("0"));
}

BOOST_AUTO_TEST_CASE(methods_that_are_not_described_are_unknown) {
    game::services s;
    s.add("counter", std::make_shared<counter>());
    s.add("guarded", std::make_shared<guarded>());
    s.add("mixed", std::make_shared<data_and_methods>());
    game_peer peer(s);
    BOOST_TEST(peer.call("counter", "secret").code == 404);
    BOOST_TEST(peer.call("guarded", "open") == success("1"));
    BOOST_TEST(peer.call("guarded", "closed").code == 404);
    BOOST_TEST(peer.call("mixed", "get") == success("3"));
    BOOST_TEST(peer.call("mixed", "level").code == 404);
    BOOST_TEST(peer.call("mixed", "of_class").code == 404);
}

BOOST_AUTO_TEST_CASE(inherited_methods_are_callable) {
    game::services s;
    s.add("derived", std::make_shared<derived>());
    s.add("heir", std::make_shared<heir>());
    game_peer peer(s);
    for (char const* const name : {"derived", "heir"}) {
        BOOST_TEST(peer.call(name, "who") == success(R"("base")"));
        BOOST_TEST(peer.call(name, "number") == success("7"));
        BOOST_TEST(peer.call(name, "replaced") == success(R"("derived")"));
        BOOST_TEST(peer.call(name, "hidden") == success(R"("derived")"));
        BOOST_TEST(peer.call(name, "own") == success(R"("own")"));
    }
}

BOOST_AUTO_TEST_CASE(instances_of_one_class_serve_under_their_names) {
    game::services s;
    auto const eu = std::make_shared<counter>();
    auto const us = std::make_shared<counter>();
    s.add("eu", eu);
    s.add("us", us);
    s.add("also-eu", eu);
    game_peer peer(s);
    BOOST_TEST(peer.call("eu", "next") == success("1"));
    BOOST_TEST(peer.call("eu", "next") == success("2"));
    BOOST_TEST(peer.call("us", "next") == success("1"));
    BOOST_TEST(peer.call("also-eu", "get") == success("2"));
    BOOST_TEST(us->value == 1);
}

BOOST_AUTO_TEST_CASE(many_services_find_their_methods) {
    game::services s;
    for (int i = 0; i != 300; ++i)
        s.add("s" + std::to_string(i), std::make_shared<counter>())
            .method("next", {.timeout = std::chrono::seconds(i + 1)});
    game_peer peer(s);
    BOOST_TEST(peer.call("s0", "next") == success("1"));
    BOOST_TEST(peer.call("s299", "next") == success("1"));
    BOOST_TEST(peer.call("s300", "next").code == 404);
    BOOST_TEST_REQUIRE(s.find("s7"));
    BOOST_TEST((s.find("s7")->find("next")->options.timeout == 8s));
}

BOOST_AUTO_TEST_CASE(a_service_may_be_made_of_several_objects) {
    game::services s;
    s.add("all", std::make_shared<counter>());
    s.add("all", std::make_shared<other_base>());
    game_peer peer(s);
    BOOST_TEST(peer.call("all", "next") == success("1"));
    BOOST_TEST(peer.call("all", "number") == success("7"));
}

BOOST_AUTO_TEST_CASE(methods_that_are_there_already_are_refused) {
    game::services s;
    s.add("logic", std::make_shared<counter>());
    BOOST_TEST(refusal([&] { s.add("logic", std::make_shared<counter>()); }) ==
               "the service 'logic' has a method 'next' already");
    BOOST_TEST(refusal([&] { s.add("logic", std::make_shared<colliding>()); }) ==
               "the service 'logic' has a method 'next' already");
    BOOST_TEST(refusal([&] { s.add("o", std::make_shared<overloaded>()); }) ==
               "the service 'o' has a method 'f' already");
    game_peer peer(s);
    BOOST_TEST(peer.call("logic", "next") == success("1")); // the first
    // and nothing else of the object was added
    BOOST_TEST(peer.call("logic", "before").code == 404);
    BOOST_TEST(peer.call("logic", "after").code == 404);
    BOOST_TEST(peer.call("o", "f").code == 404);
}

BOOST_AUTO_TEST_CASE(names_that_no_request_can_have_are_refused) {
    game::services s;
    auto const object = std::make_shared<counter>();
    BOOST_TEST(refusal([&] { s.add("", object); }) == "a service's name must not be empty or hold a dot: ''");
    BOOST_TEST(refusal([&] { s.add("a.b", object); }) == "a service's name must not be empty or hold a dot: 'a.b'");
    BOOST_TEST(refusal([&] { s.add(".", object); }) != "none");
    BOOST_TEST(s.find("") == nullptr);
    BOOST_TEST(s.find("a") == nullptr);
}

BOOST_AUTO_TEST_CASE(no_object_is_refused) {
    game::services s;
    BOOST_TEST(refusal([&] { s.add("logic", std::shared_ptr<counter>()); }) ==
               "the service 'logic' is added without an object");
    BOOST_TEST(s.find("logic") == nullptr);
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_refused_by_name) {
    game::services s;
    auto& logic = s.add("logic", std::make_shared<counter>());
    BOOST_TEST(refusal([&] { logic.method("nope", {}); }) == "the service 'logic' has no method 'nope'");
    BOOST_TEST(refusal([&] { logic.method("next", {.timeout = 0s}); }) ==
               "the options of logic.next: timeout must be positive");
    BOOST_TEST(refusal([&] { logic.method("next", {.timeout = -1s}); }) ==
               "the options of logic.next: timeout must be positive");
    BOOST_TEST(refusal([] { game::services({.arguments = {.max_depth = 0}}); }) ==
               "services_options.arguments.max_depth must be from 1 to 1000");
    BOOST_TEST(refusal([] { game::services({.arguments = {.max_depth = 1001}}); }) != "none");
}

BOOST_AUTO_TEST_CASE(options_are_kept) {
    game::services s;
    auto& logic = s.add("logic", std::make_shared<counter>());
    BOOST_TEST((game::time_limit(*logic.find("next")) == 3s)); // the contract's default
    logic.method("next", {.timeout = 10s, .description = "counts"}).method("get", {.description = "tells"});
    BOOST_TEST((game::time_limit(*logic.find("next")) == 10s));
    BOOST_TEST(logic.find("next")->options.description == "counts");
    BOOST_TEST((game::time_limit(*logic.find("get")) == 3s));
    BOOST_TEST(logic.find("next")->name == "logic.next");
    BOOST_TEST(logic.find("nope") == nullptr);
    BOOST_TEST(s.find("logic") == &logic);
    BOOST_TEST(s.find("nope") == nullptr);
}

BOOST_AUTO_TEST_CASE(objects_live_as_long_as_the_server_needs_them) {
    std::weak_ptr<counter> probe;
    {
        std::unique_ptr<game_peer> peer;
        {
            auto const object = std::make_shared<counter>();
            probe = object;
            game::services s;
            s.add("logic", object);
            peer = std::make_unique<game_peer>(s);
        }
        BOOST_TEST(!probe.expired());
        BOOST_TEST(peer->call("logic", "next") == success("1"));
    }
    BOOST_TEST(probe.expired());
}

BOOST_AUTO_TEST_CASE(one_server_binds_them_once) {
    game::services s;
    s.add("logic", std::make_shared<counter>());
    router routes;
    s.bind(routes);
    BOOST_TEST(routes.has_service("game.grpc.GameService"));
    BOOST_TEST(refusal([&] { s.bind(routes); }) != "none");
    router another;
    s.bind(another);
    BOOST_TEST((another.find("/game.grpc.GameService/StreamCall") != nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
