//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/result.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace joust::rpc {

/// The outcome of a wait that was cancelled, when the call goes on.
inline status wait_cancelled() {
    return status(status_code::cancelled, "the operation was cancelled", status_origin::local,
                  boost::asio::error::operation_aborted);
}

/// What a read leaves in its cancellation slot. `cancel()` ends the wait; if it comes too late for that, because the
/// message is on its way to the handler, `cancelled` tells so there: whoever cancelled will not look at it.
template <class Cancel>
struct read_cancellation {
    Cancel cancel;
    bool cancelled = false;

    explicit read_cancellation(Cancel c) : cancel(std::move(c)) {}

    void operator()(boost::asio::cancellation_type) {
        cancelled = true;
        cancel();
    }
};

/// Leaves one in the slot and returns its flag, which lives until the slot is cleared; null when the slot is not
/// connected.
template <class Cancel>
bool const* watch_read(boost::asio::cancellation_slot slot, Cancel cancel) {
    if (!slot.is_connected())
        return nullptr;
    return &slot.emplace<read_cancellation<Cancel>>(std::move(cancel)).cancelled;
}

/// Looks at a read's result when its handler is about to run: a message that nobody waits for any more goes back to
/// `owner->give_back`.
template <class Owner>
auto returning_to(std::shared_ptr<Owner> owner, bool const* cancelled) {
    return [owner = std::move(owner), cancelled](result<std::optional<buffer>>& r) {
        if (cancelled == nullptr || !*cancelled || r.has_error() || !r->has_value())
            return;
        owner->give_back(std::move(**r));
        r = wait_cancelled();
    };
}

} // namespace joust::rpc
