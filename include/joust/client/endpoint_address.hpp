//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/net/in_process.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace joust {

/// One place where a service can be reached, as a resolver names it.
///
/// *Thread safety*: distinct objects safe, shared objects unsafe.
struct endpoint_address {
    /// What a channel takes for a single address: `host:port`, `[v6]:port`, `unix:path`, `unix-abstract:name`.
    std::string address = {};
    /// Its share of the calls, where the balancing heeds weights; at least 1.
    std::uint32_t weight = 1;
    /// Zone, rack or what else a balancer may care for.
    std::optional<std::string> locality = {};
    /// `:authority` of the calls that go there; none: the channel's.
    std::optional<std::string> authority = {};
    /// A server of this process, which listens there: `address` is its name in texts then, of any form.
    std::optional<in_process> wire = {};

    friend bool operator==(endpoint_address const&, endpoint_address const&) = default;
};

/// True when both are served by the same connections: weight and locality may differ.
inline bool same_endpoint(endpoint_address const& a, endpoint_address const& b) noexcept {
    return a.address == b.address && a.authority == b.authority && a.wire == b.wire;
}

} // namespace joust

template <>
struct std::hash<joust::endpoint_address> {
    /// Of what makes the endpoint: also right for containers that compare with `same_endpoint`.
    std::size_t operator()(joust::endpoint_address const& a) const noexcept {
        std::size_t const h = std::hash<std::string>()(a.address);
        return a.authority ? h ^ (std::hash<std::string>()(*a.authority) * 31 + 1) : h;
    }
};
