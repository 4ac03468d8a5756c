//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/certificate.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

namespace joust::net {

namespace {

std::string text_of(ASN1_STRING const* s) {
    if (s == nullptr)
        return {};
    unsigned char* utf8 = nullptr;
    int const n = ASN1_STRING_to_UTF8(&utf8, s);
    if (n < 0)
        return {};
    std::string text(reinterpret_cast<char const*>(utf8), static_cast<std::size_t>(n));
    OPENSSL_free(utf8);
    return text;
}

std::string subject_of(X509_NAME const* name) {
    std::unique_ptr<BIO, decltype(&BIO_free)> const out(BIO_new(BIO_s_mem()), &BIO_free);
    if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
        return {};
    char* text = nullptr;
    long const n = BIO_get_mem_data(out.get(), &text);
    return std::string(text, static_cast<std::size_t>(n));
}

std::string common_name_of(X509_NAME const* name) {
    int const at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    return at < 0 ? std::string() : text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
}

std::string ip_of(ASN1_OCTET_STRING const* s) {
    unsigned char const* const bytes = ASN1_STRING_get0_data(s);
    auto const read = [&]<class Address>(typename Address::bytes_type into, Address) {
        std::copy_n(bytes, into.size(), into.begin());
        return Address(into).to_string();
    };
    switch (ASN1_STRING_length(s)) {
    case 4: return read({}, boost::asio::ip::address_v4());
    case 16: return read({}, boost::asio::ip::address_v6());
    default: return {};
    }
}

void read_alternative_names(X509 const* certificate, peer_identity& into) {
    std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> const names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
        &GENERAL_NAMES_free);
    for (int i = 0; names && i != sk_GENERAL_NAME_num(names.get()); ++i) {
        GENERAL_NAME const* const n = sk_GENERAL_NAME_value(names.get(), i);
        switch (n->type) {
        case GEN_DNS: into.dns_names.push_back(text_of(n->d.dNSName)); break;
        case GEN_URI: into.uris.push_back(text_of(n->d.uniformResourceIdentifier)); break;
        case GEN_EMAIL: into.emails.push_back(text_of(n->d.rfc822Name)); break;
        case GEN_IPADD: into.ip_addresses.push_back(ip_of(n->d.iPAddress)); break;
        default: break;
        }
    }
}

} // namespace

peer_identity identity_of(X509 const* certificate) {
    peer_identity who;
    X509_NAME const* const subject = X509_get_subject_name(certificate);
    who.subject = subject_of(subject);
    who.common_name = common_name_of(subject);
    read_alternative_names(certificate, who);
    return who;
}

std::optional<peer_identity> identity_of_peer(SSL* ssl) {
    X509 const* const certificate = SSL_get0_peer_certificate(ssl);
    if (certificate == nullptr)
        return std::nullopt;
    return identity_of(certificate);
}

std::string names_of(peer_identity const& identity) {
    std::string all;
    for (auto const* const names : {&identity.dns_names, &identity.ip_addresses})
        for (std::string const& name : *names)
            all.append(all.empty() ? "" : ", ").append(name);
    return all.empty() ? identity.common_name : all;
}

} // namespace joust::net
