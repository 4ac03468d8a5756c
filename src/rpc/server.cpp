//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "rpc/server_impl.hpp"

#include "joust/core/connection_error.hpp"
#include "net/address.hpp"
#include "net/in_process_port.hpp"
#include "rpc/known_compressors.hpp"
#include "rpc/server_care.hpp"
#include "rpc/server_chain.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>

#include <exception>
#include <iostream>
#include <stdexcept>
#include <utility>

namespace joust {

namespace asio = boost::asio;

namespace {

// Connections above the limit that are told so, at one time; others are just closed.
constexpr std::size_t max_refusals = 64;

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
    s.compressors = rpc::known_compressors(o.compressors);
    s.send_queue = o.send_queue;
    rpc::set_care(s, o);
    return s;
}

} // namespace

server::impl::impl(asio::any_io_executor executor, server_options options)
    : executor_(std::move(executor)), options_(std::move(options)),
      watcher_(options_.observer ? options_.observer : make_failure_log(std::clog)), settings_(to_settings(options_)),
      routes_(std::make_shared<router>()), dispatcher_(routes_),
      doors_(std::make_shared<net::admission>(options_.max_connections, max_refusals)), drain_timer_(executor_) {}

std::size_t server::impl::connection_count() const {
    std::lock_guard const lock(mutex_);
    return connections_.size();
}

std::vector<std::shared_ptr<net::server_connection>> server::impl::connections() const {
    std::lock_guard const lock(mutex_);
    std::vector<std::shared_ptr<net::server_connection>> open;
    for (auto const& [key, each] : connections_)
        if (auto c = each.connection.lock())
            open.push_back(std::move(c));
    return open;
}

/// A server that was stopped would accept connections and drop them.
status server::impl::check_not_over() const {
    std::lock_guard const lock(mutex_);
    if (!stopped_ && !draining_)
        return {};
    return status(status_code::failed_precondition, std::string("the server has been ") +
                                                        (stopped_ ? "stopped" : "drained") +
                                                        " and cannot listen again: make another one");
}

result<endpoint> server::impl::listen(std::string_view address, server_credentials const& credentials) {
    if (status over = check_not_over(); !over.ok())
        return over;
    auto const l = std::make_shared<net::listener>(
        executor_, net::listener_settings{options_.use_strands, credentials.store(), watcher_, doors_});
    if (status s = l->open(address); !s.ok())
        return s;
    intercept();
    {
        std::lock_guard const lock(mutex_);
        listeners_.push_back(l);
    }
    l->start(adopter());
    return endpoint{l->host(), l->port()};
}

/// Every handler is bound before the first `listen`.
void server::impl::intercept() {
    if (!options_.interceptors.empty() && !std::exchange(intercepted_, true))
        rpc::intercept(*routes_, options_.interceptors);
}

result<endpoint> server::impl::listen(in_process const& wire) {
    if (status over = check_not_over(); !over.ok())
        return over;
    intercept();
    auto adopt_if_room = [doors = doors_, watcher = watcher_, adopt = adopter()](std::unique_ptr<net::transport> t) {
        if (auto place = doors->enter())
            adopt(std::move(t), std::move(place));
        else
            watcher->handshake_failed(role::server, t->peer(), doors->turned_away());
    };
    if (status s = wire.port()->listen(executor_, options_.use_strands, std::move(adopt_if_room)); !s.ok())
        return s;
    std::lock_guard const lock(mutex_);
    ports_.push_back(wire.port());
    return endpoint{"in-process", 0};
}

net::listener::handler server::impl::adopter() {
    return [weak = weak_from_this()](std::unique_ptr<net::transport> t, auto place) {
        if (auto const self = weak.lock())
            self->adopt(std::move(t), std::move(place));
    };
}

void server::impl::adopt(std::unique_ptr<net::transport> t, std::shared_ptr<net::admission::place const> place) {
    auto const executor = t->get_executor();
    net::connection_settings settings = settings_;
    settings.http2.any_authority = t->has_path();
    bool const full = place->over();
    {
        std::lock_guard const lock(mutex_);
        settings.random01 = std::uniform_real_distribution<double>()(random_);
    }
    auto const c = std::make_shared<net::server_connection>(std::move(t), settings, watcher_, shared_from_this());
    {
        std::lock_guard const lock(mutex_);
        if (draining_ || stopped_)
            return;
        connections_.emplace(c.get(), guest{c, std::move(place)});
    }
    if (full)
        asio::dispatch(executor, [c] { c->refuse("max_connections", connection_error::server_full); });
    else
        asio::dispatch(executor, [c] { c->start(); });
}

std::optional<http_response> server::impl::on_http(net::server_stream& s, http_request const& request) {
    if (!options_.http)
        return std::nullopt;
    call_context const context(s);
    try {
        auto response = options_.http(request);
        if (!response && request.method != "POST" && routes_->find(request.path) == nullptr)
            response = http_response{404, {{"content-type", "text/plain; charset=utf-8"}}, "not found\n"};
        return response;
    } catch (std::exception const& e) {
        watcher_->handler_failed(request.path, context.call_id(), e.what());
    } catch (...) {
        watcher_->handler_failed(request.path, context.call_id(), "an exception of unknown type");
    }
    return http_response{500, {}, {}};
}

void server::impl::on_connection_closed(net::server_connection& c) {
    std::unique_lock lock(mutex_);
    connections_.erase(&c);
    bool const done = draining_ && connections_.empty();
    lock.unlock();
    if (done)
        finish_drain({});
}

void server::impl::close_listeners() {
    std::unique_lock lock(mutex_);
    auto const listeners = std::exchange(listeners_, {});
    auto const ports = std::exchange(ports_, {});
    lock.unlock();
    for (auto const& l : listeners)
        l->close();
    for (auto const& p : ports)
        p->close();
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
    bool again = false;
    {
        std::lock_guard const lock(mutex_);
        drained_.push_back(std::move(waiter));
        again = std::exchange(draining_, true);
    }
    if (!again)
        routes_->begin_drain();
    close_listeners();
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
    close_listeners();
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
    return rpc::validate_care(o);
}

std::string endpoint::to_string() const {
    if (port == 0)
        return address;
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

result<endpoint> server::listen(std::string_view address, server_credentials const& credentials) {
    return impl_->listen(address, credentials);
}

result<endpoint> server::listen(in_process const& wire) {
    return impl_->listen(wire);
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
