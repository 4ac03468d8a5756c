//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "golden_calls.hpp"

#include "joust/game/client.hpp"
#include "joust/game/envelope.hpp"
#include "support/game_peer.hpp"
#include "support/run.hpp"
#include "support/scripted_channel.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <string>

// Our server and our client send, byte for byte, what stock grpcio peers sent each other.

namespace joust::test {

BOOST_AUTO_TEST_SUITE(golden)

namespace {

struct failure {
    int code = 0;
    std::string message;
};
BOOST_DESCRIBE_STRUCT(failure, (), (code, message))

struct choice {
    std::string of;
};
BOOST_DESCRIBE_STRUCT(choice, (), (of))

struct golden_service {
    boost::json::value echo(boost::json::value const& any) { return any; }
    result<game::raw_json> value(choice c) {
        static std::map<std::string, std::string> const texts{
            {"nothing", ""},        {"null", "null"},     {"zero", "0"},         {"false", "false"},
            {"empty text", "\"\""}, {"empty list", "[]"}, {"empty object", "{}"}};
        return game::raw_json(texts.at(c.of));
    }
    result<void> fail(failure f) {
        status s(status_code::unknown, f.message);
        s.set_application_code(f.code);
        return s;
    }
};
BOOST_DESCRIBE_STRUCT(golden_service, (), (echo, value, fail))

/// Names the call in what a failed check says.
std::string told(golden_call const& c) {
    return std::string(c.method) + " " + std::string(c.arguments);
}

game::services golden_services() {
    game::services services;
    services.add("golden", std::make_shared<golden_service>());
    return services;
}

} // namespace

BOOST_AUTO_TEST_CASE(envelopes_are_read_and_written_as_recorded) {
    for (golden_call const& c : golden_calls)
        BOOST_TEST_CONTEXT(told(c)) {
            game::request_view request;
            BOOST_TEST(game::decode_request(c.request, request).ok());
            BOOST_TEST(request.service_name == c.service);
            BOOST_TEST(request.method_name == c.method);
            BOOST_TEST(request.payload == c.arguments);
            if (!c.key.empty())
                BOOST_TEST(request.find_metadata(c.key).value() == c.value);
            buffer again;
            BOOST_TEST(game::encode_request(again, request).ok());
            BOOST_TEST((again.view() == c.request));

            game::response_view response;
            BOOST_TEST(game::decode_response(c.response, response).ok());
            again.clear();
            BOOST_TEST(game::encode_response(again, response).ok());
            BOOST_TEST((again.view() == c.response));
        }
}

BOOST_AUTO_TEST_CASE(server_answers_a_call_as_recorded) {
    game::services const services = golden_services();
    game_peer peer(services);
    for (golden_call const& c : golden_calls)
        BOOST_TEST_CONTEXT(told(c)) {
            probe_call call;
            peer.start(call, c.request);
            BOOST_TEST_REQUIRE(call.messages.size() == 1u);
            BOOST_TEST((call.messages[0] == c.response));
        }
}

BOOST_AUTO_TEST_CASE(server_answers_a_stream_as_recorded) {
    game::services const services = golden_services();
    game_peer peer(services);
    probe_call call;
    BOOST_TEST_REQUIRE(call.open(*peer.client, game_peer::stream_path));
    std::size_t answered = 0;
    for (golden_call const& c : golden_calls)
        BOOST_TEST_CONTEXT(told(c)) {
            BOOST_TEST_REQUIRE(call.send(c.request));
            peer.poll();
            BOOST_TEST_REQUIRE(call.messages.size() == ++answered);
            BOOST_TEST((call.messages.back() == c.response));
        }
}

BOOST_AUTO_TEST_CASE(client_asks_as_recorded_and_reads_the_answer) {
    asio::io_context io;
    auto const channel = std::make_shared<scripted_channel>(io);
    game::client const client(any_channel(channel), "golden");
    for (golden_call const& c : golden_calls) {
        if (c.service.empty()) // the whole name as that of the method: our client writes both
            continue;
        BOOST_TEST_CONTEXT(told(c)) {
            channel->answers.emplace_back(std::string(c.response));
            game::call_options options;
            if (!c.key.empty())
                options.metadata.emplace_back(c.key, c.value);
            // The arguments through a value of ours, not as the text that they were.
            game::raw_json none;
            boost::json::value with;
            if (!c.arguments.empty())
                with = *json::decode<boost::json::value>(c.arguments);
            std::optional<result<game::raw_json>> answer;
            auto const keep = [&](result<game::raw_json> r) { answer = std::move(r); };
            if (c.arguments.empty())
                client.async_call<game::raw_json>(c.method, none, options, keep);
            else
                client.async_call<game::raw_json>(c.method, with, options, keep);
            run_until(io, [&] { return answer.has_value(); });
            BOOST_TEST(channel->requests.back().path == game_peer::call_path);
            BOOST_TEST((channel->requests.back().message == c.request));

            game::response_view response;
            BOOST_TEST(game::decode_response(c.response, response).ok());
            if (response.code == 0) {
                BOOST_TEST(answer->value().text == (response.payload.empty() ? "null" : response.payload));
            } else {
                BOOST_TEST_REQUIRE(answer->has_error());
                BOOST_TEST(answer->error().application_code() == response.code);
                BOOST_TEST(answer->error().message() == response.message);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
