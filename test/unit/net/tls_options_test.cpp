//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What is wrong with certificates and keys is said before anything is done with them.

#include "joust/net/credentials.hpp"
#include "support/certificates.hpp"
#include "support/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace joust::test {

namespace {

struct fixture {
    certificate authority = certificate::authority("authority");
    certificate good = authority.signed_for({"good", "DNS:good.test"});
    certificate other = authority.signed_for({"other"});
    scratch_folder folder;

    tls_server_options server() const {
        tls_server_options o;
        o.identities = {{{.text = good.pem()}, {.text = good.key()}}};
        return o;
    }
};

std::string complaint(tls_server_options const& o) {
    auto const r = server_credentials::tls(o);
    return r.has_error() ? r.error().message() : "";
}
std::string complaint(tls_client_options const& o) {
    auto const r = channel_credentials::tls(o);
    return r.has_error() ? r.error().message() : "";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tls_options, fixture)

BOOST_AUTO_TEST_CASE(good_ones_are_taken) {
    BOOST_TEST(complaint(server()) == "");
    BOOST_TEST(complaint(tls_client_options()) == ""); // the system's authorities
    tls_client_options client;
    client.ca.text = authority.pem() + good.pem();
    client.identity = server().identities[0];
    BOOST_TEST(complaint(client) == "");
    BOOST_TEST(!server_credentials().secure());
    BOOST_TEST(server_credentials().reload().ok());
}

BOOST_AUTO_TEST_CASE(fields_out_of_range_are_named) {
    BOOST_TEST(complaint(tls_server_options()) == "tls_server_options: identities must not be empty");
    auto o = server();
    o.identities[0].key.text.clear();
    BOOST_TEST(complaint(o) == "tls_server_options: identities[0].key must not be empty");
    o = server();
    o.identities[0].certificate.file = "x";
    BOOST_TEST(complaint(o) == "tls_server_options: identities[0].certificate must be either text or file, not both");
    o = server();
    o.clients = client_certificates::required;
    BOOST_TEST(complaint(o).find("client_ca must not be empty") != std::string::npos);
    o = server();
    o.client_ca.text = authority.pem();
    BOOST_TEST(complaint(o).find("client_ca must be empty unless") != std::string::npos);
    o = server();
    o.handshake_timeout = {};
    BOOST_TEST(complaint(o) == "tls_server_options: handshake_timeout must be positive");
    o = server();
    o.reload_interval = std::chrono::seconds(-1);
    BOOST_TEST(complaint(o) == "tls_server_options: reload_interval must not be negative");
    tls_client_options client;
    client.min_version = tls_version::tls1_3;
    client.max_version = tls_version::tls1_2;
    BOOST_TEST(complaint(client) == "tls_client_options: max_version must be at least min_version");
    client = {};
    client.identity.key.text = good.key();
    BOOST_TEST(complaint(client) == "tls_client_options: identity.certificate must not be empty");
}

BOOST_AUTO_TEST_CASE(broken_ones_are_named_by_file) {
    auto const in_files = [&](std::string const& certificate, std::string const& key) {
        tls_server_options o;
        o.identities = {{{.file = folder.write("c.pem", certificate)}, {.file = folder.write("k.pem", key)}}};
        return complaint(o);
    };
    std::string const c = folder.path("c.pem"), k = folder.path("k.pem");
    BOOST_TEST(in_files(good.pem(), good.key()) == "");
    BOOST_TEST(in_files("", good.key()).starts_with("certificate " + c + ": no certificate in PEM: "));
    BOOST_TEST(in_files(good.key(), good.key()).starts_with("certificate " + c + ": no certificate in PEM: "));
    BOOST_TEST(in_files(good.pem().substr(0, 200), good.key()).starts_with("certificate " + c));
    BOOST_TEST(in_files(good.pem(), "").starts_with("private key " + k + ": no private key in PEM"));
    BOOST_TEST(in_files(good.pem(), other.key()) ==
               "private key " + k + ": it does not belong to the certificate " + c);
    auto const expired = authority.signed_for({"expired", "", -7200, -3600});
    BOOST_TEST(in_files(expired.pem(), expired.key()).starts_with("certificate " + c + ": expired at "));
    auto const early = authority.signed_for({"early", "", 3600, 7200});
    BOOST_TEST(in_files(early.pem(), early.key()).starts_with("certificate " + c + ": not valid before "));
    tls_client_options client;
    client.ca.file = folder.path("none.pem");
    BOOST_TEST(complaint(client) == "CA certificates " + folder.path("none.pem") + ": No such file or directory");
    client.ca.file = folder.write("ca.pem", "x");
    BOOST_TEST(complaint(client).starts_with("CA certificates " + folder.path("ca.pem") + ": no certificate in PEM"));
    client.ca.file = folder.path("."); // a folder
    BOOST_TEST(complaint(client).starts_with("CA certificates " + folder.path(".")));
}

BOOST_AUTO_TEST_CASE(an_rsa_key_for_another_kind_of_certificate_is_a_mismatch) {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const rsa(EVP_RSA_gen(2048), &EVP_PKEY_free);
    std::unique_ptr<BIO, decltype(&BIO_free)> const out(BIO_new(BIO_s_mem()), &BIO_free);
    BOOST_REQUIRE(PEM_write_bio_PKCS8PrivateKey(out.get(), rsa.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    char* bytes = nullptr;
    long const n = BIO_get_mem_data(out.get(), &bytes);
    auto o = server();
    o.identities[0].key.text.assign(bytes, static_cast<std::size_t>(n));
    BOOST_TEST(complaint(o) == "private key (given as text): it does not belong to the certificate (given as text)");
}

BOOST_AUTO_TEST_CASE(an_encrypted_key_is_refused_without_asking_for_its_password) {
    tls_server_options o = server();
    std::unique_ptr<BIO, decltype(&BIO_free)> const in(BIO_new_mem_buf(good.key().data(), -1), &BIO_free);
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const key(
        PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    std::unique_ptr<BIO, decltype(&BIO_free)> const out(BIO_new(BIO_s_mem()), &BIO_free);
    std::string password = "secret";
    BOOST_REQUIRE(PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_128_cbc(), password.data(), 6, nullptr,
                                                nullptr) == 1);
    char* bytes = nullptr;
    long const n = BIO_get_mem_data(out.get(), &bytes);
    o.identities[0].key.text.assign(bytes, static_cast<std::size_t>(n));
    BOOST_TEST(complaint(o).starts_with("private key (given as text): no private key in PEM, or an encrypted one"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
