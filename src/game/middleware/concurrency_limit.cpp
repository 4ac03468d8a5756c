//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/concurrency_limit.hpp"

#include "game/middleware/adaptive_limit.hpp"
#include "game/middleware/kept_state.hpp"
#include "game/middleware/refusal.hpp"

#include <mutex>
#include <utility>

namespace joust::game {

namespace {

using std::chrono::steady_clock;

/// Counts the calls that are let in; who decides how many that may be derives from it.
class concurrency_limiter : public interceptor, public std::enable_shared_from_this<concurrency_limiter> {
public:
    explicit concurrency_limiter(steady_clock::duration retry_after) noexcept : retry_after_(retry_after) {}

    status before(call& c) final {
        auto place = std::make_shared<place_of_call>(shared_from_this());
        if (std::size_t const limit = enter(); limit != 0)
            return limited(c, "more than " + std::to_string(limit) + (limit == 1 ? " call" : " calls") + " at a time",
                           retry_after_);
        place->taken = steady_clock::now();
        keep_state(c, this, std::move(place));
        return {};
    }
    status after(call& c) final {
        if (auto const place = take_state_as<place_of_call>(c, this))
            place->leave(status());
        return {};
    }
    void on_error(call& c, status& error) final {
        if (auto const place = take_state_as<place_of_call>(c, this))
            place->leave(error);
    }

protected:
    /// With the lock held. The limit, and what may be learned about it.
    virtual std::size_t limit() const noexcept = 0;
    virtual void learn(status const& /*outcome*/, steady_clock::time_point /*now*/, steady_clock::duration /*took*/,
                       std::size_t /*in_flight*/) noexcept {}

private:
    /// Gives itself back even if nobody says how the call ended, because its execution context is destroyed.
    struct place_of_call {
        explicit place_of_call(std::shared_ptr<concurrency_limiter> o) noexcept : of(std::move(o)) {}
        place_of_call(place_of_call const&) = delete;
        place_of_call& operator=(place_of_call const&) = delete;
        ~place_of_call() { leave(status(status_code::cancelled)); }

        void leave(status const& outcome) {
            if (auto const since = std::exchange(taken, std::nullopt))
                of->leave(outcome, *since);
        }

        std::shared_ptr<concurrency_limiter> of;
        std::optional<steady_clock::time_point> taken;
    };

    /// 0, or the limit that is reached.
    std::size_t enter() {
        std::lock_guard const lock(mutex_);
        std::size_t const most = limit();
        if (in_flight_ >= most)
            return most;
        ++in_flight_;
        return 0;
    }
    void leave(status const& outcome, steady_clock::time_point since) {
        auto const now = steady_clock::now();
        std::lock_guard const lock(mutex_);
        learn(outcome, now, now - since, in_flight_);
        --in_flight_;
    }

    steady_clock::duration const retry_after_;
    std::mutex mutex_;
    std::size_t in_flight_ = 0;
};

class fixed_limiter final : public concurrency_limiter {
public:
    fixed_limiter(std::size_t limit, steady_clock::duration retry_after) noexcept
        : concurrency_limiter(retry_after), limit_(limit) {}

private:
    std::size_t limit() const noexcept override { return limit_; }

    std::size_t const limit_;
};

class adaptive_limiter final : public concurrency_limiter {
public:
    explicit adaptive_limiter(adaptive_limit_options const& options) noexcept
        : concurrency_limiter(options.retry_after), limit_(options) {}

private:
    std::size_t limit() const noexcept override { return limit_.limit(); }

    void learn(status const& outcome, steady_clock::time_point now, steady_clock::duration took,
               std::size_t in_flight) noexcept override {
        switch (outcome.code()) {
        case status_code::ok: limit_.on_answer(now, took, in_flight); break;
        case status_code::deadline_exceeded:
        case status_code::unavailable:
        case status_code::resource_exhausted: limit_.on_overload(now, in_flight); break;
        default: break; // how soon an error comes says nothing
        }
    }

    adaptive_limit limit_;
};

std::optional<std::string> validate_retry_after(steady_clock::duration d) {
    if (d <= steady_clock::duration::zero())
        return "retry_after must be positive";
    return std::nullopt;
}

} // namespace

std::optional<std::string> validate(concurrency_limit_options const& options) {
    return validate_retry_after(options.retry_after);
}

std::optional<std::string> validate(adaptive_limit_options const& o) {
    if (o.min_limit == 0)
        return "min_limit must be at least 1";
    if (o.max_limit < o.min_limit || o.max_limit > 1'000'000)
        return "max_limit must be from min_limit to 1000000";
    if (o.initial_limit < o.min_limit || o.initial_limit > o.max_limit)
        return "initial_limit must be from min_limit to max_limit";
    if (!(o.tolerance >= 1 && o.tolerance <= 10))
        return "tolerance must be from 1 to 10";
    if (!(o.smoothing > 0 && o.smoothing <= 1))
        return "smoothing must be above 0 and at most 1";
    if (!(o.backoff >= 0.5 && o.backoff < 1))
        return "backoff must be at least 0.5 and below 1";
    if (o.window < std::chrono::milliseconds(1))
        return "window must be at least 1ms";
    if (o.window_calls == 0)
        return "window_calls must be at least 1";
    return validate_retry_after(o.retry_after);
}

std::shared_ptr<interceptor> concurrency_limit(std::size_t calls, concurrency_limit_options options) {
    if (calls == 0)
        refuse_options("concurrency_limit", "the limit must be at least 1");
    refuse_options("concurrency_limit", validate(options));
    return std::make_shared<fixed_limiter>(calls, options.retry_after);
}

std::shared_ptr<interceptor> concurrency_limit(adaptive_limit_options const& options) {
    refuse_options("concurrency_limit", validate(options));
    return std::make_shared<adaptive_limiter>(options);
}

} // namespace joust::game
