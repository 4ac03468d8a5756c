//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/circuit_breaker.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <vector>

using namespace joust;
using namespace joust::client;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(circuit_breaker_property)

namespace {

/// What a breaker may never do, checked at each step of a random life.
class life {
public:
    explicit life(unsigned seed) : random_(seed) {
        o_.consecutive_failures = 1 + pick(5);
        o_.half_open_trials = 1 + pick(4);
        o_.success_threshold = 1 + pick(4);
        o_.open_time = std::chrono::milliseconds(1 + pick(1000));
        breaker_.emplace(std::make_shared<circuit_breaker_options const>(o_), "", "");
    }

    /// Empty, or what went wrong.
    std::string step() {
        now_ += std::chrono::milliseconds(pick(4) == 0 ? pick(1500) : 0);
        switch (pick(20)) {
        case 0:
            if (pick(10) == 0)
                force();
            return {};
        case 1: return permits_.empty() ? "" : answer(take(), true);
        default: return pick(2) == 0 ? acquire() : permits_.empty() ? "" : answer(take(), false);
        }
    }

private:
    unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }

    circuit_permit take() {
        std::swap(permits_[pick(static_cast<unsigned>(permits_.size()))], permits_.back());
        circuit_permit const p = permits_.back();
        permits_.pop_back();
        return p;
    }

    std::string acquire() {
        circuit_state const before = breaker_->state();
        circuit_answer const a = breaker_->try_acquire(now_);
        circuit_state const after = breaker_->state();
        if (a.permit) {
            permits_.push_back(*a.permit);
            current_ = a.permit->generation;
        }
        switch (before) {
        case circuit_state::closed:
        case circuit_state::forced_closed:
            if (!a.permit || after != before)
                return "a closed breaker refused";
            return {};
        case circuit_state::forced_open: return a.permit || after != before ? "forced open, and called" : "";
        case circuit_state::open:
            if (now_ < opened_ + o_.open_time)
                return a.permit || a.retry_after != opened_ + o_.open_time - now_ ? "opened too early" : "";
            if (!a.permit || after != circuit_state::half_open)
                return "no trial after open_time";
            break;
        case circuit_state::half_open:
            if (after != before)
                return "asking ended the trials";
            if (!a.permit && trials_under_way() < o_.half_open_trials)
                return "refused with a trial to spare";
            break;
        }
        return trials_under_way() > o_.half_open_trials ? "too many trials" : "";
    }

    unsigned trials_under_way() const {
        unsigned n = 0;
        for (circuit_permit const& p : permits_)
            n += p.generation == current_;
        return n;
    }

    std::string answer(circuit_permit p, bool released) {
        circuit_state const before = breaker_->state();
        bool const late = p.generation != current_;
        auto const outcome = pick(2) == 0 ? health_opinion::healthy : health_opinion::unhealthy;
        if (released)
            breaker_->release(p, now_);
        else
            breaker_->record(p, outcome, 1ms, now_);
        circuit_state const after = breaker_->state();
        if ((late || released) && after != before)
            return "a late or released permit changed the state";
        if (late || released)
            return {};
        return expect(before, outcome, after);
    }

    std::string expect(circuit_state before, health_opinion outcome, circuit_state after) {
        bool const failed = outcome == health_opinion::unhealthy;
        circuit_state expected = before;
        if (before == circuit_state::closed) {
            failures_ = failed ? failures_ + 1 : 0;
            if (failures_ == o_.consecutive_failures)
                expected = circuit_state::open;
        } else if (before == circuit_state::half_open) {
            successes_ += !failed;
            expected = failed                               ? circuit_state::open
                       : successes_ == o_.success_threshold ? circuit_state::closed
                                                            : before;
        }
        if (after != before)
            begin();
        return after == expected ? "" : "wrong state after an answer";
    }

    void force() {
        switch (pick(3)) {
        case 0: breaker_->force_open(now_); break;
        case 1: breaker_->force_closed(now_); break;
        default: breaker_->reset(now_);
        }
        begin();
    }

    /// Another state: all permits are late from now on.
    void begin() {
        opened_ = now_;
        failures_ = 0;
        successes_ = 0;
        current_ = nobody;
    }

    static constexpr std::uint64_t nobody = ~std::uint64_t(0);

    std::mt19937 random_;
    circuit_breaker_options o_;
    std::optional<circuit_breaker> breaker_;
    time_point now_ = time_point() + 1h;
    time_point opened_{};
    std::vector<circuit_permit> permits_;
    std::uint64_t current_ = nobody; // the generation of the last permit
    std::uint32_t failures_ = 0;
    std::uint32_t successes_ = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(ten_thousand_random_lives_keep_the_promises) {
    for (unsigned seed = 0; seed != 10'000; ++seed) {
        life l(seed);
        for (int i = 0; i != 100; ++i) {
            std::string const wrong = l.step();
            if (!wrong.empty())
                BOOST_FAIL("seed " << seed << ", step " << i << ": " << wrong);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
