//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/happy_eyeballs_order.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace joust::client {

namespace {

enum class family : std::uint8_t { v4, v6, other };

family family_of(std::string_view address) noexcept {
    if (address.starts_with('['))
        return family::v6;
    std::string_view const host = address.substr(0, address.rfind(':'));
    bool const digits = !host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos;
    return digits ? family::v4 : family::other;
}

} // namespace

std::vector<endpoint_address> happy_eyeballs_order(std::vector<endpoint_address> addresses) {
    std::vector<family> turns; // in the order of appearance
    std::array<std::vector<std::size_t>, 3> of_family;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        family const f = family_of(addresses[i].address);
        if (std::find(turns.begin(), turns.end(), f) == turns.end())
            turns.push_back(f);
        of_family[static_cast<std::size_t>(f)].push_back(i);
    }
    std::vector<endpoint_address> ordered;
    ordered.reserve(addresses.size());
    for (std::size_t round = 0; ordered.size() < addresses.size(); ++round)
        for (family const f : turns)
            if (auto const& mine = of_family[static_cast<std::size_t>(f)]; round < mine.size())
                ordered.push_back(std::move(addresses[mine[round]]));
    return ordered;
}

} // namespace joust::client
