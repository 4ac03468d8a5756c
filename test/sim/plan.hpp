//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/channel.hpp"
#include "virtual_time.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace joust::sim {

inline constexpr std::size_t server_count = 50;

enum class fault_kind : std::uint8_t {
    crash,  ///< all connections break at once, nobody listens until it is over
    hang,   ///< nothing is read or answered, connections stay
    slow,   ///< calls take 20 times as long
    flap,   ///< crash after crash
    errors, ///< most calls end with UNAVAILABLE or INTERNAL
    loss,   ///< writes arrive late, as packets have to be sent again
    goaway, ///< GOAWAY and another server in its place, again and again
};

std::string_view to_string(fault_kind k) noexcept;

struct fault {
    fault_kind kind;
    duration at; ///< after the beginning of the faults
    duration lasts;
    std::size_t server;
};

/// What one seed decides before it runs.
struct plan {
    explicit plan(std::uint64_t seed);

    channel_options options;
    /// Of each server's connections.
    std::uint32_t max_concurrent_streams = 100;
    /// Now and then the resolver names only some of the servers.
    bool addresses_change = false;
    bool hash_keys = false;
    std::vector<fault> faults;
    /// Begin as `faults` say and are over after this.
    duration faults_last{};

    /// Every server is connected to.
    bool all() const { return options.balancer->scope() == connect_scope::all; }
    /// Every server gets as many calls as the others, in the calm.
    bool even() const {
        auto const name = options.balancer->name();
        return (name == "round_robin" || name == "weighted_round_robin") && max_concurrent_streams >= 100;
    }
    /// A call runs so often at most.
    std::size_t most_attempts() const noexcept;
    /// The longest that any call may take.
    static constexpr duration longest_call = std::chrono::seconds(3);
    /// After the end of the last fault, all calls succeed from then on.
    duration recovery() const;

private:
    void choose_options(std::mt19937_64& random);
    void choose_faults(std::mt19937_64& random);
};

} // namespace joust::sim
