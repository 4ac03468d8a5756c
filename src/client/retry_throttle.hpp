//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/retry_policy.hpp"

#include <cstdint>

namespace joust::client {

/// The tokens of gRFC A6, one purse for all calls to one server name. Counted in thousandths, so that sums are exact.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
class retry_throttle {
public:
    /// `options` are valid. The purse is full.
    explicit retry_throttle(retry_throttling const& options) noexcept;

    /// Other limits; what is in the purse keeps its share.
    void configure(retry_throttling const& options) noexcept;

    /// An attempt failed with a code that would be retried, or the server asked not to retry.
    void on_failure() noexcept;
    /// A call was answered with OK.
    void on_success() noexcept;

    /// More than half of the tokens are left.
    bool allowed() const noexcept { return tokens_ > max_ / 2; }
    double tokens() const noexcept { return static_cast<double>(tokens_) / 1000; }

private:
    std::int64_t max_; // thousandths of tokens, all three
    std::int64_t ratio_;
    std::int64_t tokens_;
};

} // namespace joust::client
