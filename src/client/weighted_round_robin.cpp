//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/load_balancer.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace joust {

namespace {

/// Earliest deadline first: in each cycle an endpoint of weight w has w turns, at (2j + 1) / 2w of the cycle. Counting
/// turns in integers keeps every cycle exact, however many there are.
class weighted_picker final : public picker {
public:
    explicit weighted_picker(std::span<ready_endpoint const> ready) {
        turns_.reserve(ready.size());
        for (std::size_t i = 0; i < ready.size(); ++i)
            turns_.push_back({i, std::clamp<std::uint64_t>(ready[i].weight, 1, heaviest), 0, 0, ready[i].load});
    }

    std::optional<std::size_t> pick(pick_arguments const& call, double random01) override {
        if (turns_.empty())
            return std::nullopt;
        if (!begun_)
            begin(random01);
        // Endpoints that were tried keep their turn for the next call.
        auto end = turns_.end();
        std::pop_heap(turns_.begin(), end, later);
        while (call.was_tried(end[-1].load) && end - 1 != turns_.begin()) {
            --end;
            std::pop_heap(turns_.begin(), end, later);
        }
        bool const all_tried = call.was_tried(end[-1].load);
        auto& chosen = all_tried ? turns_.back() : end[-1];
        std::size_t const index = chosen.index;
        if (++chosen.turn == chosen.weight) {
            chosen.turn = 0;
            ++chosen.cycle;
        }
        for (--end; end != turns_.end(); ++end)
            std::push_heap(turns_.begin(), end + 1, later);
        return index;
    }

private:
    struct turns {
        std::size_t index;
        std::uint64_t weight;
        std::uint64_t turn; // of this cycle, below the weight
        std::uint64_t cycle;
        endpoint_load const* load;
    };
    // Products of a weight and of twice a turn fit into 64 bits.
    static constexpr std::uint64_t heaviest = 0x7fffffff;

    static bool later(turns const& a, turns const& b) noexcept {
        if (a.cycle != b.cycle)
            return a.cycle > b.cycle;
        std::uint64_t const at_a = (2 * a.turn + 1) * b.weight, at_b = (2 * b.turn + 1) * a.weight;
        return at_a != at_b ? at_a > at_b : a.index > b.index;
    }

    /// Enters the cycle anywhere, lest all clients begin with the same endpoint.
    void begin(double random01) {
        begun_ = true;
        double const phase = random01 > 0 && random01 < 1 ? random01 : 0;
        for (auto& t : turns_) {
            t.turn = static_cast<std::uint64_t>(std::lround(phase * static_cast<double>(t.weight)));
            if (t.turn >= t.weight) {
                t.turn = 0;
                t.cycle = 1;
            }
        }
        std::make_heap(turns_.begin(), turns_.end(), later);
    }

    std::vector<turns> turns_;
    bool begun_ = false;
};

class weighted_round_robin_balancer final : public load_balancer {
public:
    std::string_view name() const noexcept override { return "weighted_round_robin"; }
    std::unique_ptr<picker> make_picker(std::span<ready_endpoint const> ready) const override {
        return std::make_unique<weighted_picker>(ready);
    }
};

} // namespace

std::shared_ptr<load_balancer> weighted_round_robin() {
    return std::make_shared<weighted_round_robin_balancer>();
}

} // namespace joust
