//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/random_index.hpp"
#include "joust/client/load_balancer.hpp"

#include <vector>

namespace joust {

namespace {

class round_robin_picker final : public picker {
public:
    explicit round_robin_picker(std::span<ready_endpoint const> ready) {
        for (auto const& e : ready)
            loads_.push_back(e.load);
    }

    std::optional<std::size_t> pick(pick_arguments const& call, double random01) override {
        if (loads_.empty())
            return std::nullopt;
        if (next_ == unset)
            next_ = client::random_index(random01, loads_.size());
        std::size_t at = next_;
        for (std::size_t passed = 0; passed < loads_.size(); ++passed, at = after(at))
            if (!call.was_tried(loads_[at]))
                break;
        next_ = after(at);
        return at;
    }

private:
    static constexpr std::size_t unset = static_cast<std::size_t>(-1);
    std::size_t after(std::size_t i) const noexcept { return i + 1 == loads_.size() ? 0 : i + 1; }

    std::vector<endpoint_load const*> loads_;
    std::size_t next_ = unset;
};

class round_robin_balancer final : public load_balancer {
public:
    std::string_view name() const noexcept override { return "round_robin"; }
    std::unique_ptr<picker> make_picker(std::span<ready_endpoint const> ready) const override {
        return std::make_unique<round_robin_picker>(ready);
    }
};

} // namespace

std::shared_ptr<load_balancer> round_robin() {
    return std::make_shared<round_robin_balancer>();
}

} // namespace joust
