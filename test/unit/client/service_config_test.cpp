//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/service_config.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

using namespace joust;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(service_config_)

namespace {

service_config parsed(std::string_view json) {
    auto c = service_config::parse(json);
    BOOST_REQUIRE_MESSAGE(c.has_value(), (c.has_error() ? c.error().to_string() : ""));
    return *std::move(c);
}

std::string complaint(std::string_view json) {
    auto const c = service_config::parse(json);
    if (c.has_value())
        return "";
    BOOST_TEST((c.error().code() == status_code::invalid_argument));
    return c.error().message();
}

/// The complaint about one method's config, without the path to it.
std::string method_complaint(std::string_view members) {
    std::string const all = complaint(R"({"methodConfig": [{"name": [{}], )" + std::string(members) + "}]}");
    std::string_view const path = "methodConfig[0].";
    BOOST_TEST((all.empty() || all.starts_with(path)), all);
    return all.empty() ? "" : all.substr(path.size());
}

/// The same of a retry policy, all right but for one member: that gets this value, or is left out if it is empty.
std::string retry_complaint(std::string_view member, std::string_view value) {
    std::string text = R"("retryPolicy": {"unknown": 1)";
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> good = {{
        {"maxAttempts", "3"},
        {"initialBackoff", R"("0.1s")"},
        {"maxBackoff", R"("1s")"},
        {"backoffMultiplier", "2"},
        {"retryableStatusCodes", R"(["UNAVAILABLE"])"},
    }};
    for (auto const& [name, usual] : good) {
        std::string_view const used = name == member ? value : usual;
        if (!used.empty())
            text.append(", \"").append(name).append("\": ").append(used);
    }
    std::string const all = method_complaint(text + "}");
    std::string_view const path = "retryPolicy.";
    BOOST_TEST((all.empty() || all.starts_with(path)), all);
    return all.empty() ? "" : all.substr(path.size());
}

} // namespace

BOOST_AUTO_TEST_CASE(whole_config_is_read) {
    service_config const c = parsed(R"({
        "loadBalancingConfig": [{"xds_unheard_of": {"x": 1}}, {"ring_hash_experimental": {"minRingSize": 10, "maxRingSize": "20"}},
                                {"round_robin": {}}],
        "methodConfig": [
            {"name": [{"service": "game.Logic", "method": "Get"}, {"service": "game.Logic", "method": "List"}],
             "timeout": "1.5s", "waitForReady": true, "maxRequestMessageBytes": 1024, "maxResponseMessageBytes": "2048",
             "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.01s", "maxBackoff": "2s", "backoffMultiplier": 1.5,
                             "retryableStatusCodes": ["UNAVAILABLE", "aborted", 8]}},
            {"name": [{"service": "game.Logic"}],
             "hedgingPolicy": {"maxAttempts": 4, "hedgingDelay": "0.000000001s", "nonFatalStatusCodes": ["INTERNAL"]}},
            {"name": [{}], "timeout": "10s"},
            {"timeout": "7s"}
        ],
        "retryThrottling": {"maxTokens": 20, "tokenRatio": 0.5},
        "healthCheckConfig": {"serviceName": "logic"},
        "somethingNew": [1, 2, 3]
    })");
    method_config const* const get = c.find("/game.Logic/Get");
    BOOST_REQUIRE(get);
    BOOST_TEST((get->timeout == 1500ms));
    BOOST_TEST((get->wait_for_ready == true));
    BOOST_TEST((get->max_request_message_size == 1024U));
    BOOST_TEST((get->max_response_message_size == 2048U));
    BOOST_REQUIRE(get->retry.has_value());
    BOOST_TEST(get->retry->max_attempts == 3U);
    BOOST_TEST((get->retry->initial_backoff == 10ms));
    BOOST_TEST((get->retry->max_backoff == 2s));
    BOOST_TEST(get->retry->backoff_multiplier == 1.5);
    BOOST_TEST((get->retry->retryable_status_codes ==
                status_code_set{status_code::unavailable, status_code::aborted, status_code::resource_exhausted}));
    BOOST_TEST(!get->hedging.has_value());
    BOOST_REQUIRE(c.find("/game.Logic/List"));
    BOOST_TEST(c.find("/game.Logic/List")->retry.has_value());

    method_config const* const other = c.find("/game.Logic/Other");
    BOOST_REQUIRE(other);
    BOOST_REQUIRE(other->hedging.has_value());
    BOOST_TEST(other->hedging->max_attempts == 4U);
    BOOST_TEST((other->hedging->hedging_delay == 1ns));
    BOOST_TEST((other->hedging->non_fatal_status_codes == status_code_set{status_code::internal}));
    BOOST_TEST(!other->timeout.has_value()); // not merged with that of all others

    for (auto const* path : {"/game.Chat/Get", "/game.Logic2/Get", "nonsense", "", "/"}) {
        BOOST_REQUIRE(c.find(path));
        BOOST_TEST((c.find(path)->timeout == 10s));
    }

    BOOST_REQUIRE(c.throttling.has_value());
    BOOST_TEST(c.throttling->max_tokens == 20);
    BOOST_TEST(c.throttling->token_ratio == 0.5);
    BOOST_REQUIRE(c.load_balancing.has_value());
    BOOST_TEST(c.load_balancing->policy == "ring_hash");
    BOOST_TEST(c.load_balancing->min_ring_size == 10U);
    BOOST_TEST(c.load_balancing->max_ring_size == 20U);
    BOOST_TEST(c.load_balancing->json == R"({"minRingSize":10,"maxRingSize":"20"})");
    BOOST_TEST(c.health_check_service.value_or("-") == "logic");
}

BOOST_AUTO_TEST_CASE(empty_config_configures_nothing) {
    for (auto const* text : {"{}", " {\"methodConfig\": []} ", R"({"methodConfig": null, "retryThrottling": null})"}) {
        service_config const c = parsed(text);
        BOOST_TEST(!c.find("/s/m"));
        BOOST_TEST(!c.find(""));
        BOOST_TEST(!c.throttling.has_value());
        BOOST_TEST(!c.load_balancing.has_value());
        BOOST_TEST(!c.health_check_service.has_value());
    }
    BOOST_TEST(parsed(R"({"healthCheckConfig": {"serviceName": ""}})").health_check_service.has_value());
}

BOOST_AUTO_TEST_CASE(method_without_a_default_has_none) {
    service_config const c = parsed(R"({"methodConfig": [{"name": [{"service": "a.B", "method": "C"}]}]})");
    BOOST_TEST(c.find("/a.B/C"));
    for (auto const* path : {"/a.B/D", "/a.B/", "/a.B/C/", "a.B/C", "/a.B", ""})
        BOOST_TEST(!c.find(path), path);
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_refused) {
    BOOST_TEST(complaint("").starts_with("not JSON, from offset 0: "));
    BOOST_TEST(complaint("{\"a\": 1").starts_with("not JSON, "));
    BOOST_TEST(complaint("{\"a\": 1} x").starts_with("not JSON, from offset 9: "));
    BOOST_TEST(complaint("{\"a\": \xff}").starts_with("not JSON, "));
    BOOST_TEST(complaint(std::string(1000, '[')).starts_with("not JSON, "));
    for (auto const* text : {"[]", "1", "\"x\"", "null"})
        BOOST_TEST(complaint(text) == "must be an object", text);
}

BOOST_AUTO_TEST_CASE(time_of_an_attempt_may_stand_instead_of_codes) {
    auto const config = [](std::string const& more) {
        return R"({"methodConfig": [{"name": [{}], "retryPolicy": {"maxAttempts": 2, "initialBackoff": "1s",
            "maxBackoff": "1s", "backoffMultiplier": 1)" +
               more + "}}]}";
    };
    service_config const c = parsed(config(R"(, "perAttemptRecvTimeout": "0.25s")"));
    BOOST_REQUIRE(c.find("/a/b"));
    BOOST_TEST((c.find("/a/b")->retry->per_attempt_timeout == 250ms));
    BOOST_TEST(c.find("/a/b")->retry->retryable_status_codes.empty());
    std::string const path = "methodConfig[0].retryPolicy.";
    BOOST_TEST(complaint(config(R"(, "perAttemptRecvTimeout": "0s", "retryableStatusCodes": [14])")) ==
               path + "perAttemptRecvTimeout: must be positive");
    BOOST_TEST(complaint(config("")).starts_with(path + "retryableStatusCodes: "));
}

BOOST_AUTO_TEST_CASE(complaint_names_the_path) {
    BOOST_TEST(complaint(R"({"methodConfig": [{}, {"name": []}, {"name": [{"service": "s"}], "retryPolicy": {
        "maxAttempts": 1, "initialBackoff": "1s", "maxBackoff": "1s", "backoffMultiplier": 1,
        "retryableStatusCodes": [14]}}]})") == "methodConfig[2].retryPolicy.maxAttempts: must be at least 2");
    BOOST_TEST(complaint(R"({"methodConfig": {}})") == "methodConfig: must be an array");
    BOOST_TEST(complaint(R"({"methodConfig": [null]})") == "methodConfig[0]: must not be null");
    BOOST_TEST(complaint(R"({"methodConfig": [7]})") == "methodConfig[0]: must be an object");
    BOOST_TEST(complaint(R"({"healthCheckConfig": {"serviceName": 1}})") ==
               "healthCheckConfig.serviceName: must be a string");
    BOOST_TEST(complaint(R"({"healthCheckConfig": "x"})") == "healthCheckConfig: must be an object");
}

BOOST_AUTO_TEST_CASE(names_are_checked) {
    auto const names = [](std::string const& list) {
        return complaint(R"({"methodConfig": [{"name": )" + list + "}]}");
    };
    BOOST_TEST(names(R"([{"method": "m"}])") == "methodConfig[0].name[0]: must have a service with its method");
    BOOST_TEST(names(R"([{"service": "s"}, {"service": "s", "method": ""}])") ==
               "methodConfig[0].name[1]: is already configured");
    BOOST_TEST(names(R"([{}, {}])") == "methodConfig[0].name[1]: is already configured");
    BOOST_TEST(names(R"([{"service": 1}])") == "methodConfig[0].name[0].service: must be a string");
    BOOST_TEST(names(R"({"service": "s"})") == "methodConfig[0].name: must be an array");
    BOOST_TEST(complaint(R"({"methodConfig": [{"name": [{"service": "s"}]}, {"name": [{"service": "s"}]}]})") ==
               "methodConfig[1].name[0]: is already configured");
}

BOOST_AUTO_TEST_CASE(members_of_a_method_are_checked) {
    BOOST_TEST(method_complaint(R"("timeout": "1s")") == "");
    BOOST_TEST(method_complaint(R"("timeout": 1)") == R"(timeout: must be a duration such as "1.5s")");
    BOOST_TEST(method_complaint(R"("timeout": "-1s")") == "timeout: must not be negative");
    BOOST_TEST(method_complaint(R"("waitForReady": "true")") == "waitForReady: must be true or false");
    for (auto const* size :
         {"-1", "1.5", "\"x\"", "\"\"", "4294967296", "1e300", "true", "[]", "\"99999999999999999999\""})
        BOOST_TEST(method_complaint(R"("maxRequestMessageBytes": )" + std::string(size)) ==
                       "maxRequestMessageBytes: must be a whole number from 0 to 4294967295",
                   size);
    for (auto const* size : {"0", "4294967295", "\"7\"", "1.0", "1e3"})
        BOOST_TEST(method_complaint(R"("maxResponseMessageBytes": )" + std::string(size)) == "", size);
}

BOOST_AUTO_TEST_CASE(durations_are_those_of_protobuf) {
    auto const timeout = [](std::string const& text) {
        auto const c = service_config::parse(R"({"methodConfig": [{"name": [{}], "timeout": ")" + text + "\"}]}");
        return c.has_value() ? c->find("/s/m")->timeout : std::nullopt;
    };
    BOOST_TEST((timeout("0s") == 0s));
    BOOST_TEST((timeout("-0s") == 0s));
    BOOST_TEST((timeout("1.000340012s") == 1s + 340012ns));
    BOOST_TEST((timeout("3.000000001s") == 3s + 1ns));
    BOOST_TEST((timeout("0.5s") == 500ms));
    BOOST_TEST(
        (timeout("315576000000s") == std::chrono::steady_clock::duration::max())); // longer than the clock's range
    BOOST_TEST((timeout("9223372037s") == std::chrono::steady_clock::duration::max()));
    BOOST_TEST((timeout("9223372035s") == 9223372035s));
    for (auto const* bad : {"", "s", "1", "1m", ".5s", "1.s", "1.0000000001s", "1,5s", "+1s", "--1s", " 1s", "1e3s",
                            "315576000001s", "99999999999999999999s", "1.-5s"})
        BOOST_TEST(!timeout(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(retry_policies_are_checked) {
    BOOST_TEST(retry_complaint("", "") == "");
    for (std::string const member :
         {"maxAttempts", "initialBackoff", "maxBackoff", "backoffMultiplier", "retryableStatusCodes"}) {
        BOOST_TEST(retry_complaint(member, "") == member + ": is missing");
        BOOST_TEST(retry_complaint(member, "null") == member + ": is missing");
    }
    BOOST_TEST(retry_complaint("maxAttempts", "100") == "");
    BOOST_TEST(retry_complaint("maxAttempts", "0") == "maxAttempts: must be at least 2");
    BOOST_TEST(retry_complaint("initialBackoff", R"("0s")") == "initialBackoff: must be positive");
    BOOST_TEST(retry_complaint("maxBackoff", R"("0s")") == "maxBackoff: must be positive");
    BOOST_TEST(retry_complaint("backoffMultiplier", "0") == "backoffMultiplier: must be positive");
    BOOST_TEST(retry_complaint("backoffMultiplier", R"("2")") == "backoffMultiplier: must be a number");
    BOOST_TEST(retry_complaint("retryableStatusCodes", "[]") == "retryableStatusCodes: must name at least one code");
    BOOST_TEST(retry_complaint("retryableStatusCodes", R"(["UNAVAILABLE", "OK"])") ==
               "retryableStatusCodes: must not name OK");
    BOOST_TEST(retry_complaint("retryableStatusCodes", R"(["UNAVAILABLE", "WHAT"])") ==
               "retryableStatusCodes[1]: must be a status code");
    BOOST_TEST(retry_complaint("retryableStatusCodes", "[17]") ==
               "retryableStatusCodes[0]: must be a whole number from 0 to 16");
    BOOST_TEST(retry_complaint("retryableStatusCodes", R"("UNAVAILABLE")") == "retryableStatusCodes: must be an array");
}

BOOST_AUTO_TEST_CASE(hedging_policies_are_checked) {
    BOOST_TEST(method_complaint(R"("hedgingPolicy": {"maxAttempts": 2})") == "");
    BOOST_TEST(method_complaint(R"("hedgingPolicy": {})") == "hedgingPolicy.maxAttempts: is missing");
    BOOST_TEST(method_complaint(R"("hedgingPolicy": {"maxAttempts": 1})") ==
               "hedgingPolicy.maxAttempts: must be at least 2");
    BOOST_TEST(method_complaint(R"("hedgingPolicy": {"maxAttempts": 2, "hedgingDelay": "-1s"})") ==
               "hedgingPolicy.hedgingDelay: must not be negative");
    BOOST_TEST(method_complaint(R"("hedgingPolicy": {"maxAttempts": 2, "nonFatalStatusCodes": [0]})") ==
               "hedgingPolicy.nonFatalStatusCodes: must not name OK");
    BOOST_TEST(method_complaint(R"("hedgingPolicy": {"maxAttempts": 2}, "retryPolicy": {"maxAttempts": 2,
        "initialBackoff": "1s", "maxBackoff": "1s", "backoffMultiplier": 1, "retryableStatusCodes": [14]})") ==
               "hedgingPolicy: must not stand beside retryPolicy");
    service_config const c = parsed(R"({"methodConfig": [{"name": [{}], "hedgingPolicy": {"maxAttempts": 2}}]})");
    BOOST_TEST((c.find("/s/m")->hedging->hedging_delay == 0s));
    BOOST_TEST(c.find("/s/m")->hedging->non_fatal_status_codes.empty());
}

BOOST_AUTO_TEST_CASE(throttling_is_checked) {
    auto const throttling = [](std::string const& members) {
        return complaint(R"({"retryThrottling": {)" + members + "}}");
    };
    BOOST_TEST(throttling(R"("maxTokens": 1000, "tokenRatio": 0.001)") == "");
    BOOST_TEST(throttling(R"("tokenRatio": 1)") == "retryThrottling.maxTokens: is missing");
    BOOST_TEST(throttling(R"("maxTokens": 1)") == "retryThrottling.tokenRatio: is missing");
    BOOST_TEST(throttling(R"("maxTokens": 1001, "tokenRatio": 1)") ==
               "retryThrottling.maxTokens: must be from 1 to 1000");
    BOOST_TEST(throttling(R"("maxTokens": 1, "tokenRatio": 0)") ==
               "retryThrottling.tokenRatio: must be from 0.001 to 1000");
}

BOOST_AUTO_TEST_CASE(first_known_policy_is_chosen) {
    auto const chosen = [](std::string const& list) {
        auto const c = service_config::parse(R"({"loadBalancingConfig": )" + list + "}");
        return c.has_value() ? c->load_balancing->policy : c.error().message();
    };
    BOOST_TEST(chosen(R"([{"pick_first": {}}, {"round_robin": {}}])") == "pick_first");
    BOOST_TEST(chosen(R"([{"grpclb": {}}, {"least_request_experimental": {}}])") == "least_request");
    BOOST_TEST(chosen(R"([{"weighted_round_robin": {"blackoutPeriod": "10s"}}])") == "weighted_round_robin");
    BOOST_TEST(chosen(R"([{"grpclb": {}}])") == "loadBalancingConfig: has no policy that is known");
    BOOST_TEST(chosen("[]") == "loadBalancingConfig: has no policy that is known");
    BOOST_TEST(chosen("{}") == "loadBalancingConfig: must be an array");
    BOOST_TEST(chosen(R"([{}])") == "loadBalancingConfig[0]: must name exactly one policy");
    BOOST_TEST(chosen(R"([{"x": {}, "round_robin": {}}])") == "loadBalancingConfig[0]: must name exactly one policy");
    BOOST_TEST(chosen(R"([{"round_robin": 1}])") == "loadBalancingConfig[0].round_robin: must be an object");
    BOOST_TEST(chosen(R"([{"round_robin": null}])") == "loadBalancingConfig[0].round_robin: is missing");
    BOOST_TEST(chosen(R"([{"least_request": {"choiceCount": 1}}])") ==
               "loadBalancingConfig[0].least_request.choiceCount: must be at least 2");
    BOOST_TEST(chosen(R"([{"ring_hash": {"minRingSize": 5000}}])") ==
               "loadBalancingConfig[0].ring_hash.minRingSize: must be from 1 to maxRingSize");
    BOOST_TEST(
        parsed(R"({"loadBalancingConfig": [{"least_request": {"choiceCount": 99}}]})").load_balancing->choice_count ==
        10U);
    BOOST_TEST(parsed(R"({"loadBalancingConfig": [{"pick_first": {"shuffleAddressList": true}}]})")
                   .load_balancing->shuffle_address_list);
}

BOOST_AUTO_TEST_CASE(old_policy_name_is_understood) {
    BOOST_TEST(parsed(R"({"loadBalancingPolicy": "ROUND_ROBIN"})").load_balancing->policy == "round_robin");
    BOOST_TEST(complaint(R"({"loadBalancingPolicy": "grpclb"})") == "loadBalancingPolicy: is no policy that is known");
    BOOST_TEST(parsed(R"({"loadBalancingPolicy": "grpclb", "loadBalancingConfig": [{"pick_first": {}}]})")
                   .load_balancing->policy == "pick_first");
}

BOOST_AUTO_TEST_CASE(policy_of_the_user_is_known_when_named) {
    std::string_view const json = R"({"loadBalancingConfig": [{"nearest": {"zone": "a"}}, {"round_robin": {}}]})";
    constexpr std::array<std::string_view, 1> own = {"nearest"};
    auto const c = service_config::parse(json, own);
    BOOST_REQUIRE(c.has_value());
    BOOST_TEST(c->load_balancing->policy == "nearest");
    BOOST_TEST(c->load_balancing->json == R"({"zone":"a"})");
    BOOST_TEST(parsed(json).load_balancing->policy == "round_robin");
}

BOOST_AUTO_TEST_SUITE_END()
