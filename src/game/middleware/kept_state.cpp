//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/middleware/kept_state.hpp"

#include <utility>
#include <vector>

namespace joust::game {

namespace {

struct kept {
    void const* owner;
    std::shared_ptr<void> state;
};
using all_kept = std::vector<kept>; // as many as there are such interceptors around a method: a few

kept* find(call& c, void const* owner) noexcept {
    if (auto* const all = c.find_value<all_kept>())
        for (kept& each : *all)
            if (each.owner == owner && each.state != nullptr)
                return &each;
    return nullptr;
}

} // namespace

void keep_state(call& c, void const* owner, std::shared_ptr<void> state) {
    auto* all = c.find_value<all_kept>();
    if (all == nullptr) {
        c.set_value(all_kept());
        all = c.find_value<all_kept>();
    }
    all->push_back({owner, std::move(state)});
}

std::shared_ptr<void> take_state(call& c, void const* owner) noexcept {
    kept* const found = find(c, owner);
    return found == nullptr ? nullptr : std::exchange(found->state, nullptr);
}

void* find_state(call& c, void const* owner) noexcept {
    kept* const found = find(c, owner);
    return found == nullptr ? nullptr : found->state.get();
}

} // namespace joust::game
