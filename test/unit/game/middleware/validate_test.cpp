//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/validate.hpp"

#include "middleware_peer.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>

// Rules for arguments, around real calls.

namespace joust::test {

BOOST_AUTO_TEST_SUITE(middleware_validate)

namespace {

using game::check;
using game::validate;

void id_not_empty(player_query const& q, game::failures& found) {
    if (q.id.empty())
        found.add("id", "must not be empty");
}

std::optional<std::string> id_is_short(player_query const& q) {
    if (q.id.size() > 3)
        return "the id is too long";
    return std::nullopt;
}

struct base {
    int inherited = 0;
};
BOOST_DESCRIBE_STRUCT(base, (), (inherited))
struct derived : base {
    unsigned own = 0;
    std::optional<gamer> maybe;
    std::vector<std::string> tags;
};
BOOST_DESCRIBE_STRUCT(derived, (base), (own, maybe, tags))

template <class T>
std::string found_in(game::rule<T> const& r, T const& value) {
    game::failures found;
    r(value, found);
    return found.text();
}

} // namespace

BOOST_AUTO_TEST_CASE(functions_are_rules) {
    middleware_peer p;
    p.service.use("get", validate(id_not_empty, id_is_short));
    BOOST_TEST(p.call("get").code == 0);
    BOOST_TEST(p.call("get", R"({"id":""})") == game_answer(400, "logic.get: id: must not be empty", ""));
    BOOST_TEST(p.call("get", "") == game_answer(400, R"(logic.get: missing field "id")", "")); // as the method says it
    BOOST_TEST(p.call("get", R"({"id":"1234"})") == game_answer(400, "logic.get: the id is too long", ""));
    BOOST_TEST(p.object->calls == 1);
}

BOOST_AUTO_TEST_CASE(all_that_is_wrong_is_told_at_once) {
    middleware_peer p;
    auto const good_player = [](gamer const& who, game::failures& found) {
        if (who.id == "root")
            found.add("id", "must not be root");
    };
    p.service.use(
        "update",
        validate(game::within(&gamer_update::to, check(&gamer::level, game::at_most(100)),
                              check(&gamer::id, game::not_empty(), game::longest(4)),
                              check(&gamer::score, "must be whole", [](double d) { return d == 1; }), good_player),
                 game::each(&gamer_update::friends, check(&gamer::id, game::not_empty()))));
    BOOST_TEST(p.call("update", R"({"to":{"id":"a"},"friends":[]})") == success("1"));
    BOOST_TEST(p.call("update", R"({"to":{"id":"","level":101,"score":0.5},"friends":[{"id":"b"},{"id":""}]})") ==
               game_answer(400,
                           "logic.update: to.level: must be at most 100; to.id: must not be empty; to.score: must be "
                           "whole; friends[1].id: must not be empty",
                           ""));
    BOOST_TEST(p.call("update", R"({"to":{"id":"root"},"friends":[]})").message ==
               "logic.update: to.id: must not be root");
    BOOST_TEST(p.call("update", R"({"to":{"id":"roots"},"friends":[]})").message ==
               "logic.update: to.id: must be at most 4 long");
}

BOOST_AUTO_TEST_CASE(arguments_that_cannot_be_read_are_refused_as_by_the_method) {
    for (char const* const bad : {"[", "[]", R"({"id":7})", R"({"id":"1","x":1})", R"({"ID":"1"})"}) {
        middleware_peer checked, plain;
        checked.service.use("get", validate(id_not_empty));
        BOOST_TEST(checked.call("get", bad) == plain.call("get", bad));
        BOOST_TEST(checked.call("get", bad).code == 400);
    }
}

BOOST_AUTO_TEST_CASE(a_rule_that_throws_is_as_a_method_that_throws) {
    middleware_peer p;
    p.service.use("get", validate<player_query>([](auto const& q, game::failures&) {
                      if (q.id == "1")
                          throw std::runtime_error("secret");
                      if (q.id == "2")
                          throw rpc_error(status_code::unavailable, "ask again");
                  }));
    game_answer const broken = p.call("get");
    BOOST_TEST(broken.code == 500);
    BOOST_TEST(broken.message.find("secret") == std::string::npos);
    BOOST_TEST(p.call("get", R"({"id":"2"})") == game_answer(503, "ask again", ""));
    BOOST_TEST(p.call("get", R"({"id":"3"})").code == 0);
    BOOST_TEST_REQUIRE(p.peer->log->lines.size() == 1u);
    BOOST_TEST(p.peer->log->lines[0].find("secret") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(rules_for_another_type_than_the_method_takes_refuse_what_does_not_fit) {
    middleware_peer p;
    p.service.use("update", validate(id_not_empty)); // a mistake
    BOOST_TEST(p.call("update", R"({"to":{"id":"1"},"friends":[]})").code == 400);
    BOOST_TEST(p.object->calls == 0);
}

BOOST_AUTO_TEST_CASE(fields_may_be_inherited_optional_and_lists) {
    derived d;
    d.inherited = 5;
    BOOST_TEST(found_in<derived>(check(&base::inherited, game::at_least(6)), d) == "inherited: must be at least 6");
    BOOST_TEST(found_in<derived>(check(&derived::own, game::between(1, 3)), d) == "own: must be from 1 to 3");
    auto const in_maybe = game::within(&derived::maybe, check(&gamer::id, game::not_empty()));
    BOOST_TEST(found_in<derived>(in_maybe, d) == "");
    d.maybe = gamer();
    BOOST_TEST(found_in<derived>(in_maybe, d) == "maybe.id: must not be empty");
    d.tags = {"a", "", "ccc"};
    auto const tags = game::each(&derived::tags, [](std::string const& tag, game::failures& found) {
        if (tag.size() != 1)
            found.add("", "must be a letter");
    });
    BOOST_TEST(found_in<derived>(tags, d) == "tags[1]: must be a letter; tags[2]: must be a letter");
    BOOST_TEST(found_in<derived>(check(&derived::tags, game::longest(2)), d) == "tags: must be at most 2 long");
}

BOOST_AUTO_TEST_CASE(numbers_are_compared_as_numbers) {
    auto const holds = [](auto const& criterion, auto number) { return criterion.predicate(number); };
    BOOST_TEST(!holds(game::at_most(-1), std::uint64_t{5}));
    BOOST_TEST(holds(game::at_least(-1), std::uint64_t{5}));
    BOOST_TEST(!holds(game::at_most(5), std::numeric_limits<std::uint64_t>::max()));
    BOOST_TEST(holds(game::at_most(0.5), 0));
    BOOST_TEST(!holds(game::at_most(0.5), 1));
    BOOST_TEST(!holds(game::between(0.0, 1.0), std::numeric_limits<double>::quiet_NaN()));
    BOOST_TEST(game::between(0.5, 1.5).message == "must be from 0.5 to 1.5");
    BOOST_TEST(game::at_most(std::uint64_t{18'446'744'073'709'551'615u}).message ==
               "must be at most 18446744073709551615");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
