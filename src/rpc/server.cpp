//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/server_impl.hpp"

#include "joust/core/connection_error.hpp"
#include "net/address.hpp"
#include "net/strand.hpp"
#include "net/tcp_transport.hpp"
#include "rpc/server_chain.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include <iostream>
#include <stdexcept>
#include <utility>

namespace joust {

namespace asio = boost::asio;

namespace {

// What is left after a drain, when nobody waits for its answers any more.
status stopping() {
    return status(status_code::unavailable, "the server is shutting down");
}

net::connection_settings to_settings(server_options const& o) {
    net::connection_settings s;
    s.http2.max_concurrent_streams = o.max_concurrent_streams;
    s.http2.max_header_list_size = o.max_header_list_size;
    s.http2.stream_window = o.stream_window;
    s.call.max_receive_message_size = o.max_receive_message_size;
    s.call.max_send_message_size = o.max_send_message_size;
    s.call.max_header_list_size = o.max_header_list_size;
    s.send_queue = o.send_queue;
    return s;
}

} // namespace

server::impl::impl(asio::any_io_executor executor, server_options options)
    : executor_(std::move(executor)), options_(std::move(options)),
      watcher_(options_.observer ? options_.observer : make_failure_log(std::clog)), settings_(to_settings(options_)),
      routes_(std::make_shared<router>()), dispatcher_(routes_), drain_timer_(executor_) {}

std::size_t server::impl::connection_count() const {
    std::lock_guard const lock(mutex_);
    return connections_.size();
}

std::vector<std::shared_ptr<net::server_connection>> server::impl::connections() const {
    std::lock_guard const lock(mutex_);
    std::vector<std::shared_ptr<net::server_connection>> open;
    for (auto const& [key, weak] : connections_)
        if (auto c = weak.lock())
            open.push_back(std::move(c));
    return open;
}

result<endpoint> server::impl::listen(std::string_view address) {
    auto const where = net::parse_address(address);
    if (where.has_error())
        return where.error();
    if (!options_.interceptors.empty() && !std::exchange(intercepted_, true))
        rpc::intercept(*routes_, options_.interceptors);
    auto const failed = [&](std::string_view what, error_code ec) {
        return status(status_code::unavailable, std::string(what) + " " + std::string(address) + ": " + ec.message(),
                      status_origin::network, ec);
    };
    tcp::resolver resolver(executor_);
    error_code ec;
    auto const found = resolver.resolve(where->host, where->port, tcp::resolver::passive, ec);
    if (ec)
        return failed("resolve", ec);
    endpoint first;
    std::uint16_t port = 0;
    for (auto const& entry : found) {
        tcp::endpoint at = entry.endpoint();
        if (at.port() == 0)
            at.port(port); // every address of a name gets the port that the first one picked
        std::uint16_t bound = at.port();
        error_code const opened = open_acceptor(at, bound);
        if (opened) {
            ec = opened;
        } else if (first.address.empty()) {
            first = {at.address().to_string(), bound};
            port = bound;
        }
    }
    if (first.address.empty())
        return failed("listen at", ec);
    return first;
}

error_code server::impl::open_acceptor(tcp::endpoint const& at, std::uint16_t& port) {
    auto const acceptor = std::make_shared<tcp::acceptor>(net::make_strand(executor_));
    error_code ec;
    acceptor->open(at.protocol(), ec);
    if (!ec)
        acceptor->set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec && at.address().is_v6())
        acceptor->set_option(asio::ip::v6_only(!at.address().is_unspecified()), ec);
    if (!ec)
        acceptor->bind(at, ec);
    if (!ec)
        acceptor->listen(tcp::acceptor::max_listen_connections, ec);
    if (ec)
        return ec;
    port = acceptor->local_endpoint(ec).port();
    {
        std::lock_guard const lock(mutex_);
        acceptors_.push_back(acceptor);
    }
    accept(acceptor);
    return {};
}

void server::impl::accept(std::shared_ptr<tcp::acceptor> acceptor) {
    auto const executor = options_.use_strands ? net::make_strand(executor_) : executor_;
    auto& a = *acceptor;
    a.async_accept(executor, [weak = weak_from_this(), acceptor = std::move(acceptor)](error_code ec, tcp::socket s) {
        auto const self = weak.lock();
        if (!self || ec == asio::error::operation_aborted || !acceptor->is_open())
            return;
        if (!ec)
            self->adopt(std::move(s));
        else if (ec != asio::error::connection_aborted)
            return self->retry_accept(acceptor);
        self->accept(acceptor);
    });
}

void server::impl::retry_accept(std::shared_ptr<tcp::acceptor> acceptor) {
    // Out of descriptors or memory: connections that end make room, trying at once would burn the processor.
    constexpr std::chrono::milliseconds pause{50};
    auto timer = std::make_shared<asio::steady_timer>(acceptor->get_executor(), pause);
    auto& t = *timer;
    t.async_wait([weak = weak_from_this(), timer = std::move(timer), acceptor = std::move(acceptor)](error_code) {
        if (auto const self = weak.lock(); self && acceptor->is_open())
            self->accept(acceptor);
    });
}

void server::impl::adopt(tcp::socket socket) {
    auto const executor = socket.get_executor();
    auto const c = std::make_shared<net::server_connection>(net::make_tcp_transport(std::move(socket)), settings_,
                                                            watcher_, shared_from_this());
    {
        std::lock_guard const lock(mutex_);
        if (draining_ || stopped_)
            return;
        connections_.emplace(c.get(), c);
    }
    asio::dispatch(executor, [c] { c->start(); });
}

void server::impl::on_connection_closed(net::server_connection& c) {
    std::unique_lock lock(mutex_);
    connections_.erase(&c);
    bool const done = draining_ && connections_.empty();
    lock.unlock();
    if (done)
        finish_drain({});
}

void server::impl::close_acceptors() {
    std::unique_lock lock(mutex_);
    auto const all = std::exchange(acceptors_, {});
    lock.unlock();
    for (auto const& a : all)
        asio::dispatch(a->get_executor(), [a] {
            error_code ignored;
            a->close(ignored);
        });
}

void server::impl::drain(std::chrono::steady_clock::duration timeout,
                         asio::any_completion_handler<void(error_code)> handler) {
    auto waiter = std::make_shared<rpc::completion<error_code>>(std::move(handler), executor_);
    if (auto slot = waiter->slot(); slot.is_connected())
        slot.assign([weak = std::weak_ptr(waiter), self = weak_from_this()](asio::cancellation_type) {
            auto const w = weak.lock();
            auto const s = self.lock();
            if (!w || !s)
                return;
            std::unique_lock lock(s->mutex_);
            if (std::erase(s->drained_, w) == 0)
                return;
            lock.unlock();
            w->post(asio::error::operation_aborted);
        });
    {
        std::lock_guard const lock(mutex_);
        drained_.push_back(std::move(waiter));
        draining_ = true;
    }
    close_acceptors();
    auto const open = connections();
    if (open.empty())
        return finish_drain({});
    for (auto const& c : open)
        asio::dispatch(c->get_executor(), [c] { c->drain(); });
    std::lock_guard const lock(mutex_);
    drain_timer_.expires_after(timeout);
    drain_timer_.async_wait([weak = weak_from_this()](error_code ec) {
        if (auto const self = weak.lock(); self && !ec)
            self->on_drain_timeout();
    });
}

void server::impl::on_drain_timeout() {
    for (auto const& c : connections())
        asio::dispatch(c->get_executor(), [c] { c->abort(stopping()); });
    finish_drain(asio::error::timed_out);
}

void server::impl::finish_drain(error_code ec) {
    std::unique_lock lock(mutex_);
    auto const waiting = std::exchange(drained_, {});
    drain_timer_.cancel();
    lock.unlock();
    for (auto const& w : waiting)
        w->post(ec);
}

void server::impl::stop() {
    {
        std::lock_guard const lock(mutex_);
        stopped_ = true;
        drain_timer_.cancel();
    }
    close_acceptors();
    for (auto const& c : connections())
        asio::dispatch(c->get_executor(), [c] { c->close(connection_error::shut_down); });
}

std::optional<std::string> validate(server_options const& o) {
    constexpr std::uint32_t largest_window = 0x7fffffff; // RFC 9113, 6.9.1
    if (o.max_receive_message_size > 0xffffffff)
        return "max_receive_message_size must be at most 4294967295";
    if (o.max_concurrent_streams == 0)
        return "max_concurrent_streams must be at least 1";
    if (o.max_header_list_size < 1024)
        return "max_header_list_size must be at least 1024";
    if (o.stream_window < 65535 || o.stream_window > largest_window)
        return "stream_window must be from 65535 to 2147483647";
    if (o.send_queue == 0)
        return "send_queue must be at least 1";
    for (any_server_interceptor const& each : o.interceptors)
        if (std::visit([](auto const& p) { return p == nullptr; }, each))
            return "interceptors must not have null pointers";
    return std::nullopt;
}

std::string endpoint::to_string() const {
    return net::host_port{address, std::to_string(port)}.to_string();
}

server::server(asio::any_io_executor executor, server_options options) {
    if (auto complaint = validate(options))
        throw std::invalid_argument("server_options: " + *complaint);
    impl_ = std::make_shared<impl>(std::move(executor), std::move(options));
}

server::server(server&&) noexcept = default;

server& server::operator=(server&& other) noexcept {
    if (impl_)
        impl_->stop();
    impl_ = std::move(other.impl_);
    return *this;
}

server::~server() {
    if (impl_)
        impl_->stop();
}

result<endpoint> server::listen(std::string_view address) {
    return impl_->listen(address);
}

void server::stop() {
    impl_->stop();
}

std::size_t server::connection_count() const {
    return impl_->connection_count();
}

asio::any_io_executor server::get_executor() const {
    return impl_->executor();
}

std::vector<service_info> server::services() const {
    return impl_->routes().services();
}

router& server::routes() {
    return impl_->routes();
}

void server::drain(std::shared_ptr<impl> self, std::chrono::steady_clock::duration timeout,
                   asio::any_completion_handler<void(error_code)> handler) {
    self->drain(timeout, std::move(handler));
}

} // namespace joust
