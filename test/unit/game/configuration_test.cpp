//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/configuration.hpp"

#include "game/config/node.hpp"
#include "support/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace joust::game {

BOOST_AUTO_TEST_SUITE(configuration_)

namespace {

using namespace std::chrono_literals;

configuration parsed(std::string_view text) {
    return configuration::parse(text).value();
}

std::string refusal(std::string_view text) {
    auto const r = configuration::parse(text);
    return r.has_error() ? r.error().message() : "none";
}

/// Of one member of the client `c`.
std::string client_refusal(std::string const& member) {
    return refusal("{\"clients\": {\"c\": {" + member + "}}}");
}

struct counter {
    int next() { return 1; }
    int last() { return 2; }
};
BOOST_DESCRIBE_STRUCT(counter, (), (next, last))

} // namespace

BOOST_AUTO_TEST_CASE(nothing_is_the_defaults) {
    configuration const c = parsed("{}");
    BOOST_TEST(c.clients.empty());
    BOOST_TEST(c.server.listen.empty());
    BOOST_TEST(c.server.options.max_connections == server_options().max_connections);
    configuration const named = parsed(R"({"clients": {"logic": {}}})");
    BOOST_TEST(named.clients.at("logic").options.channel.max_connections == 20u);
    BOOST_TEST(named.clients.at("logic").options.channel.circuit_breaker.has_value());
}

BOOST_AUTO_TEST_CASE(names_that_come_twice_are_refused) {
    BOOST_TEST(refusal(R"({"clients": {"a": {"timeout": "1s", "timeout": "2s"}, "b": {"timeout": "1s"}, "a": {}}})") ==
               "clients.a.timeout: given twice\nclients.a: given twice");
    BOOST_TEST(refusal(R"({"server": {}, "clients": {}, "server": {"listen": ["a:1"]}})") == "server: given twice");
    BOOST_TEST(refusal(R"({"server": {"services": {"s": {"m": {}, "m": {}}}}})") == "server.services.s.m: given twice");
    BOOST_TEST(refusal(R"({"server": {}, /* twice */ "ser\u0076er": {}})") == "server: given twice");
}

BOOST_AUTO_TEST_CASE(malformed_addresses_are_refused) {
    BOOST_TEST(refusal(R"({"server": {"listen": ["127.0.0.1:1", "nonsense", "127.0.0.1:99999"]},
                           "clients": {"": {}, "a": {"address": "dns:///"}}})") ==
               "server.listen[1]: address 'nonsense': the port is missing (host:port)\n"
               "server.listen[2]: address '127.0.0.1:99999': the port must be a number from 0 to 65535\n"
               "clients: a client needs a name\n"
               "clients.a.address: target 'dns:///': address '': the port is missing (host:port)");
    BOOST_TEST(refusal(R"({"server": {"listen": ["a:1,b:2"]}})") ==
               "server.listen[0]: must be one address, host:port or unix:path");
    BOOST_TEST(refusal(R"({"server": {"listen": ["unix:a", "unix-abstract:b", "[::1]:0", "dns:///c:1"]},
                           "clients": {"a": {"address": "a:1,b:2"}, "b": {"address": "env:B"}}})") == "none");
}

BOOST_AUTO_TEST_CASE(a_whole_file) {
    configuration const c = parsed(R"({
        // of the server
        "server": {
            "listen": ["0.0.0.0:50051", "unix:/run/game.sock"],
            "max_receive_message_size": "16MiB",
            "max_connections": 1000,
            "max_connection_age": "1.5h",
            "use_strands": false,
            "keepalive": {"time": null, "timeout": "300ms"},
            "pings": {"min_interval": "10s"},
            "arguments": {"ignore_unknown_fields": true},
            "answers": {"omit_empty": true},
            "min_heartbeat": "5s",
            "codecs": [],
            "introspection": false,
        },
        "clients": {
            "logic": {
                "address": "dns:///logic:50051",
                "service": "logic_eu",
                "timeout": "500ms",
                "arguments": {"omit_empty": true},
                "answers": {"max_depth": 3},
                "codec": "msgpack",
                "codec_fallback": "10s",
                "min_connections": 1,
                "max_connections": 2,
                "backoff_jitter": 0.5,
                "balancer": "least_request",
                "retry": {"max_attempts": 2, "retryable_status_codes": ["UNAVAILABLE", "ABORTED"]},
                "circuit_breaker": {"failure_rate": 0.5},
                "health_check": null,
                "outlier_detection": {},
                "service_config": {"methodConfig": []},
                "send_queue": 4096
            }
        }
    })");
    auto const& s = c.server;
    BOOST_TEST((s.listen == std::vector<std::string>{"0.0.0.0:50051", "unix:/run/game.sock"}));
    BOOST_TEST(s.options.max_receive_message_size == 16u * 1024 * 1024);
    BOOST_TEST(s.options.max_connections == 1000u);
    BOOST_CHECK(s.options.max_connection_age == 90min);
    BOOST_TEST(!s.options.use_strands);
    BOOST_TEST(!s.options.keepalive.time.has_value());
    BOOST_CHECK(s.options.keepalive.timeout == 300ms);
    BOOST_CHECK(s.options.pings.min_interval == 10s);
    BOOST_TEST(s.service_options.arguments.ignore_unknown_fields);
    BOOST_TEST(s.service_options.answers.omit_empty);
    BOOST_CHECK(s.service_options.min_heartbeat == 5s);
    BOOST_TEST(s.service_options.codecs.empty());
    BOOST_TEST(!s.service_options.introspection);
    auto const& o = c.clients.at("logic").options;
    BOOST_TEST(c.clients.at("logic").address == "dns:///logic:50051");
    BOOST_TEST(o.service == "logic_eu");
    BOOST_CHECK(o.timeout == 500ms);
    BOOST_TEST(o.arguments.omit_empty);
    BOOST_TEST(o.answers.max_depth == 3u);
    BOOST_TEST_REQUIRE(o.codec != nullptr);
    BOOST_TEST(o.codec->name() == "msgpack");
    BOOST_CHECK(o.codec_fallback == 10s);
    BOOST_TEST(o.channel.max_connections == 2u);
    BOOST_TEST(o.channel.backoff_jitter == 0.5);
    BOOST_TEST(o.channel.balancer != nullptr);
    BOOST_TEST(o.channel.retry->max_attempts == 2u);
    BOOST_TEST(
        (o.channel.retry->retryable_status_codes == status_code_set{status_code::unavailable, status_code::aborted}));
    BOOST_TEST(o.channel.circuit_breaker->failure_rate.value() == 0.5);
    BOOST_TEST(o.channel.circuit_breaker->consecutive_failures == 5u);
    BOOST_TEST(!o.channel.health_check.has_value());
    BOOST_TEST(o.channel.outlier_detection.has_value());
    BOOST_TEST(o.channel.service_config == R"({"methodConfig":[]})");
    BOOST_TEST(o.channel.send_queue == 4096u);
}

BOOST_AUTO_TEST_CASE(unknown_names_come_with_a_suggestion) {
    BOOST_TEST(client_refusal(R"("max_conections": 3)") ==
               "clients.c.max_conections: unknown; did you mean max_connections?");
    BOOST_TEST(client_refusal(R"("retry": {"max_atempts": 3})") ==
               "clients.c.retry.max_atempts: unknown; did you mean max_attempts?");
    BOOST_TEST(client_refusal(R"("colour": 3)") == "clients.c.colour: unknown");
    BOOST_TEST(refusal(R"({"servre": {}})") == "servre: unknown; did you mean server?");
    BOOST_TEST(client_refusal("\"" + std::string(5000, 'x') + "\": 1").ends_with("x: unknown"));
}

BOOST_AUTO_TEST_CASE(all_mistakes_are_told_at_once) {
    BOOST_TEST(refusal(R"({"server": {"listen": 5, "max_connections": -1},
                           "clients": {"a": {"timeout": 3, "x": 1}, "b": {"max_connections": 0}, "c": 7}})") ==
               "server.listen: must be a list of texts\n"
               "server.max_connections: must be a whole number from 0 to 18446744073709551615\n"
               "clients.a.timeout: must be a duration such as \"1.5s\", \"300ms\" or \"2h\"\n"
               "clients.a.x: unknown\n"
               "clients.b.max_connections: must be from 1 to 10000\n"
               "clients.c: must be an object");
}

BOOST_AUTO_TEST_CASE(wrong_types_and_ranges_name_the_path) {
    BOOST_TEST(client_refusal(R"("use_strand": 1)") == "clients.c.use_strand: must be true or false");
    BOOST_TEST(client_refusal(R"("user_agent": 1)") == "clients.c.user_agent: must be a text");
    BOOST_TEST(client_refusal(R"("backoff_multiplier": "2")") == "clients.c.backoff_multiplier: must be a number");
    BOOST_TEST(client_refusal(R"("backoff_multiplier": 0.5)") == "clients.c.backoff_multiplier: must be at least 1");
    BOOST_TEST(client_refusal(R"("min_connections": 1.5)") ==
               "clients.c.min_connections: must be a whole number from 0 to 18446744073709551615");
    BOOST_TEST(client_refusal(R"("stream_window": "4 MiB")") ==
               "clients.c.stream_window: must be a size: bytes, or a text such as \"4MiB\"");
    BOOST_TEST(client_refusal(R"("stream_window": "8GiB")") == "clients.c.stream_window: must be at most 4294967295B");
    BOOST_TEST(client_refusal(R"("stream_window": true)") ==
               "clients.c.stream_window: must be a size: bytes, or a text such as \"4MiB\"");
    for (std::string const wrong : {"\"\"", "\"5\"", "\"-1s\"", "\"1.s.\"", "\"s\"", "\"1 s\"", "\"1y\"", "null", "[]"})
        BOOST_TEST(client_refusal("\"connect_timeout\": " + wrong) ==
                   "clients.c.connect_timeout: must be a duration such as \"1.5s\", \"300ms\" or \"2h\"");
    BOOST_TEST(client_refusal(R"("connect_timeout": "9000000000000h")") ==
               "clients.c.connect_timeout: must be at most 100 years");
    BOOST_TEST(client_refusal(R"("connect_timeout": "0s")") == "clients.c.connect_timeout: must be positive");
    BOOST_TEST(client_refusal(R"("timeout": "0s")") == "clients.c.timeout: must be positive");
    BOOST_TEST(client_refusal(R"("answers": {"max_depth": 0})").starts_with("clients.c.answers.max_depth: "));
    BOOST_TEST(client_refusal(R"("circuit_breaker": {"failure_rate": 2})") ==
               "clients.c.circuit_breaker.failure_rate: must be above 0 and at most 1");
    BOOST_TEST(client_refusal(R"("circuit_breaker": {"failure_codes": ["UNAVAILABLE", "SLOW", 3]})") ==
               "clients.c.circuit_breaker.failure_codes[1]: \"SLOW\" is no code such as \"UNAVAILABLE\"\n"
               "clients.c.circuit_breaker.failure_codes[2]: must be a text");
    BOOST_TEST(client_refusal(R"("balancer": "fair")").starts_with("clients.c.balancer: must be one of round_robin, "));
    BOOST_TEST(client_refusal(R"("service_config": {"methodConfig": 5})") ==
               "clients.c.service_config: methodConfig: must be an array");
    BOOST_TEST(client_refusal(R"("tls": {"min_version": "1.1"})") ==
               "clients.c.tls.min_version: must be one of 1.2, 1.3");
    BOOST_TEST(refusal(R"({"server": {"tls": {}}})").starts_with("server.tls.identities: "));
    BOOST_TEST(refusal(R"({"server": {"tls": {"identities": [{"certificat": "a"}]}}})") ==
               "server.tls.identities[0].certificat: unknown; did you mean certificate?");
}

BOOST_AUTO_TEST_CASE(codecs_are_those_of_the_library) {
    auto const json = parsed(R"({"clients": {"c": {"codec": "json"}}, "server": {"codecs": ["msgpack"]}})");
    BOOST_TEST(json.clients.at("c").options.codec == nullptr);
    BOOST_TEST_REQUIRE(json.server.service_options.codecs.size() == 1u);
    BOOST_TEST(json.server.service_options.codecs[0]->name() == "msgpack");
    BOOST_TEST(client_refusal(R"("codec": "cbor")") == "clients.c.codec: must be one of json, msgpack");
    BOOST_TEST(client_refusal(R"("codec": null)") == "clients.c.codec: must be a text");
    BOOST_TEST(refusal(R"({"server": {"codecs": ["msgpack", "cbor", 7]}})") == "server.codecs[2]: must be a text");
    BOOST_TEST(refusal(R"({"server": {"codecs": ["msgpack", "cbor"]}})") == "server.codecs[1]: must be msgpack");
    BOOST_TEST(refusal(R"({"server": {"codecs": ["msgpack", "msgpack"]}})") ==
               "server.codecs: two codecs are called 'msgpack'");
    BOOST_TEST(refusal(R"({"server": {"min_heartbeat": "0s"}})") == "server.min_heartbeat: must be positive");
    BOOST_TEST(refusal(R"({"server": {"arguments": {"max_depth": 0}}})") ==
               "server.arguments.max_depth: must be from 1 to 1000");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_told_with_its_line) {
    BOOST_TEST(refusal("{\n\"server\": {\n]").starts_with("not JSON, in line 3: "));
    BOOST_TEST(refusal("").starts_with("not JSON, in line 1: "));
    BOOST_TEST(refusal("[]") == "must be an object");
}

BOOST_AUTO_TEST_CASE(methods_get_what_the_file_says_and_keep_the_rest) {
    services all;
    service& s = all.add("counter", std::make_shared<counter>());
    method_options known;
    known.description = "counts";
    s.method("next", known);
    configuration const c = parsed(R"({"server": {"services": {"counter": {"next": {"timeout": "70ms"}}}}})");
    c.server.apply(all);
    configuration().server.apply(all);
    BOOST_CHECK(s.find("next")->options.timeout == 70ms);
    BOOST_TEST(s.find("next")->options.description == "counts");
    BOOST_CHECK(!s.find("last")->options.timeout);
    configuration const wrong = parsed(R"({"server": {"services": {"counter": {"nxt": {}}}}})");
    BOOST_CHECK_EXCEPTION(wrong.server.apply(all), std::invalid_argument, [](auto const& e) {
        return std::string(e.what()) == "server.services.counter.nxt: the service has no such method";
    });
    configuration const other = parsed(R"({"server": {"services": {"other": {}}}})");
    BOOST_CHECK_EXCEPTION(other.server.apply(all), std::invalid_argument, [](auto const& e) {
        return std::string(e.what()) == "server.services.other: there is no such service";
    });
    BOOST_TEST(refusal(R"({"server": {"services": {"counter": {"next": {"timeout": "0s"}}}}})")
                   .starts_with("server.services.counter.next.timeout: must "));
    BOOST_TEST(refusal(R"({"server": {"services": {"counter": {"next": {"timeuot": "1s"}}}}})") ==
               "server.services.counter.next.timeuot: unknown; did you mean timeout?");
}

BOOST_AUTO_TEST_CASE(files_are_relative_to_the_configuration) {
    test::scratch_folder const folder;
    std::string const file = folder.path("game.json");
    auto const write = [&](std::string_view text) { std::ofstream(file) << text; };
    write(R"({"clients": {"logic": {"tls": {"ca": "ca.pem", "identity": {"certificate": "/etc/c.pem"}}}}})");
    auto const c = configuration::load(file);
    BOOST_TEST_REQUIRE(c.has_error()); // an identity needs a key
    BOOST_TEST(c.error().message().starts_with(file + ": clients.logic.tls.identity"));
    write(R"({"clients": {"logic": {"tls": {"ca": "ca.pem"}}}})");
    auto const good = configuration::load(file).value();
    BOOST_TEST(good.clients.at("logic").tls->ca.file == folder.path("ca.pem"));
    auto const none = configuration::load(folder.path("none.json"));
    BOOST_CHECK(none.error().code() == status_code::not_found);
    BOOST_TEST(none.error().message() == folder.path("none.json") + ": No such file or directory");
    auto const is_folder = configuration::load(folder.path("."));
    BOOST_CHECK(is_folder.error().code() == status_code::not_found);
    BOOST_TEST(is_folder.error().message() == folder.path(".") + ": Is a directory");
}

BOOST_AUTO_TEST_CASE(the_reference_has_every_option_with_its_default) {
    std::string const text = configuration_reference();
    for (std::string_view const row :
         {"| `listen` | list of texts |  |", "| `max_receive_message_size` | size | `4MiB` |",
          "| `keepalive.time` | duration or null | `2h` |", "| `tls.identities[].key` | file |  |",
          "| `circuit_breaker` | object or null | `as below` |", "| `circuit_breaker.open_time` | duration | `30s` |",
          "| `hedging` | object or null | `null` |", "| `hedging.hedging_delay` | duration | `100ms` |",
          "| `min_connections` | number | `10` |", "| `codec_fallback` | duration | `1m` |",
          "| `codecs` | list of msgpack | `msgpack` |", "| `timeout` | duration | `3s` |"})
        BOOST_TEST(text.find(row) != std::string::npos, row);
}

BOOST_AUTO_TEST_CASE(quantities_are_shown_as_they_are_read) {
    using namespace config;
    BOOST_TEST(show_duration(0s) == "0s");
    BOOST_TEST(show_duration(1500ms) == "1500ms");
    BOOST_TEST(show_duration(120s) == "2m");
    BOOST_TEST(show_size(0) == "0");
    BOOST_TEST(show_size(65536) == "64KiB");
    BOOST_TEST(show_size(0xffffffff) == "4294967295B");
    BOOST_TEST(show_number(1.6) == "1.6");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::game
