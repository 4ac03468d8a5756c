//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "core/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace joust::core {

std::uint64_t histogram::quantile(double part) const noexcept {
    if (total_ == 0)
        return 0;
    double const wanted = std::ceil(std::clamp(part, 0.0, 1.0) * static_cast<double>(total_));
    std::uint64_t const rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, total_);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i != buckets; ++i) {
        seen += counts_[i];
        if (seen >= rank && i + 1 != buckets) {
            std::uint64_t const lowest = lowest_of(i);
            return std::min(lowest + (lowest_of(i + 1) - lowest) / 2, most_);
        }
    }
    return most_;
}

} // namespace joust::core
