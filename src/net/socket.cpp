//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/socket.hpp"

#include "net/address.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <sys/socket.h>

#include <cstring>

namespace joust::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

template <class Endpoint>
Endpoint as(asio::generic::stream_protocol::endpoint const& from) {
    Endpoint to;
    to.resize(from.size());
    std::memcpy(to.data(), from.data(), from.size());
    return to;
}

std::string to_string(asio::local::stream_protocol::endpoint const& endpoint) {
    std::string path = endpoint.path();
    bool const abstract = path.starts_with('\0');
    return unix_address{abstract ? path.substr(1) : std::move(path), abstract}.to_string();
}

std::string to_string(asio::generic::stream_protocol::endpoint const& endpoint) {
    if (endpoint.protocol().family() == AF_UNIX)
        return to_string(as<asio::local::stream_protocol::endpoint>(endpoint));
    return net::to_string(to_tcp(endpoint));
}

std::string credentials_of_peer([[maybe_unused]] stream_socket const& socket) {
#ifdef SO_PEERCRED
    ucred who{};
    socklen_t size = sizeof(who);
    auto const native = const_cast<stream_socket&>(socket).native_handle(); // asks, changes nothing
    if (::getsockopt(native, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0)
        return "unix:pid=" + std::to_string(who.pid) + ",uid=" + std::to_string(who.uid);
#endif
    return "unix:";
}

} // namespace

std::string to_string(tcp::endpoint const& endpoint) {
    std::string const host = endpoint.address().to_string();
    std::string const port = std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

tcp::endpoint to_tcp(asio::generic::stream_protocol::endpoint const& endpoint) {
    return as<tcp::endpoint>(endpoint);
}

std::string peer_text(stream_socket const& socket) {
    error_code ignored;
    std::string text = to_string(socket.remote_endpoint(ignored));
    return text == "unix:" ? credentials_of_peer(socket) : text;
}

std::string local_text(stream_socket const& socket) {
    error_code ignored;
    return to_string(socket.local_endpoint(ignored));
}

bool is_unix(stream_socket const& socket) noexcept {
    error_code ignored;
    return socket.local_endpoint(ignored).protocol().family() == AF_UNIX;
}

} // namespace joust::net
