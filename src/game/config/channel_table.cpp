//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/config/tables.hpp"

#include <boost/json/serialize.hpp>

#include <array>
#include <string>

namespace joust::game::config {

namespace {

table_of<retry_policy> const& retry_table() {
    static auto const all = [] {
        using o = retry_policy;
        table_of<o> t;
        t.add("max_attempts", &o::max_attempts, "How often a call is made at most, the first time included; at most 5.")
            .add("initial_backoff", &o::initial_backoff, "The pause before the first retry.")
            .add("max_backoff", &o::max_backoff, "The longest pause.")
            .add("backoff_multiplier", &o::backoff_multiplier, "How much longer each pause is than the one before.")
            .add("retryable_status_codes", &o::retryable_status_codes, "What a call may end with to be made again.")
            .add("per_attempt_timeout", &o::per_attempt_timeout, "An attempt without an answer by then is given up.");
        return t;
    }();
    return all;
}

table_of<hedging_policy> const& hedging_table() {
    static auto const all = [] {
        using o = hedging_policy;
        table_of<o> t;
        t.add("max_attempts", &o::max_attempts, "How often a call is made at most; at most 5.")
            .add("hedging_delay", &o::hedging_delay, "The pause between one attempt and the next.")
            .add("non_fatal_status_codes", &o::non_fatal_status_codes,
                 "Failures that start the next attempt at once; others end the call.");
        return t;
    }();
    return all;
}

table_of<retry_throttling> const& throttling_table() {
    static auto const all = [] {
        using o = retry_throttling;
        table_of<o> t;
        t.add("max_tokens", &o::max_tokens, "The budget; a failed attempt takes one, and more than half must be left.")
            .add("token_ratio", &o::token_ratio, "What an answered call gives back.");
        return t;
    }();
    return all;
}

table_of<circuit_breaker_options> const& breaker_table() {
    static auto const all = [] {
        using o = circuit_breaker_options;
        table_of<o> t;
        t.add("consecutive_failures", &o::consecutive_failures, "Opens after so many failures in a row; 0: never.")
            .add("failure_rate", &o::failure_rate, "Opens when this share of the window failed, above 0 to 1.")
            .add("slow_call_duration", &o::slow_call_duration, "A call that takes as long is slow.")
            .add("slow_call_rate", &o::slow_call_rate, "Opens when this share of the window was slow, above 0 to 1.")
            .add("minimum_calls", &o::minimum_calls, "The shares count once the window holds as many calls.")
            .add("window_size", &o::window_size, "The window: the last so many calls.")
            .add("window_time", &o::window_time, "Or all calls of so long.")
            .add("open_time", &o::open_time, "How long no calls are made.")
            .add("half_open_trials", &o::half_open_trials, "Trials after that, under way at the same time.")
            .add("success_threshold", &o::success_threshold, "Successful trials that close it.")
            .add("per_method", &o::per_method, "One for each method of an address.")
            .add("failure_codes", &o::failure_codes, "What counts as a failure.");
        return t;
    }();
    return all;
}

table_of<success_rate_ejection> const& success_rate_table() {
    static auto const all = [] {
        using o = success_rate_ejection;
        table_of<o> t;
        t.add("stdev_factor", &o::stdev_factor, "How far below the mean, in standard deviations.")
            .add("enforcement_percentage", &o::enforcement_percentage, "The chance of being ejected, in percent.")
            .add("minimum_hosts", &o::minimum_hosts, "Looked at only when so many addresses ...")
            .add("request_volume", &o::request_volume, "... had so many calls each.");
        return t;
    }();
    return all;
}

table_of<failure_percentage_ejection> const& failure_percentage_table() {
    static auto const all = [] {
        using o = failure_percentage_ejection;
        table_of<o> t;
        t.add("threshold", &o::threshold, "Ejected when more than this share failed, in percent.")
            .add("enforcement_percentage", &o::enforcement_percentage, "The chance of being ejected, in percent.")
            .add("minimum_hosts", &o::minimum_hosts, "Looked at only when so many addresses ...")
            .add("request_volume", &o::request_volume, "... had so many calls each.");
        return t;
    }();
    return all;
}

table_of<outlier_detection_options> const& outlier_table() {
    static auto const all = [] {
        using o = outlier_detection_options;
        table_of<o> t;
        t.add("interval", &o::interval, "How often the addresses are compared.")
            .add("base_ejection_time", &o::base_ejection_time, "How long one is ejected, times how often in a row.")
            .add("max_ejection_time", &o::max_ejection_time, "The longest.")
            .add("max_ejection_percent", &o::max_ejection_percent, "The share that may be ejected, in percent.")
            .add_object("success_rate", &o::success_rate, success_rate_table(), "Those far below the mean.")
            .add_object("failure_percentage", &o::failure_percentage, failure_percentage_table(),
                        "Those that fail too often.");
        return t;
    }();
    return all;
}

table_of<health_check_options> const& health_table() {
    static auto const all = [] {
        using o = health_check_options;
        table_of<o> t;
        t.add("service_name", &o::service_name, "The service asked for; empty: the whole server.")
            .add("interval", &o::interval, "The pause between two probes.")
            .add("timeout", &o::timeout, "How long an answer may take.")
            .add("failure_threshold", &o::failure_threshold, "So many failures in a row take an address out ...")
            .add("success_threshold", &o::success_threshold, "... and so many successes bring it back.");
        return t;
    }();
    return all;
}

void read_balancer(node const& n, channel_options& to) {
    constexpr std::array<std::pair<std::string_view, std::shared_ptr<load_balancer> (*)()>, 5> known{
        {{"round_robin", [] { return round_robin(); }},
         {"pick_first", [] { return pick_first(); }},
         {"weighted_round_robin", [] { return weighted_round_robin(); }},
         {"least_request", [] { return least_request(); }},
         {"ring_hash", [] { return ring_hash(); }}}};
    auto const text = n.text();
    if (!text)
        return;
    for (auto const& [name, make] : known)
        if (name == *text) {
            to.balancer = make();
            return;
        }
    n.complain("must be one of round_robin, pick_first, weighted_round_robin, least_request, ring_hash");
}

void read_service_config(node const& n, channel_options& to) {
    if (n.value().is_object())
        to.service_config = boost::json::serialize(n.value());
    else
        n.complain("must be an object");
}

} // namespace

table_of<channel_options> const& channel_table() {
    static auto const all = [] {
        using o = channel_options;
        table_of<o> t;
        t.add("min_connections", &o::min_connections, "Connections that are kept, over all addresses.")
            .add("max_connections", &o::max_connections, "Connections that there may be, 1 to 10000.")
            .add("connection_idle_timeout", &o::connection_idle_timeout,
                 "How long one above the minimum may be without calls.")
            .add("connect_timeout", &o::connect_timeout, "For resolving, connecting and handshakes together.")
            .add("initial_backoff", &o::initial_backoff, "The pause after the first failed attempt to connect.")
            .add("backoff_multiplier", &o::backoff_multiplier, "How much longer each pause is, at least 1.")
            .add("max_backoff", &o::max_backoff, "The longest.")
            .add("backoff_jitter", &o::backoff_jitter, "By how much of itself each is changed, 0 to 1.")
            .add_special("balancer", "round_robin, pick_first, weighted_round_robin, least_request, ring_hash",
                         read_balancer, "",
                         "Which address a call goes to. Unset: the service config's, or round_robin.")
            .add("resolver_refresh", &o::resolver_refresh, "For `dns:///`: how often it is resolved without need.")
            .add_object("retry", &o::retry, retry_table(), "How idempotent calls are made again.")
            .add_object("hedging", &o::hedging, hedging_table(),
                        "How idempotent calls are made several times at once, instead.")
            .add_object("retry_throttling", &o::retry_throttling, throttling_table(), "The budget of both.")
            .add_size("retry_buffer_size", &o::retry_buffer_size, "Largest request that is kept for another attempt.")
            .add_object("circuit_breaker", &o::circuit_breaker, breaker_table(),
                        "Stops calls to an address that fails.")
            .add_object("outlier_detection", &o::outlier_detection, outlier_table(),
                        "Takes out addresses that do worse than the others.")
            .add_object("health_check", &o::health_check, health_table(), "Asks the servers for their health.")
            .add_object("keepalive", &o::keepalive, keepalive_table(), "Pings.")
            .add_special("service_config", "object", read_service_config, "",
                         "gRPC's service config; goes before a resolver's.")
            .add_size("max_receive_message_size", &o::max_receive_message_size, "Largest message accepted.")
            .add_size("max_send_message_size", &o::max_send_message_size, "Largest message sent.")
            .add_size("max_header_list_size", &o::max_header_list_size, "Largest header block accepted.")
            .add_size("stream_window", &o::stream_window, "What a server may send ahead of the reading, per call.")
            .add_size("send_queue", &o::send_queue, "A write waits while so much is queued for its call.")
            .add("max_queued_calls", &o::max_queued_calls, "Calls that may wait for a connection.")
            .add("call_credentials_without_tls", &o::call_credentials_without_tls,
                 "Send call credentials over connections that others can read.")
            .add("authority", &o::authority, "`:authority` of the calls. Empty: as the address says.")
            .add("user_agent", &o::user_agent, "Put before `joust/<version>`.")
            .add("use_strand", &o::use_strand, "For executors that several threads run.");
        return t;
    }();
    return all;
}

} // namespace joust::game::config
