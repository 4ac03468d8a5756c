//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/service_config.hpp"

#include "client/config_node.hpp"

#include <boost/json/parser.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace joust {

namespace {

using client::config_node;

constexpr std::uint64_t uint32_max = std::numeric_limits<std::uint32_t>::max();

std::string upper_case(std::string s) {
    std::ranges::transform(s, s.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return s;
}

/// Codes by number or by name, as the mapping of google.rpc.Code and gRFC A6 have them.
status_code_set read_codes(config_node const& list) {
    status_code_set codes;
    for (config_node const& element : list.elements()) {
        std::optional<status_code> code;
        std::string const text = element.json();
        if (text.starts_with('"'))
            code = to_status_code(upper_case(element.string().value_or("")));
        else if (auto const number = element.integer(16))
            code = to_status_code(static_cast<int>(*number));
        if (code)
            codes.insert(*code);
        else
            element.complain("must be a status code");
    }
    return codes;
}

/// Sets `to` to what was read, if anything.
template <class T, class U>
void assign(T& to, std::optional<U> const& from) {
    if (from)
        to = static_cast<T>(*from);
}

retry_policy read_retry_policy(config_node const& node) {
    retry_policy p;
    assign(p.max_attempts, node.required("maxAttempts").integer(uint32_max));
    assign(p.initial_backoff, node.required("initialBackoff").duration());
    assign(p.max_backoff, node.required("maxBackoff").duration());
    assign(p.backoff_multiplier, node.required("backoffMultiplier").number());
    config_node const attempt = node["perAttemptRecvTimeout"];
    p.per_attempt_timeout = attempt.duration();
    if (p.per_attempt_timeout == std::chrono::steady_clock::duration::zero())
        attempt.complain("must be positive");
    bool const by_code = !p.per_attempt_timeout;
    p.retryable_status_codes =
        read_codes(by_code ? node.required("retryableStatusCodes") : node["retryableStatusCodes"]);
    if (auto const bad = validate(p))
        node.complain_of_member(*bad);
    return p;
}

hedging_policy read_hedging_policy(config_node const& node) {
    hedging_policy p;
    p.hedging_delay = {};
    assign(p.max_attempts, node.required("maxAttempts").integer(uint32_max));
    assign(p.hedging_delay, node["hedgingDelay"].duration());
    p.non_fatal_status_codes = read_codes(node["nonFatalStatusCodes"]);
    if (auto const bad = validate(p))
        node.complain_of_member(*bad);
    return p;
}

retry_throttling read_throttling(config_node const& node) {
    retry_throttling t;
    assign(t.max_tokens, node.required("maxTokens").number());
    assign(t.token_ratio, node.required("tokenRatio").number());
    if (auto const bad = validate(t))
        node.complain_of_member(*bad);
    return t;
}

method_config read_method_config(config_node const& node) {
    method_config c;
    c.timeout = node["timeout"].duration();
    c.wait_for_ready = node["waitForReady"].boolean();
    c.max_request_message_size = node["maxRequestMessageBytes"].integer(uint32_max);
    c.max_response_message_size = node["maxResponseMessageBytes"].integer(uint32_max);
    if (config_node const retry = node["retryPolicy"])
        c.retry = read_retry_policy(retry);
    if (config_node const hedging = node["hedgingPolicy"]) {
        c.hedging = read_hedging_policy(hedging);
        if (c.retry)
            hedging.complain("must not stand beside retryPolicy");
    }
    return c;
}

/// Without a name, a config is checked, and applies to nothing.
void read_method(config_node const& node, method_configs& methods) {
    method_config const config = read_method_config(node);
    for (config_node const& name : node["name"].elements()) {
        std::string const service = name["service"].string().value_or("");
        std::string const method = name["method"].string().value_or("");
        if (service.empty() && !method.empty())
            name.complain("must have a service with its method");
        else if (!methods.add({.service = service, .method = method}, config))
            name.complain("is already configured");
    }
}

/// The built-in policies, under the names that other implementations know them by, too.
std::string_view known_policy(std::string_view name, std::span<std::string_view const> policies) {
    static constexpr std::array<std::string_view, 5> built_in = {"pick_first", "round_robin", "weighted_round_robin",
                                                                 "least_request", "ring_hash"};
    if (auto const at = std::ranges::find(policies, name); at != policies.end())
        return *at;
    constexpr std::string_view suffix = "_experimental";
    std::string_view const plain = name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
    auto const at = std::ranges::find(built_in, plain);
    return at == built_in.end() ? std::string_view() : *at;
}

load_balancing_config read_parameters(std::string_view policy, config_node const& node) {
    load_balancing_config c;
    c.policy = policy;
    c.json = node.json();
    if (policy == "pick_first") {
        assign(c.shuffle_address_list, node["shuffleAddressList"].boolean());
    } else if (policy == "least_request") {
        config_node const count = node["choiceCount"];
        assign(c.choice_count, count.integer(uint32_max));
        if (c.choice_count < 2)
            count.complain("must be at least 2");
        c.choice_count = std::min(c.choice_count, 10U); // gRFC A48
    } else if (policy == "ring_hash") {
        constexpr std::uint64_t largest_ring = 8 * 1024 * 1024; // gRFC A42
        config_node const least = node["minRingSize"];
        assign(c.min_ring_size, least.integer(largest_ring));
        assign(c.max_ring_size, node["maxRingSize"].integer(largest_ring));
        if (c.min_ring_size == 0 || c.min_ring_size > c.max_ring_size)
            least.complain("must be from 1 to maxRingSize");
    } else {
        static_cast<void>(node.keys()); // an object, at least
    }
    return c;
}

/// The first policy that is known (gRFC A24).
std::optional<load_balancing_config> read_load_balancing(config_node const& root,
                                                         std::span<std::string_view const> policies) {
    config_node const list = root["loadBalancingConfig"];
    if (!list) {
        config_node const old = root["loadBalancingPolicy"];
        auto name = old.string();
        if (!name)
            return std::nullopt;
        std::ranges::transform(*name, name->begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        load_balancing_config c;
        c.policy = known_policy(*name, policies);
        if (c.policy.empty())
            old.complain("is no policy that is known");
        return c;
    }
    for (config_node const& element : list.elements()) {
        auto const names = element.keys();
        if (names.size() != 1)
            element.complain("must name exactly one policy");
        else if (auto const policy = known_policy(names[0], policies); !policy.empty())
            return read_parameters(policy, element.required(names[0]));
    }
    list.complain("has no policy that is known");
    return std::nullopt;
}

} // namespace

result<service_config> service_config::parse(std::string_view json, std::span<std::string_view const> policies) {
    boost::json::parser parser;
    boost::system::error_code error;
    std::size_t const read = parser.write(json.data(), json.size(), error);
    if (error)
        return status(status_code::invalid_argument,
                      "not JSON, from offset " + std::to_string(read) + ": " + error.message());
    boost::json::value const value = parser.release();

    std::string complaint;
    config_node const root(value, complaint);
    service_config c;
    for (config_node const& method : root["methodConfig"].elements())
        read_method(method, c.methods);
    if (config_node const throttling = root["retryThrottling"])
        c.throttling = read_throttling(throttling);
    c.load_balancing = read_load_balancing(root, policies);
    c.health_check_service = root["healthCheckConfig"]["serviceName"].string();
    if (!complaint.empty())
        return status(status_code::invalid_argument, std::move(complaint));
    return c;
}

result<service_config> service_config::parse(std::string_view json) {
    return parse(json, {});
}

} // namespace joust
