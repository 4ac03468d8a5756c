//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/interceptor.hpp"

#include <cstddef>
#include <limits>
#include <memory>

namespace joust::game {

/// How large payloads may be, in bytes.
struct payload_limits {
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    /// Of each request, also of those that a method over a whole stream reads.
    std::size_t max_arguments = none;
    /// Of each answer, also of those that are pushed.
    std::size_t max_answer = none;
};

/// Refuses what is too large: arguments with INVALID_ARGUMENT, code 400, before they are read (`"logic.update: the
/// arguments have 2000 bytes, more than 1000"`); an answer, which is the server's fault, with INTERNAL, code 500.
std::shared_ptr<interceptor> limits(payload_limits const& most);

} // namespace joust::game
