//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/connect_race.hpp"

#include <utility>

namespace joust::net {

namespace asio = boost::asio;
using boost::system::error_code;

connect_race::connect_race(asio::any_io_executor const& executor, std::vector<tcp::endpoint> addresses, duration delay)
    : addresses_(std::move(addresses)), delay_(delay), timer_(executor) {
    sockets_.reserve(addresses_.size());
}

void connect_race::start(handler h) {
    handler_ = std::move(h);
    start_next();
}

void connect_race::start_next() {
    std::size_t const which = sockets_.size();
    ++under_way_;
    stream_socket& socket = sockets_.emplace_back().emplace(timer_.get_executor());
    socket.async_connect(addresses_[which], [self = shared_from_this(), which](error_code ec) {
        if (!self->handler_)
            return;
        if (ec)
            self->on_failed(which, ec);
        else
            self->on_connected(which);
    });
    if (sockets_.size() == addresses_.size())
        return;
    timer_.expires_after(delay_);
    timer_.async_wait([self = shared_from_this(), which](error_code ec) {
        if (!ec && self->handler_ && self->sockets_.size() == which + 1) // else a failure was faster
            self->start_next();
    });
}

void connect_race::on_failed(std::size_t which, error_code ec) {
    sockets_[which].reset();
    --under_way_;
    if (sockets_.size() != addresses_.size()) {
        timer_.cancel();
        start_next();
    } else if (under_way_ == 0) {
        auto const h = std::exchange(handler_, nullptr);
        h(ec, stream_socket(timer_.get_executor()), addresses_[which]);
    }
}

void connect_race::on_connected(std::size_t which) {
    auto const h = std::exchange(handler_, nullptr);
    // NOLINTNEXTLINE(bugprone-unchecked-optional-access): it is the one that has just connected
    stream_socket winner = std::move(*sockets_[which]);
    cancel();
    h({}, std::move(winner), addresses_[which]);
}

void connect_race::cancel() {
    handler_ = nullptr;
    timer_.cancel();
    for (auto& each : sockets_)
        each.reset();
}

} // namespace joust::net
