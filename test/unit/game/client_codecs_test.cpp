//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/client.hpp"
#include "joust/game/envelope.hpp"
#include "joust/game/message_pack.hpp"
#include "joust/game/protobuf.hpp"

#include "game_service.pb.h"
#include "support/run.hpp"
#include "support/scripted_channel.hpp"
#include "support/spelled_codec.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

// A client with another codec than JSON, and servers that know it or don't.

namespace joust::test {

BOOST_AUTO_TEST_SUITE(client_codecs)

namespace {

struct number {
    int n = 0;

    friend bool operator==(number const&, number const&) = default;
};
BOOST_DESCRIBE_STRUCT(number, (), (n))

constexpr std::string_view packed_seven = "\x81\xa1n\x07";
constexpr std::string_view packed_eight = "\x81\xa1n\x08";

std::string answered(int code, std::string_view message, std::string_view payload = {}) {
    ::game::grpc::RpcResponse response;
    response.set_code(code);
    response.set_message(std::string(message));
    response.set_payload(std::string(payload));
    return response.SerializeAsString();
}

std::string refusal() {
    return answered(415, "logic.twice: joust-codec \"msgpack\" is not known here, only json");
}

/// `codec payload`, as it went out.
std::string sent(scripted_channel::request const& r) {
    ::game::grpc::RpcRequest request;
    BOOST_TEST_REQUIRE(request.ParseFromString(r.message));
    BOOST_TEST(request.service_name() == "logic");
    BOOST_TEST(request.method_name() == "twice");
    std::string codec = "json";
    for (auto const& [key, value] : request.metadata())
        if (key == "joust-codec")
            codec = value;
    return codec + " " + request.payload();
}

struct codec_client {
    asio::io_context io;
    std::shared_ptr<scripted_channel> channel = std::make_shared<scripted_channel>(io);
    game::client client;

    explicit codec_client(game::client_options options = packing()) : client(any_channel(channel), "logic", options) {}

    static game::client_options packing() {
        game::client_options o;
        o.codec = game::message_pack();
        return o;
    }

    template <class T = number, class Arguments = number>
    result<T> call(Arguments const& with = Arguments{7}, game::call_options const& options = {}) {
        std::optional<result<T>> outcome;
        client.async_call<T>("twice", with, options, [&](result<T> r) { outcome = std::move(r); });
        run_until(io, [&] { return outcome.has_value(); });
        return std::move(*outcome);
    }
};

std::string packed(std::string_view codec, std::string_view payload) {
    return std::string(codec) + " " + std::string(payload);
}

} // namespace

BOOST_AUTO_TEST_CASE(calls_and_answers_are_in_the_codec_of_the_client) {
    codec_client c;
    c.channel->answers.emplace_back(answered(0, "success", packed_eight));
    BOOST_TEST((c.call().value() == number{8}));
    BOOST_TEST(c.channel->requests.size() == 1u);
    BOOST_TEST(sent(c.channel->requests[0]) == packed("msgpack", packed_seven));
}

BOOST_AUTO_TEST_CASE(call_may_name_another_codec_or_json) {
    codec_client c;
    game::call_options spelled;
    spelled.codec = std::make_shared<spelled_codec>();
    game::call_options json;
    json.codec = nullptr;
    c.channel->answers.emplace_back(answered(0, "success", R"(!{"n":8})"));
    BOOST_TEST((c.call(number{7}, spelled).value() == number{8}));
    c.channel->answers.emplace_back(answered(0, "success", R"({"n":8})"));
    BOOST_TEST((c.call(number{7}, json).value() == number{8}));
    BOOST_TEST(sent(c.channel->requests[0]) == R"(x-spelled !{"n":7})");
    BOOST_TEST(sent(c.channel->requests[1]) == R"(json {"n":7})");
    c.channel->answers.emplace_back(answered(0, "success", R"({"n":8})"));
    codec_client plain{game::client_options()};
    plain.channel->answers.emplace_back(answered(0, "success", packed_eight));
    game::call_options once;
    once.codec = game::message_pack();
    BOOST_TEST((plain.call(number{7}, once).value() == number{8}));
}

BOOST_AUTO_TEST_CASE(dynamic_arguments_texts_and_nothing_go_through_a_codec) {
    codec_client c;
    c.channel->answers.emplace_back(answered(0, "success", packed_eight));
    BOOST_TEST((c.call<boost::json::value>(boost::json::value{{"n", 7}}).value() == boost::json::value{{"n", 8}}));
    c.channel->answers.emplace_back(answered(0, "success", packed_eight));
    BOOST_TEST(c.call<game::raw_json>(game::raw_json(R"({ "n": 7 })")).value().text == R"({"n":8})");
    c.channel->answers.emplace_back(answered(0, "success"));
    BOOST_TEST(c.call<game::raw_json>(game::no_arguments).value().text == "null");
    c.channel->answers.emplace_back(answered(0, "success"));
    BOOST_TEST(c.call<void>(game::raw_json()).has_value());
    BOOST_TEST(sent(c.channel->requests[0]) == packed("msgpack", packed_seven));
    BOOST_TEST(sent(c.channel->requests[1]) == packed("msgpack", packed_seven));
    BOOST_TEST(sent(c.channel->requests[2]) == "msgpack ");
    BOOST_TEST(sent(c.channel->requests[3]) == "msgpack ");
}

BOOST_AUTO_TEST_CASE(answer_in_something_else_cannot_be_read) {
    codec_client c;
    c.channel->answers.emplace_back(answered(0, "success", R"({"n":8})"));
    BOOST_TEST(
        c.call().error().to_string() ==
        "INTERNAL: the answer cannot be read: invalid MessagePack at offset 1: there is something behind the value");
    c.channel->answers.emplace_back(answered(0, "success", packed_eight.substr(0, 3)));
    BOOST_TEST(c.call().error().code() == status_code::internal);
}

/// A client of a codec, or of JSON, hears what is wrong with an answer as INTERNAL, whatever it is.
BOOST_AUTO_TEST_CASE(answers_that_are_malformed_are_internal_in_every_codec) {
    struct kind {
        game::any_codec codec;
        std::string good;
        std::vector<std::string> bad;
    };
    kind const kinds[] = {
        {nullptr, R"({"n":8})", {"{", "[]", "null", "\xff", R"({"n":"8"})", R"({"n":8,"n":8})", R"({"m":8})", "{}x"}},
        {game::message_pack(),
         std::string(packed_eight),
         {"\xc1", "\x90", "\xc0", "{}", "\x81\xa1n\xa1x", "\x82\xa1n\x08\xa1n\x08", "\x81\xa1\xff\x08",
          "\xdf\xff\xff\xff\xff", "\x81\xa1n\xdb\xff\xff\xff\xff", std::string(100'000, '\x91')}},
        {std::make_shared<spelled_codec>(), R"(!{"n":8})", {"{}", "!", "!{", "!{\"n\":\"8\"}", "!null"}},
    };
    for (kind const& k : kinds) {
        game::client_options options;
        options.codec = k.codec;
        codec_client c(options);
        auto const refused = [&](std::string const& answer) {
            c.channel->answers.emplace_back(answer);
            result<number> const r = c.call();
            BOOST_TEST_REQUIRE(r.has_error());
            BOOST_TEST(r.error().code() == status_code::internal);
            BOOST_TEST(r.error().message().size() < 400u);
        };
        std::vector<std::string> payloads = k.bad;
        for (std::size_t size = 0; size != k.good.size(); ++size)
            payloads.push_back(k.good.substr(0, size));
        for (std::string const& payload : payloads)
            BOOST_TEST_CONTEXT((k.codec == nullptr ? "json" : k.codec->name()) << " " << payload.substr(0, 40))
        refused(answered(0, "success", payload));
        std::string const whole = answered(0, "success", k.good);
        for (std::size_t size = 0; size != whole.size(); ++size)
            refused(whole.substr(0, size));
        for (char const* const tail : {"\x0c", "\x0f", "\x1a\x7f", "\x12\x01\xff", "\x08"})
            refused(whole + tail);
        c.channel->answers.emplace_back(whole);
        BOOST_TEST((c.call().value() == number{8})); // it goes on, in its codec
        game::any_codec const in = k.codec;
        BOOST_TEST(sent(c.channel->requests.back()).starts_with(in == nullptr ? "json" : in->name()));
    }
    game::client_options options;
    options.codec = game::protobuf_codec();
    codec_client c(options);
    google::protobuf::LogSilencer const quiet;
    for (std::string const bad : {"{}", "\x0c",
                                  "\x12\x05"
                                  "a",
                                  "\x12\x01\xff", "\x08\x80"}) {
        c.channel->answers.emplace_back(answered(0, "success", bad));
        ::game::grpc::RpcRequest const with;
        status const refused = c.call<::game::grpc::RpcResponse>(with).error();
        BOOST_TEST(refused.to_string() == "INTERNAL: the answer cannot be read: this is no game.grpc.RpcResponse");
    }
}

BOOST_AUTO_TEST_CASE(fallbacks_and_kept_answers_are_json_beside_a_codec) {
    game::client_options options = codec_client::packing();
    options.fallback.emplace().last_good();
    codec_client c(options);
    c.channel->answers.emplace_back(answered(0, "success", packed_eight));
    BOOST_TEST((c.call().value() == number{8}));
    BOOST_TEST(sent(c.channel->requests[0]) == packed("msgpack", packed_seven));
    c.channel->answers.emplace_back(status(status_code::unavailable, "gone"));
    BOOST_TEST((c.call().value() == number{8})); // what was kept
    c.channel->answers.emplace_back(answered(0, "success", packed_eight.substr(0, 3)));
    BOOST_TEST(c.call().error().code() == status_code::internal);
    // A message has no JSON values that another codec could write.
    game::call_options messages;
    messages.codec = game::protobuf_codec();
    BOOST_TEST(c.call(number{7}, messages).error().application_code() == 415);
    BOOST_TEST(c.channel->requests.size() == 3u);
}

BOOST_AUTO_TEST_CASE(server_without_the_codec_is_asked_again_in_json_and_later_calls_at_once) {
    codec_client c;
    c.channel->answers.emplace_back(refusal());
    c.channel->answers.emplace_back(answered(0, "success", R"({"n":8})"));
    game::call_options options;
    options.metadata = {{"realm", "north"}};
    options.headers.add("x-trace", "42");
    BOOST_TEST((c.call(number{7}, options).value() == number{8}));
    BOOST_TEST_REQUIRE(c.channel->requests.size() == 2u);
    BOOST_TEST(sent(c.channel->requests[0]) == packed("msgpack", packed_seven));
    BOOST_TEST(sent(c.channel->requests[1]) == R"(json {"n":7})");
    ::game::grpc::RpcRequest again;
    BOOST_TEST(again.ParseFromString(c.channel->requests[1].message));
    BOOST_TEST(again.metadata().size() == 1u);
    BOOST_TEST(again.metadata().at("realm") == "north");
    BOOST_TEST(c.channel->requests[1].options.metadata.get("x-trace").value() == "42");
    BOOST_TEST_REQUIRE(c.channel->requests[0].options.deadline.has_value());
    BOOST_TEST((c.channel->requests[0].options.deadline == c.channel->requests[1].options.deadline));

    c.channel->answers.emplace_back(answered(0, "success", R"({"n":8})"));
    BOOST_TEST((c.call().value() == number{8}));
    BOOST_TEST_REQUIRE(c.channel->requests.size() == 3u);
    BOOST_TEST(sent(c.channel->requests[2]) == R"(json {"n":7})");
    // What is known of the servers is known to all copies of the client.
    game::client const copy = c.client;
    c.channel->answers.emplace_back(answered(0, "success"));
    copy.async_call<void>("twice", number{1}, game::call_options(), [](result<void>) {});
    BOOST_TEST(sent(c.channel->requests[3]) == R"(json {"n":1})");
    c.io.run();
}

BOOST_AUTO_TEST_CASE(second_answer_is_final) {
    codec_client c;
    c.channel->answers.emplace_back(refusal());
    c.channel->answers.emplace_back(refusal());
    BOOST_TEST(c.call().error().application_code() == 415);
    BOOST_TEST(c.channel->requests.size() == 2u);
    codec_client d;
    d.channel->answers.emplace_back(refusal());
    d.channel->answers.emplace_back(answered(404, "gone"));
    BOOST_TEST(d.call().error().message() == "gone");
    codec_client e;
    e.channel->answers.emplace_back(refusal());
    e.channel->answers.emplace_back(status(status_code::unavailable, "lost"));
    BOOST_TEST(e.call().error().message() == "lost");
}

BOOST_AUTO_TEST_CASE(nothing_but_a_refusal_is_asked_again) {
    for (auto const& outcome : {answered(415, "no such media"), answered(400, "joust-codec \"msgpack\" is bad"),
                                answered(500, "no JSON"), answered(0, "success", packed_eight)}) {
        codec_client c;
        c.channel->answers.emplace_back(outcome);
        (void)c.call();
        BOOST_TEST(c.channel->requests.size() == 1u);
        c.channel->answers.emplace_back(answered(0, "success", packed_eight));
        BOOST_TEST(c.call().has_value());
        BOOST_TEST(sent(c.channel->requests[1]) == packed("msgpack", packed_seven));
    }
    codec_client c;
    c.channel->answers.emplace_back(status(status_code::unavailable, "lost"));
    BOOST_TEST(c.call().error().message() == "lost");
    BOOST_TEST(c.channel->requests.size() == 1u);
}

BOOST_AUTO_TEST_CASE(client_that_insists_gets_the_refusal) {
    game::client_options options = codec_client::packing();
    options.codec_fallback = std::chrono::seconds(0);
    codec_client c(options);
    c.channel->answers.emplace_back(refusal());
    status const refused = c.call().error();
    BOOST_TEST(refused.application_code() == 415);
    BOOST_TEST(game::is_codec_refusal(refused));
    BOOST_TEST(c.channel->requests.size() == 1u);
    c.channel->answers.emplace_back(refusal());
    (void)c.call();
    BOOST_TEST(sent(c.channel->requests[1]) == packed("msgpack", packed_seven));
}

BOOST_AUTO_TEST_CASE(json_is_preferred_for_the_time_of_the_option_only) {
    using game::detail::codec_memory;
    codec_memory memory(std::chrono::seconds(60));
    codec_memory::clock::time_point const now = codec_memory::clock::now();
    BOOST_TEST(!memory.prefers_json(now));
    memory.refused(now);
    BOOST_TEST(memory.prefers_json(now));
    BOOST_TEST(memory.prefers_json(now + std::chrono::seconds(59)));
    BOOST_TEST(!memory.prefers_json(now + std::chrono::seconds(60)));
    codec_memory insists(std::chrono::seconds(0));
    insists.refused(now);
    BOOST_TEST(!insists.prefers_json(now));
}

BOOST_AUTO_TEST_CASE(message_falls_back_to_the_json_of_protobuf) {
    game::client_options options;
    options.codec = game::protobuf_codec();
    codec_client c(options);
    ::game::grpc::RpcRequest with;
    with.set_method_name("m");
    c.channel->answers.emplace_back(
        answered(415, "logic.twice: joust-codec \"protobuf\" is not known here, only json"));
    c.channel->answers.emplace_back(answered(0, "success", R"({"code":3})"));
    BOOST_TEST((c.call<::game::grpc::RpcResponse>(with).value().code() == 3));
    BOOST_TEST(sent(c.channel->requests[0]) == packed("protobuf", with.SerializeAsString()));
    BOOST_TEST(sent(c.channel->requests[1]) ==
               R"(json {"service_name":"","method_name":"m","payload":"","metadata":{}})");
}

BOOST_AUTO_TEST_CASE(struct_in_the_codec_of_messages_fails_before_it_is_sent) {
    game::client_options options;
    options.codec = game::protobuf_codec();
    codec_client c(options);
    status const refused = c.call().error();
    BOOST_TEST(refused.to_string() == "UNIMPLEMENTED: joust-codec \"protobuf\" carries protobuf messages only");
    BOOST_TEST(refused.application_code() == 415);
    BOOST_TEST(c.channel->requests.empty());
}

BOOST_AUTO_TEST_CASE(cancellation_reaches_the_first_and_the_second_attempt) {
    for (bool const second : {false, true}) {
        codec_client c;
        if (second)
            c.channel->answers.emplace_back(refusal());
        asio::cancellation_signal cancel;
        std::optional<result<number>> outcome;
        game::call_options const options;
        c.client.async_call<number>(
            "twice", number{7}, options,
            asio::bind_cancellation_slot(cancel.slot(), [&](result<number> r) { outcome = std::move(r); }));
        run_until(c.io, [&] { return c.channel->waiting() == 1; });
        cancel.emit(asio::cancellation_type::terminal);
        run_until(c.io, [&] { return outcome.has_value(); });
        BOOST_TEST(outcome->error().code() == status_code::cancelled);
        BOOST_TEST(c.channel->requests.size() == (second ? 2u : 1u));
    }
}

BOOST_AUTO_TEST_CASE(cancelled_call_is_not_made_again) {
    codec_client c;
    asio::cancellation_signal cancel;
    std::optional<result<number>> outcome;
    game::call_options const options;
    c.channel->answers.emplace_back(refusal());
    c.client.async_call<number>(
        "twice", number{7}, options,
        asio::bind_cancellation_slot(cancel.slot(), [&](result<number> r) { outcome = std::move(r); }));
    cancel.emit(asio::cancellation_type::terminal); // the refusal is on its way
    run_until(c.io, [&] { return outcome.has_value(); });
    BOOST_TEST(outcome->error().code() == status_code::cancelled);
    BOOST_TEST(c.channel->requests.size() == 1u);
}

BOOST_AUTO_TEST_CASE(options_are_checked) {
    game::client_options options;
    options.codec_fallback = std::chrono::seconds(-1);
    BOOST_TEST(validate(options).value() == "codec_fallback must not be negative");
    BOOST_TEST(!validate(codec_client::packing()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
