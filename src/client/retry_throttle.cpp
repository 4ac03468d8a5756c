//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/retry_throttle.hpp"

#include <algorithm>

namespace joust::client {

namespace {

constexpr std::int64_t one_token = 1000;

/// Thousandths; the little that is added makes 1.001 the 1001 it is meant to be, not 1000.
std::int64_t thousandths(double tokens) noexcept {
    return static_cast<std::int64_t>(tokens * one_token + 1e-6);
}

/// An even number, so that half of it is exact.
std::int64_t even(std::int64_t n) noexcept {
    return n - n % 2;
}

} // namespace

retry_throttle::retry_throttle(retry_throttling const& o) noexcept
    : max_(even(thousandths(o.max_tokens))), ratio_(thousandths(o.token_ratio)), tokens_(max_) {}

void retry_throttle::configure(retry_throttling const& o) noexcept {
    std::int64_t const max = even(thousandths(o.max_tokens));
    tokens_ = tokens_ * max / max_;
    max_ = max;
    ratio_ = thousandths(o.token_ratio);
}

void retry_throttle::on_failure() noexcept {
    tokens_ = std::max<std::int64_t>(tokens_ - one_token, 0);
}

void retry_throttle::on_success() noexcept {
    tokens_ = std::min(tokens_ + ratio_, max_);
}

} // namespace joust::client
