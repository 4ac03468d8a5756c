//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/channel_base.hpp"

#include <vector>

namespace joust::game {

/// Sends all requests and reads as many answers, at the same time; then waits for the end of the call.
void run_stream_exchange(channel_base& via, std::vector<buffer> requests, joust::call_options options,
                         boost::asio::any_completion_handler<void(result<std::vector<buffer>>)> handler);

} // namespace joust::game
