//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// How a server's limits of connections become settings of theirs.

#include "rpc/server_care.hpp"

#include <algorithm>
#include <chrono>

namespace joust::rpc {

using duration = std::chrono::steady_clock::duration;

std::optional<std::string> validate_care(server_options const& o) {
    constexpr duration none = duration::zero();
    if (o.max_header_list_size > 8 * 1024 * 1024)
        return "max_header_list_size must be at most 8388608";
    if (o.max_connections == 0)
        return "max_connections must be at least 1";
    if (o.preface_timeout <= none)
        return "preface_timeout must be positive";
    if (o.max_connection_idle && *o.max_connection_idle <= none)
        return "max_connection_idle must be positive";
    if (o.max_connection_age && *o.max_connection_age <= none)
        return "max_connection_age must be positive";
    if (o.max_connection_age_grace && *o.max_connection_age_grace < none)
        return "max_connection_age_grace must not be negative";
    if (o.keepalive.time && *o.keepalive.time < std::chrono::seconds(1))
        return "keepalive.time must be at least 1s";
    if (o.keepalive.timeout <= none)
        return "keepalive.timeout must be positive";
    if (o.pings.min_interval < none)
        return "pings.min_interval must not be negative";
    if (o.max_running_handlers != 0 && o.max_running_handlers < o.max_concurrent_streams)
        return "max_running_handlers must be 0 or at least max_concurrent_streams";
    return std::nullopt;
}

void set_care(net::connection_settings& s, server_options const& o) {
    // Fields that the peer may send, this side may send as well; as bytes they can be somewhat more.
    s.http2.max_sent_header_block = std::max(s.http2.max_sent_header_block, 2 * o.max_header_list_size);
    s.keepalive = o.keepalive;
    s.keepalive.permit_without_calls = true;
    s.pings = {o.pings.min_interval, o.pings.permit_without_calls, o.pings.max_strikes};
    s.lifetime.preface_timeout = o.preface_timeout;
    s.lifetime.max_idle = o.max_connection_idle;
    s.lifetime.max_age = o.max_connection_age;
    s.lifetime.max_age_grace = o.max_connection_age_grace;
    s.max_running_handlers =
        o.max_running_handlers != 0 ? o.max_running_handlers : std::size_t{2} * o.max_concurrent_streams;
    s.max_resets_per_second = o.max_resets_per_second;
    s.max_http_body_size = o.max_http_body_size;
    s.call.http_fallback = static_cast<bool>(o.http);
}

} // namespace joust::rpc
