//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/services.hpp"
#include "support/game_peer.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/value.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

// What a call cannot do, with the code and the words that the client gets.

namespace joust::test::call_refuse_tests {

namespace {

namespace asio = boost::asio;
using asio::awaitable;

struct inner {
    int level = 0;
};
BOOST_DESCRIBE_STRUCT(inner, (), (level))

struct query {
    std::string name;
    std::optional<int> page;
    std::vector<inner> items = {{1}};
};
BOOST_DESCRIBE_STRUCT(query, (), (name, page, items))

struct failure {
    int code = 0;
    std::string message;
};
BOOST_DESCRIBE_STRUCT(failure, (), (code, message))

enum class fruit { apple };
BOOST_DESCRIBE_ENUM(fruit, apple)

/// Throws what is no std::exception, for lack of which there is a rule.
struct oddity {};

struct logic {
    std::string find(query q) { return q.name; }
    awaitable<std::string> find_later(query q) { co_return q.name; }
    boost::json::value any(boost::json::value v) { return v; }
    void ping() {}

    result<int> refuse(failure f) { return status(to_status_code(f.code).value(), f.message); }
    awaitable<result<int>> refuse_later(failure f) { co_return refuse(f); }
    int refuse_by_throw(failure f) { throw rpc_error(to_status_code(f.code).value(), f.message); }
    awaitable<int> refuse_by_throw_later(failure f) {
        throw rpc_error(to_status_code(f.code).value(), f.message);
        co_return 0;
    }
    /// A code of its own.
    result<void> choose(failure f) {
        status s(status_code::unknown, f.message);
        s.set_application_code(f.code);
        return s;
    }
    void choose_by_throw(failure f) { throw rpc_error(choose(f).error()); }

    void crash() { throw std::runtime_error("the secret"); }
    awaitable<void> crash_later() {
        auto posting = asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        co_await std::move(posting);
        throw std::runtime_error("the secret");
    }
    void crash_oddly() { throw oddity(); }
    awaitable<void> crash_oddly_later() {
        throw oddity();
        co_return;
    }
    /// An aborted operation, though nobody cancelled the call.
    awaitable<void> abort_later() {
        throw boost::system::system_error(asio::error::operation_aborted, "the secret");
        co_return;
    }

    std::string bad_text() { return "\xff"; }
    std::vector<std::map<std::string, std::string>> bad_inner_text() { return {{}, {{"a", "\xc3("}}}; }
    awaitable<std::string> bad_text_later() { co_return "\xff"; }
    fruit bad_enum() { return static_cast<fruit>(7); }
    result<int> no_error() { return status(); }
    result<void> no_error_and_no_value() { return status(); }
    result<int> bad_message() { return status(status_code::not_found, "\xff\xfe"); }
};
BOOST_DESCRIBE_STRUCT(logic, (),
                      (find, find_later, any, ping, refuse, refuse_later, refuse_by_throw, refuse_by_throw_later,
                       choose, choose_by_throw, crash, crash_later, crash_oddly, crash_oddly_later, abort_later,
                       bad_text, bad_inner_text, bad_text_later, bad_enum, no_error, no_error_and_no_value,
                       bad_message))

game::services make_services(game::services_options options = {}) {
    game::services s(options);
    s.add("logic", std::make_shared<logic>());
    return s;
}

struct fixture {
    game_peer peer{make_services()};

    /// The connection must have survived.
    void teardown() { BOOST_TEST(peer.call("logic", "ping") == success("")); }

    void refused(std::string_view payload, std::string_view why) {
        BOOST_TEST_CONTEXT("payload " << payload) {
            BOOST_TEST(peer.call("logic", "find", payload) == game_answer(400, "logic.find: " + std::string(why), ""));
            BOOST_TEST(peer.call("logic", "find_later", payload) ==
                       game_answer(400, "logic.find_later: " + std::string(why), ""));
        }
    }

    /// Not the words, but that there are some, and whose.
    void refused(std::string_view payload) {
        game_answer const answer = peer.call("logic", "find", payload);
        BOOST_TEST_CONTEXT("payload " << payload << " gives " << answer) {
            BOOST_TEST(answer.code == 400);
            BOOST_TEST(answer.message.starts_with("logic.find: "));
            BOOST_TEST(answer.message.size() > std::string("logic.find: ").size());
            BOOST_TEST(answer.payload == "");
        }
    }

    std::string status_of(std::string_view request) {
        probe_call call;
        peer.start(call, request);
        return call.outcome ? call.outcome->to_string() : "none";
    }
};

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(call_refuse, fixture)

BOOST_AUTO_TEST_CASE(arguments_that_do_not_fit_are_400_and_say_where) {
    refused(R"({"name":"n","nmae":1})", R"(unknown field "nmae")");
    refused(R"({"page":1})", R"(missing field "name")");
    refused("", R"(missing field "name")");
    refused("{}", R"(missing field "name")");
    refused(R"({"name":7})", "name: wanted a string, found an integer");
    refused(R"({"name":null})", "name: wanted a string, found null");
    refused(R"({"name":"n","page":"1"})", "page: wanted an integer, found a string");
    refused(R"({"name":"n","page":1.5})", "page: wanted an integer, found 1.5");
    refused(R"({"name":"n","page":3000000000})",
            "page: wanted an integer from -2147483648 to 2147483647, found 3000000000");
    refused(R"({"name":"n","items":[{"level":1},{"level":"x"}]})", "items[1].level: wanted an integer, found a string");
    refused(R"({"name":"n","items":[{"lvl":1}]})", R"(items[0]: unknown field "lvl")");
    refused(R"({"name":"n","items":{}})", "items: wanted an array, found an object");
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_ignored_by_option) {
    game_peer lenient(make_services({.arguments = {.ignore_unknown_fields = true}}));
    BOOST_TEST(lenient.call("logic", "find", R"({"name":"n","nmae":[1,{"name":2}]})") == success(R"("n")"));
    BOOST_TEST(lenient.call("logic", "find", R"({"nmae":1})").code == 400);
    BOOST_TEST(lenient.call("logic", "ping", R"({"x":1})") == success(""));
    BOOST_TEST(peer.call("logic", "ping", R"({"x":1})") == game_answer(400, R"(logic.ping: unknown field "x")", ""));
}

BOOST_AUTO_TEST_CASE(payloads_that_are_no_object_are_400) {
    for (auto const& [payload, found] : std::map<std::string_view, std::string>{{"null", "null"},
                                                                                {"true", "a boolean"},
                                                                                {"7", "an integer"},
                                                                                {"7.5", "a number with a fraction"},
                                                                                {"\"{}\"", "a string"},
                                                                                {"[]", "an array"},
                                                                                {R"([{"name":"n"}])", "an array"}}) {
        refused(payload, "wanted an object, found " + found);
        std::string const why = ": wanted an object, found " + found;
        BOOST_TEST(peer.call("logic", "any", payload) == game_answer(400, "logic.any" + why, ""));
        BOOST_TEST(peer.call("logic", "ping", payload) == game_answer(400, "logic.ping" + why, ""));
    }
}

BOOST_AUTO_TEST_CASE(invalid_json_is_400) {
    for (std::string_view const payload : {" ",
                                           "\t\n",
                                           "{",
                                           "}",
                                           "{]",
                                           R"({"name")",
                                           R"({"name":)",
                                           R"({"name":"n")",
                                           R"({"name":"n"}})",
                                           R"({"name":"n"} x)",
                                           R"({"name":"n",})",
                                           R"({name:"n"})",
                                           R"({'name':'n'})",
                                           R"({"name":"n"}{"name":"n"})",
                                           R"({"name":nul})",
                                           R"({"name":"a
b"})",
                                           R"({"name":"\x"})",
                                           R"({"name":"\u12"})",
                                           "\xef\xbb\xbf{\"name\":\"n\"}",
                                           R"({"name":"n" /* no */})",
                                           R"({"name":NaN})",
                                           R"({"name":01})",
                                           R"({"name":.5})",
                                           R"({"name":+1})"})
        refused(payload);
    refused(std::string_view("{\"name\":\"n\"}\0", 13));
    refused(std::string_view("{\"name\":\"a\0b\"}", 14));
}

BOOST_AUTO_TEST_CASE(invalid_utf8_is_400) {
    for (std::string_view const bad : {"\x80", "\xc3", "\xc3(", "\xc0\x80", "\xe2\x82", "\xed\xa0\x80",
                                       "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "\xfe"}) {
        refused("{\"name\":\"" + std::string(bad) + "\"}");
        refused("{\"" + std::string(bad) + "\":1}");
    }
    refused("\xff");
}

BOOST_AUTO_TEST_CASE(unpaired_surrogates_are_400) {
    for (std::string_view const bad : {R"(\ud800)", R"(\udc00)", R"(\ud800x)", R"(\ud800\n)", R"(\ud800\ud800)",
                                       R"(\udc00\ud800)", R"(\uD83D\u0041)"})
        refused("{\"name\":\"" + std::string(bad) + "\"}");
    BOOST_TEST(peer.call("logic", "find", R"({"name":"\ud83d\ude00"})") == success("\"\U0001F600\""));
}

BOOST_AUTO_TEST_CASE(huge_numbers_are_400) {
    refused(R"({"name":"n","page":1e999})");
    refused(R"({"name":"n","page":-1e999})");
    refused(R"({"name":"n","page":18446744073709551616})");
    refused("{\"name\":\"n\",\"page\":1" + std::string(5000, '0') + "}");
    refused("{\"name\":\"n\",\"page\":-1" + std::string(5000, '0') + "}");
    for (char const* const number : {"1e999", "-1e999", "18446744073709551616", "-9223372036854775809"}) {
        game_answer const answer = peer.call("logic", "any", "{\"n\":" + std::string(number) + "}");
        BOOST_TEST_CONTEXT(number << " gives " << answer)
        BOOST_TEST(answer.code == 400);
    }
    BOOST_TEST(peer.call("logic", "any", R"({"n":18446744073709551615})") == success(R"({"n":18446744073709551615})"));
    BOOST_TEST(peer.call("logic", "any", R"({"n":1e-999})") == success(R"({"n":0.0})"));
}

BOOST_AUTO_TEST_CASE(duplicate_keys_are_400) {
    refused(R"({"name":"a","name":"b"})", R"(duplicate field "name")");
    refused(R"({"name":"a","n\u0061me":"b"})", R"(duplicate field "name")");
    refused(R"({"name":"a","items":[{"level":1,"level":1}]})", R"(items[0]: duplicate field "level")");
    BOOST_TEST(peer.call("logic", "any", R"({"a":{"b":1,"b":2}})") ==
               game_answer(400, R"(logic.any: a: duplicate key "b")", ""));
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_400) {
    BOOST_TEST(peer.call("logic", "any", "{\"a\":" + nested(60) + "}").code == 0);
    for (std::size_t const depth : {65u, 1000u, 100'000u, 1'000'000u}) {
        game_answer const answer = peer.call("logic", "any", "{\"a\":" + nested(depth) + "}");
        BOOST_TEST(answer.code == 400);
        BOOST_TEST(answer.message.starts_with("logic.any: "));
        BOOST_TEST(answer.message.size() < 300u);
        refused("{\"name\":" + std::string(depth, '['));
    }
}

BOOST_AUTO_TEST_CASE(unknown_names_are_404) {
    BOOST_TEST(peer.call("nope", "find") == game_answer(404, R"("nope.find": unknown service "nope")", ""));
    BOOST_TEST(peer.call("logic", "nope") ==
               game_answer(404, R"("logic.nope": service "logic" has no method "nope")", ""));
    BOOST_TEST(peer.call("Logic", "find").code == 404);
    BOOST_TEST(peer.call("logic", "Find").code == 404);
    for (std::string_view const name : {"", ".", "..", "find", "logic.", ".find", " logic.find", "logic.find "})
        BOOST_TEST(peer.call("", name).code == 404);
    BOOST_TEST(peer.call("logic", "").code == 404);
    BOOST_TEST(peer.call_with("").code == 404); // an empty RpcRequest is one
}

BOOST_AUTO_TEST_CASE(unknown_names_come_back_short_and_harmless) {
    std::string const long_name(1'000'000, 'x');
    for (game_answer const& answer :
         {peer.call(long_name, "m"), peer.call("logic", long_name), peer.call("", long_name)}) {
        BOOST_TEST(answer.code == 404);
        BOOST_TEST(answer.message.size() < 400u);
    }
    game_answer const answer = peer.call("a\nb", "c\x1b[2J");
    BOOST_TEST(answer.message.find_first_of("\n\x1b") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(requests_that_are_none_are_a_grpc_status) {
    BOOST_TEST(status_of("\xff").starts_with("INTERNAL: game.grpc.RpcRequest: "));
    BOOST_TEST(status_of("\x0a\x05"
                         "ab")
                   .starts_with("INTERNAL: game.grpc.RpcRequest: "));
    BOOST_TEST(status_of("\x0a\x01\xff") == "INTERNAL: game.grpc.RpcRequest: service_name is not UTF-8, at offset 3");
    BOOST_TEST(status_of("\x12\x01\xff").starts_with("INTERNAL: game.grpc.RpcRequest: method_name is not UTF-8"));
}

BOOST_AUTO_TEST_CASE(wrong_numbers_of_messages_are_a_grpc_status) {
    std::string const request = envelope("logic", "ping");
    probe_call none, two;
    BOOST_TEST_REQUIRE(none.open(*peer.client, game_peer::call_path));
    none.stream->call().half_close();
    BOOST_TEST_REQUIRE(two.open(*peer.client, game_peer::call_path));
    BOOST_TEST_REQUIRE(two.send(request));
    peer.poll();
    BOOST_TEST(!two.outcome); // one message is not the end of a request
    BOOST_TEST_REQUIRE(two.send(request));
    two.stream->call().half_close();
    peer.poll();
    BOOST_TEST_REQUIRE((none.outcome && two.outcome));
    BOOST_TEST(none.outcome->to_string().starts_with("UNIMPLEMENTED: "));
    BOOST_TEST(two.outcome->to_string().starts_with("UNIMPLEMENTED: "));
}

BOOST_AUTO_TEST_CASE(errors_that_a_handler_chose_go_to_the_client) {
    std::map<int, int> const codes{{1, 499},  {2, 500},  {3, 400},  {4, 504},  {5, 404},  {6, 409},
                                   {7, 403},  {8, 429},  {9, 400},  {10, 409}, {11, 400}, {12, 501},
                                   {13, 500}, {14, 503}, {15, 500}, {16, 401}};
    for (char const* const method : {"refuse", "refuse_later", "refuse_by_throw", "refuse_by_throw_later"})
        for (auto const& [code, number] : codes)
            BOOST_TEST(peer.call("logic", method, "{\"code\":" + std::to_string(code) + ",\"message\":\"my words\"}") ==
                       game_answer(number, "my words", ""));
    BOOST_TEST(peer.log->lines.empty());
}

BOOST_AUTO_TEST_CASE(numbers_that_a_handler_chose_go_to_the_client) {
    for (int const code : {1, 42, 200, 404, 418, 500, 599, 100'000, 2147483647, -1, -2147483647})
        for (char const* const method : {"choose", "choose_by_throw"})
            BOOST_TEST(peer.call("logic", method, "{\"code\":" + std::to_string(code) + ",\"message\":\"\"}") ==
                       game_answer(code, "", ""));
}

BOOST_AUTO_TEST_CASE(unexpected_exceptions_go_to_the_log_only) {
    for (char const* const method : {"crash", "crash_later", "crash_oddly", "crash_oddly_later", "abort_later"}) {
        game_answer const answer = peer.call("logic", method);
        std::string const whose = "logic." + std::string(method) + ": ";
        BOOST_TEST_CONTEXT(answer) {
            BOOST_TEST(answer.code == 500);
            BOOST_TEST(answer.message.starts_with(whose + "the handler failed (call id "));
            BOOST_TEST(answer.message.find("secret") == std::string::npos);
            BOOST_TEST(answer.payload == "");
        }
        BOOST_TEST_REQUIRE(peer.log->lines.size() == 1u);
        BOOST_TEST(peer.log->lines[0].starts_with("/game.grpc.GameService/Call " + whose));
        peer.log->lines.clear();
    }
    peer.call("logic", "crash");
    BOOST_TEST(peer.log->lines[0] == "/game.grpc.GameService/Call logic.crash: the secret");
}

BOOST_AUTO_TEST_CASE(answers_that_cannot_be_written_are_500) {
    BOOST_TEST(peer.call("logic", "bad_text") == game_answer(500, "logic.bad_text: invalid UTF-8", ""));
    BOOST_TEST(peer.call("logic", "bad_text_later") == game_answer(500, "logic.bad_text_later: invalid UTF-8", ""));
    BOOST_TEST(peer.call("logic", "bad_inner_text") ==
               game_answer(500, "logic.bad_inner_text: [1].a: invalid UTF-8", ""));
    game_answer const bad_enum = peer.call("logic", "bad_enum");
    BOOST_TEST(bad_enum.code == 500);
    BOOST_TEST(bad_enum.message.starts_with("logic.bad_enum: "));
}

BOOST_AUTO_TEST_CASE(an_error_with_the_status_ok_is_no_value) {
    BOOST_TEST(peer.call("logic", "no_error") == game_answer(500, "logic.no_error: an error with the status OK", ""));
    BOOST_TEST(peer.call("logic", "no_error_and_no_value") == success(""));
}

BOOST_AUTO_TEST_CASE(errors_whose_words_are_not_utf8_keep_their_code) {
    BOOST_TEST(peer.call("logic", "bad_message") ==
               game_answer(404, "logic.bad_message: the message of this error is not UTF-8", ""));
}

BOOST_AUTO_TEST_CASE(other_calls_on_the_connection_go_on) {
    probe_call waiting;
    BOOST_TEST_REQUIRE(waiting.open(*peer.client, game_peer::call_path));
    refused("{\"name\":\"\xff\"}");
    BOOST_TEST(status_of("\xff").starts_with("INTERNAL"));
    BOOST_TEST(peer.call("logic", "crash").code == 500);
    BOOST_TEST_REQUIRE(waiting.send(envelope("logic", "find", R"({"name":"n"})")));
    waiting.stream->call().half_close();
    peer.poll();
    BOOST_TEST_REQUIRE(waiting.messages.size() == 1u);
    BOOST_TEST(game_answer(waiting.messages[0]) == success(R"("n")"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test::call_refuse_tests
