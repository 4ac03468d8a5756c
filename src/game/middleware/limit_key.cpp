//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/limit_key.hpp"

namespace joust::game {

namespace {

std::string peer_of(call const& c) {
    return std::string(host_of_peer(c.context().peer()));
}

} // namespace

std::string_view host_of_peer(std::string_view peer) noexcept {
    if (peer.starts_with("unix:pid=")) { // "unix:pid=4711,uid=1000"
        auto const uid = peer.find(",uid=");
        return uid == std::string_view::npos ? peer : peer.substr(uid + 1);
    }
    if (peer.starts_with('[')) { // "[::1]:40000"
        auto const end = peer.find(']');
        return end == std::string_view::npos ? peer : peer.substr(1, end - 1);
    }
    auto const colon = peer.rfind(':');
    if (colon == std::string_view::npos || peer.starts_with("unix"))
        return peer;
    return peer.substr(0, colon);
}

limit_key by_peer() {
    return {peer_of, " from "};
}

limit_key by_identity() {
    return {[](call const& c) { return c.identity().empty() ? peer_of(c) : std::string(c.identity()); }, " by "};
}

limit_key by_method() {
    return {[](call const& c) { return std::string(c.name()); }};
}

} // namespace joust::game
