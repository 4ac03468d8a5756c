//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/connector.hpp"

#include "net/tcp_transport.hpp"

#include <utility>

namespace joust::net {

using boost::system::error_code;

void connector::start(host_port const& to, handler h) {
    to_ = to;
    handler_ = std::move(h);
    resolver_.async_resolve(to.host, to.port, tcp::resolver::numeric_service,
                            [self = shared_from_this()](error_code ec, tcp::resolver::results_type found) {
                                if (!self->handler_)
                                    return;
                                if (ec) {
                                    self->complete(failed("resolve", self->to_.host, ec));
                                    return;
                                }
                                self->found_ = std::move(found);
                                self->try_next(self->found_.begin(), {});
                            });
}

void connector::try_next(tcp::resolver::results_type::const_iterator next, error_code last) {
    if (next == found_.end()) {
        complete(failed("connect to", net::to_string(last_tried_), last));
        return;
    }
    last_tried_ = next->endpoint();
    socket_ = tcp::socket(socket_.get_executor());
    socket_.async_connect(last_tried_, [self = shared_from_this(), next](error_code ec) {
        if (!self->handler_)
            return;
        if (ec)
            self->try_next(std::next(next), ec);
        else
            self->complete(std::move(self->socket_));
    });
}

void connector::complete(result<tcp::socket> r) {
    auto const h = std::exchange(handler_, nullptr);
    h(std::move(r));
}

void connector::cancel() {
    handler_ = nullptr;
    resolver_.cancel();
    error_code ignored;
    socket_.close(ignored);
}

status connector::failed(std::string_view what, std::string_view where, error_code ec) {
    return status(status_code::unavailable, std::string(what) + " " + std::string(where) + ": " + ec.message(),
                  status_origin::network, ec);
}

} // namespace joust::net
