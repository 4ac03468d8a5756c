//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/endpoint_address.hpp"
#include "joust/core/status.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace joust {

/// What a resolver found out. Addresses that cannot be parsed and repetitions are left out by the channel, which takes
/// 10,000 at most.
struct resolution {
    /// All endpoints of the service. When empty, the channel keeps those it had: a name service that fails must not
    /// take down a service that works.
    std::vector<endpoint_address> addresses = {};
    /// gRPC's service config as JSON text, where the source has one.
    std::optional<std::string> service_config = {};
    /// OK, or why there are no addresses, or not all of them.
    status problem = {};
};

/// Where a channel gets the addresses of its service from.
///
/// Users derive from it in one class; `static_resolver` and `manual_resolver` are ready to use. A class that waits for
/// something (a timer, a watch of a name service) does so on the executor it is started with.
///
/// *Thread safety*: all functions are called on that executor, one at a time, the destructor too.
/// *Lifetime*: when the resolver is destroyed, it must have stopped: no more calls of the listener, nothing that keeps
/// the execution context from running out of work. The listener must not destroy the resolver that calls it.
class resolver {
public:
    /// Takes what was found. To be called on the executor, at any time and as often as there is news, also from within
    /// `start` and `refresh`. Must not be called after the resolver is gone.
    using listener = std::function<void(resolution)>;

    virtual ~resolver() = default;

    /// Begins to resolve. Called once.
    virtual void start(boost::asio::any_io_executor const& executor, listener on_resolution) = 0;
    /// Somebody wants to know now: resolve again.
    virtual void refresh() = 0;
    /// Connections were lost or could not be made, which may mean that the addresses are stale. Happens often; a
    /// resolver whose questions cost something asks again not before some time has passed.
    virtual void on_connection_failure() {}
};

} // namespace joust
