//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/call.hpp"

#include <memory>

namespace joust::game {

/// Keeps something for an interceptor until the call is over, or taken back. Unlike a value of the call it belongs to
/// one object: several of a class may stand around the same call.
void keep_state(call& c, void const* owner, std::shared_ptr<void> state);

/// What this owner kept, which is now no longer kept; null if nothing.
std::shared_ptr<void> take_state(call& c, void const* owner) noexcept;

/// The same, which stays.
void* find_state(call& c, void const* owner) noexcept;

template <class T>
std::shared_ptr<T> take_state_as(call& c, void const* owner) noexcept {
    return std::static_pointer_cast<T>(take_state(c, owner));
}

} // namespace joust::game
