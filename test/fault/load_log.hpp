//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/circuit_breaker_options.hpp"
#include "joust/core/observer.hpp"
#include "joust/core/status.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace joust::test {

/// What fault_client says. Times are microseconds of the monotonic clock, which other processes have, too.
///
///     opened US PEER            closed US PEER WHY        state US STATE       circuit US ADDRESS STATE REASON
///     retried US ATTEMPT PEER CODE TEXT                   hedged US ATTEMPT PATH
///                                                         as they happen; and at the end, for each call and each text
///     call DUE LATENCY CODE     text COUNT CODE TEXT      done
class load_log final : public observer {
public:
    using time_point = std::chrono::steady_clock::time_point;

    static long long us(time_point t) {
        return std::chrono::duration_cast<std::chrono::microseconds>(t.time_since_epoch()).count();
    }
    static long long now() { return us(std::chrono::steady_clock::now()); }

    void connection_opened(role, std::string_view peer) noexcept override { say("opened", peer, {}); }
    void connection_closed(role, std::string_view peer, error_code why) noexcept override {
        say("closed", peer, why.message());
    }
    void channel_state_changed(std::string_view, std::string_view state) noexcept override { say("state", state, {}); }
    void call_retried(std::string_view, std::string_view peer, status const& why,
                      std::uint32_t attempt) noexcept override {
        auto const code = to_string(why.code());
        std::printf("retried %lld %u %.*s %.*s %s\n", now(), attempt, static_cast<int>(peer.size()), peer.data(),
                    static_cast<int>(code.size()), code.data(), why.message().c_str());
        std::fflush(stdout);
    }
    void call_hedged(std::string_view path, std::uint32_t attempt) noexcept override {
        say("hedged", std::to_string(attempt), path);
    }
    void on_circuit(circuit_event const& e) const {
        say("circuit", std::string(e.address) + ' ' + std::string(to_string(e.to)), to_string(e.reason));
    }

    /// A call that was to begin at `due` has ended now.
    void on_call(time_point due, status const& outcome) {
        calls_.push_back({us(due), now() - us(due), outcome.code()});
        if (!outcome.ok() && (texts_.size() < most_texts || texts_.contains(outcome.to_string())))
            ++texts_[outcome.to_string()];
    }

    void print_calls() const {
        for (call const& c : calls_) {
            auto const code = to_string(c.code);
            std::printf("call %lld %lld %.*s\n", c.due, c.latency, static_cast<int>(code.size()), code.data());
        }
        for (auto const& [text, count] : texts_)
            std::printf("text %zu %s\n", count, text.c_str());
        std::printf("done\n");
        std::fflush(stdout);
    }

private:
    struct call {
        long long due;
        long long latency;
        status_code code;
    };
    static constexpr std::size_t most_texts = 200; // they have numbers in them

    static void say(char const* what, std::string_view who, std::string_view why) {
        std::printf("%s %lld %s %s\n", what, now(), std::string(who).c_str(), std::string(why).c_str());
        std::fflush(stdout);
    }

    std::vector<call> calls_;
    std::map<std::string, std::size_t> texts_;
};

} // namespace joust::test
