//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/call.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>

namespace joust::game {

/// True when `serve` serves calls of the method, false when `serve_at_once` does.
bool needs_coroutine(registered_method const& m) noexcept;

/// INVALID_ARGUMENT when arguments of this many bytes are more than the method's options allow.
status check_arguments(call const& c, std::size_t size);

/// Calls a plain method, with its interceptors around it; exceptions have become a status. If that is OK, `c.answer()`
/// is the payload.
status serve_at_once(registered_method const& m, call& c);

/// Calls any method, at most for its time limit, with its interceptors around it.
boost::asio::awaitable<status> serve(registered_method const& m, call& c, answer_sink& pushed);

} // namespace joust::game
