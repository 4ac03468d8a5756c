//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "core/call_counters.hpp"
#include "joust/game/call.hpp"
#include "joust/game/method.hpp"

#include <chrono>
#include <cstddef>

namespace joust::game {

/// Counts a call of a method from its construction on, whatever becomes of it.
///
/// *Lifetime*: the call and the method outlive it.
class counted_call {
public:
    counted_call(registered_method const& m, call& c) noexcept
        : counters_(*m.counters), call_(c), bytes_in_(c.arguments().size()) {
        counters_.begin(c.received());
    }
    counted_call(counted_call const&) = delete;
    counted_call& operator=(counted_call const&) = delete;
    ~counted_call();

    /// More payload than that of the first request came.
    void add_in(std::size_t bytes) noexcept { bytes_in_ += bytes; }
    /// Payload that goes to the client before the call is over.
    void add_out(std::size_t bytes) noexcept { bytes_out_ += bytes; }

    /// The call is over; `bytes_out` more of payload go to the client.
    void end(status const& outcome, std::size_t bytes_out) noexcept;

private:
    void record(int code) noexcept;

    core::call_counters& counters_;
    call& call_;
    std::size_t bytes_in_;
    std::size_t bytes_out_ = 0;
    bool ended_ = false;
};

} // namespace joust::game
