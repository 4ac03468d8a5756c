//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/metadata.hpp"
#include "joust/core/observer.hpp"
#include "joust/core/status.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace joust::cli {

// Exit codes beyond those of gRPC, from sysexits.h.
inline constexpr int exit_usage = 64;
inline constexpr int exit_output = 74;

/// What an error is about.
enum class place { usage, resolve, connect, call, method, payload, output };

/// `NOT_FOUND (404): no such player`
std::string describe(status const& s);

/// What a peer says must not break the line, nor talk to the terminal.
std::string printable(std::string_view text);

/// Writes `joust: WHERE: WHY` to stderr, as one line whatever is in it.
void complain(place where, std::string_view why);

/// Writes a line to stdout at once. False, with a complaint, when it cannot be written.
bool print_answer(std::string_view line);

/// Follows the call, to tell where it failed; when `verbose`, tells the user of it.
///
/// *Thread safety*: one thread.
class progress final : public observer {
public:
    explicit progress(bool verbose) : verbose_(verbose) {}

    /// Where the failed call failed.
    place where(status const& failed) const;

    /// A line for who asked for them, with the time since the program started.
    void note(std::string_view what) const;
    void note(status const& outcome, metadata const& trailing) const;

    void connection_opened(role, std::string_view peer) noexcept override;
    void connection_closed(role, std::string_view peer, error_code why) noexcept override;
    void call_started(role, std::string_view path, std::string_view peer) noexcept override;

private:
    bool verbose_;
    bool called_ = false;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

} // namespace joust::cli
