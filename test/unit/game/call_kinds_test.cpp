//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/raw_json.hpp"
#include "joust/game/services.hpp"
#include "support/game_peer.hpp"
#include "unit/game/json_samples.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

// Every kind of argument and answer, through the envelope.

namespace joust::test {

namespace {

namespace asio = boost::asio;
using asio::awaitable;

struct nothing {};
BOOST_DESCRIBE_STRUCT(nothing, (), ())

/// What methods return.
struct answers {
    int calls = 0;

    void no_value() { ++calls; }
    result<void> no_value_result() { return {}; }
    awaitable<void> no_value_later() { co_return; }
    awaitable<result<void>> no_value_result_later() { co_return result<void>(); }

    int zero() { return 0; }
    bool no() { return false; }
    std::string no_text() { return {}; }
    nothing no_fields() { return {}; }
    std::vector<int> no_elements() { return {}; }
    std::map<std::string, int> no_entries() { return {}; }
    std::optional<int> no_number() { return std::nullopt; }
    boost::json::value json_null() { return nullptr; }
    std::variant<std::monostate, int> monostate() { return {}; }

    std::int64_t smallest() { return std::numeric_limits<std::int64_t>::min(); }
    std::uint64_t largest() { return std::numeric_limits<std::uint64_t>::max(); }
    double ten() { return 10.0; }
    double tenth() { return 0.1; }
    double not_a_number() { return std::numeric_limits<double>::quiet_NaN(); }
    float infinite() { return std::numeric_limits<float>::infinity(); }
    std::string text() { return "p\u00e4 \"\n\U0001F600"; }
    rank title() { return rank::king; }
    std::set<int> numbers() { return {3, 1, 2}; }
    std::tuple<int, std::string> pair() { return {1, "b"}; }
    boost::json::value dynamic() { return {{"a", 1}, {"b", {true, nullptr, 2.0}}}; }
    item described() { return {"lance", 2}; }
    item const& reference() { return kept; }
    game::raw_json raw() { return game::raw_json(R"({"as":"is"})"); }

    result<int> result_value() { return 5; }
    awaitable<int> value_later() { co_return 6; }
    awaitable<result<int>> result_later() {
        auto posting = asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        co_await std::move(posting);
        co_return 7;
    }

    item kept{"kept", 1};
};
BOOST_DESCRIBE_STRUCT(answers, (),
                      (no_value, no_value_result, no_value_later, no_value_result_later, zero, no, no_text, no_fields,
                       no_elements, no_entries, no_number, json_null, monostate, smallest, largest, ten, tenth,
                       not_a_number, infinite, text, title, numbers, pair, dynamic, described, reference, raw,
                       result_value, value_later, result_later))

struct all_kinds {
    bool flag = false;
    std::int8_t tiny = 0;
    std::uint64_t huge = 0;
    float real = 0;
    double exact = 0;
    std::string text;
    std::optional<int> maybe;
    rank title = rank::squire;
    std::vector<item> items;
    std::map<std::string, std::vector<int>> lists;
    std::array<int, 2> two{};
    std::variant<std::monostate, bool, std::string, item> either;
    boost::json::value any;
    item inner;
};
BOOST_DESCRIBE_STRUCT(all_kinds, (),
                      (flag, tiny, huge, real, exact, text, maybe, title, items, lists, two, either, any, inner))

struct named_once {
    std::string name;
    int count = 0;
};
BOOST_DESCRIBE_STRUCT(named_once, (), (name, count))

/// What methods take.
struct takers {
    all_kinds kinds(all_kinds a) { return a; }

    std::string by_value(named_once a) { return std::move(a.name); }
    std::string by_const(named_once const& a) const { return a.name; }
    std::string by_reference(named_once& a) noexcept { return a.name; }
    std::string by_rvalue(named_once&& a) { return std::move(a.name); }
    std::string context_first(call_context& c, named_once a) { return a.name + std::string(c.path()); }
    std::string context_last(named_once a, call_context& c) { return a.name + std::string(c.path()); }
    std::string context_const(call_context const& c) { return std::string(c.path()); }
    int map(std::map<std::string, int> a) { return a.at("x"); }
    std::size_t object(boost::json::object a) { return a.size(); }
    boost::json::value any(boost::json::value a) { return a; }

    awaitable<std::string> later(named_once a) { co_return a.name; }
    awaitable<std::string> later_const(named_once const& a, call_context& c) const {
        auto posting = asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        co_await std::move(posting);
        co_return a.name + std::string(c.path());
    }
    awaitable<result<std::string>> later_context(call_context& c) { co_return std::string(c.path()); }
};
BOOST_DESCRIBE_STRUCT(takers, (),
                      (kinds, by_value, by_const, by_reference, by_rvalue, context_first, context_last, context_const,
                       map, object, any, later, later_const, later_context))

struct fixture {
    std::shared_ptr<answers> object = std::make_shared<answers>();
    game_peer peer{make(object)};

    static game::services make(std::shared_ptr<answers> const& a) {
        game::services s;
        s.add("answers", a);
        s.add("takers", std::make_shared<takers>());
        return s;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(call_kinds, fixture)

BOOST_AUTO_TEST_CASE(nothing_is_an_empty_payload) {
    for (char const* const method : {"no_value", "no_value_result", "no_value_later", "no_value_result_later"})
        BOOST_TEST(peer.call("answers", method) == success(""));
    BOOST_TEST(object->calls == 1);
}

BOOST_AUTO_TEST_CASE(values_that_look_empty_are_not) {
    BOOST_TEST(peer.call("answers", "zero") == success("0"));
    BOOST_TEST(peer.call("answers", "no") == success("false"));
    BOOST_TEST(peer.call("answers", "no_text") == success("\"\""));
    BOOST_TEST(peer.call("answers", "no_fields") == success("{}"));
    BOOST_TEST(peer.call("answers", "no_elements") == success("[]"));
    BOOST_TEST(peer.call("answers", "no_entries") == success("{}"));
    BOOST_TEST(peer.call("answers", "no_number") == success("null"));
    BOOST_TEST(peer.call("answers", "json_null") == success("null"));
    BOOST_TEST(peer.call("answers", "monostate") == success("null"));
}

BOOST_AUTO_TEST_CASE(answers_are_written_as_the_contract_says) {
    BOOST_TEST(peer.call("answers", "smallest") == success("-9223372036854775808"));
    BOOST_TEST(peer.call("answers", "largest") == success("18446744073709551615"));
    BOOST_TEST(peer.call("answers", "ten") == success("10.0"));
    BOOST_TEST(peer.call("answers", "tenth") == success("0.1"));
    BOOST_TEST(peer.call("answers", "not_a_number") == success("null"));
    BOOST_TEST(peer.call("answers", "infinite") == success("null"));
    BOOST_TEST(peer.call("answers", "text") == success("\"p\u00e4 \\\"\\n\U0001F600\""));
    BOOST_TEST(peer.call("answers", "title") == success(R"("king")"));
    BOOST_TEST(peer.call("answers", "numbers") == success("[1,2,3]"));
    BOOST_TEST(peer.call("answers", "pair") == success(R"([1,"b"])"));
    BOOST_TEST(peer.call("answers", "dynamic") == success(R"({"a":1,"b":[true,null,2.0]})"));
    BOOST_TEST(peer.call("answers", "described") == success(R"({"name":"lance","count":2})"));
    BOOST_TEST(peer.call("answers", "reference") == success(R"({"name":"kept","count":1})"));
    BOOST_TEST(peer.call("answers", "raw") == success(R"({"as":"is"})"));
}

BOOST_AUTO_TEST_CASE(results_and_awaitables_are_unwrapped) {
    BOOST_TEST(peer.call("answers", "result_value") == success("5"));
    BOOST_TEST(peer.call("answers", "value_later") == success("6"));
    BOOST_TEST(peer.call("answers", "result_later") == success("7"));
}

BOOST_AUTO_TEST_CASE(every_kind_of_argument_comes_back) {
    std::string_view const text = R"({"flag":true,"tiny":-128,"huge":18446744073709551615,"real":0.5,"exact":1e-300,)"
                                  R"("text":"p\u00e4","maybe":7,"title":"knight","items":[{"name":"a","count":2}],)"
                                  R"("lists":{"x":[1,2],"y":[]},"two":[3,4],"either":{"name":"e","count":9},)"
                                  R"("any":[null,{"deep":[1.0]}],"inner":{"name":"i","count":0}})";
    std::string back(text);
    back.replace(back.find("\\u00e4"), 6, "\u00e4"); // not ASCII-escaped
    BOOST_TEST(peer.call("takers", "kinds", text) == success(back));
}

BOOST_AUTO_TEST_CASE(parameters_are_given_as_they_are_declared) {
    std::string const path(game_peer::call_path);
    for (char const* const method : {"by_value", "by_const", "by_reference", "by_rvalue", "later"})
        BOOST_TEST(peer.call("takers", method, R"({"name":"n"})") == success(R"("n")"));
    for (char const* const method : {"context_first", "context_last", "later_const"})
        BOOST_TEST(peer.call("takers", method, R"({"name":"n","count":1})") == success("\"n" + path + "\""));
    for (char const* const method : {"context_const", "later_context"})
        BOOST_TEST(peer.call("takers", method) == success("\"" + path + "\""));
}

BOOST_AUTO_TEST_CASE(objects_without_a_struct_are_arguments) {
    BOOST_TEST(peer.call("takers", "map", R"({"x":3,"y":4})") == success("3"));
    BOOST_TEST(peer.call("takers", "object", R"({"x":3,"y":{"z":[]}})") == success("2"));
    BOOST_TEST(peer.call("takers", "object") == success("0"));
    BOOST_TEST(peer.call("takers", "any", R"({"x":3})") == success(R"({"x":3})"));
    BOOST_TEST(peer.call("takers", "any") == success("{}"));
}

BOOST_AUTO_TEST_CASE(empty_payload_and_empty_object_are_no_arguments) {
    for (std::string_view const payload : {"", "{}", " { } "}) {
        BOOST_TEST(peer.call("answers", "zero", payload) == success("0"));
        BOOST_TEST(peer.call("answers", "value_later", payload) == success("6"));
    }
}

BOOST_AUTO_TEST_CASE(payloads_of_every_size_are_framed_as_protobuf_does) {
    for (std::size_t const size : {0u, 1u, 124u, 125u, 126u, 127u, 16380u, 16381u, 16382u, 16383u, 100'000u, 2'097'149u,
                                   2'097'150u, 3'000'000u}) {
        std::string const name(size, 'x');
        game_answer const answer = peer.call("takers", "by_value", "{\"name\":\"" + name + "\"}");
        BOOST_TEST(answer.code == 0);
        BOOST_TEST(answer.message == "success");
        BOOST_TEST((answer.payload == "\"" + name + "\"")); // not printed
    }
}

BOOST_AUTO_TEST_CASE(whole_name_as_the_method_name_finds_the_method) {
    BOOST_TEST(peer.call("", "answers.zero") == success("0"));
    BOOST_TEST(peer.call("answers", "answers.zero") == success("0"));
    BOOST_TEST(peer.call("answers", "x.y.zero") == success("0"));
    BOOST_TEST(peer.call("takers", "answers.zero").code == 404); // the service name wins
}

BOOST_AUTO_TEST_CASE(metadata_and_unknown_fields_do_not_matter) {
    BOOST_TEST(peer.call("answers", "zero", "", {{"trace", "1"}, {"", ""}, {"joust-answers", "many"}}) == success("0"));
    BOOST_TEST(peer.call_with(envelope("answers", "zero") + "\x28\x01\x32\x03xyz") == success("0"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
