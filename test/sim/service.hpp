//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/method.hpp"

#include <string>

namespace joust::sim {

// What the servers serve: bytes. The second one answers with `pieces` messages, the third one gets as many.
inline constexpr unary_method<std::string, std::string> work{"/sim.Work/One"};
inline constexpr server_streaming_method<std::string, std::string> work_in_pieces{"/sim.Work/Pieces"};
inline constexpr client_streaming_method<std::string, std::string> work_from_pieces{"/sim.Work/FromPieces"};
inline constexpr unary_method<std::string, std::string> health{"/grpc.health.v1.Health/Check"};
inline constexpr int pieces = 3;

} // namespace joust::sim
