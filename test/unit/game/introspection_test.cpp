//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/description.hpp"

#include "joust/game/json/schema.hpp"
#include "joust/game/middleware/limits.hpp"
#include "joust/game/middleware/timeout.hpp"
#include "joust/game/services.hpp"
#include "joust/game/statistics.hpp"
#include "support/game_peer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/describe/class.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

// What services say of themselves.

namespace joust::test::introspection_tests {

namespace {

namespace asio = boost::asio;
using asio::awaitable;
using namespace std::chrono_literals;

struct question {
    std::string id;
    int depth = 3;
};
BOOST_DESCRIBE_STRUCT(question, (), (id, depth))

struct reply {
    std::string id;
    std::optional<int> level;
    double rating = 0;
};
BOOST_DESCRIBE_STRUCT(reply, (), (id, level, rating))

/// Every kind of method.
struct oracle {
    reply ask(question const& q) { return {q.id, 1, 2}; }
    awaitable<result<std::vector<reply>>> ask_later(question) { co_return std::vector<reply>(); }
    void tell(question) {}
    reply const& last(call_context&) { return last_; }
    awaitable<void> follow(question, game::responses<reply>&) { co_return; }
    boost::json::value any(boost::json::value v) { return v; }
    int count(std::map<std::string, int>) { return 0; }
    bool secret() { return true; }
    awaitable<void> talk(game::server_stream<question, reply>&) { co_return; }
    awaitable<int> judge(game::server_stream<result<question>, std::string>&) { co_return 0; }

    reply last_;
};
BOOST_DESCRIBE_STRUCT(oracle, (), (ask, ask_later, tell, last, follow, any, count, secret, talk, judge))

struct mute {
    void hush() {}
};
BOOST_DESCRIBE_STRUCT(mute, (), (hush))

struct fixture {
    game::services services;

    fixture() {
        services.add("oracle", std::make_shared<oracle>())
            .address("oracle-service:50051")
            .method("ask", {.description = "What is.", .idempotent = true, .max_attempts = 3})
            .method("ask_later", {.timeout = 1500ms, .max_arguments_size = 100, .max_answer_size = 200})
            .method("secret", {.hidden = true});
        services.add("mute", std::make_shared<mute>()).method("hush", {.hidden = true});
    }

    game::method_description of(std::string const& name) const {
        for (auto const& s : services.describe().services)
            for (auto const& m : s.methods)
                if (s.name + "." + m.name == name)
                    return m;
        throw std::out_of_range(name);
    }
};

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

BOOST_FIXTURE_TEST_SUITE(game_introspection, fixture)

BOOST_AUTO_TEST_CASE(services_and_methods_are_in_order_and_hidden_ones_left_out) {
    auto const d = services.describe();
    BOOST_TEST_REQUIRE(d.services.size() == 2u); // all of `mute` is hidden
    BOOST_TEST(d.services[0].name == "joust");
    BOOST_TEST(d.services[1].name == "oracle");
    BOOST_TEST(d.services[1].address == "oracle-service:50051");
    std::vector<std::string> names;
    for (auto const& m : d.services[1].methods)
        names.push_back(m.name);
    BOOST_TEST(names == (std::vector<std::string>{"any", "ask", "ask_later", "count", "follow", "judge", "last", "talk",
                                                  "tell"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(schemas_are_those_of_the_types) {
    json::encode_options const written;
    auto const ask = of("oracle.ask");
    BOOST_TEST(ask.arguments == json::schema<question>());
    BOOST_TEST(ask.result == json::schema<reply>(written));
    BOOST_TEST(!ask.pushes.has_value());
    BOOST_TEST(of("oracle.ask_later").result == json::schema<std::vector<reply>>(written));
    BOOST_TEST(of("oracle.last").result == json::schema<reply>(written));
    BOOST_TEST(of("oracle.tell").result.at("type") == "null");
    BOOST_TEST(of("oracle.any").arguments == json::schema<boost::json::object>());
    BOOST_TEST(of("oracle.count").arguments.at("type") == "object");
    auto const nothing = of("oracle.last").arguments;
    BOOST_TEST(nothing.at("properties").as_object().empty());
    BOOST_TEST(nothing.at("additionalProperties") == false);
    auto const follow = of("oracle.follow");
    BOOST_TEST_REQUIRE(follow.pushes.has_value());
    BOOST_TEST(*follow.pushes == json::schema<reply>(written));
    BOOST_TEST(follow.result.at("type") == "null");
    BOOST_TEST(!follow.serves_stream);
}

BOOST_AUTO_TEST_CASE(what_interceptors_change_is_told) {
    services.use(game::limits({.max_arguments = 150, .max_answer = 150}));
    game::service& s = *services.find("oracle");
    s.use("ask_later", game::timeout(5s), game::timeout(250ms));
    s.use("ask", game::timeout(5s));
    s.use("talk", game::timeout(2min));
    auto const later = of("oracle.ask_later");
    BOOST_TEST(later.timeout.value() == 0.25);    // of several the innermost
    BOOST_TEST(later.max_arguments_size == 100u); // the narrower
    BOOST_TEST(later.max_answer_size == 150u);
    BOOST_TEST(!of("oracle.ask").timeout.has_value()); // cannot be stopped
    BOOST_TEST(of("oracle.ask").max_arguments_size == 150u);
    BOOST_TEST(of("oracle.talk").timeout.value() == 120);
    BOOST_TEST(of("oracle.follow").timeout.value() == 3);
}

BOOST_AUTO_TEST_CASE(what_an_own_interceptor_says_is_told) {
    struct marker final : game::async_interceptor {
        void describe(game::method_description& m) const override { m.description += " (beta)"; }
    };
    services.find("oracle")->use("ask", std::make_shared<marker>());
    BOOST_TEST(of("oracle.ask").description == "What is. (beta)");
    BOOST_TEST(of("oracle.any").description.empty());
}

BOOST_AUTO_TEST_CASE(of_a_whole_stream_each_request_and_answer_is_described) {
    json::encode_options const written;
    auto const talk = of("oracle.talk");
    BOOST_TEST(talk.serves_stream);
    BOOST_TEST(talk.arguments == json::schema<question>());
    BOOST_TEST_REQUIRE(talk.pushes.has_value());
    BOOST_TEST(*talk.pushes == json::schema<reply>(written));
    BOOST_TEST(talk.result.at("type") == "null");
    BOOST_TEST(!talk.timeout.has_value());
    auto const judge = of("oracle.judge"); // sees bad requests, too
    BOOST_TEST(judge.arguments == json::schema<question>());
    BOOST_TEST(judge.pushes->at("type") == "string");
    BOOST_TEST(judge.result.at("type") == "integer");
}

BOOST_AUTO_TEST_CASE(schemas_follow_the_options_of_the_services) {
    game::services_options options;
    options.arguments.ignore_unknown_fields = true;
    options.answers.omit_empty = true;
    services = game::services(options);
    services.add("oracle", std::make_shared<oracle>());
    BOOST_TEST(of("oracle.ask").arguments == json::schema<question>(options.arguments));
    BOOST_TEST(of("oracle.ask").result == json::schema<reply>(options.answers));
}

BOOST_AUTO_TEST_CASE(options_of_methods_are_told) {
    auto const ask = of("oracle.ask");
    BOOST_TEST(ask.description == "What is.");
    BOOST_TEST(ask.idempotent);
    BOOST_TEST(ask.max_attempts == 3u);
    BOOST_TEST(!ask.timeout.has_value()); // cannot be stopped
    auto const later = of("oracle.ask_later");
    BOOST_TEST(later.timeout.value() == 1.5);
    BOOST_TEST(!later.idempotent);
    BOOST_TEST(later.max_arguments_size == 100u);
    BOOST_TEST(later.max_answer_size == 200u);
}

BOOST_AUTO_TEST_CASE(the_service_joust_lists) {
    game_peer peer(services);
    std::string const joust = R"({"name":"joust","address":"","methods":["describe","list","stats"]})";
    std::string const oracle = R"({"name":"oracle","address":"oracle-service:50051",)"
                               R"("methods":["any","ask","ask_later","count","follow","judge","last","talk","tell"]})";
    BOOST_TEST(peer.call("joust", "list") == success("[" + joust + "," + oracle + "]"));
    BOOST_TEST(peer.call("joust", "list", R"({"service":"oracle"})") == success("[" + oracle + "]"));
    BOOST_TEST(peer.call("joust", "list", R"({"service":"oracle","method":"ask"})") ==
               success(R"([{"name":"oracle","address":"oracle-service:50051","methods":["ask"]}])"));
    services.remove("oracle");
    BOOST_TEST(peer.call("joust", "list") == success("[" + joust + "]"));
}

BOOST_AUTO_TEST_CASE(the_service_joust_describes) {
    game_peer peer(services);
    auto const all = json::decode<game::services_description>(peer.call("joust", "describe").payload);
    BOOST_TEST_REQUIRE(all.has_value());
    BOOST_TEST(json::encode_to_string(*all).value() == json::encode_to_string(services.describe()).value());
    auto const one = json::decode<game::services_description>(
        peer.call("joust", "describe", R"({"service":"oracle","method":"ask"})").payload);
    BOOST_TEST_REQUIRE(one.has_value());
    BOOST_TEST_REQUIRE(one->services.size() == 1u);
    BOOST_TEST_REQUIRE(one->services[0].methods.size() == 1u);
    BOOST_TEST(one->services[0].methods[0].arguments == json::schema<question>());
}

BOOST_AUTO_TEST_CASE(the_service_joust_has_statistics) {
    game_peer peer(services);
    peer.call("oracle", "ask", R"({"id":"1"})");
    peer.call("oracle", "ask");
    peer.call("oracle", "secret");
    auto const stats =
        json::decode<game::services_statistics>(peer.call("joust", "stats", R"({"service":"oracle"})").payload);
    BOOST_TEST_REQUIRE(stats.has_value());
    BOOST_TEST(stats->services.size() == 1u);
    auto const& oracle = stats->services.at("oracle");
    BOOST_TEST(oracle.methods.at("ask").calls == 2u);
    BOOST_TEST(oracle.methods.at("ask").errors.at(400) == 1u);
    BOOST_TEST(!oracle.methods.contains("secret"));
    BOOST_TEST(oracle.total.calls == 2u);
    BOOST_TEST(services.statistics().services.at("oracle").methods.at("secret").calls == 1u);
}

BOOST_AUTO_TEST_CASE(questions_about_what_there_is_not_are_404) {
    game_peer peer(services);
    for (char const* const method : {"list", "describe", "stats"}) {
        BOOST_TEST(peer.call("joust", method, R"({"service":"none"})") ==
                   game_answer(404, R"(unknown service "none")", ""));
        BOOST_TEST(peer.call("joust", method, R"({"service":"mute"})").code == 404);
        BOOST_TEST(peer.call("joust", method, R"({"service":"oracle","method":"none"})") ==
                   game_answer(404, R"(service "oracle" has no method "none")", ""));
        BOOST_TEST(peer.call("joust", method, R"({"service":"oracle","method":"secret"})").code == 404);
        BOOST_TEST(peer.call("joust", method, R"({"method":"ask"})").code == 400);
        BOOST_TEST(peer.call("joust", method, R"({"horse":1})").code == 400);
    }
}

BOOST_AUTO_TEST_CASE(the_name_joust_is_the_librarys_unless_it_is_told_otherwise) {
    std::string const taken = refusal([&] { services.add("joust", std::make_shared<mute>()); });
    BOOST_TEST(taken.starts_with("the service 'joust' is the library's"));
    game::services_options off;
    off.introspection = false;
    game::services own(off);
    BOOST_TEST(own.find("joust") == nullptr);
    own.add("joust", std::make_shared<mute>());
    game_peer peer(own);
    BOOST_TEST(peer.call("joust", "hush") == success(""));
    BOOST_TEST(peer.call("joust", "list").code == 404);
    BOOST_TEST(own.describe().services.size() == 1u); // here all the same
}

BOOST_AUTO_TEST_CASE(the_service_joust_can_be_guarded_and_removed) {
    struct closed final : game::interceptor {
        status before(game::call&) override { return status(status_code::permission_denied, "not you"); }
    };
    services.find("joust")->use(std::make_shared<closed>());
    game_peer peer(services);
    BOOST_TEST(peer.call("joust", "list").code == 403);
    BOOST_TEST(peer.call("oracle", "tell", R"({"id":"1"})") == success(""));
    BOOST_TEST(services.remove("joust"));
    BOOST_TEST(peer.call("joust", "list").code == 404);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test::introspection_tests
