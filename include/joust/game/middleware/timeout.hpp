//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/interceptor.hpp"

#include <chrono>
#include <memory>

namespace joust::game {

/// How long coroutine methods may take, in place of `method_options::timeout`: for all methods of a server or a
/// service, those that serve whole streams, too. Of several around a method the innermost counts. Throws
/// `std::invalid_argument` for a time that is not positive.
std::shared_ptr<interceptor> timeout(std::chrono::steady_clock::duration longest);

} // namespace joust::game
