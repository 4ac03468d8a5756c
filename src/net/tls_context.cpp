//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/tls_context.hpp"

#include <boost/asio/buffer.hpp>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <string_view>

namespace joust::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

namespace {

// The only protocol that is spoken, as ALPN writes it.
constexpr unsigned char alpn_h2[] = {2, 'h', '2'};
// Those of TLS 1.2 that HTTP/2 does not forbid (RFC 9113, appendix A).
constexpr char const* tls1_2_ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

status bad(std::string text, error_code cause = {}) {
    return status(status_code::invalid_argument, std::move(text), status_origin::local, cause);
}

std::string name_of(std::string_view what, pem_source const& source) {
    return std::string(what) + (source.file.empty() ? std::string(" (given as text)") : " " + source.file);
}

std::string to_string(ASN1_TIME const* time) {
    std::unique_ptr<BIO, decltype(&BIO_free)> const out(BIO_new(BIO_s_mem()), &BIO_free);
    if (!out || ASN1_TIME_print(out.get(), time) != 1)
        return "a time that cannot be read";
    char* text = nullptr;
    long const n = BIO_get_mem_data(out.get(), &text);
    return std::string(text, static_cast<std::size_t>(n));
}

int number_of(tls_version v) noexcept {
    return v == tls_version::tls1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
}

status use_identity(ssl::context& context, tls_identity const& identity) {
    std::string const certificate = name_of("certificate", identity.certificate);
    std::string const key = name_of("private key", identity.key);
    error_code ec;
    context.use_certificate_chain(asio::buffer(identity.certificate.text), ec);
    if (ec)
        return bad(certificate + ": no certificate in PEM: " + ec.message(), ec);
    X509 const* const leaf = SSL_CTX_get0_certificate(context.native_handle());
    if (X509_cmp_current_time(X509_get0_notAfter(leaf)) < 0)
        return bad(certificate + ": expired at " + to_string(X509_get0_notAfter(leaf)));
    if (X509_cmp_current_time(X509_get0_notBefore(leaf)) > 0)
        return bad(certificate + ": not valid before " + to_string(X509_get0_notBefore(leaf)));
    context.use_private_key(asio::buffer(identity.key.text), ssl::context::pem, ec);
    bool const mismatch =
        ec.value() != 0 && ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == X509_R_KEY_VALUES_MISMATCH;
    if (ec && !mismatch)
        return bad(key + ": no private key in PEM, or an encrypted one: " + ec.message(), ec);
    // A key of another type than the certificate's is no error before.
    if (mismatch || SSL_CTX_check_private_key(context.native_handle()) != 1)
        return bad(key + ": it does not belong to the " + certificate, ec);
    return {};
}

status use_authorities(ssl::context& context, pem_source const& ca) {
    error_code ec;
    context.add_certificate_authority(asio::buffer(ca.text), ec);
    if (ec)
        return bad(name_of("CA certificates", ca) + ": no certificate in PEM: " + ec.message(), ec);
    return {};
}

// Where an SSL keeps the string of `watch_offer`.
int offer_slot() noexcept {
    static int const slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return slot;
}

int select_h2(SSL* ssl, unsigned char const** out, unsigned char* out_size, unsigned char const* in,
              unsigned int in_size, void*) {
    unsigned char* selected = nullptr;
    if (SSL_select_next_proto(&selected, out_size, alpn_h2, sizeof(alpn_h2), in, in_size) != OPENSSL_NPN_NEGOTIATED) {
        if (auto* const offer = static_cast<std::string*>(SSL_get_ex_data(ssl, offer_slot())))
            offer->assign(reinterpret_cast<char const*>(in), in_size);
        return SSL_TLSEXT_ERR_ALERT_FATAL; // no_application_protocol (RFC 7301, 3.2)
    }
    *out = selected;
    return SSL_TLSEXT_ERR_OK;
}

} // namespace

void tls_context::watch_offer(SSL* ssl, std::string* into) {
    SSL_set_ex_data(ssl, offer_slot(), into);
}

ssl::context& tls_context::add(tls_version min, tls_version max) {
    ssl::context& c = contexts_.emplace_back(ssl::context::tls);
    SSL_CTX* const native_context = c.native_handle();
    SSL_CTX_set_min_proto_version(native_context, number_of(min));
    SSL_CTX_set_max_proto_version(native_context, number_of(max));
    SSL_CTX_set_cipher_list(native_context, tls1_2_ciphers);
    // HTTP/2 forbids both (RFC 9113, 9.2.1).
    SSL_CTX_set_options(native_context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // No resumption: each connection shows its certificates anew.
    SSL_CTX_set_options(native_context, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(native_context, 0);
    SSL_CTX_set_session_cache_mode(native_context, SSL_SESS_CACHE_OFF);
    // An encrypted key must not make OpenSSL ask for its password at the terminal.
    SSL_CTX_set_default_passwd_cb(native_context, [](char*, int, int, void*) { return 0; });
    return c;
}

result<std::shared_ptr<tls_context>> tls_context::make(tls_server_options const& o) {
    auto made = std::make_shared<tls_context>();
    for (tls_identity const& identity : o.identities) {
        ssl::context& c = made->add(o.min_version, o.max_version);
        if (status s = use_identity(c, identity); !s.ok())
            return s;
        SSL_CTX_set_alpn_select_cb(c.native_handle(), &select_h2, nullptr);
        if (o.clients == client_certificates::ignored)
            continue;
        if (status s = use_authorities(c, o.client_ca); !s.ok())
            return s;
        bool const required = o.clients == client_certificates::required;
        SSL_CTX_set_verify(c.native_handle(), SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                           nullptr);
    }
    SSL_CTX* const first = made->native().native_handle();
    // What the macro SSL_CTX_set_tlsext_servername_callback does, by a cast that names itself.
    SSL_CTX_callback_ctrl(first, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                          reinterpret_cast<void (*)()>(&tls_context::on_server_name));
    SSL_CTX_set_tlsext_servername_arg(first, made.get());
    return made;
}

int tls_context::on_server_name(SSL* ssl, int*, void* self) {
    char const* const name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (name == nullptr)
        return SSL_TLSEXT_ERR_NOACK;
    for (ssl::context& c : static_cast<tls_context*>(self)->contexts_) {
        X509* const leaf = SSL_CTX_get0_certificate(c.native_handle());
        if (X509_check_host(leaf, name, 0, 0, nullptr) == 1) {
            SSL_set_SSL_CTX(ssl, c.native_handle());
            return SSL_TLSEXT_ERR_OK;
        }
    }
    return SSL_TLSEXT_ERR_NOACK; // the first one
}

result<std::shared_ptr<tls_context>> tls_context::make(tls_client_options const& o) {
    auto made = std::make_shared<tls_context>();
    ssl::context& c = made->add(o.min_version, o.max_version);
    if (!o.identity.empty())
        if (status s = use_identity(c, o.identity); !s.ok())
            return s;
    if (o.ca.empty()) {
        error_code ec;
        c.set_default_verify_paths(ec);
        if (ec)
            return bad("the CA certificates of the system: " + ec.message(), ec);
    } else if (status s = use_authorities(c, o.ca); !s.ok()) {
        return s;
    }
    SSL_CTX_set_verify(c.native_handle(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_alpn_protos(c.native_handle(), alpn_h2, sizeof(alpn_h2));
    return made;
}

} // namespace joust::net
