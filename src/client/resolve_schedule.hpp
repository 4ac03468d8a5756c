//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>
#include <optional>

namespace joust::client {

/// When a name is resolved again. Time is an argument.
///
/// Every function that returns bool says whether a resolution is to begin now; its end is told by `on_done`.
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class resolve_schedule {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    struct settings {
        /// From the end of one to the beginning of the next, unless somebody insists.
        duration min_interval = std::chrono::seconds(30);
        /// From the end of one to the beginning of the next, without anybody asking; none: when there is a reason only.
        std::optional<duration> refresh = {};
    };

    explicit resolve_schedule(settings const& s) noexcept : settings_(s) {}

    /// Somebody insists. While one is under way its answer has to do.
    bool on_refresh() noexcept { return begin(); }
    /// The addresses may be stale.
    bool on_doubt(time_point now) noexcept;
    /// After a failure the next one is due after `min_interval` without being asked for.
    void on_done(time_point now, bool succeeded) noexcept;
    /// To be called at `next()`.
    bool on_time(time_point now) noexcept { return due_ && *due_ <= now && begin(); }

    std::optional<time_point> next() const noexcept { return due_; }

private:
    bool begin() noexcept;

    settings settings_;
    bool under_way_ = false;
    std::optional<time_point> last_; // end of the last one
    std::optional<time_point> due_;
};

} // namespace joust::client
