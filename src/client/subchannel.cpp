//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/subchannel.hpp"

#include "client/endpoint.hpp"
#include "client/health_probe.hpp"
#include "client/pool_counters.hpp"
#include "joust/core/connection_error.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace joust::client {

namespace {

/// By TLS 1.3 a client hears only after the handshake that its certificate is missing, or not accepted.
bool is_alert(error_code const& why) noexcept {
    return why.category().name() == std::string_view("asio.ssl"); // OpenSSL's errors, by Asio
}

} // namespace

/// What the connector calls with its outcome. When it is destroyed without, so is the execution context.
class subchannel::attempt {
public:
    explicit attempt(std::shared_ptr<subchannel> whom) : state_(std::make_shared<shared>(std::move(whom))) {}

    void operator()(result<std::unique_ptr<net::transport>> made) const {
        auto const whom = std::exchange(state_->whom, nullptr);
        whom->attempting_ = false;
        whom->on_connected(std::move(made));
    }

private:
    struct shared {
        std::shared_ptr<subchannel> whom;

        explicit shared(std::shared_ptr<subchannel> w) noexcept : whom(std::move(w)) {}
        shared(shared const&) = delete;
        shared& operator=(shared const&) = delete;
        ~shared() {
            if (whom && std::exchange(whom->attempting_, false))
                whom->on_abandoned();
        }
    };

    std::shared_ptr<shared> state_;
};

subchannel::subchannel(std::shared_ptr<endpoint> of)
    : endpoint_(std::move(of)), counters_(endpoint_->counters()), timer_(endpoint_->get_executor()) {
    count();
}

subchannel::~subchannel() {
    if (probe_)
        probe_->stop();
    if (counted_ != nullptr)
        pool_counters::remove(*counted_);
}

/// Keeps the counters of connections by state.
void subchannel::count() noexcept {
    pool_counters::counter* now = nullptr;
    switch (state_) {
    case state::connecting: now = &counters_->connecting; break;
    case state::ready: now = serving_ ? &counters_->ready : &counters_->not_serving; break;
    case state::draining: now = &counters_->draining; break;
    case state::closed: break;
    }
    if (now == counted_)
        return;
    if (now != nullptr)
        pool_counters::add(*now);
    if (counted_ != nullptr)
        pool_counters::remove(*counted_);
    counted_ = now;
}

/// Nobody is asked any more once the connection is not ready.
void subchannel::become(state s) {
    state_ = s;
    count();
    if (s != state::ready && probe_)
        std::exchange(probe_, nullptr)->stop();
}

void subchannel::connect() {
    timer_.expires_after(endpoint_->connect_timeout());
    timer_.async_wait([weak = weak_from_this()](error_code ec) {
        if (auto const self = weak.lock(); self && !ec)
            self->on_connect_timeout();
    });
    auto const c = std::make_shared<net::connector>(endpoint_->get_executor());
    attempting_ = true;
    connector_ = c;
    c->start(endpoint_->where(), endpoint_->security(), attempt(shared_from_this()));
}

void subchannel::end_attempt() {
    attempting_ = false;
    timer_.cancel();
    if (auto const c = connector_.lock())
        c->cancel();
}

void subchannel::on_connected(result<std::unique_ptr<net::transport>> made) {
    if (made.has_error())
        return fail(made.error());
    // Not ready before the server's SETTINGS: a port that accepts and says nothing, or something else, is no server.
    connection_ = std::make_shared<net::client_connection>(std::move(*made), endpoint_->settings(),
                                                           endpoint_->watcher(), shared_from_this());
    connection_->start();
}

void subchannel::on_connect_timeout() {
    if (state_ != state::connecting)
        return;
    end_attempt();
    status const late(status_code::unavailable,
                      "connect to " + endpoint_->name() + ": no HTTP/2 connection within connect_timeout",
                      status_origin::network, connection_error::connect_timeout);
    auto const keep = shared_from_this();
    if (connection_) {
        become(state::closed); // what the connection says at its end is not news
        connection_->close(connection_error::connect_timeout);
    }
    fail(late);
}

void subchannel::fail(status const& why) {
    auto const keep = shared_from_this();
    timer_.cancel();
    become(state::closed);
    endpoint_->on_failed(*this, why);
}

bool subchannel::start(rpc::pending_call& call) {
    return call.start(*connection_, this, endpoint_->authority());
}

bool subchannel::on_attempt_end(rpc::pending_call& call, rpc::attempt_end const& how) {
    bool const lost = !connection_->open() && how.outcome.origin() == status_origin::network;
    return endpoint_->on_attempt_end(call, how, lost);
}

void subchannel::set_serving(status const& found) {
    if (std::exchange(serving_, found.ok()) == found.ok())
        return;
    count();
    endpoint_->on_serving_changed(found);
}

bool subchannel::start_probe(rpc::pending_call& call) {
    pool_counters::add(counters_->probes);
    return call.start(*connection_, nullptr);
}

void subchannel::on_probe_failed() noexcept {
    pool_counters::add(counters_->failed_probes);
}

void subchannel::rely_on_pings() {
    connection_->turn_on_keepalive(endpoint_->pings_instead_of_probes());
}

void subchannel::drain() {
    auto const keep = shared_from_this();
    switch (state_) {
    case state::connecting:
        end_attempt();
        become(state::closed);
        if (connection_)
            connection_->close(connection_error::shut_down);
        break;
    case state::ready:
        become(state::draining);
        connection_->shut_down();
        break;
    case state::draining: connection_->shut_down(); break; // the server has said it first, and may wait for this side
    case state::closed: break;
    }
}

// -- net::client_connection_owner

void subchannel::on_ready() {
    timer_.cancel();
    if (state_ != state::connecting)
        return;
    become(state::ready);
    idle_since_ = connection_->now();
    probe_ = endpoint_->make_probe(*this);
    if (probe_)
        probe_->start();
    endpoint_->on_ready(*this);
}

void subchannel::on_capacity() {
    if (state_ != state::ready)
        return;
    if (connection_->active_calls() == 0) {
        idle_since_ = connection_->now();
        endpoint_->on_idle(idle_since_);
    }
    endpoint_->on_capacity();
}

void subchannel::on_going_away() {
    if (state_ != state::ready)
        return;
    // Calls under way go on.
    become(state::draining);
    endpoint_->on_lost(*this);
}

void subchannel::on_too_many_pings() {
    endpoint_->slow_keepalive();
}

void subchannel::on_lost(status const& why) {
    state const before = state_;
    become(state::closed);
    switch (before) {
    case state::connecting: {
        std::string const text = is_alert(why.cause()) ? "TLS with " + endpoint_->name() + ": the server has ended it: "
                                                       : "connect to " + endpoint_->name() + ": no HTTP/2 server: ";
        fail(status(status_code::unavailable, text + why.cause().message(), status_origin::network, why.cause()));
        break;
    }
    case state::ready: endpoint_->on_lost(*this); break;
    case state::draining: endpoint_->on_drained(*this); break;
    case state::closed: break;
    }
}

void subchannel::on_abandoned() noexcept {
    endpoint_->on_abandoned();
}

} // namespace joust::client
