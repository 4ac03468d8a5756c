//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace joust {

/// An address is ejected when its share of successful calls lies far below that of the others.
struct success_rate_ejection {
    /// How far below the mean, in standard deviations.
    double stdev_factor = 1.9;
    /// The chance that such an address is ejected, in percent.
    double enforcement_percentage = 100;
    /// Looked at only when so many addresses ...
    std::uint32_t minimum_hosts = 5;
    /// ... had so many calls each in an interval.
    std::uint32_t request_volume = 100;
};

/// An address is ejected when more than this share of its calls failed.
struct failure_percentage_ejection {
    double threshold = 85; ///< in percent
    double enforcement_percentage = 100;
    std::uint32_t minimum_hosts = 5;
    std::uint32_t request_volume = 50;
};

/// When an address that does worse than the others gets no calls for a while (gRFC A50).
struct outlier_detection_options {
    /// How often the addresses are compared.
    std::chrono::steady_clock::duration interval = std::chrono::seconds(10);
    /// How long an address is ejected: this, times one more for each time in a row ...
    std::chrono::steady_clock::duration base_ejection_time = std::chrono::seconds(30);
    /// ... but no longer than this (or than `base_ejection_time`, if that is longer).
    std::chrono::steady_clock::duration max_ejection_time = std::chrono::seconds(300);
    /// This share of the addresses is ejected at most; one can be, however few there are, unless this is 0.
    double max_ejection_percent = 10;
    /// None: that comparison is not made.
    std::optional<success_rate_ejection> success_rate = success_rate_ejection();
    std::optional<failure_percentage_ejection> failure_percentage = failure_percentage_ejection();
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(outlier_detection_options const& options);

} // namespace joust
