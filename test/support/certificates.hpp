//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace joust::test {

/// How a certificate is made; times are in seconds from now.
struct certificate_request {
    std::string common_name;
    std::string alternative_names = {}; ///< `"DNS:a.test,IP:127.0.0.1"`
    long from = -3600;
    long until = 3600;
};

/// A certificate and its key, made at test time.
class certificate {
public:
    /// Self-signed, to sign others with.
    static certificate authority(std::string const& common_name) { return certificate({common_name}, nullptr); }
    certificate signed_for(certificate_request const& r) const { return certificate(r, this); }

    std::string const& pem() const noexcept { return pem_; }
    std::string const& key() const noexcept { return key_pem_; }

private:
    template <auto Free>
    struct freeing {
        template <class T>
        void operator()(T* p) const noexcept {
            Free(p);
        }
    };
    using x509 = std::unique_ptr<X509, freeing<X509_free>>;
    using pkey = std::shared_ptr<EVP_PKEY>;

    certificate(certificate_request const& r, certificate const* issuer)
        : key_(EVP_EC_gen("P-256"), EVP_PKEY_free), made_(X509_new()) {
        static std::atomic<long> serial{1};
        X509* const c = made_.get();
        check(X509_set_version(c, 2));
        check(ASN1_INTEGER_set(X509_get_serialNumber(c), serial++));
        X509_gmtime_adj(X509_getm_notBefore(c), r.from);
        X509_gmtime_adj(X509_getm_notAfter(c), r.until);
        check(X509_set_pubkey(c, key_.get()));
        X509_NAME* const subject = X509_get_subject_name(c);
        add_name(subject, "O", "joust tests");
        add_name(subject, "CN", r.common_name);
        X509 const* const signer = issuer != nullptr ? issuer->made_.get() : c;
        check(X509_set_issuer_name(c, X509_get_subject_name(signer)));
        extend(NID_basic_constraints, issuer != nullptr ? "critical,CA:FALSE" : "critical,CA:TRUE");
        if (!r.alternative_names.empty())
            extend(NID_subject_alt_name, r.alternative_names);
        check(X509_sign(c, (issuer != nullptr ? *issuer : *this).key_.get(), EVP_sha256()));
        pem_ = text([&](BIO* to) { return PEM_write_bio_X509(to, c); });
        key_pem_ = text([&](BIO* to) {
            return PEM_write_bio_PKCS8PrivateKey(to, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }

    static void check(int good) {
        if (good <= 0)
            throw std::runtime_error("a certificate for the test could not be made");
    }

    static void add_name(X509_NAME* to, char const* field, std::string const& value) {
        check(X509_NAME_add_entry_by_txt(to, field, MBSTRING_UTF8,
                                         reinterpret_cast<unsigned char const*>(value.c_str()), -1, -1, 0));
    }

    void extend(int nid, std::string const& value) {
        std::unique_ptr<X509_EXTENSION, freeing<X509_EXTENSION_free>> const e(
            X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
        check(e ? X509_add_ext(made_.get(), e.get(), -1) : 0);
    }

    template <class Write>
    static std::string text(Write write) {
        std::unique_ptr<BIO, freeing<BIO_free>> const out(BIO_new(BIO_s_mem()));
        check(write(out.get()));
        char* bytes = nullptr;
        long const n = BIO_get_mem_data(out.get(), &bytes);
        return std::string(bytes, static_cast<std::size_t>(n));
    }

    pkey key_;
    x509 made_;
    std::string pem_;
    std::string key_pem_;
};

} // namespace joust::test
