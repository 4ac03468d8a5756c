//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/tls_handshake.hpp"

#include "joust/core/connection_error.hpp"
#include "net/certificate.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace joust::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

namespace {

bool speaks_h2(SSL* native) noexcept {
    unsigned char const* protocol = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(native, &protocol, &size);
    return std::string_view(reinterpret_cast<char const*>(protocol), size) == "h2";
}

/// False when the name cannot be one.
bool expect_name(SSL* native, std::string const& name) {
    error_code not_an_address;
    asio::ip::make_address(name, not_an_address);
    if (!not_an_address) // an address is not sent (RFC 6066, 3)
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(native), name.c_str()) == 1;
    SSL_set_hostflags(native, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(native, name.c_str()) == 1 &&
           // what the macro SSL_set_tlsext_host_name does, by a cast that names itself
           SSL_ctrl(native, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(name.c_str())) ==
               1;
}

/// `http/1.1, spdy/3` of a list as ALPN writes it, which a peer may fill with anything.
std::string protocols_of(std::string_view list) {
    constexpr std::size_t most = 100;
    std::string text;
    while (!list.empty() && text.size() < most) {
        auto const size = static_cast<unsigned char>(list.front());
        text.append(text.empty() ? "" : ", ").append(list.substr(1, size));
        list.remove_prefix(std::min<std::size_t>(list.size(), 1U + size));
    }
    if (text.size() >= most)
        text.replace(most, std::string::npos, "...");
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

} // namespace

tls_handshake::tls_handshake(stream_socket socket, std::shared_ptr<tls_context> context)
    : context_(std::move(context)), stream_(std::make_shared<tls_stream>(std::move(socket), context_->native())),
      timer_(stream_->get_executor()), peer_(peer_text(stream_->next_layer())) {
    error_code ignored;
    stream_->next_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
}

void tls_handshake::start_server(std::chrono::steady_clock::duration limit, handler h) {
    handler_ = std::move(h);
    tls_context::watch_offer(stream_->native_handle(), &offer_);
    timer_.expires_after(limit);
    timer_.async_wait([weak = weak_from_this()](error_code ec) {
        auto const self = weak.lock();
        if (!self || ec || !self->handler_)
            return;
        self->complete(status(status_code::unavailable,
                              "TLS with " + self->peer_ + ": the handshake was not done within handshake_timeout",
                              status_origin::network, connection_error::handshake_timeout));
    });
    run(ssl::stream_base::server);
}

void tls_handshake::start_client(std::string const& name, handler h) {
    handler_ = std::move(h);
    name_ = name;
    client_ = true;
    if (!expect_name(stream_->native_handle(), name))
        return complete(status(status_code::unavailable, "TLS with " + peer_ + ": '" + name + "' is no host name",
                               status_origin::local, connection_error::tls_failed));
    run(ssl::stream_base::client);
}

void tls_handshake::run(ssl::stream_base::handshake_type side) {
    stream_->set_verify_callback([weak = weak_from_this()](bool good, ssl::verify_context& c) {
        X509 const* const certificate = X509_STORE_CTX_get_current_cert(c.native_handle());
        auto const self = weak.lock();
        if (!good && self && !self->rejected_ && certificate != nullptr)
            self->rejected_ = identity_of(certificate);
        return good;
    });
    stream_->async_handshake(side, [self = shared_from_this()](error_code ec) { self->on_done(ec); });
}

void tls_handshake::on_done(error_code ec) {
    tls_context::watch_offer(stream_->native_handle(), nullptr);
    if (!handler_)
        return;
    if (ec)
        return complete(failure(ec));
    if (!speaks_h2(stream_->native_handle()))
        return complete(status(status_code::unavailable,
                               "TLS with " + peer_ + ": the " + (client_ ? "server" : "client") +
                                   " did not agree on HTTP/2 (ALPN h2)",
                               status_origin::network, connection_error::tls_no_h2));
    // Without verification there is no certificate: only those that are to be verified are asked for.
    complete(make_tls_transport(stream_, identity_of_peer(stream_->native_handle())));
}

status tls_handshake::failure(error_code ec) const {
    SSL* const native = stream_->native_handle();
    std::string text = "TLS with " + peer_ + ": ";
    error_code cause = ec;
    long const verdict = SSL_get_verify_result(native);
    if (verdict != X509_V_OK) {
        text.append("the certificate of ").append(client_ ? "'" + name_ + "'" : "the client").append(": ");
        text += X509_verify_cert_error_string(verdict);
        auto const& who = rejected_;
        if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH)
            text += who ? " (it is for " + names_of(*who) + ")" : std::string();
        else if (who && !who->subject.empty())
            text += " (" + who->subject + ")";
        cause = connection_error::tls_bad_certificate;
    } else if (!offer_.empty()) {
        text += "the client offers " + protocols_of(offer_) + ", not HTTP/2 (ALPN h2)";
        cause = connection_error::tls_no_h2;
    } else if (ec == asio::error::eof || ec == ssl::error::stream_truncated || ec == asio::error::connection_reset) {
        text += "the peer closed the connection during the handshake";
    } else if (ec.category() == asio::error::get_ssl_category() &&
               ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL) {
        text += "the peer does not speak HTTP/2 (ALPN h2)";
        cause = connection_error::tls_no_h2;
    } else {
        text += ec.message();
    }
    return status(status_code::unavailable, std::move(text), status_origin::network, cause);
}

void tls_handshake::complete(result<std::unique_ptr<transport>> r) {
    timer_.cancel();
    auto const h = std::exchange(handler_, nullptr);
    if (r.has_error())
        cancel();
    h(std::move(r));
}

void tls_handshake::cancel() {
    handler_ = nullptr;
    timer_.cancel();
    error_code ignored;
    stream_->next_layer().close(ignored);
}

} // namespace joust::net
