//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/hash.hpp"
#include "joust/client/load_balancer.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

namespace joust {

namespace {

// Appleton, O'Reilly: "Multi-probe consistent hashing"; many probes of few points do what many points would.
constexpr std::uint64_t probes = 21;

struct point {
    std::uint64_t at;
    std::size_t owner;
};

std::uint64_t weight_of(ready_endpoint const& e) noexcept {
    return std::max<std::uint64_t>(e.weight, 1);
}

/// Points for each unit of weight: 16, or less where the ring would get too large. Halved rather than fitted, so that
/// it stays the same, and the keys where they are, for most changes of large sets, and all of small ones.
double density(std::span<ready_endpoint const> ready, std::size_t max_ring_size) noexcept {
    double points = 0;
    for (auto const& e : ready)
        points += 16 * static_cast<double>(weight_of(e));
    double d = 16;
    for (; points > static_cast<double>(std::max(max_ring_size, ready.size())); points /= 2)
        d /= 2;
    return d;
}

class ring_picker final : public picker {
public:
    ring_picker(std::span<ready_endpoint const> ready, std::size_t max_ring_size) {
        double const points = density(ready, max_ring_size);
        for (std::size_t i = 0; i < ready.size(); ++i) {
            loads_.push_back(ready[i].load);
            auto const count = static_cast<std::uint64_t>(points * static_cast<double>(weight_of(ready[i])));
            std::uint64_t const seed = client::hash(ready[i].address);
            for (std::uint64_t n = 0; n < std::max<std::uint64_t>(count, 1); ++n)
                ring_.push_back({client::mix(seed, n), i});
        }
        std::sort(ring_.begin(), ring_.end(),
                  [](point const& a, point const& b) { return a.at != b.at ? a.at < b.at : a.owner < b.owner; });
    }

    std::optional<std::size_t> pick(pick_arguments const& call, double random01) override {
        if (ring_.empty())
            return std::nullopt;
        bool const heed_tried = !call.tried.empty() && std::any_of(loads_.begin(), loads_.end(), [&](auto const* load) {
            return !call.was_tried(load);
        });
        std::uint64_t const key =
            call.hash_key ? client::hash(*call.hash_key) : client::mix(std::bit_cast<std::uint64_t>(random01));
        std::uint64_t nearest = std::numeric_limits<std::uint64_t>::max();
        std::size_t owner = ring_.front().owner;
        for (std::uint64_t n = 0; n < probes; ++n) {
            std::uint64_t const probe = client::mix(key, n);
            std::size_t i = next_point(probe);
            // As if those that were tried were not there, so that all retries of a key agree, too.
            while (heed_tried && call.was_tried(loads_[ring_[i].owner]))
                i = i + 1 == ring_.size() ? 0 : i + 1;
            if (std::uint64_t const distance = ring_[i].at - probe; distance < nearest || n == 0) {
                nearest = distance;
                owner = ring_[i].owner;
            }
        }
        return owner;
    }

private:
    /// The first one at or after `at`, around the ring.
    std::size_t next_point(std::uint64_t at) const noexcept {
        auto const found =
            std::lower_bound(ring_.begin(), ring_.end(), at, [](point const& p, std::uint64_t a) { return p.at < a; });
        return found == ring_.end() ? 0 : static_cast<std::size_t>(found - ring_.begin());
    }

    std::vector<point> ring_;
    std::vector<endpoint_load const*> loads_;
};

class ring_hash_balancer final : public load_balancer {
public:
    explicit ring_hash_balancer(std::size_t max_ring_size) : max_ring_size_(max_ring_size) {}
    std::string_view name() const noexcept override { return "ring_hash"; }
    std::unique_ptr<picker> make_picker(std::span<ready_endpoint const> ready) const override {
        return std::make_unique<ring_picker>(ready, max_ring_size_);
    }

private:
    std::size_t max_ring_size_;
};

} // namespace

std::shared_ptr<load_balancer> ring_hash(std::size_t max_ring_size) {
    return std::make_shared<ring_hash_balancer>(max_ring_size);
}

} // namespace joust
