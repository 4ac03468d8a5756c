//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/subchannel.hpp"

#include <boost/asio/dispatch.hpp>

#include <algorithm>
#include <utility>

namespace joust::client {

namespace asio = boost::asio;

namespace {

net::connection_settings to_settings(channel_options const& o) {
    net::connection_settings s;
    s.http2.max_header_list_size = o.max_header_list_size;
    s.http2.stream_window = o.stream_window;
    s.call.max_receive_message_size = o.max_receive_message_size;
    s.call.max_send_message_size = o.max_send_message_size;
    s.call.max_header_list_size = o.max_header_list_size;
    s.compressors = o.compressors;
    s.send_queue = o.send_queue;
    s.http2.max_sent_header_block = std::max(s.http2.max_sent_header_block, 2 * o.max_header_list_size);
    s.keepalive = o.keepalive;
    return s;
}

} // namespace

subchannel::subchannel(asio::any_io_executor io, net::address to, channel_options const& options)
    : io_(std::move(io)), to_(std::move(to)), name_(net::to_string(to_)), tls_(options.credentials.store()),
      settings_(to_settings(options)), connect_timeout_(options.connect_timeout), max_queued_(options.max_queued_calls),
      watcher_(options.observer), timer_(io_),
      backoff_({options.initial_backoff, options.backoff_multiplier, options.max_backoff, options.backoff_jitter}),
      random_(std::random_device()()), deadline_timer_(io_) {}

void subchannel::submit(std::shared_ptr<rpc::pending_call> call) {
    asio::dispatch(io_,
                   [self = shared_from_this(), call = std::move(call)]() mutable { self->do_submit(std::move(call)); });
}

void subchannel::do_submit(std::shared_ptr<rpc::pending_call> call) {
    if (status const bad = call->check(); !bad.ok()) {
        call->fail(bad);
        return;
    }
    switch (state_) {
    case state::ready:
        if (queue_.empty() && connection_->can_open())
            call->start(*connection_);
        else
            enqueue(std::move(call));
        break;
    case state::idle:
        enqueue(std::move(call));
        connect();
        break;
    case state::connecting: enqueue(std::move(call)); break;
    case state::backing_off: call->fail(last_failure_); break;
    case state::shut_down:
        call->fail(status(status_code::unavailable, "the channel to " + name_ + " was shut down"));
        break;
    }
}

void subchannel::enqueue(std::shared_ptr<rpc::pending_call> call) {
    if (queue_.size() >= max_queued_) {
        call->fail(
            status(status_code::resource_exhausted, "more than max_queued_calls = " + std::to_string(max_queued_) +
                                                        " calls wait for a connection to " + name_));
        return;
    }
    if (auto const deadline = call->deadline()) {
        deadlines_.add(*call, *deadline);
        arm_deadlines();
    }
    queue_.push_back(std::move(call));
}

void subchannel::arm_deadlines() {
    if (deadlines_.empty())
        return;
    deadline_timer_.expires_at(deadlines_.earliest());
    deadline_timer_.async_wait([weak = weak_from_this()](error_code ec) {
        auto const self = weak.lock();
        if (!self || ec)
            return;
        while (net::timed* const due = self->deadlines_.pop_due(std::chrono::steady_clock::now()))
            due->on_expired();
        std::erase_if(self->queue_, [](auto const& call) { return call->ended(); });
        self->arm_deadlines();
        self->shut_down_if_retired();
    });
}

void subchannel::disarm_deadlines() {
    if (deadlines_.empty())
        deadline_timer_.cancel(); // lest it keep the user's loop from ending
}

void subchannel::start_queued() {
    if (state_ != state::ready)
        return;
    auto const connection = connection_;
    while (!queue_.empty() && connection->can_open()) {
        auto const call = std::move(queue_.front());
        queue_.pop_front();
        deadlines_.remove(*call);
        if (!call->ended())
            call->start(*connection);
    }
    disarm_deadlines();
    shut_down_if_retired();
}

void subchannel::fail_queued(status const& why) {
    auto const failed = std::exchange(queue_, {});
    for (auto const& call : failed) {
        deadlines_.remove(*call);
        call->fail(why);
    }
    disarm_deadlines();
    shut_down_if_retired();
}

/// What the connector calls with its outcome. When it is destroyed without, so is the execution context.
class subchannel::attempt {
public:
    explicit attempt(std::shared_ptr<subchannel> whom) : state_(std::make_shared<state>(std::move(whom))) {}

    void operator()(result<std::unique_ptr<net::transport>> made) const {
        auto const whom = std::exchange(state_->whom, nullptr);
        whom->attempting_ = false;
        whom->on_connected(std::move(made));
    }

private:
    struct state {
        std::shared_ptr<subchannel> whom;

        explicit state(std::shared_ptr<subchannel> w) noexcept : whom(std::move(w)) {}
        state(state const&) = delete;
        state& operator=(state const&) = delete;
        ~state() {
            if (whom && std::exchange(whom->attempting_, false))
                whom->on_abandoned();
        }
    };

    std::shared_ptr<state> state_;
};

void subchannel::end_attempt() {
    attempting_ = false;
    if (auto const c = connector_.lock())
        c->cancel();
}

// Calls that wait may own the channel, and by that this object, which owns them.
void subchannel::on_abandoned() noexcept {
    deadlines_ = {};
    auto const dropped = std::exchange(queue_, {});
}

void subchannel::connect() {
    state_ = state::connecting;
    timer_.expires_after(connect_timeout_);
    timer_.async_wait([weak = weak_from_this()](error_code ec) {
        if (auto const self = weak.lock(); self && !ec)
            self->on_connect_timeout();
    });
    auto const c = std::make_shared<net::connector>(io_);
    attempting_ = true;
    connector_ = c;
    c->start(to_, security(), attempt(shared_from_this()));
}

net::connector_security subchannel::security() {
    if (!tls_)
        return {};
    auto const outcome = tls_->reload_if_due(std::chrono::steady_clock::now());
    if (outcome && watcher_)
        watcher_->credentials_reloaded(role::client, *outcome);
    return {tls_->current(), tls_->options().ssl_target_name_override};
}

void subchannel::on_connected(result<std::unique_ptr<net::transport>> made) {
    if (made.has_error()) {
        back_off(made.error());
        return;
    }
    // Not ready before the server's SETTINGS: a port that accepts and says nothing, or something else, is no server.
    connection_ = std::make_shared<net::client_connection>(std::move(*made), settings_, watcher_, shared_from_this());
    connection_->start();
}

void subchannel::on_connect_timeout() {
    if (state_ != state::connecting)
        return;
    end_attempt();
    status const late(status_code::unavailable, "connect to " + name_ + ": no HTTP/2 connection within connect_timeout",
                      status_origin::network, connection_error::connect_timeout);
    if (auto const c = std::exchange(connection_, nullptr)) {
        state_ = state::idle; // what the connection says at its end is not news
        c->close(connection_error::connect_timeout);
    }
    back_off(late);
}

void subchannel::on_ready() {
    timer_.cancel();
    backoff_.on_success();
    state_ = state::ready;
    start_queued();
}

void subchannel::on_going_away() {
    // Calls under way go on; the next one gets a new connection.
    if (state_ != state::ready)
        return;
    connection_.reset();
    state_ = state::idle;
    if (!queue_.empty())
        connect();
}

void subchannel::on_lost(status const& why) {
    bool const lost_current = connection_ && !connection_->open(); // an older one may have lingered after its GOAWAY
    if (state_ == state::connecting && lost_current) {
        connection_.reset();
        back_off(status(status_code::unavailable,
                        "connect to " + name_ + ": no HTTP/2 server: " + why.cause().message(), status_origin::network,
                        why.cause()));
        return;
    }
    if (state_ != state::ready || !lost_current)
        return;
    connection_.reset();
    state_ = state::idle;
    if (!queue_.empty())
        connect();
}

void subchannel::back_off(status why) {
    state_ = state::backing_off;
    last_failure_ = std::move(why);
    double const random01 = std::uniform_real_distribution<double>()(random_);
    timer_.expires_after(backoff_.on_failure(random01));
    timer_.async_wait([weak = weak_from_this()](error_code ec) {
        if (auto const self = weak.lock(); self && !ec && self->state_ == state::backing_off)
            self->state_ = state::idle;
    });
    fail_queued(last_failure_);
}

void subchannel::shut_down() {
    asio::dispatch(io_, [self = shared_from_this()] { self->do_shut_down(); });
}

void subchannel::do_shut_down() {
    state_ = state::shut_down;
    timer_.cancel();
    deadline_timer_.cancel();
    end_attempt();
    if (auto const c = std::exchange(connection_, nullptr))
        c->shut_down();
    fail_queued(status(status_code::unavailable, "the channel to " + name_ + " was shut down"));
}

void subchannel::retire() {
    asio::dispatch(io_, [self = shared_from_this()] {
        self->retired_ = true;
        self->shut_down_if_retired();
    });
}

void subchannel::shut_down_if_retired() {
    if (retired_ && queue_.empty() && state_ != state::shut_down)
        do_shut_down();
}

} // namespace joust::client
