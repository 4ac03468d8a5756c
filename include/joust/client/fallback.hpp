//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/rpc/any_channel.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace joust {

/// True for outcomes that say that the service gave no answer: it cannot be reached, its circuit breaker is open, too
/// many calls wait for it, or the deadline passed. Not for what it answered, be it an error, nor for cancellations.
bool is_outage(status const& outcome) noexcept;

/// Answers unary calls that failed: with a value, with what it can work out, or with an answer that it has kept.
///
/// Derive and override what you need. Messages are bytes as on the wire; a layer that knows their types builds on this.
///
/// *Thread safety*: called where the calls' handlers are completed, for several calls at a time.
class fallback {
public:
    virtual ~fallback() = default;

    /// Whether to answer a call that ended so.
    virtual bool concerns(status const& why) const { return is_outage(why); }
    /// Whether `request` is wanted below, which costs a copy of it; else it is empty.
    virtual bool sees_requests() const { return true; }
    /// The message that the call succeeds with instead, or nothing: it fails with `why`, as it does if this throws.
    virtual std::optional<buffer> on_failure(std::string_view path, std::string_view request, status const& why) = 0;
    /// The service has answered. What this throws is forgotten.
    virtual void on_answer(std::string_view /*path*/, std::string_view /*request*/, std::string_view /*answer*/) {}
};

/// A fallback that is a function only.
std::shared_ptr<fallback> make_fallback(
    std::function<std::optional<buffer>(std::string_view path, std::string_view request, status const& why)>);

/// A channel whose unary calls are made through `channel`, and answered by `instead` when that fails;
/// `response_info::instead_of` tells. Streams are passed on.
///
/// Calls that name a timeout or a deadline are given up `margin` before it, so that there is time for another answer.
///
/// *Errors*: throws `std::invalid_argument` when `instead` is null or `margin` negative.
any_channel with_fallback(any_channel const& channel, std::shared_ptr<fallback> instead,
                          std::chrono::steady_clock::duration margin);
any_channel with_fallback(any_channel const& channel, std::shared_ptr<fallback> instead);

} // namespace joust
