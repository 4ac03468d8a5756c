//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/envelope.hpp"
#include "joust/game/name.hpp"
#include "joust/game/services.hpp"
#include "joust/rpc/handler.hpp"

#include <memory>
#include <string_view>

namespace joust::game {

inline constexpr std::string_view call_path = "/game.grpc.GameService/Call";
inline constexpr std::string_view stream_call_path = "/game.grpc.GameService/StreamCall";

/// The metadata of a request that asks for each pushed answer as a response of its own, and the message of those that
/// are not the last.
inline constexpr std::string_view many_answers_key = "joust-answers";
inline constexpr std::string_view many_answers_value = "many";
inline constexpr std::string_view more_message = "more";
inline constexpr std::string_view success_message = "success";

struct services::registry {
    services_options options;
    detail::by_name<service> by_name;
};

/// A request, and the method that is to serve it; without one, why.
struct target {
    request_view request;
    method_name name;
    game::method* method = nullptr;
    status refusal;
};

/// Finds the method of a decoded request.
void find_target(services::registry const& in, target& t);

/// Appends the response to a call that ended with `outcome`: code, message, and `json` as the payload when it is OK.
status append_response(buffer& out, status const& outcome, std::string_view json,
                       std::string_view message = success_message);

/// The status of a method as the client is to see it: the framework's complaints name the method.
status with_name(status s, method_name name);

/// Runs a method that is a coroutine, at most for its timeout. Exceptions have become a status.
boost::asio::awaitable<status> run_method(services::registry const& in, target const& t, call_context& context,
                                          answer_sink& pushed, buffer& answer);

std::unique_ptr<unary_handler> make_call_handler(std::shared_ptr<services::registry const> in);
std::unique_ptr<stream_handler> make_stream_call_handler(std::shared_ptr<services::registry const> in);

} // namespace joust::game
