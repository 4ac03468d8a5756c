//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/envelope.hpp"
#include "joust/game/services.hpp"
#include "joust/rpc/handler.hpp"

#include <memory>
#include <string_view>

namespace joust::game {

inline constexpr std::string_view call_path = "/game.grpc.GameService/Call";
inline constexpr std::string_view stream_call_path = "/game.grpc.GameService/StreamCall";

/// The metadata of a request that asks for each pushed answer as a response of its own.
inline constexpr std::string_view many_answers_key = "joust-answers";
inline constexpr std::string_view many_answers_value = "many";

struct services::registry {
    services_options options;
    detail::by_name<service> by_name;
};

/// A request, and the method that is to serve it.
struct target {
    request_view request;
    game::method* method = nullptr;
};

/// Finds the method of a decoded request. *Errors*: NOT_FOUND, which names what is unknown.
status find_target(services::registry const& in, target& t);

/// Calls a plain method and appends the response.
void serve_plain(services::registry const& in, target const& t, call_context& context, buffer& response);

/// Runs a coroutine method, at most for its timeout. Exceptions have become a status.
boost::asio::awaitable<status> run_coroutine(services::registry const& in, target const& t, call_context& context,
                                             answer_sink& pushed, buffer& answer);

std::unique_ptr<unary_handler> make_call_handler(std::shared_ptr<services::registry const> in);
std::unique_ptr<stream_handler> make_stream_call_handler(std::shared_ptr<services::registry const> in);

} // namespace joust::game
