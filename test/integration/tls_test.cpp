//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// TLS over loopback: who gets through, who does not, and what is said then.

#include "joust/core/connection_error.hpp"
#include "support/raw_peer.hpp"
#include "support/tls_loopback.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace joust::test {

BOOST_AUTO_TEST_SUITE(tls)

namespace {

using asio::awaitable;
using asio::ip::tcp;
namespace data = boost::unit_test::data;

/// A TCP connection that says nothing of TLS.
tcp::socket connect_plainly(tls_loopback& to, std::string const& at) {
    auto const port = static_cast<std::uint16_t>(std::stoi(at.substr(at.rfind(':') + 1)));
    tcp::socket s(to.io);
    s.connect({asio::ip::address_v4::loopback(), port});
    return s;
}

} // namespace

BOOST_DATA_TEST_CASE_F(tls_loopback, each_version_carries_calls, data::make({1, 0}), is_1_2) {
    auto const version = is_1_2 != 0 ? tls_version::tls1_2 : tls_version::tls1_3;
    auto const at = listen(server_side());
    auto client = client_side();
    client.min_version = client.max_version = version;
    BOOST_TEST(call_at(at, client).value() == "hello");
    BOOST_TEST(peer.subject == "");
    BOOST_TEST(call_at("127.0.0.1:" + at.substr(at.rfind(':') + 1), client).value() == "hello"); // by IP address
}

BOOST_FIXTURE_TEST_CASE(versions_that_do_not_meet_are_refused, tls_loopback) {
    auto o = server_side();
    o.min_version = tls_version::tls1_3;
    auto const at = listen(o);
    auto client = client_side();
    client.max_version = tls_version::tls1_2;
    auto const r = call_at(at, client);
    BOOST_TEST(code_of(r) == status_code::unavailable);
    BOOST_TEST(contains(message_of(r), "protocol version"), message_of(r));
}

BOOST_FIXTURE_TEST_CASE(large_messages_pass_both_ways, tls_loopback) {
    auto const at = listen(server_side());
    auto const ch = channel(at, client_side());
    for (std::size_t const size :
         {std::size_t{16383}, std::size_t{16384}, std::size_t{100'000}, std::size_t{3'000'000}}) {
        octets q(size, 'x');
        for (std::size_t i = 0; i < size; i += 97)
            q[i] = static_cast<char>(i);
        BOOST_TEST((call_by(ch, q).value() == q));
    }
}

BOOST_FIXTURE_TEST_CASE(many_calls_share_the_connection, tls_loopback) {
    auto const ch = channel(listen(server_side()), client_side());
    int open = 100; // as many as the connection has streams
    for (int i = 0; i < 100; ++i)
        asio::co_spawn(
            io,
            [&, i]() -> awaitable<void> {
                octets const q(static_cast<std::size_t>(i) * 100, 'q');
                BOOST_TEST((co_await call(ch, q)).value().size() == q.size());
                --open;
            },
            asio::detached);
    run_until(io, [&] { return open == 0; });
    BOOST_TEST(server.connection_count() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_wrong_name_is_refused_and_an_override_helps, tls_loopback) {
    auto o = server_side();
    o.identities = {identity(authority.signed_for({"other", "DNS:other.test,DNS:*.more.test"}))};
    auto const at = listen(o);
    auto const r = call_at(at, client_side());
    BOOST_TEST(code_of(r) == status_code::unavailable);
    BOOST_TEST((r.error().cause() == connection_error::tls_bad_certificate));
    BOOST_TEST(contains(message_of(r), "the certificate of 'localhost': hostname mismatch"), message_of(r));
    BOOST_TEST(contains(message_of(r), "(it is for other.test, *.more.test)"), message_of(r));
    for (char const* const name : {"other.test", "a.more.test"}) {
        auto client = client_side();
        client.ssl_target_name_override = name;
        BOOST_TEST(call_at(at, client).value() == "hello");
    }
    BOOST_TEST(events->failed.size() == 1U); // the client's alert
}

BOOST_FIXTURE_TEST_CASE(an_unknown_authority_is_refused, tls_loopback) {
    auto const at = listen(server_side());
    auto client = client_side();
    client.ca.text = certificate::authority("another").pem();
    auto const r = call_at(at, client);
    BOOST_TEST(code_of(r) == status_code::unavailable);
    BOOST_TEST(contains(message_of(r), "unable to get local issuer certificate"), message_of(r));
    BOOST_TEST(contains(message_of(r), "CN=server"), message_of(r));
}

BOOST_FIXTURE_TEST_CASE(a_certificate_that_expires_is_refused, tls_loopback) {
    // Our own server does not start with such a one: it has expired since.
    auto o = server_side();
    o.identities = {identity(authority.signed_for({"server", "DNS:localhost", -3600, 1}))};
    auto const at = listen(o);
    asio::steady_timer timer(io, 2s);
    timer.wait();
    auto const r = call_at(at, client_side());
    BOOST_TEST(contains(message_of(r), "certificate has expired"), message_of(r));
}

BOOST_FIXTURE_TEST_CASE(the_certificate_is_chosen_by_name, tls_loopback) {
    auto o = server_side();
    o.identities.push_back(identity(authority.signed_for({"second", "DNS:second.test"})));
    o.identities.push_back(identity(authority.signed_for({"wild", "DNS:*.wild.test"})));
    auto const at = listen(o);
    for (char const* const name : {"", "second.test", "a.wild.test"}) {
        auto client = client_side();
        client.ssl_target_name_override = name;
        BOOST_TEST(call_at(at, client).value() == "hello");
    }
    auto client = client_side();
    client.ssl_target_name_override = "third.test"; // gets the first one
    BOOST_TEST(contains(message_of(call_at(at, client)), "(it is for localhost, 127.0.0.1)"));
}

BOOST_FIXTURE_TEST_CASE(client_certificates_are_seen_by_handlers, tls_loopback) {
    auto o = server_side();
    o.clients = client_certificates::requested;
    o.client_ca.text = authority.pem();
    auto const at = listen(o);
    BOOST_TEST(call_at(at, client_side()).value() == "hello"); // none is fine
    BOOST_TEST(peer.subject == "");

    auto client = client_side();
    client.identity = identity(authority.signed_for(
        {"Zo\xc3\xab", "DNS:player.test,URI:spiffe://test/player,IP:10.0.0.1,IP:::1,email:a@b.test"}));
    BOOST_TEST(call_at(at, client).value() == "hello");
    BOOST_TEST(peer.subject == "CN=Zo\xc3\xab,O=joust tests");
    BOOST_TEST(peer.common_name == "Zo\xc3\xab");
    BOOST_TEST(peer.dns_names == std::vector<std::string>{"player.test"}, boost::test_tools::per_element());
    BOOST_TEST(peer.uris == std::vector<std::string>{"spiffe://test/player"}, boost::test_tools::per_element());
    BOOST_TEST(peer.ip_addresses == (std::vector<std::string>{"10.0.0.1", "::1"}), boost::test_tools::per_element());
    BOOST_TEST(peer.emails == std::vector<std::string>{"a@b.test"}, boost::test_tools::per_element());

    client.identity = identity(certificate::authority("nobody").signed_for({"mallory"}));
    BOOST_TEST(code_of(call_at(at, client)) == status_code::unavailable); // a bad one is not
    run_until(io, [&] { return !events->failed.empty(); });
    BOOST_TEST(contains(events->failed.back(), "the certificate of the client"), events->failed.back());
}

BOOST_DATA_TEST_CASE_F(tls_loopback, required_client_certificates, data::make({1, 0}), is_1_2) {
    auto o = server_side();
    o.max_version = is_1_2 != 0 ? tls_version::tls1_2 : tls_version::tls1_3;
    o.clients = client_certificates::required;
    o.client_ca.text = authority.pem();
    auto const at = listen(o);
    auto const r = call_at(at, client_side());
    BOOST_TEST(code_of(r) == status_code::unavailable);
    BOOST_TEST(message_of(r).starts_with("TLS with "), message_of(r));
    run_until(io, [&] { return !events->failed.empty(); });
    BOOST_TEST(contains(events->failed.back(), "peer did not return a certificate"), events->failed.back());
    auto client = client_side();
    client.identity = identity(authority.signed_for({"player"}));
    BOOST_TEST(call_at(at, client).value() == "hello");
    BOOST_TEST(peer.common_name == "player");
}

BOOST_FIXTURE_TEST_CASE(plaintext_and_tls_do_not_understand_each_other, tls_loopback) {
    auto const at = listen(server_side());
    auto const unsecured = call_by(joust::channel(io.get_executor(), at));
    BOOST_TEST(code_of(unsecured) == status_code::unavailable);
    run_until(io, [&] { return !events->failed.empty(); });
    BOOST_TEST(contains(events->failed.back(), "TLS with 127.0.0.1:"), events->failed.back());

    auto const open = server.listen("127.0.0.1:0").value();
    auto const r = call_at(open.to_string(), client_side());
    BOOST_TEST(code_of(r) == status_code::unavailable);
    BOOST_TEST(contains(message_of(r), "TLS with " + open.to_string()), message_of(r));
}

BOOST_FIXTURE_TEST_CASE(slow_and_garbage_handshakes_end_and_disturb_nobody, tls_loopback) {
    auto o = server_side();
    o.handshake_timeout = 300ms;
    auto const at = listen(o);
    auto silent = connect_plainly(*this, at);
    auto half = connect_plainly(*this, at);
    asio::write(half, asio::buffer("\x16\x03\x01\x02\x00\x01", 6)); // a record that never ends
    auto garbage = connect_plainly(*this, at);
    asio::write(garbage, asio::buffer(std::string(300, 'G')));
    BOOST_TEST(call_at(at, client_side()).value() == "hello");
    run_until(io, [&] { return events->failed.size() == 3; });
    int late = 0;
    for (std::string const& why : events->failed)
        late += contains(why, "the handshake was not done within handshake_timeout") ? 1 : 0;
    BOOST_TEST(late == 2);
    BOOST_TEST(server.connection_count() == 0U); // and the call's has gone with its channel
}

BOOST_FIXTURE_TEST_CASE(stopping_drops_handshakes, tls_loopback) {
    auto const at = listen(server_side());
    auto silent = connect_plainly(*this, at);
    settle(io);
    server.stop();
    run_until(io, [&] {
        boost::system::error_code ec;
        char byte = 0;
        silent.non_blocking(true);
        silent.read_some(asio::buffer(&byte, 1), ec);
        return ec && ec != asio::error::would_block;
    });
}

BOOST_FIXTURE_TEST_CASE(draining_does_not_wait_for_handshakes, tls_loopback) {
    auto const at = listen(server_side());
    auto silent = connect_plainly(*this, at);
    auto half = connect_plainly(*this, at);
    asio::write(half, asio::buffer("\x16\x03\x01\x02\x00\x01", 6));
    BOOST_TEST(call_at(at, client_side()).value() == "hello"); // both have been accepted
    error_code drained = asio::error::would_block;
    server.async_drain(patience, [&](error_code ec) { drained = ec; });
    run_until(io, [&] { return drained != asio::error::would_block; });
    BOOST_TEST(!drained);
    for (tcp::socket* const s : {&silent, &half}) {
        error_code ec;
        char byte = 0;
        s->non_blocking(true);
        run_until(io, [&] {
            s->read_some(asio::buffer(&byte, 1), ec);
            return ec && ec != asio::error::would_block;
        });
    }
}

BOOST_AUTO_TEST_CASE(handshakes_count_for_max_connections) {
    tls_loopback lo(server_options{.max_connections = 2});
    auto const at = lo.listen(lo.server_side());
    tcp::socket first = connect_plainly(lo, at);
    tcp::socket const second = connect_plainly(lo, at);
    auto const refused = lo.call_at(at, lo.client_side());
    BOOST_TEST(code_of(refused) == status_code::unavailable);
    BOOST_TEST(contains(message_of(refused), "max_connections"), message_of(refused));
    first.close(); // and a handshake that has failed does not
    run_until(lo.io, [&] { return lo.events->failed.size() == 1 && lo.server.connection_count() == 0; });
    auto const ch = lo.channel(at, lo.client_side());
    BOOST_TEST(lo.call_by(ch).value() == "hello");
    BOOST_TEST(code_of(lo.call_at(at, lo.client_side())) == status_code::unavailable);
    BOOST_TEST(lo.call_by(ch).value() == "hello");
}

BOOST_AUTO_TEST_CASE(those_far_above_max_connections_get_no_handshake) {
    tls_loopback lo(server_options{.max_connections = 2});
    auto const at = lo.listen(lo.server_side());
    std::vector<tcp::socket> crowd;
    for (int i = 0; i != 2 + 64 + 1; ++i) // 64 may be told why
        crowd.push_back(connect_plainly(lo, at));
    bool closed = false;
    char byte = 0;
    crowd.back().async_read_some(asio::buffer(&byte, 1), [&](boost::system::error_code ec, std::size_t) {
        closed = ec == asio::error::eof || ec == asio::error::connection_reset;
    });
    run_until(lo.io, [&] { return closed; });
    // The others are waited for.
    BOOST_TEST(lo.events->failed.size() == 1U);
    BOOST_TEST(lo.events->failed.at(0) == "far more than max_connections = 2 connections: closed at once");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace joust::test
