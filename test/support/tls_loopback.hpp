//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "support/certificates.hpp"
#include "support/loopback.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace joust::test {

/// What an observer heard of handshakes and certificates.
struct tls_events final : observer {
    void handshake_failed(role, std::string_view, status const& why) noexcept override {
        failed.push_back(why.message());
    }
    void credentials_reloaded(role, status const& outcome) noexcept override {
        reloaded.push_back(outcome.ok() ? "ok" : outcome.message());
    }

    std::vector<std::string> failed;
    std::vector<std::string> reloaded;
};

/// A TLS server of `bytes_service` and what is needed to reach it.
struct tls_loopback {
    certificate authority = certificate::authority("test authority");
    certificate server_certificate = authority.signed_for({"server", "DNS:localhost,IP:127.0.0.1"});
    std::shared_ptr<tls_events> events = std::make_shared<tls_events>();
    loopback plain;
    asio::io_context& io = plain.io;
    joust::server& server = plain.server;

    tls_loopback() : tls_loopback(server_options()) {}
    explicit tls_loopback(server_options o) : plain(with(std::move(o), events)) {
        server.add(bytes_service::unary, [this](octets q, call_context& context) {
            peer = context.peer_identity() != nullptr ? *context.peer_identity() : peer_identity();
            return q;
        });
        server.add(bytes_service::bidi, echo_bytes::bidi);
    }

    static tls_identity identity(certificate const& c) { return {{.text = c.pem()}, {.text = c.key()}}; }

    tls_server_options server_side() const {
        tls_server_options o;
        o.identities = {identity(server_certificate)};
        return o;
    }
    tls_client_options client_side() const {
        tls_client_options o;
        o.ca.text = authority.pem();
        return o;
    }

    /// Its address, by the name `localhost`.
    std::string listen(tls_server_options const& o) {
        auto const at = server.listen("127.0.0.1:0", server_credentials::tls(o).value()).value();
        return "localhost:" + std::to_string(at.port);
    }

    joust::channel channel(std::string const& at, tls_client_options const& o) {
        channel_options c;
        c.credentials = channel_credentials::tls(o).value();
        return joust::channel(io.get_executor(), at, c);
    }

    result<octets> call_by(joust::channel const& ch, octets const& q = "hello") {
        result<octets> answer = octets();
        run(io, [&]() -> asio::awaitable<void> { answer = co_await call(ch, q); });
        return answer;
    }
    result<octets> call_at(std::string const& at, tls_client_options const& o, octets const& q = "hello") {
        return call_by(channel(at, o), q);
    }

    peer_identity peer; // of the last unary call

private:
    static server_options with(server_options o, std::shared_ptr<observer> watcher) {
        o.observer = std::move(watcher);
        return o;
    }
};

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

} // namespace joust::test
