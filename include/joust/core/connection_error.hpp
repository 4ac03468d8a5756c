//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/is_error_code_enum.hpp>

#include <type_traits>

namespace joust {

/// What goes wrong on a connection, below the level of calls.
enum class connection_error {
    closed = 1,          ///< the peer closed the connection
    protocol_error,      ///< the peer broke HTTP/2 (RFC 9113)
    bad_preface,         ///< the first bytes were not HTTP/2's connection preface
    goaway,              ///< the peer is going away and takes no new streams
    refused_stream,      ///< the peer refused the stream before processing it
    stream_reset,        ///< the peer reset the stream
    streams_exhausted,   ///< no stream identifiers are left on this connection
    connect_timeout,     ///< the connection could not be made in time
    idle_timeout,        ///< nothing happened on the connection for too long
    keepalive_timeout,   ///< a PING was not answered in time
    shut_down,           ///< this side closed the connection
    address_invalid,     ///< an address could not be parsed
    compression_error,   ///< a header block could not be decoded (HPACK)
    flow_control_error,  ///< the peer ignored a flow-control window
    enhance_your_calm,   ///< the peer asked for more than can be written to it
    preface_timeout,     ///< the peer did not begin to speak HTTP/2 in time
    too_many_pings,      ///< the peer sent too many PINGs
    too_many_resets,     ///< the peer reset too many streams
    server_full,         ///< the server has as many connections as it may have
    handshake_timeout,   ///< the TLS handshake was not done in time
    tls_failed,          ///< the TLS handshake failed
    tls_no_h2,           ///< the peer did not agree on HTTP/2 (ALPN)
    tls_bad_certificate, ///< the peer's certificate was not accepted
    attempt_timeout,     ///< an attempt of a call was not answered in time
};

boost::system::error_category const& connection_category() noexcept;

inline boost::system::error_code make_error_code(connection_error e) noexcept {
    return {static_cast<int>(e), connection_category()};
}

} // namespace joust

namespace boost::system {
template <>
struct is_error_code_enum<joust::connection_error> : std::true_type {};
} // namespace boost::system
