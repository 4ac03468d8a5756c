//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/ops/serving_status.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::ops {

class health_watch;

/// The statuses of services, and who watches them. A change costs a step for each watcher of that service.
///
///     set, service_unknown  ->  shown = set, or not_serving while shut down, or service_unknown
///
/// *Thread safety*: safe.
class health_table {
public:
    void set(std::string_view service, serving_status status);
    serving_status get(std::string_view service) const;
    /// All services by name; nothing when there are more than `limit`.
    std::optional<std::vector<std::pair<std::string, serving_status>>> list(std::size_t limit) const;

    /// From `shut_down` to `resume` every known service is shown as `not_serving`.
    void shut_down();
    void resume();

    /// Has every watcher look again, whether there is a change or not.
    void wake_all();

private:
    friend class health_watch;

    struct entry {
        serving_status status = serving_status::service_unknown;
        std::vector<health_watch*> watchers;
    };
    // Of names that are set or watched.
    using entries = std::map<std::string, entry, std::less<>>;

    entries::iterator find_or_add(std::string_view service);
    void forget_if_unused(entries::iterator at);
    serving_status shown(entry const& e) const noexcept;
    void show_all_as(bool shut_down);
    static void wake(entry const& e);

    mutable std::mutex mutex_;
    entries entries_;
    bool shut_down_ = false;
};

/// Sees one service of a table until it is destroyed.
///
/// *Thread safety*: one thread at a time.
class health_watch {
public:
    /// `on_change` is called when `take` may have something, once until the next `take`; on the thread of the change,
    /// with the table locked: it only hands on.
    health_watch(std::shared_ptr<health_table> table, std::string_view service, std::function<void()> on_change);
    health_watch(health_watch const&) = delete;
    health_watch& operator=(health_watch const&) = delete;
    ~health_watch();

    /// The status, unless it is the one that was taken last. What came in between is not seen.
    std::optional<serving_status> take();

private:
    friend class health_table;

    std::shared_ptr<health_table> table_;
    std::function<void()> on_change_;
    // Guarded by the table:
    health_table::entries::iterator at_;
    std::size_t index_ = 0; // among the watchers of the entry
    std::optional<serving_status> taken_;
    bool told_ = false; // since the last `take`
};

} // namespace joust::ops
