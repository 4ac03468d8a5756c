//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/client/load_balancer.hpp"

#include <vector>

namespace joust {

namespace {

class first_picker final : public picker {
public:
    explicit first_picker(std::span<ready_endpoint const> ready) {
        for (auto const& e : ready)
            loads_.push_back(e.load);
    }

    std::optional<std::size_t> pick(pick_arguments const& call, double) override {
        for (std::size_t i = 0; i < loads_.size(); ++i)
            if (!call.was_tried(loads_[i]))
                return i;
        return loads_.empty() ? std::nullopt : std::optional<std::size_t>(0);
    }

private:
    std::vector<endpoint_load const*> loads_;
};

class pick_first_balancer final : public load_balancer {
public:
    explicit pick_first_balancer(bool shuffle_addresses) noexcept : shuffle_addresses_(shuffle_addresses) {}
    std::string_view name() const noexcept override { return "pick_first"; }
    connect_scope scope() const noexcept override { return connect_scope::first; }
    bool shuffles_addresses() const noexcept override { return shuffle_addresses_; }
    std::unique_ptr<picker> make_picker(std::span<ready_endpoint const> ready) const override {
        return std::make_unique<first_picker>(ready);
    }

private:
    bool shuffle_addresses_;
};

} // namespace

std::shared_ptr<load_balancer> pick_first(bool shuffle_addresses) {
    return std::make_shared<pick_first_balancer>(shuffle_addresses);
}

} // namespace joust
