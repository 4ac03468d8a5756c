//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/retry_policy.hpp"

namespace joust {

namespace {

using duration = std::chrono::steady_clock::duration;

constexpr double least_tokens = 0.001; // a ratio is counted in thousandths

} // namespace

std::optional<std::string> validate(retry_policy const& p) {
    if (p.max_attempts < 2)
        return "max_attempts must be at least 2";
    if (p.initial_backoff <= duration::zero())
        return "initial_backoff must be positive";
    if (p.max_backoff <= duration::zero())
        return "max_backoff must be positive";
    if (!(p.backoff_multiplier > 0))
        return "backoff_multiplier must be positive";
    if (p.per_attempt_timeout && *p.per_attempt_timeout <= duration::zero())
        return "per_attempt_timeout must be positive";
    if (p.retryable_status_codes.empty() && !p.per_attempt_timeout)
        return "retryable_status_codes must name at least one code";
    if (p.retryable_status_codes.contains(status_code::ok))
        return "retryable_status_codes must not name OK";
    return std::nullopt;
}

std::optional<std::string> validate(hedging_policy const& p) {
    if (p.max_attempts < 2)
        return "max_attempts must be at least 2";
    if (p.hedging_delay < duration::zero())
        return "hedging_delay must not be negative";
    if (p.non_fatal_status_codes.contains(status_code::ok))
        return "non_fatal_status_codes must not name OK";
    return std::nullopt;
}

std::optional<std::string> validate(retry_throttling const& t) {
    if (!(t.max_tokens >= 1 && t.max_tokens <= 1000))
        return "max_tokens must be from 1 to 1000";
    if (!(t.token_ratio >= least_tokens && t.token_ratio <= 1000))
        return "token_ratio must be from 0.001 to 1000";
    return std::nullopt;
}

} // namespace joust
