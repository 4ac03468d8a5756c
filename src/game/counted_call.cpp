//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/counted_call.hpp"

#include "joust/game/code.hpp"

#include <exception>

namespace joust::game {

counted_call::~counted_call() {
    if (ended_)
        return;
    status const cancelled(status_code::cancelled);
    if (std::uncaught_exceptions() != 0)
        end(cancelled, 0); // a coroutine that was cancelled is left by an exception
    else
        record(to_application_code(cancelled)); // it is destroyed, with its execution context
}

void counted_call::end(status const& outcome, std::size_t bytes_out) noexcept {
    int code = 0;
    if (!outcome.ok()) {
        status const* const ended = call_.context().outcome(); // of the gRPC call: nobody hears the other one
        code = to_application_code(ended != nullptr && !ended->ok() ? *ended : outcome);
    }
    add_out(bytes_out);
    record(code);
}

void counted_call::record(int code) noexcept {
    ended_ = true;
    counters_.end(code, std::chrono::steady_clock::now() - call_.received(), bytes_in_, bytes_out_);
}

} // namespace joust::game
