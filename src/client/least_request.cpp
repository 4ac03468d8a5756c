//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/hash.hpp"
#include "joust/client/load_balancer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

namespace joust {

namespace {

constexpr std::size_t most_choices = 10;

class least_request_picker final : public picker {
public:
    least_request_picker(std::span<ready_endpoint const> ready, std::size_t choices)
        : choices_(std::min(choices, ready.size())) {
        for (auto const& e : ready)
            loads_.push_back(e.load);
    }

    std::optional<std::size_t> pick(pick_arguments const& call, double random01) override {
        if (loads_.empty())
            return std::nullopt;
        std::array<std::size_t, most_choices> chosen{};
        choose(chosen, random01);
        std::size_t best = chosen[0];
        for (std::size_t i = 1; i < choices_; ++i)
            if (cost(chosen[i], call) < cost(best, call))
                best = chosen[i];
        // Chance came up with tried ones only: take the next that was not.
        for (std::size_t i = 1; i < loads_.size() && call.was_tried(loads_[best]); ++i)
            if (std::size_t const other = (best + i) % loads_.size(); !call.was_tried(loads_[other]))
                best = other;
        return best;
    }

private:
    /// Different ones, each set of them equally likely, in random order.
    void choose(std::array<std::size_t, most_choices>& chosen, double random01) const noexcept {
        auto const seed = std::bit_cast<std::uint64_t>(random01);
        std::array<std::size_t, most_choices> before{}; // the chosen ones, sorted
        for (std::size_t i = 0; i < choices_; ++i) {
            // Among those left: the n-th that was not yet chosen.
            std::size_t n = static_cast<std::size_t>(client::mix(seed, i) % (loads_.size() - i));
            for (std::size_t b = 0; b < i; ++b)
                n += before[b] <= n ? 1 : 0;
            chosen[i] = n;
            std::size_t at = i;
            for (; at != 0 && before[at - 1] > n; --at)
                before[at] = before[at - 1];
            before[at] = n;
        }
    }

    std::pair<bool, std::uint32_t> cost(std::size_t i, pick_arguments const& call) const noexcept {
        return {call.was_tried(loads_[i]), loads_[i] != nullptr ? loads_[i]->calls_in_flight : 0};
    }

    std::vector<endpoint_load const*> loads_;
    std::size_t choices_;
};

class least_request_balancer final : public load_balancer {
public:
    explicit least_request_balancer(std::size_t choices)
        : choices_(std::clamp<std::size_t>(choices, 2, most_choices)) {}
    std::string_view name() const noexcept override { return "least_request"; }
    std::unique_ptr<picker> make_picker(std::span<ready_endpoint const> ready) const override {
        return std::make_unique<least_request_picker>(ready, choices_);
    }

private:
    std::size_t choices_;
};

} // namespace

std::shared_ptr<load_balancer> least_request(std::size_t choice_count) {
    return std::make_shared<least_request_balancer>(choice_count);
}

} // namespace joust
