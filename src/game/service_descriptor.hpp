//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/service_info.hpp"

namespace joust::game {

/// `game.grpc.GameService` with its descriptor: the library has none of protobuf's code for it.
extern service_info const game_service_info;

} // namespace joust::game
