//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "game/registry.hpp"
#include "joust/rpc/handler.hpp"

#include <memory>
#include <string_view>

namespace joust::game {

inline constexpr std::string_view call_path = "/game.grpc.GameService/Call";
inline constexpr std::string_view stream_call_path = "/game.grpc.GameService/StreamCall";

/// The metadata of a request that asks for each pushed answer as a response of its own.
inline constexpr std::string_view many_answers_key = "joust-answers";
inline constexpr std::string_view many_answers_value = "many";

/// That of a request which asks for heartbeats: their interval in seconds.
inline constexpr std::string_view heartbeat_key = "joust-heartbeat";

std::unique_ptr<unary_handler> make_call_handler(std::shared_ptr<services::registry const> in);
std::unique_ptr<stream_handler> make_stream_call_handler(std::shared_ptr<services::registry const> in);

} // namespace joust::game
