//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "net/deadline.hpp"

#include <algorithm>
#include <chrono>

namespace joust::net {

/// Lets through `rate` things a second, and as many as `burst` at once. Time is an argument.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class token_bucket {
public:
    token_bucket(double rate, double burst) noexcept : rate_(rate), burst_(burst), tokens_(burst) {}

    /// False when there is one too many.
    bool take(time_point now) noexcept {
        std::chrono::duration<double> const passed = now - last_;
        last_ = now;
        tokens_ = std::min(burst_, tokens_ + passed.count() * rate_);
        if (tokens_ < 1)
            return false;
        tokens_ -= 1;
        return true;
    }

private:
    double rate_;
    double burst_;
    double tokens_;
    time_point last_{};
};

} // namespace joust::net
