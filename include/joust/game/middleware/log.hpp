//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/interceptor.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace joust::game {

enum class log_format : std::uint8_t {
    key_value, ///< `time=... level=info method=logic.get code=0 ...`
    json,      ///< an object in each line
};

struct log_options {
    /// Gets each line, without its end; called from all threads that serve. None: `std::clog`.
    std::function<void(std::string_view line)> sink = {};
    log_format format = log_format::key_value;
    /// Calls that take longer are logged whatever `sample` says, with the level `slow`.
    std::chrono::steady_clock::duration slow = std::chrono::seconds(1);
    /// This share of the calls that succeeded and were not slow is logged, evenly; 0.01: each hundredth.
    double sample = 1;
    /// Arguments and answers are logged, too, so much of each. They may hold what nobody is to read in a log.
    bool payloads = false;
    std::size_t max_payload = 1000;
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(log_options const& options);

/// Writes a line for each call when it is over: when, what, who, how it went, how long it took since it arrived, how
/// large arguments and answer were. What goes wrong with the log itself, an exception of the sink, harms no call.
/// Throws `std::invalid_argument` for bad options.
std::shared_ptr<interceptor> log(log_options options = {});

} // namespace joust::game
