//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/call_context.hpp"
#include "net/timer_queue.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <chrono>

namespace joust::rpc {

/// The time that what a handler's coroutine awaits has: when it is up the coroutine is cancelled, while its call goes
/// on. It waits in the connection's queue of deadlines, so that it costs no timer.
///
/// *Lifetime*: that of the context. *Thread safety*: on the call's executor only.
class time_limit final : private net::timed {
public:
    /// `cancel` cancels the coroutine.
    time_limit(call_context& context, boost::asio::cancellation_signal& cancel) noexcept;
    time_limit(time_limit const&) = delete;
    time_limit& operator=(time_limit const&) = delete;
    ~time_limit() { clear(); }

    /// That of a call whose handler is a coroutine.
    static time_limit& of(call_context& context) noexcept { return *context.limit_; }

    /// From now on; instead of the one before.
    void set(std::chrono::steady_clock::duration most);
    void clear() noexcept;
    /// Whether the last one's time was up. The coroutine then has to reset its cancellation state.
    bool reached() const noexcept { return reached_; }

private:
    void on_expired() override;

    call_context& context_;
    boost::asio::cancellation_signal& cancel_;
    bool reached_ = false;
};

} // namespace joust::rpc
