//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/core/connection_error.hpp"

#include <string>

namespace joust {

namespace {

class connection_category_t final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "joust.connection"; }

    std::string message(int value) const override {
        switch (static_cast<connection_error>(value)) {
        case connection_error::closed: return "the peer closed the connection";
        case connection_error::protocol_error: return "the peer broke the HTTP/2 protocol";
        case connection_error::bad_preface: return "not an HTTP/2 connection preface";
        case connection_error::goaway: return "the peer is going away";
        case connection_error::refused_stream: return "the peer refused the stream";
        case connection_error::stream_reset: return "the peer reset the stream";
        case connection_error::streams_exhausted: return "no stream identifiers are left";
        case connection_error::connect_timeout: return "connecting took too long";
        case connection_error::idle_timeout: return "the connection was idle for too long";
        case connection_error::keepalive_timeout: return "a keepalive ping was not answered within keepalive.timeout";
        case connection_error::shut_down: return "the connection was closed by this side";
        case connection_error::address_invalid: return "not a valid address";
        case connection_error::compression_error: return "a header block could not be decoded";
        case connection_error::flow_control_error: return "the peer ignored a flow-control window";
        case connection_error::enhance_your_calm: return "the peer asked for more than can be written to it";
        case connection_error::preface_timeout: return "the peer did not begin to speak HTTP/2 within preface_timeout";
        case connection_error::too_many_pings: return "the peer sent too many pings (pings.max_strikes)";
        case connection_error::too_many_resets: return "the peer reset more streams than max_resets_per_second allows";
        case connection_error::server_full: return "the server has max_connections connections";
        case connection_error::handshake_timeout: return "the TLS handshake was not done within handshake_timeout";
        case connection_error::tls_failed: return "the TLS handshake failed";
        case connection_error::tls_no_h2: return "the peer did not agree on HTTP/2 (ALPN h2)";
        case connection_error::tls_bad_certificate: return "the peer's certificate was not accepted";
        case connection_error::attempt_timeout: return "the attempt was not answered in time";
        // These two are part of the texts of the calls that they end, which then do not name them again.
        case connection_error::circuit_open: return "the circuit breaker";
        case connection_error::queue_full: return "calls wait for a connection";
        }
        return "unknown connection error";
    }
};

} // namespace

boost::system::error_category const& connection_category() noexcept {
    static connection_category_t const category;
    return category;
}

} // namespace joust
