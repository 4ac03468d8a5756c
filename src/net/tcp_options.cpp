//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/tcp_options.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#ifdef __linux__
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

namespace joust::net {

void set_user_timeout([[maybe_unused]] boost::asio::ip::tcp::socket::native_handle_type socket,
                      [[maybe_unused]] keepalive_options const& o) noexcept {
#if defined(__linux__) && defined(TCP_USER_TIMEOUT)
    if (!o.time)
        return;
    constexpr std::chrono::milliseconds::rep most = std::numeric_limits<unsigned>::max();
    auto const ms =
        static_cast<unsigned>(std::min(std::chrono::ceil<std::chrono::milliseconds>(o.timeout).count(), most));
    // Fails on what is no TCP socket, and on old systems: the ping alone has to do.
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
#endif
}

} // namespace joust::net
