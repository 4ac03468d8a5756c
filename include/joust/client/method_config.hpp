//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/retry_policy.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace joust {

/// What the calls of some methods start from. What is not set is up to the channel and the call.
struct method_config {
    /// The shorter one counts, this or the call's own.
    std::optional<std::chrono::steady_clock::duration> timeout = {};
    /// Wait for a connection, or else fail as soon as one cannot be made. A call that says so itself is right.
    std::optional<bool> wait_for_ready = {};
    /// At most one of these two.
    std::optional<retry_policy> retry = {};
    std::optional<hedging_policy> hedging = {};
    /// Largest messages, in bytes; the smaller one counts, this or the channel's.
    std::optional<std::size_t> max_request_message_size = {};
    std::optional<std::size_t> max_response_message_size = {};
};

/// The first field that is out of range, with its limits, or nothing.
std::optional<std::string> validate(method_config const& config);

/// Configurations by method, by service and for all others.
///
/// *Thread safety*: distinct objects safe; shared objects safe while only read.
class method_configs {
public:
    /// A name that a configuration goes by: one method, all of a service, or, with both empty, all that are not named.
    struct name {
        std::string_view service; ///< `package.Service`
        std::string_view method;  ///< `Method`
    };

    /// False, and nothing is changed, when this name has a configuration already, or has a method but no service.
    bool add(name const& n, method_config const& config);

    /// The configuration of the method with this path (`/package.Service/Method`): its own, or that of its service, or
    /// that of all others; null when there is none. They are not merged. Allocates nothing. Valid until another is
    /// added.
    method_config const* find(std::string_view path) const noexcept;

    bool empty() const noexcept { return configs_.empty(); }

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>()(s); }
    };

    method_config const* find_exactly(std::string_view key) const noexcept;

    /// By `/service/method`, `/service/` and the empty string.
    std::unordered_map<std::string, method_config, hash, std::equal_to<>> configs_;
};

} // namespace joust
