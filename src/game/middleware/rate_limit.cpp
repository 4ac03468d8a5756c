//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/rate_limit.hpp"

#include "game/middleware/bucket_table.hpp"
#include "game/middleware/refusal.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

namespace joust::game {

namespace {

class rate_limiter final : public interceptor {
public:
    rate_limiter(double rate, limit_key key, double burst, std::size_t max_keys)
        : what_("more than " + number_text(rate) + " calls/s"), key_(std::move(key)), buckets_(rate, burst, max_keys) {}

    status before(call& c) override { return count(c); }
    status on_read(call& c, buffer& /*arguments*/) override { return count(c); }

private:
    status count(call& c) {
        std::string const key = key_(c);
        auto const wait = take(key);
        return wait ? limited(c, what_ + key_.text(key), *wait) : status();
    }

    std::optional<token_bucket::duration> take(std::string_view key) {
        std::lock_guard const lock(mutex_);
        return buckets_.take(key, std::chrono::steady_clock::now());
    }

    std::string const what_;
    limit_key const key_;
    std::mutex mutex_;
    bucket_table buckets_;
};

} // namespace

std::optional<std::string> validate(rate_limit_options const& options) {
    if (options.burst && !(*options.burst >= 1 && std::isfinite(*options.burst)))
        return "burst must be at least 1";
    if (options.max_keys == 0)
        return "max_keys must be at least 1";
    return std::nullopt;
}

std::shared_ptr<interceptor> rate_limit(double calls_per_second, rate_limit_options options) {
    if (!(calls_per_second > 0 && std::isfinite(calls_per_second)))
        refuse_options("rate_limit", "calls_per_second must be positive");
    refuse_options("rate_limit", validate(options));
    double const burst = options.burst.value_or(std::max(calls_per_second, 1.0));
    return std::make_shared<rate_limiter>(calls_per_second, std::move(options.key), burst, options.max_keys);
}

} // namespace joust::game
