//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/address_diff.hpp"

#include <unordered_map>

namespace joust::client {

namespace {

struct by_endpoint {
    bool operator()(endpoint_address const* a, endpoint_address const* b) const noexcept {
        return same_endpoint(*a, *b);
    }
    std::size_t operator()(endpoint_address const* a) const noexcept { return std::hash<endpoint_address>()(*a); }
};

constexpr std::size_t none = static_cast<std::size_t>(-1);

struct places {
    std::size_t before = none;
    std::size_t after = none;
};

} // namespace

address_diff diff_addresses(std::span<endpoint_address const> before, std::span<endpoint_address const> after) {
    std::unordered_map<endpoint_address const*, places, by_endpoint, by_endpoint> known;
    known.reserve(before.size() + after.size());
    for (std::size_t i = 0; i < before.size(); ++i)
        if (auto& at = known[&before[i]]; at.before == none)
            at.before = i;
    address_diff d;
    for (std::size_t i = 0; i < after.size(); ++i) {
        auto& at = known[&after[i]];
        if (at.after != none)
            continue;
        at.after = i;
        if (at.before == none)
            d.added.push_back(i);
        else
            d.kept.push_back({at.before, i});
    }
    for (std::size_t i = 0; i < before.size(); ++i)
        if (auto const& at = known.find(&before[i])->second; at.before == i && at.after == none)
            d.removed.push_back(i);
    return d;
}

} // namespace joust::client
