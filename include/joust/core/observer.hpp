//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string_view>

namespace joust {

/// Which side of a call or connection is meant.
enum class role : std::uint8_t { client, server };

/// What an observer learns about a call that ended.
struct call_summary {
    joust::role role;
    std::string_view path; ///< `/package.Service/Method`
    std::string_view peer; ///< the remote endpoint as text
    joust::status const& outcome;
    std::chrono::nanoseconds elapsed;
};

/// Sees what happens on connections and calls; the way up for logs, metrics and traces.
///
/// Every function does nothing unless overridden. They are called on the executor of the connection and must not
/// block; an exception that leaves one is a programming error and terminates.
///
/// *Lifetime*: shared by the server or channel it is given to.
/// *Thread safety*: functions may be called concurrently for different connections.
class observer {
public:
    virtual ~observer() = default;

    virtual void connection_opened(role, std::string_view /*peer*/) noexcept {}
    virtual void connection_closed(role, std::string_view /*peer*/, error_code /*why*/) noexcept {}

    /// A peer did not get as far as a connection: its TLS handshake failed, or `max_connections` is far exceeded.
    virtual void handshake_failed(role, std::string_view /*peer*/, status const& /*why*/) noexcept {}
    /// A server did not take a stream, as the client has as many as it may. What the client hears, REFUSED_STREAM, has
    /// no text.
    virtual void stream_refused(std::string_view /*peer*/, status const& /*why*/) noexcept {}
    /// Changed certificates or keys were found, and are used from now on; or, when `outcome` is an error, are not.
    virtual void credentials_reloaded(role, status const& /*outcome*/) noexcept {}

    virtual void call_started(role, std::string_view /*path*/, std::string_view /*peer*/) noexcept {}
    virtual void call_finished(call_summary const&) noexcept {}
    /// An attempt of a call at `peer` failed, and there will be another: the `attempt`-th, from 2 on. The call has
    /// neither begun nor finished once more because of that.
    virtual void call_retried(std::string_view /*path*/, std::string_view /*peer*/, status const& /*why*/,
                              std::uint32_t /*attempt*/) noexcept {}

    /// A channel's connectivity state: `"READY"` ...
    virtual void channel_state_changed(std::string_view /*target*/, std::string_view /*state*/) noexcept {}
    /// A resolver has no addresses, or a list or service config cannot be used: the one before stays.
    virtual void resolution_failed(std::string_view /*target*/, status const& /*why*/) noexcept {}

    /// A handler let an exception escape. The text never reaches the peer, the id does.
    virtual void handler_failed(std::string_view /*path*/, std::string_view /*call_id*/,
                                std::string_view /*what*/) noexcept {}
};

/// An observer that writes a line for each failed handler and for changed certificates that cannot be used, and nothing
/// else. `to` outlives it.
std::shared_ptr<observer> make_failure_log(std::ostream& to);

} // namespace joust
