//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/http_message.hpp"

#include <functional>
#include <optional>

namespace joust {

/// Answers HTTP/2 requests that are not gRPC's: probes of load balancers, a page for people. Nothing: the request is
/// not this handler's, and is refused: a POST with 415, the path of a gRPC method with 405, anything else with 404.
///
/// Runs inline on the connection's executor and must not block. An exception becomes a 500, and is told to the
/// observer.
///
/// *Thread safety*: called concurrently for requests on different connections.
using http_handler = std::function<std::optional<http_response>(http_request const&)>;

/// Answers GET and HEAD of `/healthz`: 200 `serving`, or 503 `draining`. What a server does unless told otherwise; call
/// it from a handler of your own to keep it.
std::optional<http_response> serve_healthz(http_request const& request);

} // namespace joust
