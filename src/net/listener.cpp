//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/listener.hpp"

#include "net/socket_transport.hpp"
#include "net/strand.hpp"
#include "net/tls_handshake.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <algorithm>
#include <utility>

namespace joust::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

status failed(std::string_view what, std::string_view where, error_code ec) {
    return status(status_code::unavailable, std::string(what) + " " + std::string(where) + ": " + ec.message(),
                  status_origin::network, ec);
}

} // namespace

listener::listener(asio::any_io_executor executor, listener_settings settings)
    : executor_(std::move(executor)), settings_(std::move(settings)), reload_timer_(executor_) {}

status listener::open(std::string_view where) {
    auto const at = parse_address(where);
    if (at.has_error())
        return at.error();
    if (auto const* const unix_socket = std::get_if<unix_address>(&*at))
        return open_unix(*unix_socket, where);
    return open_tcp(std::get<host_port>(*at), where);
}

status listener::open_tcp(host_port const& at, std::string_view where) {
    tcp::resolver resolver(executor_);
    error_code ec;
    auto const found = resolver.resolve(at.host, at.port, tcp::resolver::passive, ec);
    if (ec)
        return failed("resolve", where, ec);
    for (auto const& entry : found) {
        tcp::endpoint next = entry.endpoint();
        if (next.port() == 0)
            next.port(port_); // every address of a name gets the port that the first one picked
        if (error_code const opened = open_acceptor(next, true)) {
            ec = opened;
        } else if (host_.empty()) {
            host_ = next.address().to_string();
            port_ = to_tcp(acceptors_.back()->local_endpoint(ec)).port();
        }
    }
    return host_.empty() ? failed("listen at", where, ec) : status();
}

status listener::open_unix(unix_address const& at, std::string_view where) {
    if (!at.abstract)
        if (error_code const ec = socket_file::remove_stale(at.path, executor_))
            return failed("listen at", where, ec);
    asio::local::stream_protocol::endpoint const bound(at.abstract ? std::string(1, '\0') + at.path : at.path);
    if (error_code const ec = open_acceptor(bound, false))
        return failed("listen at", where, ec);
    if (!at.abstract)
        file_.own(at.path);
    host_ = at.to_string();
    return {};
}

error_code listener::open_acceptor(endpoint const& at, bool is_tcp) {
    auto const a = std::make_shared<acceptor>(net::make_strand(executor_));
    error_code ec;
    a->open(at.protocol(), ec);
    if (!ec && is_tcp)
        a->set_option(acceptor::reuse_address(true), ec);
    if (!ec && at.protocol().family() == AF_INET6)
        a->set_option(asio::ip::v6_only(!to_tcp(at).address().is_unspecified()), ec);
    if (!ec)
        a->bind(at, ec);
    if (!ec)
        a->listen(acceptor::max_listen_connections, ec);
    if (ec)
        return ec;
    std::lock_guard const lock(mutex_);
    acceptors_.push_back(a);
    return {};
}

void listener::start(handler h) {
    handler_ = std::move(h);
    auto const all = acceptors_;
    for (auto const& a : all)
        accept(a);
    watch_files();
}

void listener::accept(std::shared_ptr<acceptor> accepting) {
    auto const executor = settings_.use_strands ? net::make_strand(executor_) : executor_;
    auto& a = *accepting;
    a.async_accept(executor, [weak = weak_from_this(), a = std::move(accepting)](error_code ec, stream_socket s) {
        auto const self = weak.lock();
        if (!self || ec == asio::error::operation_aborted || !a->is_open())
            return;
        if (!ec)
            self->adopt(std::move(s));
        else if (ec != asio::error::connection_aborted)
            return self->retry_accept(a);
        self->accept(a);
    });
}

void listener::retry_accept(std::shared_ptr<acceptor> accepting) {
    // Out of descriptors or memory: connections that end make room, trying at once would burn the processor.
    constexpr std::chrono::milliseconds pause{50};
    auto timer = std::make_shared<asio::steady_timer>(accepting->get_executor(), pause);
    auto& t = *timer;
    t.async_wait([weak = weak_from_this(), timer = std::move(timer), a = std::move(accepting)](error_code) {
        if (auto const self = weak.lock(); self && a->is_open())
            self->accept(a);
    });
}

void listener::adopt(stream_socket socket) {
    auto const executor = socket.get_executor();
    auto place = settings_.doors->enter();
    if (!place) { // the socket closes
        if (settings_.watcher)
            settings_.watcher->handshake_failed(role::server, peer_text(socket), settings_.doors->turned_away());
        return;
    }
    if (settings_.tls) {
        asio::dispatch(executor, [self = shared_from_this(), s = std::move(socket), p = std::move(place)]() mutable {
            self->begin_handshake(std::move(s), std::move(p));
        });
        return;
    }
    auto t = make_socket_transport(std::move(socket));
    asio::dispatch(executor, [self = shared_from_this(), t = std::move(t), p = std::move(place)]() mutable {
        self->handler_(std::move(t), std::move(p));
    });
}

void listener::begin_handshake(stream_socket socket, std::shared_ptr<admission::place const> place) {
    auto const handshake = std::make_shared<tls_handshake>(std::move(socket), settings_.tls->current());
    {
        std::lock_guard const lock(mutex_);
        if (closed_)
            return;
        std::erase_if(handshakes_, [](auto const& weak) { return weak.expired(); });
        handshakes_.push_back(handshake);
    }
    handshake->start_server(settings_.tls->options().handshake_timeout,
                            [self = shared_from_this(), place = std::move(place),
                             peer = handshake->peer()](result<std::unique_ptr<transport>> done) {
                                if (!done.has_error())
                                    self->handler_(std::move(*done), place);
                                else if (self->settings_.watcher)
                                    self->settings_.watcher->handshake_failed(role::server, peer, done.error());
                            });
}

void listener::watch_files() {
    if (!settings_.tls || settings_.tls->options().reload_interval == std::chrono::steady_clock::duration::zero())
        return;
    std::lock_guard const lock(mutex_);
    if (closed_)
        return;
    reload_timer_.expires_after(settings_.tls->options().reload_interval);
    reload_timer_.async_wait([weak = weak_from_this()](error_code ec) {
        auto const self = weak.lock();
        if (!self || ec)
            return;
        auto const outcome = self->settings_.tls->reload_if_changed();
        if (outcome && self->settings_.watcher)
            self->settings_.watcher->credentials_reloaded(role::server, *outcome);
        self->watch_files();
    });
}

void listener::close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    auto const acceptors = std::exchange(acceptors_, {});
    auto const handshakes = std::exchange(handshakes_, {});
    reload_timer_.cancel();
    file_.remove();
    lock.unlock();
    for (auto const& a : acceptors)
        asio::dispatch(a->get_executor(), [a] {
            error_code ignored;
            a->close(ignored);
        });
    for (auto const& weak : handshakes)
        if (auto const h = weak.lock())
            asio::dispatch(h->get_executor(), [h] { h->cancel(); });
}

} // namespace joust::net
