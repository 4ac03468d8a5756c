//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/connector.hpp"

#include "net/connect_race.hpp"
#include "net/happy_eyeballs_order.hpp"
#include "net/in_process_port.hpp"
#include "net/socket_transport.hpp"
#include "net/tls_handshake.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>

#include <utility>
#include <vector>

namespace joust::net {

namespace asio = boost::asio;
using boost::system::error_code;

void connector::start(address const& to, connector_security security, handler h) {
    to_ = to;
    security_ = std::move(security);
    handler_ = std::move(h);
    if (auto const* const host = std::get_if<host_port>(&to_))
        start_tcp(*host);
    else if (auto const* const unix_socket = std::get_if<unix_address>(&to_))
        start_unix(*unix_socket);
    else
        start_in_process(*std::get<std::shared_ptr<in_process_port>>(to_));
}

void connector::start_tcp(host_port const& to) {
    resolver_.async_resolve(to.host, to.port, tcp::resolver::numeric_service,
                            [self = shared_from_this()](error_code ec, tcp::resolver::results_type found) {
                                if (!self->handler_)
                                    return;
                                if (ec) {
                                    self->complete(failed("resolve", std::get<host_port>(self->to_).host, ec));
                                    return;
                                }
                                self->race(found);
                            });
}

void connector::race(tcp::resolver::results_type const& found) {
    std::vector<tcp::endpoint> addresses;
    for (auto const& each : found)
        addresses.push_back(each.endpoint());
    auto const racing = std::make_shared<connect_race>(socket_.get_executor(), happy_eyeballs_order(addresses));
    race_ = racing;
    racing->start([self = shared_from_this()](error_code ec, stream_socket socket, tcp::endpoint const& where) {
        if (ec)
            return self->complete(failed("connect to", net::to_string(where), ec));
        self->socket_ = std::move(socket);
        self->on_connected();
    });
}

void connector::start_unix(unix_address const& to) {
    asio::local::stream_protocol::endpoint const at(to.abstract ? std::string(1, '\0') + to.path : to.path);
    socket_.async_connect(at, [self = shared_from_this()](error_code ec) {
        if (!self->handler_)
            return;
        if (ec)
            self->complete(failed("connect to", to_string(self->to_), ec));
        else
            self->on_connected();
    });
}

void connector::start_in_process(in_process_port& to) {
    asio::post(socket_.get_executor(),
               [self = shared_from_this(), made = to.connect(socket_.get_executor())]() mutable {
                   if (self->handler_)
                       self->complete(std::move(made));
               });
}

void connector::on_connected() {
    if (!security_.tls)
        return complete(make_socket_transport(std::move(socket_)));
    auto const handshake = std::make_shared<tls_handshake>(std::move(socket_), security_.tls);
    handshake_ = handshake;
    handshake->start_client(security_.name.empty() ? certificate_name(to_) : security_.name,
                            [self = shared_from_this()](result<std::unique_ptr<transport>> r) {
                                if (self->handler_)
                                    self->complete(std::move(r));
                            });
}

void connector::complete(result<std::unique_ptr<transport>> r) {
    auto const h = std::exchange(handler_, nullptr);
    h(std::move(r));
}

void connector::cancel() {
    handler_ = nullptr;
    resolver_.cancel();
    error_code ignored;
    socket_.close(ignored);
    if (auto const r = race_.lock())
        r->cancel();
    if (auto const h = handshake_.lock())
        h->cancel();
}

status connector::failed(std::string_view what, std::string_view where, error_code ec) {
    return status(status_code::unavailable, std::string(what) + " " + std::string(where) + ": " + ec.message(),
                  status_origin::network, ec);
}

} // namespace joust::net
