//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// Certificates that are exchanged while they are in use, and ALPN as foreign peers get it wrong.

#include "support/scratch_folder.hpp"
#include "support/tls_loopback.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace joust::test {

namespace {

using asio::ip::tcp;
namespace ssl = boost::asio::ssl;

/// A server whose certificates lie in files.
struct file_loopback : tls_loopback {
    scratch_folder folder;
    certificate second = authority.signed_for({"second", "DNS:second.test"});

    file_loopback() { write(server_certificate); }

    void write(certificate const& c) {
        folder.write("key.pem", c.key());
        folder.write("cert.pem", c.pem());
    }

    tls_server_options files() const {
        tls_server_options o;
        o.identities = {{{.file = folder.path("cert.pem")}, {.file = folder.path("key.pem")}}};
        return o;
    }

    bool serves(std::string const& at, std::string const& name) {
        auto client = client_side();
        client.ssl_target_name_override = name;
        return !call_at(at, client).has_error();
    }
};

/// The handshake of a client that offers these protocols, in ALPN's format.
boost::system::error_code handshake_with_alpn(tls_loopback& to, std::string const& at, std::string const& protocols) {
    auto const port = static_cast<std::uint16_t>(std::stoi(at.substr(at.rfind(':') + 1)));
    ssl::context context(ssl::context::tls_client);
    ssl::stream<tcp::socket> s(to.io, context);
    if (!protocols.empty())
        SSL_set_alpn_protos(s.native_handle(), reinterpret_cast<unsigned char const*>(protocols.data()),
                            static_cast<unsigned>(protocols.size()));
    s.next_layer().connect({asio::ip::address_v4::loopback(), port});
    boost::system::error_code outcome;
    run(to.io, [&]() -> asio::awaitable<void> {
        co_await s.async_handshake(ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, outcome));
        char byte = 0;
        if (!outcome)
            co_await s.async_read_some(asio::buffer(&byte, 1), asio::redirect_error(asio::use_awaitable, outcome));
    });
    return outcome;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_reload)

BOOST_FIXTURE_TEST_CASE(new_connections_get_the_new_certificate, file_loopback) {
    auto const credentials = server_credentials::tls(files()).value();
    auto const at = "localhost:" + std::to_string(server.listen("127.0.0.1:0", credentials).value().port);
    auto const old = channel(at, client_side());
    BOOST_TEST(call_by(old).value() == "hello");
    write(second);
    BOOST_TEST(serves(at, "localhost")); // nobody has asked for it yet
    BOOST_TEST(credentials.reload().ok());
    BOOST_TEST(serves(at, "second.test"));
    BOOST_TEST(!serves(at, "localhost"));
    BOOST_TEST(call_by(old).value() == "hello"); // as it was
}

BOOST_FIXTURE_TEST_CASE(a_broken_one_leaves_the_old_one, file_loopback) {
    auto const credentials = server_credentials::tls(files()).value();
    auto const at = "localhost:" + std::to_string(server.listen("127.0.0.1:0", credentials).value().port);
    auto const refused = [&](std::string const& file, std::string const& why) {
        status const s = credentials.reload();
        BOOST_TEST(s.code() == status_code::invalid_argument);
        BOOST_TEST(contains(s.message(), folder.path(file)), s.message());
        BOOST_TEST(contains(s.message(), why), s.message());
        BOOST_TEST(serves(at, "localhost"));
    };
    folder.write("cert.pem", "garbage");
    refused("cert.pem", "no certificate in PEM");
    folder.write("cert.pem", second.pem());
    refused("key.pem", "does not belong to the certificate " + folder.path("cert.pem"));
    write(authority.signed_for({"late", "DNS:localhost", -7200, -3600}));
    refused("cert.pem", "expired at");
    write(authority.signed_for({"early", "DNS:localhost", 3600, 7200}));
    refused("cert.pem", "not valid before");
    std::filesystem::remove(folder.path("cert.pem"));
    refused("cert.pem", "No such file or directory");
    write(second);
    BOOST_TEST(credentials.reload().ok());
    BOOST_TEST(serves(at, "second.test"));
}

BOOST_FIXTURE_TEST_CASE(files_are_watched, file_loopback) {
    auto o = files();
    o.reload_interval = 20ms;
    auto const at = listen(o);
    BOOST_TEST(serves(at, "localhost"));
    folder.write("cert.pem", second.pem()); // half a change: the key is still the old one's
    run_until(io, [&] { return events->reloaded.size() == 1; });
    BOOST_TEST(contains(events->reloaded[0], "does not belong to"), events->reloaded[0]);
    BOOST_TEST(serves(at, "localhost"));
    folder.write("key.pem", second.key());
    run_until(io, [&] { return events->reloaded.size() == 2; });
    BOOST_TEST(events->reloaded[1] == "ok");
    BOOST_TEST(serves(at, "second.test"));
    std::filesystem::remove(folder.path("key.pem"));
    run_until(io, [&] { return events->reloaded.size() == 3; });
    BOOST_TEST(contains(events->reloaded[2], "No such file"), events->reloaded[2]);
    asio::steady_timer pause(io, 100ms);
    bool over = false;
    pause.async_wait([&](auto) { over = true; });
    run_until(io, [&] { return over; });
    BOOST_TEST(events->reloaded.size() == 3U); // told once
}

BOOST_FIXTURE_TEST_CASE(a_client_looks_before_it_connects, file_loopback) {
    auto const at = listen(server_side());
    auto client = client_side();
    client.ca = {.file = folder.write("ca.pem", certificate::authority("another").pem())};
    client.reload_interval = 1ms;
    channel_options c;
    c.credentials = channel_credentials::tls(client).value();
    c.initial_backoff = 1ms;
    c.observer = events;
    joust::channel const ch(io.get_executor(), at, c);
    BOOST_TEST(code_of(call_by(ch)) == status_code::unavailable);
    folder.write("ca.pem", authority.pem());
    run_until(io, [&] { return !call_by(ch).has_error(); });
    BOOST_TEST(events->reloaded.at(0) == "ok");
}

BOOST_FIXTURE_TEST_CASE(clients_that_do_not_offer_h2_are_refused, tls_loopback) {
    auto const at = listen(server_side());
    BOOST_TEST(!!handshake_with_alpn(*this, at, ""));
    run_until(io, [&] { return events->failed.size() == 1; });
    BOOST_TEST(contains(events->failed[0], "the client did not agree on HTTP/2 (ALPN h2)"), events->failed[0]);
    auto const ec = handshake_with_alpn(*this, at, "\x08http/1.1");
    BOOST_TEST(contains(ec.message(), "no application protocol"), ec.message());
    run_until(io, [&] { return events->failed.size() == 2; });
    BOOST_TEST(contains(events->failed[1], "the client offers http/1.1, not HTTP/2 (ALPN h2)"), events->failed[1]);
    (void)handshake_with_alpn(*this, at, std::string("\x06spdy/3\x02h1\x03.\xff!", 14));
    run_until(io, [&] { return events->failed.size() == 3; });
    BOOST_TEST(contains(events->failed[2], "the client offers spdy/3, h1, .?!, not"), events->failed[2]);
    (void)handshake_with_alpn(*this, at, "\xc8" + std::string(200, 'x'));
    run_until(io, [&] { return events->failed.size() == 4; });
    BOOST_TEST(contains(events->failed[3], " " + std::string(100, 'x') + "..., not"), events->failed[3]);
    BOOST_TEST(call_at(at, client_side()).value() == "hello");
}

BOOST_FIXTURE_TEST_CASE(a_server_that_does_not_choose_h2_is_refused, tls_loopback) {
    ssl::context context(ssl::context::tls_server);
    auto const& c = server_certificate;
    context.use_certificate_chain(asio::buffer(c.pem()));
    context.use_private_key(asio::buffer(c.key()), ssl::context::pem);
    tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    asio::co_spawn(
        io,
        [&]() -> asio::awaitable<void> {
            ssl::stream<tcp::socket> s(co_await acceptor.async_accept(asio::use_awaitable), context);
            boost::system::error_code ignored;
            co_await s.async_handshake(ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, ignored));
        },
        asio::detached);
    auto const r = call_at("127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()), client_side());
    BOOST_TEST(code_of(r) == status_code::unavailable);
    BOOST_TEST(contains(message_of(r), "the server did not agree on HTTP/2 (ALPN h2)"), message_of(r));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
