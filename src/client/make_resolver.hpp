//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "client/resolve_schedule.hpp"
#include "client/target.hpp"
#include "joust/client/resolver.hpp"

#include <chrono>
#include <memory>

namespace joust::client {

/// How often resolvers look by themselves.
struct resolver_settings {
    resolve_schedule::settings dns = {};
    std::chrono::steady_clock::duration file_poll = std::chrono::seconds(5);
};

/// The resolver of a target.
std::unique_ptr<resolver> make_resolver(target const& to, resolver_settings const& settings);

} // namespace joust::client
