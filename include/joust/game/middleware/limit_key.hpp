//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/call.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace joust::game {

/// Which calls share a limit: those of the same key. Any function from `call const&` to `std::string` is one.
class limit_key {
public:
    /// All calls share one limit.
    limit_key() = default;

    /// `said` stands before the key in messages to the client (`" from "`). Without it they do not show the key, which
    /// may be a secret.
    template <class Function>
        requires std::is_invocable_r_v<std::string, Function const&, call const&>
    // NOLINTNEXTLINE(google-explicit-constructor): a function is a key
    limit_key(Function of, std::string said = {}) : of_(std::move(of)), said_(std::move(said)) {}

    /// The key of a call; empty when all share one.
    std::string operator()(call const& c) const { return of_ ? of_(c) : std::string(); }
    /// What a message says of this key: `" from 10.0.0.1"`, or nothing.
    std::string text(std::string_view key) const { return said_.empty() ? said_ : said_ + std::string(key); }
    bool everybody() const noexcept { return !of_; }

private:
    std::function<std::string(call const&)> of_;
    std::string said_;
};

/// Each client's address has a limit of its own, whatever its port; each user of this machine over a Unix socket.
limit_key by_peer();
/// Each identity (see `auth`); a call without one counts for its address.
limit_key by_identity();
/// Each method.
limit_key by_method();

/// A peer's address (`call_context::peer`) without what is different for each of its connections.
std::string_view host_of_peer(std::string_view peer) noexcept;

} // namespace joust::game
