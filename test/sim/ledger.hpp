//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"
#include "plan.hpp"
#include "virtual_time.hpp"

#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace joust::sim {

/// A server's process, of many that were at the same place one after the other.
struct process {
    std::size_t server;
    std::size_t generation;
};

/// All calls: what the client knows of them, what really happened to them, and whether both may be.
class ledger {
public:
    /// `trace`: every event is written there; null: none is.
    explicit ledger(std::FILE* trace) : trace_(trace) {}

    /// A phase without faults: its calls have to succeed, and, if `even`, to be spread evenly.
    void begin_window(bool even);
    void end_window();

    std::size_t begin(bool idempotent, time_point deadline, std::string_view kind);
    /// The request for a call of this number.
    static std::string request(std::size_t call);
    /// A client sends something to this process.
    void sent(process to, std::string_view bytes);
    /// A handler begins; false: the request is none.
    bool executed(process by, std::string_view request);
    /// This process has said that it drains: calls that it did not run may be made again.
    void drains(process p);
    void ended(std::size_t call, status const& outcome);
    void finish(std::size_t most_attempts);

    void note(std::string_view text) const;
    void violation(std::string text);

    std::vector<std::string> const& violations() const noexcept { return violations_; }
    std::size_t calls() const noexcept { return calls_.size(); }
    std::size_t open() const noexcept { return open_; }
    std::size_t succeeded() const noexcept { return succeeded_; }
    std::size_t repeated() const noexcept { return repeated_; }
    /// Differs when anything went another way.
    std::uint64_t digest() const noexcept { return digest_; }

private:
    struct record {
        bool idempotent;
        bool in_window;
        time_point deadline;
        int ended = 0;
        std::size_t executions = 0;
        std::vector<process> sent_to;
    };

    static std::size_t number_in(std::string_view bytes, std::size_t& at);
    void mix(std::uint64_t what) noexcept;

    std::FILE* trace_;
    std::vector<record> calls_;
    std::vector<std::array<std::size_t, 2>> drained_;
    std::size_t open_ = 0;
    std::size_t succeeded_ = 0;
    std::size_t repeated_ = 0;
    bool window_ = false;
    bool even_ = false;
    std::array<std::size_t, server_count> in_window_{};
    std::vector<std::string> violations_;
    std::uint64_t digest_ = 14695981039346656037U;
};

} // namespace joust::sim
