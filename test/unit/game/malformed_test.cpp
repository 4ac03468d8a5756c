//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/message_pack.hpp"
#include "joust/game/protobuf.hpp"
#include "joust/game/services.hpp"
#include "support/game_peer.hpp"
#include "support/run.hpp"
#include "support/spelled_codec.hpp"

#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

// Every malformed envelope and payload, through every codec: the one call fails, with the same words where there are
// values to speak of; the method is not asked; the stream and the connection go on.

namespace joust::test {

namespace {

using namespace std::string_literals;

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

struct logic {
    int calls = 0;

    std::string find(query q) { return ++calls, q.name; }
    boost::json::value any(boost::json::value v) { return ++calls, v; }
    /// Of messages of protobuf.
    ::game::grpc::RpcRequest message(::game::grpc::RpcRequest const& r) { return ++calls, r; }
};
BOOST_DESCRIBE_STRUCT(logic, (), (find, any, message))

/// JSON, and what else writes values.
std::vector<game::any_codec> value_codecs() {
    return {nullptr, game::message_pack(), std::make_shared<spelled_codec>()};
}

std::string name_of(game::any_codec const& codec) {
    return codec == nullptr ? "json" : std::string(codec->name());
}

std::string times(std::size_t n, std::string_view what) {
    std::string all;
    for (std::size_t i = 0; i != n; ++i)
        all += what;
    return all;
}

/// A JSON text in another codec.
std::string in(game::any_codec const& codec, std::string_view text) {
    if (codec == nullptr)
        return std::string(text);
    buffer out;
    BOOST_TEST_REQUIRE(game::detail::encode_payload_with(*codec, text, out).ok());
    return std::string(out.view());
}

std::string request(std::string_view codec, std::string_view method, std::string_view payload) {
    return envelope("logic", method, payload, {{"joust-codec", std::string(codec)}});
}

struct fixture {
    google::protobuf::LogSilencer quiet;
    std::shared_ptr<logic> object = std::make_shared<logic>();
    game::services services = make_services();
    game_peer peer{make_peer()};
    game_stream stream{peer};

    static game::services make_services() {
        game::services_options o;
        o.codecs.push_back(std::make_shared<spelled_codec>());
        o.codecs.push_back(game::protobuf_codec());
        return game::services(o);
    }
    game::services const& make_peer() {
        services.add("logic", object);
        return services;
    }

    /// Refused in a Call and in a stream alike, by nobody but the library.
    game_answer refused(std::string_view codec, std::string_view method, std::string_view payload) {
        int const before = object->calls;
        game_answer const answer = peer.call_with(request(codec, method, payload));
        BOOST_TEST_CONTEXT(answer) {
            BOOST_TEST(answer.code == 400);
            BOOST_TEST(answer.payload == "");
            std::string const whose = "logic." + std::string(method) + ": ";
            BOOST_TEST(answer.message.starts_with(whose));
            BOOST_TEST(answer.message.size() > whose.size());
            BOOST_TEST(answer.message.size() < 400u);
            BOOST_TEST((stream.send(request(codec, method, payload)) == std::vector<game_answer>{answer}));
        }
        BOOST_TEST(object->calls == before);
        return answer;
    }

    /// What went before has harmed nobody.
    void teardown() {
        std::string const good = request("json", "find", R"({"name":"n"})");
        BOOST_TEST((stream.send(good) == std::vector<game_answer>{success(R"("n")")}));
        BOOST_TEST(stream.finish() == "OK");
        BOOST_TEST(peer.call_with(good) == success(R"("n")"));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(malformed, fixture)

BOOST_AUTO_TEST_CASE(values_that_do_not_fit_are_told_in_the_same_words) {
    for (char const* const text : {R"({"name":"n","nmae":1})",
                                   R"({"page":1})",
                                   "{}",
                                   R"({"name":7})",
                                   R"({"name":null})",
                                   R"({"name":"n","page":"1"})",
                                   R"({"name":"n","page":1.5})",
                                   R"({"name":"n","page":10.0})",
                                   R"({"name":"n","page":3000000000})",
                                   R"({"name":"n","page":-9223372036854775808})",
                                   R"({"name":"n","page":18446744073709551615})",
                                   R"({"name":"n","page":1e300})",
                                   R"({"name":"n","items":[{"level":1},{"level":"x"}]})",
                                   R"({"name":"n","items":[{"lvl":1}]})",
                                   R"({"name":"n","items":[[]]})",
                                   R"({"name":"n","items":{}})",
                                   R"({"name":"a","name":"b"})",
                                   R"({"name":"a","items":[{"level":1,"level":1}]})",
                                   "null",
                                   "true",
                                   "7",
                                   "-7",
                                   "7.5",
                                   R"("{}")",
                                   "[]",
                                   R"([{"name":"n"}])"}) {
        std::optional<std::string> words;
        for (game::any_codec const& codec : value_codecs())
            BOOST_TEST_CONTEXT(name_of(codec) << " " << text) {
                game_answer const answer = refused(name_of(codec), "find", in(codec, text));
                BOOST_TEST(answer.message == words.value_or(answer.message));
                words = answer.message;
            }
    }
    for (char const* const text : {R"({"a":{"b":1,"b":2}})", "null", "[]", "7"}) // without a struct
        for (game::any_codec const& codec : value_codecs())
            BOOST_TEST_CONTEXT(name_of(codec) << " " << text)
    refused(name_of(codec), "any", in(codec, text));
}

BOOST_AUTO_TEST_CASE(nesting_that_is_too_deep_is_refused_in_every_codec) {
    for (std::size_t const depth : {64u, 900u})
        for (game::any_codec const& codec : value_codecs())
            BOOST_TEST_CONTEXT(name_of(codec) << " " << depth) {
                std::string const text = "{\"a\":" + times(depth, "[") + "1" + times(depth, "]") + "}";
                refused(name_of(codec), "any", in(codec, text));
            }
    for (std::size_t const depth : {10'000u, 1'000'000u}) {
        refused("json", "any", "{\"a\":" + times(depth, "["));
        refused("x-spelled", "any", "!{\"a\":" + times(depth, "["));
        refused("msgpack", "any",
                "\x81\xa1"
                "a" +
                    times(depth, "\x91"));
        refused("msgpack", "any",
                times(depth, "\x81\xa1"
                             "a"));
        refused("protobuf", "message", times(depth, "\x7b")); // groups within groups
    }
}

BOOST_AUTO_TEST_CASE(payloads_that_are_cut_are_refused_in_every_codec) {
    std::string const text = R"({"name":"K\u00f6nig","page":70000,"items":[{"level":-200}]})";
    for (game::any_codec const& codec : value_codecs()) {
        std::string const whole = in(codec, text);
        for (std::size_t size = 1; size != whole.size(); ++size)
            BOOST_TEST_CONTEXT(name_of(codec) << " cut at " << size)
        refused(name_of(codec), "find", whole.substr(0, size));
        for (char const* const behind : {"x", "{}", "\x01", "\xc0", "!"})
            BOOST_TEST_CONTEXT(name_of(codec) << " and then " << behind)
        refused(name_of(codec), "find", whole + behind);
    }
    ::game::grpc::RpcRequest m;
    m.set_method_name("m");
    m.set_payload("payload");
    (*m.mutable_metadata())["k"] = "v";
    std::string const whole = m.SerializeAsString();
    for (std::size_t size = 1; size != whole.size(); ++size)
        if (!::game::grpc::RpcRequest().ParseFromString(whole.substr(0, size))) // else it is a smaller message
            BOOST_TEST_CONTEXT("protobuf cut at " << size)
    refused("protobuf", "message", whole.substr(0, size));
}

BOOST_AUTO_TEST_CASE(texts_that_are_not_utf8_are_refused_in_every_codec) {
    for (std::string const bad : {"\x80", "\xc3", "\xc3(", "\xc0\x80", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                  "\xf8\x88\x80\x80\x80", "\xff", "\xfe"}) {
        std::string const sized = static_cast<char>(0xa0 + bad.size()) + bad;
        std::string const tagged = static_cast<char>(bad.size()) + bad;
        refused("json", "find", "{\"name\":\"" + bad + "\"}");
        refused("json", "find", "{\"" + bad + "\":1}");
        refused("x-spelled", "find", "!{\"name\":\"" + bad + "\"}");
        refused("msgpack", "find", "\x81\xa4name" + sized);
        refused("msgpack", "find", "\x81" + sized + "\x01");
        refused("msgpack", "any",
                "\x81\xa1"
                "a\x91" +
                    sized);
        refused("protobuf", "message", "\x12" + tagged);
        refused("protobuf", "message", "\x22" + (static_cast<char>(bad.size() + 2) + ("\x0a" + tagged)));
    }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_value_are_refused) {
    for (std::string const& bad : std::vector<std::string>{"\xc1",     // no value begins so
                                                           "\x80\x80", // two values
                                                           "{}",
                                                           "[]",
                                                           "null",
                                                           R"({"name":"n"})", // JSON
                                                           "\x81\x01\xc0",
                                                           "\x81\xc0\xc0", // keys that are no strings
                                                           "\x81\x90\xc0",
                                                           "\x81\x80\xc0", //
                                                           "\x81\xca\x3f\xc0" + std::string(2, '\0') + "\xc0",
                                                           "\xc4\x01x",
                                                           "\xc5\x01",
                                                           "\xc6", // binary data
                                                           "\xd4\x01x",
                                                           "\xd6\xff" + std::string(4, '\0'),
                                                           "\xc7\x01\x01x",
                                                           "\xc9", // extensions, a timestamp
                                                           "\xdb\xff\xff\xff\xff"
                                                           "a",
                                                           "\xda\xff\xff",
                                                           "\xd9\xff", // lengths that lie
                                                           "\xdd\xff\xff\xff\xff\x01",
                                                           "\xdf\xff\xff\xff\xff\xa1k\x01",
                                                           "\xdc\xff\xff",
                                                           "\xde\xff\xff\xa1k",
                                                           "\x81\xa4name\xdb\x7f\xff\xff\xff",
                                                           "\xcb\x40",
                                                           "\xcd\x01",
                                                           "\xd3" + std::string(7, '\0')})
        for (char const* const method : {"find", "any"})
            BOOST_TEST_CONTEXT("msgpack " << bad.size() << " bytes, the first " << int(bad[0]))
    refused("msgpack", method, bad);
    for (std::string const& bad :
         std::vector<std::string>{"{}", R"({"method_name":"m"})",    // JSON
                                  std::string(1, '\0'), "\x02\x01a", // no field has the number 0
                                  "\x0c", "\x7c",                    // the end of a group that did not begin
                                  "\x7b", "\x7b\x74",                // a group without an end, or with another's
                                  "\x0e", "\x0f",                    // there are no such kinds of fields
                                  "\x7f", "\x12",
                                  "\x12\x05"
                                  "ab",                                               // it ends too soon
                                  "\x12\xff\xff\xff\xff\x0f",                         // a length that lies
                                  "\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", // a number of more than 64 bits
                                  "\x79\x01", "\x7d\x01", "\x78\x80", "\x22\x02\x0a\x05"})
        BOOST_TEST_CONTEXT("protobuf " << bad.size() << " bytes, the first " << int(bad[0])) {
            BOOST_TEST(refused("protobuf", "message", bad).message == "logic.message: this is no game.grpc.RpcRequest");
            // What takes a struct is not written so at all, whatever the bytes.
            BOOST_TEST(peer.call_with(request("protobuf", "find", bad)).code == 415);
        }
    for (char const* const bad : {"{}", "!", "! ", "!{", "!{\"name\":}", "?{\"name\":\"n\"}"})
        refused("x-spelled", "find", bad);
    for (game::any_codec const& codec : value_codecs()) // messages are objects there
        for (char const* const text :
             {"[]", "7", R"({"method_name":[]})", R"({"payload":"?"})", R"({"metadata":[1]})", R"({"no_such":1})"})
            BOOST_TEST_CONTEXT(name_of(codec) << " " << text)
    refused(name_of(codec), "message", in(codec, text));
}

BOOST_AUTO_TEST_CASE(envelopes_that_are_malformed_end_the_call_whatever_codec_they_name) {
    std::vector<game::any_codec> codecs = value_codecs();
    codecs.push_back(game::protobuf_codec());
    for (game::any_codec const& codec : codecs) {
        bool const messages = codec != nullptr && codec->name() == "protobuf";
        std::string const payload =
            messages ? ::game::grpc::RpcRequest().SerializeAsString() + "\x12\x01m" : in(codec, R"({"name":"n"})");
        std::string const whole = request(name_of(codec), messages ? "message" : "find", payload);
        BOOST_TEST(peer.call_with(whole).code == 0);
        std::vector<std::string> bad;
        for (std::size_t size = 1; size != whole.size(); ++size)
            if (!::game::grpc::RpcRequest().ParseFromString(whole.substr(0, size))) // else it is another request
                bad.push_back(whole.substr(0, size));
        for (std::string const& tail :
             {"\x0c"s, "\x0f"s, "\0"s, "\x0a\x7f"s, "\x0a\x01\xff"s, "\x12\x01\xff"s, "\x22\x03\x0a\x01\xff"s,
              "\x22\x03\x12\x01\xff"s, "\x22\x02\x0a\x05"s, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s})
            bad.push_back(whole + tail);
        for (std::string const& bytes : bad)
            BOOST_TEST_CONTEXT(name_of(codec) << " " << bytes.size() << " bytes of " << whole.size()) {
                probe_call call;
                peer.start(call, bytes);
                BOOST_TEST_REQUIRE(call.outcome.has_value());
                BOOST_TEST(call.outcome->code() == status_code::internal);
                BOOST_TEST(call.messages.empty());
                game_stream broken(peer); // of its own: it is over then
                BOOST_TEST(broken.send(whole)[0].code == 0);
                BOOST_TEST(broken.send(bytes).empty());
                BOOST_TEST(broken.outcome().starts_with("INTERNAL: game.grpc.RpcRequest"));
            }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
