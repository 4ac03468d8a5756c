//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/outlier_detector.hpp"

#include <algorithm>
#include <cmath>

namespace joust::client {

outlier_detector::outlier_detector(outlier_detection_options const& o, time_point now)
    : options_(o), next_(o.success_rate || o.failure_percentage ? later(now, o.interval) : time_point::max()) {}

outlier_id outlier_detector::add() {
    if (free_.empty()) {
        addresses_.emplace_back();
        // Room for all of them, so that neither `remove` nor the end of an interval needs memory.
        free_.reserve(addresses_.capacity());
        free_.push_back(static_cast<std::uint32_t>(addresses_.size() - 1));
    }
    std::uint32_t const slot = free_.back();
    free_.pop_back();
    address& a = addresses_[slot];
    std::uint32_t const generation = a.generation;
    a = address();
    a.generation = generation;
    a.used = true;
    ++count_;
    return {.slot = slot, .generation = generation};
}

void outlier_detector::remove(outlier_id id) noexcept {
    if (!find(id))
        return;
    address& a = addresses_[id.slot];
    ejected_count_ -= a.ejected;
    --count_;
    a.used = false;
    ++a.generation;
    free_.push_back(id.slot);
}

void outlier_detector::record(outlier_id id, bool success) noexcept {
    if (!find(id))
        return;
    counters& c = addresses_[id.slot].active;
    ++(success ? c.succeeded : c.failed);
}

bool outlier_detector::ejected(outlier_id id) const noexcept {
    address const* const a = find(id);
    return a && a->ejected;
}

outlier_detector::address const* outlier_detector::find(outlier_id id) const noexcept {
    if (id.slot >= addresses_.size())
        return nullptr;
    address const& a = addresses_[id.slot];
    return a.used && a.generation == id.generation ? &a : nullptr;
}

outlier_detector::changes outlier_detector::on_interval(time_point now, random01_type const& random01) {
    ejected_now_.clear();
    returned_now_.clear();
    if (next_ == time_point::max())
        return {};
    next_ = later(now, options_.interval);
    for (address& a : addresses_) {
        a.last = a.active;
        a.active = counters();
    }
    if (options_.success_rate)
        compare_success_rates(*options_.success_rate, now, random01);
    if (options_.failure_percentage)
        compare_failures(*options_.failure_percentage, now, random01);
    return_those_due(now);
    return {.ejected = ejected_now_, .returned = returned_now_};
}

/// A50 compares before it ejects, and so may end above the limit; this stays below, but for the first.
bool outlier_detector::may_eject() const noexcept {
    if (ejected_count_ == 0)
        return options_.max_ejection_percent > 0;
    return 100.0 * (ejected_count_ + 1) <= options_.max_ejection_percent * count_;
}

std::uint32_t outlier_detector::hosts_with(std::uint32_t volume) const noexcept {
    return static_cast<std::uint32_t>(
        std::ranges::count_if(addresses_, [&](address const& a) { return a.used && a.last.calls() >= volume; }));
}

void outlier_detector::eject(std::uint32_t slot, time_point now) {
    address& a = addresses_[slot];
    a.ejected = true;
    a.ejected_at = now;
    ++a.multiplier;
    ++ejected_count_;
    ejected_now_.push_back({.slot = slot, .generation = a.generation});
}

void outlier_detector::compare_success_rates(success_rate_ejection const& c, time_point now,
                                             random01_type const& random01) {
    std::uint32_t const hosts = hosts_with(c.request_volume);
    if (hosts < c.minimum_hosts)
        return;
    double sum = 0;
    for (address const& a : addresses_)
        if (a.used && a.last.calls() >= c.request_volume)
            sum += a.last.success_rate();
    double const mean = sum / hosts;
    double squares = 0;
    for (address const& a : addresses_)
        if (a.used && a.last.calls() >= c.request_volume)
            squares += (a.last.success_rate() - mean) * (a.last.success_rate() - mean);
    // Equal rates have a mean that is not quite theirs; rounding must eject nobody.
    constexpr double rounding = 1e-9;
    double const least = mean - std::sqrt(squares / hosts) * c.stdev_factor - rounding;
    for (std::uint32_t i = 0; i != addresses_.size() && may_eject(); ++i) {
        address const& a = addresses_[i];
        if (a.used && !a.ejected && a.last.calls() >= c.request_volume && a.last.success_rate() < least &&
            random01() * 100 < c.enforcement_percentage)
            eject(i, now);
    }
}

void outlier_detector::compare_failures(failure_percentage_ejection const& c, time_point now,
                                        random01_type const& random01) {
    if (hosts_with(c.request_volume) < c.minimum_hosts)
        return;
    for (std::uint32_t i = 0; i != addresses_.size() && may_eject(); ++i) {
        address const& a = addresses_[i];
        if (a.used && !a.ejected && a.last.calls() >= c.request_volume &&
            100.0 * static_cast<double>(a.last.failed) > c.threshold * static_cast<double>(a.last.calls()) &&
            random01() * 100 < c.enforcement_percentage)
            eject(i, now);
    }
}

void outlier_detector::return_those_due(time_point now) {
    for (std::uint32_t i = 0; i != addresses_.size(); ++i) {
        address& a = addresses_[i];
        if (!a.used)
            continue;
        if (!a.ejected) {
            a.multiplier -= a.multiplier > 0;
        } else if (now >= later(a.ejected_at, ejection_time(a.multiplier))) {
            a.ejected = false;
            --ejected_count_;
            returned_now_.push_back({.slot = i, .generation = a.generation});
        }
    }
}

duration outlier_detector::ejection_time(std::uint32_t multiplier) const noexcept {
    duration const most = std::max(options_.base_ejection_time, options_.max_ejection_time);
    return std::min(scaled(options_.base_ejection_time, multiplier), most);
}

} // namespace joust::client
