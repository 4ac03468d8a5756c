//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/tcp_options.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>

#ifdef __linux__
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

using namespace joust;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(tcp_options)

BOOST_AUTO_TEST_CASE(keepalive_off_leaves_the_socket_as_it_is) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket closed(io);
    net::set_user_timeout(closed.native_handle(), {.time = 10s}); // fails in silence
    BOOST_TEST(!closed.is_open());
}

#ifdef TCP_USER_TIMEOUT
BOOST_AUTO_TEST_CASE(kernel_gives_up_after_the_keepalive_timeout) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket(io, boost::asio::ip::tcp::v4());
    unsigned ms = 0;
    socklen_t size = sizeof(ms);
    net::set_user_timeout(socket.native_handle(), {});
    BOOST_TEST(getsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, &size) == 0);
    BOOST_TEST(ms == 0u);
    net::set_user_timeout(socket.native_handle(), {.time = 10s, .timeout = 1500ms});
    BOOST_TEST(getsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, &size) == 0);
    BOOST_TEST(ms == 1500u);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
