//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/outlier_detection_options.hpp"

namespace joust {

namespace {

using duration = std::chrono::steady_clock::duration;

bool is_percentage(double d) noexcept {
    return d >= 0 && d <= 100;
}

/// What both comparisons have in common.
template <class Ejection>
std::optional<std::string> complaint(Ejection const& e, std::string const& name) {
    if (!is_percentage(e.enforcement_percentage))
        return name + ".enforcement_percentage must be from 0 to 100";
    if (e.minimum_hosts == 0)
        return name + ".minimum_hosts must be at least 1";
    if (e.request_volume == 0)
        return name + ".request_volume must be at least 1";
    return std::nullopt;
}

} // namespace

std::optional<std::string> validate(outlier_detection_options const& o) {
    if (o.interval <= duration::zero())
        return "interval must be positive";
    if (o.base_ejection_time <= duration::zero())
        return "base_ejection_time must be positive";
    if (o.max_ejection_time <= duration::zero())
        return "max_ejection_time must be positive";
    if (!is_percentage(o.max_ejection_percent))
        return "max_ejection_percent must be from 0 to 100";
    if (o.success_rate) {
        if (!(o.success_rate->stdev_factor >= 0))
            return "success_rate.stdev_factor must not be negative";
        if (auto bad = complaint(*o.success_rate, "success_rate"))
            return bad;
    }
    if (o.failure_percentage) {
        if (!is_percentage(o.failure_percentage->threshold))
            return "failure_percentage.threshold must be from 0 to 100";
        if (auto bad = complaint(*o.failure_percentage, "failure_percentage"))
            return bad;
    }
    return std::nullopt;
}

} // namespace joust
