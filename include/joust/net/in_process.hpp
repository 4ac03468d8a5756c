//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <memory>

namespace joust {

namespace net {
class in_process_port;
}

/// Connects channels and a server of one process without a socket, for tests:
///
///     joust::in_process wire;
///     server.listen(wire);
///     joust::channel channel(executor, wire);
///
/// Everything but the socket is as always. Both sides may have different executors, on different threads. A cheap
/// handle: copies are the same wire.
///
/// *Lifetime*: connections that are open keep what they need; destroying the execution context of one side ends them.
/// *Thread safety*: safe.
class in_process {
public:
    in_process();

    std::shared_ptr<net::in_process_port> const& port() const noexcept { return port_; }

    /// True for copies of the same wire.
    friend bool operator==(in_process const&, in_process const&) = default;

private:
    std::shared_ptr<net::in_process_port> port_;
};

} // namespace joust
