//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/channel.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace joust::test {

/// What fault_client is told: `--name=value`, times in milliseconds. 0 switches a part of the resilience off.
struct load_options {
    std::string target;
    std::string method = "logic.get_player_info"; ///< answers with the `player_id` that it gets; or else
    std::uint32_t pause = 0;                      ///< `logic.slow` is called, which answers after 1 to 2 times this
    std::uint32_t rate = 500;                     ///< calls per second
    std::uint32_t run = 3000;                     ///< for how long calls are made
    std::uint32_t timeout = 3000;                 ///< of a call
    std::uint32_t attempts = 4;                   ///< of a call, at most
    std::uint32_t retry_backoff = 20;             ///< before the first retry
    std::uint32_t hedge = 0;         ///< pause before a second attempt beside the first, instead of retries
    std::uint32_t breaker = 5;       ///< failures in a row that open it
    std::uint32_t open_time = 2000;  ///< of the breaker
    std::uint32_t probe = 200;       ///< interval and timeout of health probes
    std::uint32_t keepalive = 10000; ///< interval of pings; their timeout is a tenth of it
    std::uint32_t connect_timeout = 1000;
    std::uint32_t max_backoff = 1000; ///< between attempts to connect
    std::uint32_t wait_for_ready = 0; ///< or 1

    /// Null when an argument is none of these.
    static std::optional<load_options> parse(int argc, char** argv) {
        load_options o;
        for (int i = 1; i < argc; ++i) {
            std::string_view const given = argv[i];
            auto const equals = given.find('=');
            if (equals == std::string_view::npos || !o.set(given.substr(0, equals), given.substr(equals + 1)))
                return std::nullopt;
        }
        if (o.target.empty() || o.rate == 0)
            return std::nullopt;
        return o;
    }

    channel_options channel() const {
        using std::chrono::milliseconds;
        channel_options c;
        c.use_strand = false;
        c.connect_timeout = milliseconds(connect_timeout);
        c.initial_backoff = milliseconds(std::min(100U, max_backoff));
        c.max_backoff = milliseconds(max_backoff);
        c.retry_throttling.max_tokens = 1000; // or the budget would end the experiment
        c.retry_throttling.token_ratio = 1;
        c.service_config = service_config();
        if (breaker != 0) {
            c.circuit_breaker.emplace();
            c.circuit_breaker->consecutive_failures = breaker;
            c.circuit_breaker->open_time = milliseconds(open_time);
        }
        if (probe != 0) {
            c.health_check.emplace();
            c.health_check->interval = milliseconds(probe);
            c.health_check->timeout = milliseconds(probe);
        }
        if (keepalive != 0) {
            c.keepalive.time = milliseconds(keepalive);
            c.keepalive.timeout = milliseconds(keepalive / 10);
        }
        return c;
    }

private:
    bool set(std::string_view name, std::string_view value) {
        if (name == "--target" || name == "--method") {
            (name == "--target" ? target : method) = value;
            return true;
        }
        struct {
            std::string_view name;
            std::uint32_t* value;
        } const numbers[] = {
            {"--rate", &rate},
            {"--pause", &pause},
            {"--run", &run},
            {"--timeout", &timeout},
            {"--attempts", &attempts},
            {"--breaker", &breaker},
            {"--open-time", &open_time},
            {"--probe", &probe},
            {"--keepalive", &keepalive},
            {"--connect-timeout", &connect_timeout},
            {"--max-backoff", &max_backoff},
            {"--retry-backoff", &retry_backoff},
            {"--hedge", &hedge},
            {"--wait-for-ready", &wait_for_ready},
        };
        for (auto const& n : numbers)
            if (n.name == name) {
                auto const end = value.data() + value.size();
                auto const read = std::from_chars(value.data(), end, *n.value);
                return read.ec == std::errc() && read.ptr == end;
            }
        return false;
    }

    /// The calls of the game client are not known to be idempotent; the owner of the service says that they are.
    std::string service_config() const {
        std::string config = R"({"name":[{"service":"game.grpc.GameService"}],"waitForReady":)";
        config += wait_for_ready != 0 ? "true" : "false";
        if (hedge != 0)
            config +=
                R"(,"hedgingPolicy":{"maxAttempts":2,"hedgingDelay":")" + seconds(hedge) +
                R"(","nonFatalStatusCodes":["UNAVAILABLE","RESOURCE_EXHAUSTED"]})"; // one that wakes is overloaded
        else if (attempts > 1)
            config += R"(,"retryPolicy":{"maxAttempts":)" + std::to_string(attempts) + R"(,"initialBackoff":")" +
                      seconds(retry_backoff) + R"(","maxBackoff":"1s","backoffMultiplier":2,)" +
                      R"("retryableStatusCodes":["UNAVAILABLE"]})";
        return R"({"methodConfig":[)" + config + "}]}";
    }

    static std::string seconds(std::uint32_t ms) {
        std::string const digits = std::to_string(1000 + ms % 1000).substr(1);
        return std::to_string(ms / 1000) + "." + digits + "s";
    }
};

} // namespace joust::test
