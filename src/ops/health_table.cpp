//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "ops/health_table.hpp"

namespace joust::ops {

void health_table::set(std::string_view service, serving_status status) {
    std::lock_guard const lock(mutex_);
    auto const at = find_or_add(service);
    if (std::exchange(at->second.status, status) != status)
        wake(at->second);
    forget_if_unused(at);
}

serving_status health_table::get(std::string_view service) const {
    std::lock_guard const lock(mutex_);
    auto const at = entries_.find(service);
    return at == entries_.end() ? serving_status::service_unknown : shown(at->second);
}

std::optional<std::vector<std::pair<std::string, serving_status>>> health_table::list(std::size_t limit) const {
    std::lock_guard const lock(mutex_);
    std::vector<std::pair<std::string, serving_status>> all;
    for (auto const& [name, e] : entries_) {
        if (e.status == serving_status::service_unknown)
            continue; // watched only
        if (all.size() == limit)
            return std::nullopt;
        all.emplace_back(name, shown(e));
    }
    return all;
}

void health_table::shut_down() {
    show_all_as(true);
}

void health_table::resume() {
    show_all_as(false);
}

void health_table::wake_all() {
    std::lock_guard const lock(mutex_);
    for (auto const& [name, e] : entries_)
        wake(e);
}

void health_table::show_all_as(bool shut_down) {
    std::lock_guard const lock(mutex_);
    if (std::exchange(shut_down_, shut_down) == shut_down)
        return;
    for (auto const& [name, e] : entries_)
        wake(e);
}

health_table::entries::iterator health_table::find_or_add(std::string_view service) {
    auto const at = entries_.find(service);
    return at != entries_.end() ? at : entries_.try_emplace(std::string(service)).first;
}

void health_table::forget_if_unused(entries::iterator at) {
    if (at->second.status == serving_status::service_unknown && at->second.watchers.empty())
        entries_.erase(at);
}

serving_status health_table::shown(entry const& e) const noexcept {
    return shut_down_ && e.status != serving_status::service_unknown ? serving_status::not_serving : e.status;
}

void health_table::wake(entry const& e) {
    for (health_watch* const w : e.watchers)
        if (!std::exchange(w->told_, true))
            w->on_change_();
}

health_watch::health_watch(std::shared_ptr<health_table> table, std::string_view service,
                           std::function<void()> on_change)
    : table_(std::move(table)), on_change_(std::move(on_change)) {
    std::lock_guard const lock(table_->mutex_);
    at_ = table_->find_or_add(service);
    index_ = at_->second.watchers.size();
    at_->second.watchers.push_back(this);
}

health_watch::~health_watch() {
    std::lock_guard const lock(table_->mutex_);
    auto& watchers = at_->second.watchers;
    watchers[index_] = watchers.back();
    watchers[index_]->index_ = index_;
    watchers.pop_back();
    table_->forget_if_unused(at_);
}

std::optional<serving_status> health_watch::take() {
    std::lock_guard const lock(table_->mutex_);
    told_ = false;
    serving_status const now = table_->shown(at_->second);
    if (taken_ == now)
        return std::nullopt;
    taken_ = now;
    return now;
}

} // namespace joust::ops
