//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/call_payload.hpp"
#include "joust/game/message_pack.hpp"
#include "joust/game/protobuf.hpp"
#include "joust/game/services.hpp"
#include "support/game_peer.hpp"
#include "support/run.hpp"
#include "support/spelled_codec.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

// Services whose calls come in other codecs than JSON, as a stock client sees them.

namespace joust::test {

BOOST_AUTO_TEST_SUITE(payload_codecs)

namespace {

using asio::awaitable;
using answers = std::vector<game_answer>;

struct number {
    int n = 0;
    double half = 0.5;
};
BOOST_DESCRIBE_STRUCT(number, (), (n, half))

struct logic {
    int calls = 0;

    number twice(number a) { return ++calls, number{2 * a.n, 2 * a.half}; }
    awaitable<number> twice_later(number a) { co_return twice(a); }
    boost::json::value echo(boost::json::value v) { return ++calls, v; }
    void nothing() { ++calls; }
    result<int> refuse() { return status(status_code::permission_denied, "not you"); }
    result<int> unsupported() {
        status s(status_code::unknown, "no such media");
        s.set_application_code(415);
        return s;
    }
    std::string spoilt() { return "\xff"; }
    awaitable<std::string> count(number to, game::responses<number>& out) {
        for (int i = 0; i != to.n; ++i) {
            number const next{i};
            auto pushing = out.async_push(next);
            (co_await std::move(pushing)).value();
        }
        co_return "done";
    }
    result<::game::grpc::RpcResponse> answer(::game::grpc::RpcRequest const& r) {
        ++calls;
        ::game::grpc::RpcResponse response;
        response.set_code(static_cast<int>(r.metadata().size()));
        response.set_message(r.method_name());
        return response;
    }
    number described_answer(::game::grpc::RpcRequest const&) { return ++calls, number{}; }
};
BOOST_DESCRIBE_STRUCT(logic, (),
                      (twice, twice_later, echo, nothing, refuse, unsupported, spoilt, count, answer, described_answer))

game::services_options all_codecs() {
    game::services_options o;
    o.codecs.push_back(std::make_shared<spelled_codec>());
    o.codecs.push_back(game::protobuf_codec());
    return o;
}

struct codec_peer {
    std::shared_ptr<logic> object = std::make_shared<logic>();
    game::services services;
    std::unique_ptr<game_peer> peer;

    explicit codec_peer(game::services_options options = all_codecs()) : services(std::move(options)) {
        services.add("logic", object);
        peer = std::make_unique<game_peer>(services);
    }

    game_answer call(std::string_view codec, std::string_view method, std::string_view payload = {}) {
        return peer->call("logic", method, payload, {{"joust-codec", std::string(codec)}});
    }
};

using many = std::map<std::string, std::string>;

/// A JSON text in another codec.
std::string in(game::payload_codec const& codec, std::string_view text) {
    buffer out;
    BOOST_TEST_REQUIRE(game::detail::encode_payload_with(codec, text, out).ok());
    return std::string(out.view());
}

std::vector<game::any_codec> value_codecs() {
    return {game::message_pack(), std::make_shared<spelled_codec>()};
}

} // namespace

BOOST_AUTO_TEST_CASE(call_is_answered_in_the_codec_that_it_names) {
    codec_peer p;
    for (game::any_codec const& codec : value_codecs())
        for (std::string_view const method : {"twice", "twice_later"})
            BOOST_TEST(p.call(codec->name(), method, in(*codec, R"({"n":21,"half":5})")) ==
                       success(in(*codec, R"({"n":42,"half":10.0})")));
    BOOST_TEST(p.call("msgpack", "twice", "\x81\xa1n\x15").payload ==
               "\x82\xa1n\x2a\xa4half\xcb\x3f\xf0" + std::string(6, '\0'));
}

BOOST_AUTO_TEST_CASE(json_may_be_named_too) {
    codec_peer p;
    BOOST_TEST(p.call("json", "twice", R"({"n":1})") == success(R"({"n":2,"half":1.0})"));
    BOOST_TEST(p.peer->call("logic", "twice", R"({"n":1})", {{"other", "msgpack"}}) ==
               success(R"({"n":2,"half":1.0})"));
}

BOOST_AUTO_TEST_CASE(nothing_is_an_empty_payload_in_every_codec) {
    codec_peer p;
    for (std::string_view const codec : {"json", "msgpack", "x-spelled", "protobuf"}) {
        BOOST_TEST(p.call(codec, "nothing") == success(""));
        BOOST_TEST(p.call(codec, "refuse") == game_answer(403, "not you", ""));
    }
    BOOST_TEST(p.call("msgpack", "twice") == success(in(*game::message_pack(), R"({"n":0,"half":1.0})")));
    BOOST_TEST(p.call("msgpack", "echo", "\x80") == success("\x80"));
}

BOOST_AUTO_TEST_CASE(codec_that_is_not_known_is_415_and_says_which_are) {
    codec_peer p;
    BOOST_TEST(
        p.call("cbor", "twice", "\xa0") ==
        game_answer(415, "logic.twice: joust-codec \"cbor\" is not known here, only json, msgpack, x-spelled, protobuf",
                    ""));
    BOOST_TEST(p.call("", "twice").code == 415);
    BOOST_TEST(p.call("MSGPACK", "twice").code == 415);
    BOOST_TEST(p.call(std::string(10'000, 'x'), "twice").message.size() < 500u);
    BOOST_TEST(p.object->calls == 0);
    BOOST_TEST(p.call("cbor", "no_such").code == 404);

    game::services_options none;
    none.codecs.clear();
    codec_peer json_only(none);
    BOOST_TEST(json_only.call("msgpack", "twice", "\x80") ==
               game_answer(415, "logic.twice: joust-codec \"msgpack\" is not known here, only json", ""));
    BOOST_TEST(codec_peer(game::services_options()).call("msgpack", "twice", "\x80").code == 0);
}

BOOST_AUTO_TEST_CASE(refusal_is_told_from_a_415_of_the_method) {
    codec_peer p;
    auto const refused = [](game_answer const& a) {
        status s(status_code::unknown, a.message);
        s.set_application_code(a.code);
        return game::is_codec_refusal(s);
    };
    BOOST_TEST(refused(p.call("cbor", "twice")));
    BOOST_TEST(refused(p.call("protobuf", "twice", "\x08\x01")));
    game_answer const own = p.call("msgpack", "unsupported");
    BOOST_TEST(own == game_answer(415, "no such media", ""));
    BOOST_TEST(!refused(own));
}

BOOST_AUTO_TEST_CASE(bad_payloads_are_400_in_every_codec_and_the_method_is_not_asked) {
    codec_peer p;
    game::any_codec const pack = game::message_pack();
    struct bad {
        std::string_view codec;
        std::string payload;
        std::string message;
    };
    bad const all[] = {
        {"json", "{", "invalid JSON at offset 1: the text ends, wanted a key in double quotes"},
        {"json", "\x80", "invalid JSON at offset 0: found \"\\x80\", wanted a value"},
        {"json", "[]", "wanted an object, found an array"},
        {"msgpack", R"({"n":1})", "invalid MessagePack at offset 1: there is something behind the value"},
        {"msgpack", "\x90", "wanted an object, found an array"},
        {"msgpack", "\xc0", "wanted an object, found null"},
        {"msgpack", "\x81", "invalid MessagePack at offset 1: the data ends, wanted a value"},
        {"msgpack", "\x81\xa1n", "invalid MessagePack at offset 3: the data ends, wanted a value"},
        {"msgpack", "\x81\xa1n\xa1x", "n: wanted an integer, found a string"},
        {"msgpack", "\x81\xa1n\xcb\x40\x24" + std::string(6, '\0'), "n: wanted an integer, found 10.0"},
        {"msgpack", "\x81\xa1x\x01", "unknown field \"x\""},
        {"msgpack", "\x82\xa1n\x01\xa1n\x01", "duplicate field \"n\""},
        {"msgpack", "\x81\xa1\xff\x01", "invalid MessagePack at offset 1: a key that is not UTF-8"},
        {"msgpack", "\x81\xa1n\xdd\xff\xff\xff\xff", "invalid MessagePack at offset 8: the data ends, wanted a value"},
        {"msgpack", "\x81\xa1n" + std::string(64, '\x91') + "\x01",
         "invalid MessagePack at offset 67: nested deeper than 64"},
        {"x-spelled", "{}", "no exclamation mark"},
        {"x-spelled", "!", "invalid JSON at offset 0: the text ends, wanted a value"},
    };
    for (bad const& b : all)
        BOOST_TEST_CONTEXT(b.codec << " " << b.message) {
            BOOST_TEST(p.call(b.codec, "twice", b.payload) == game_answer(400, "logic.twice: " + b.message, ""));
            BOOST_TEST(p.call(b.codec, "twice_later", b.payload).message == "logic.twice_later: " + b.message);
        }
    BOOST_TEST(p.call("protobuf", "answer", "\x0a\x05x") ==
               game_answer(400, "logic.answer: this is no game.grpc.RpcRequest", ""));
    BOOST_TEST(p.object->calls == 0);
}

BOOST_AUTO_TEST_CASE(malformed_envelopes_end_the_call_whatever_codec_they_name) {
    codec_peer p;
    std::string const whole = envelope("logic", "twice", "\x81\xa1n\x15", {{"joust-codec", "msgpack"}});
    std::size_t const without_arguments = envelope("logic", "twice").size();
    for (std::size_t size = 0; size != whole.size(); ++size)
        BOOST_TEST_CONTEXT("cut at " << size) {
            probe_call call;
            p.peer->start(call, whole.substr(0, size));
            BOOST_TEST_REQUIRE(call.outcome.has_value());
            // Cut between two fields it is another request, which names nothing, or arguments without a codec.
            if (!call.messages.empty())
                BOOST_TEST(((game_answer(call.messages[0]).code == 0) == (size == without_arguments)));
            else
                BOOST_TEST(call.outcome->code() == status_code::internal);
        }
}

BOOST_AUTO_TEST_CASE(answer_that_cannot_be_written_is_500_not_a_refusal) {
    codec_peer p;
    BOOST_TEST(p.call("msgpack", "spoilt") == game_answer(500, "logic.spoilt: invalid UTF-8", ""));
    game_answer const described = p.call("protobuf", "described_answer");
    BOOST_TEST(described ==
               game_answer(500, "logic.described_answer: joust-codec \"protobuf\" carries protobuf messages only", ""));
    BOOST_TEST(p.object->calls == 1);
}

BOOST_AUTO_TEST_CASE(requests_of_a_stream_name_a_codec_each) {
    codec_peer p;
    game_stream stream(*p.peer);
    auto const ask = [&](std::string_view codec, std::string_view payload) {
        return stream.send(envelope("logic", "twice", payload, {{"joust-codec", std::string(codec)}}));
    };
    BOOST_TEST(ask("msgpack", "\x81\xa1n\x01") == answers{success(in(*game::message_pack(), R"({"n":2,"half":1.0})"))});
    BOOST_TEST(ask("json", R"({"n":2})") == answers{success(R"({"n":4,"half":1.0})")});
    BOOST_TEST(ask("cbor", "\xa0")[0].code == 415);
    BOOST_TEST(ask("x-spelled", R"(!{"n":3})") == answers{success(R"(!{"n":6,"half":1.0})")});
    BOOST_TEST(ask("msgpack", "{")[0].code == 400);
    BOOST_TEST(stream.finish() == "OK");
}

BOOST_AUTO_TEST_CASE(pushed_answers_are_in_the_codec_one_by_one_and_gathered) {
    codec_peer p;
    for (game::any_codec const& codec : value_codecs()) {
        std::string const name(codec->name());
        std::string const two = in(*codec, R"({"n":2})");
        game_stream stream(*p.peer);
        BOOST_TEST(stream.send(envelope("logic", "count", two, {{"joust-codec", name}, {"joust-answers", "many"}})) ==
                   (answers{{0, "more", in(*codec, R"({"n":0,"half":0.5})")},
                            {0, "more", in(*codec, R"({"n":1,"half":0.5})")},
                            success(in(*codec, R"("done")"))}));
        std::string const gathered = in(*codec, R"([{"n":0,"half":0.5},{"n":1,"half":0.5},"done"])");
        BOOST_TEST(stream.send(envelope("logic", "count", two, {{"joust-codec", name}})) == answers{success(gathered)});
        BOOST_TEST(p.call(name, "count", two) == success(gathered));
        BOOST_TEST(p.call(name, "count", in(*codec, R"({"n":0})")) == success(in(*codec, R"(["done"])")));
    }
}

BOOST_AUTO_TEST_CASE(messages_go_through_every_codec) {
    codec_peer p;
    ::game::grpc::RpcRequest request;
    request.set_method_name("K\u00f6nig");
    (*request.mutable_metadata())["a"] = "1";
    ::game::grpc::RpcResponse response;
    response.set_code(1);
    response.set_message("K\u00f6nig");
    BOOST_TEST(p.call("protobuf", "answer", request.SerializeAsString()) == success(response.SerializeAsString()));
    std::string_view const text = "{\"method_name\":\"K\u00f6nig\",\"metadata\":{\"a\":\"1\"}}";
    std::string_view const answered = "{\"code\":1,\"message\":\"K\u00f6nig\",\"payload\":\"\"}";
    BOOST_TEST(p.call("json", "answer", text) == success(answered));
    for (game::any_codec const& codec : value_codecs())
        BOOST_TEST(p.call(codec->name(), "answer", in(*codec, text)) == success(in(*codec, answered)));
    // Nothing is the empty message, both ways.
    BOOST_TEST(p.call("protobuf", "answer") == success(""));
    BOOST_TEST(p.call("json", "answer") == success(R"({"code":0,"message":"","payload":""})"));
}

BOOST_AUTO_TEST_CASE(structs_in_the_codec_of_messages_are_refused) {
    codec_peer p;
    BOOST_TEST(p.call("protobuf", "twice", "\x08\x01") ==
               game_answer(415, "logic.twice: joust-codec \"protobuf\" carries protobuf messages only", ""));
    BOOST_TEST(p.object->calls == 0);
}

BOOST_AUTO_TEST_CASE(interceptors_read_and_write_values_whatever_the_codec) {
    struct doubler final : game::interceptor {
        std::vector<std::string> seen;

        status before(game::call& c) override {
            result<number> arguments = game::read_arguments<number>(c);
            if (arguments.has_error())
                return arguments.error();
            seen.push_back(std::to_string(arguments->n) +
                           (c.codec() == nullptr ? " json" : " " + std::string(c.codec()->name())));
            if (arguments->n == 0)
                return game::write_answer(c, number{-1});
            arguments->n += 100;
            return game::write_arguments(c, *arguments);
        }
        status after(game::call& c) override {
            result<boost::json::object> answer = game::read_answer<boost::json::object>(c);
            if (answer.has_error())
                return answer.error();
            (*answer)["seen"] = true;
            return game::write_answer(c, *answer);
        }
    };
    codec_peer p;
    auto const hooks = std::make_shared<doubler>();
    p.services.find("logic")->use("twice", hooks);
    BOOST_TEST(p.call("json", "twice", R"({"n":1})") == success(R"({"n":202,"half":1.0,"seen":true})"));
    for (game::any_codec const& codec : value_codecs()) {
        BOOST_TEST(p.call(codec->name(), "twice", in(*codec, R"({"n":2})")) ==
                   success(in(*codec, R"({"n":204,"half":1.0,"seen":true})")));
        BOOST_TEST(p.call(codec->name(), "twice") == success(in(*codec, R"({"n":-1,"half":0.5,"seen":true})")));
        BOOST_TEST(p.call(codec->name(), "twice", in(*codec, R"({"x":2})")).code == 400);
    }
    BOOST_TEST(hooks->seen ==
                   (std::vector<std::string>{"1 json", "2 msgpack", "0 msgpack", "2 x-spelled", "0 x-spelled"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(codecs_of_a_server_are_checked) {
    struct named final : game::payload_codec {
        std::string text;
        explicit named(std::string t) : text(std::move(t)) {}
        std::string_view name() const noexcept override { return text; }
        status decode(std::string_view, json::tape_builder&) const override { return {}; }
        status encode(json::value_view, buffer&) const override { return {}; }
    };
    auto const complaint = [](std::vector<game::any_codec> codecs) {
        game::services_options options;
        options.codecs = std::move(codecs);
        try {
            game::services const services(options);
        } catch (std::invalid_argument const& e) {
            return std::string(e.what());
        }
        return std::string("none");
    };
    BOOST_TEST(complaint({}) == "none");
    BOOST_TEST(complaint({nullptr}) == "services_options.codecs: a codec is null");
    BOOST_TEST(complaint({std::make_shared<named>("json")}) ==
               "services_options.codecs: no codec can be called 'json'");
    BOOST_TEST(complaint({std::make_shared<named>("")}) == "services_options.codecs: no codec can be called ''");
    BOOST_TEST(complaint({std::make_shared<named>("a b")}) == "services_options.codecs: no codec can be called 'a b'");
    BOOST_TEST(complaint({game::message_pack(), game::message_pack()}) ==
               "services_options.codecs: two codecs are called 'msgpack'");
    BOOST_TEST(complaint({std::make_shared<named>("x-a+b.c_1")}) == "none");
}

BOOST_AUTO_TEST_CASE(codec_that_says_no_value_or_half_of_one_is_no_argument) {
    struct silent final : game::payload_codec {
        std::string_view name() const noexcept override { return "silent"; }
        status decode(std::string_view payload, json::tape_builder& value) const override {
            if (payload == "half")
                value.begin_object();
            if (payload == "throw")
                throw std::runtime_error("the secret");
            return {};
        }
        status encode(json::value_view, buffer&) const override { return {}; }
    };
    game::services_options options;
    options.codecs = {std::make_shared<silent>()};
    codec_peer p(options);
    BOOST_TEST(p.call("silent", "twice", "x") == game_answer(400, "logic.twice: no value", ""));
    BOOST_TEST(p.call("silent", "twice", "half") == game_answer(400, "logic.twice: only a part of a value", ""));
    game_answer const thrown = p.call("silent", "twice", "throw");
    BOOST_TEST(thrown.code == 500);
    BOOST_TEST(thrown.message.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
