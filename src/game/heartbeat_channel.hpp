//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/channel_base.hpp"

#include <chrono>
#include <memory>

namespace joust::game {

/// A channel whose streams drop the heartbeats of the server, and give up when they stay away: a read that has heard
/// nothing for three intervals ends the call with UNAVAILABLE. Requests have to ask for them.
std::shared_ptr<channel_base> with_heartbeats(std::shared_ptr<channel_base> inner,
                                              std::chrono::steady_clock::duration interval);

} // namespace joust::game
