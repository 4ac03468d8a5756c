//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/server_connection.hpp"

#include "joust/core/connection_error.hpp"

#include <chrono>
#include <utility>

namespace joust::net {

namespace {

status peer_gone(http2::error_code code) {
    if (code == http2::error_code::cancel)
        return status(status_code::cancelled, "the client cancelled the call", status_origin::peer,
                      connection_error::stream_reset);
    return status(status_code::cancelled, "the client reset the stream with " + std::string(http2::to_string(code)),
                  status_origin::peer, connection_error::stream_reset);
}

// Resets at once, for each one a second.
constexpr double burst = 10;

} // namespace

server_connection::server_connection(std::unique_ptr<transport> t, connection_settings const& settings,
                                     std::shared_ptr<observer> watcher, std::shared_ptr<call_acceptor> acceptor)
    : connection(role::server, std::move(t), settings, std::move(watcher)), acceptor_(std::move(acceptor)),
      id_(static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count())), idle_since_(now()),
      pings_(settings.pings), resets_(settings.max_resets_per_second, burst * settings.max_resets_per_second),
      lifetime_(settings.lifetime, idle_since_, settings.random01) {}

void server_connection::on_event(http2::event const& e) {
    auto* const s = e.stream != nullptr ? static_cast<server_stream*>(http2::session::user(*e.stream)) : nullptr;
    switch (e.kind) {
    case http2::event_kind::headers:
        if (s == nullptr)
            on_headers(e);
        else if (e.end_stream) // trailers of a request: gRPC gives them no meaning
            s->on_data({}, true);
        break;
    case http2::event_kind::data:
        if (s != nullptr)
            s->on_data(e.bytes, e.end_stream);
        break;
    case http2::event_kind::drained:
        if (s != nullptr)
            s->on_drained();
        break;
    case http2::event_kind::stream_closed: on_stream_closed(e, s); break;
    case http2::event_kind::stream_refused: on_stream_refused(); break;
    case http2::event_kind::goaway_sent:
        // Only now: nghttp2 sends a PING before what waits, and its answer is to show that the GOAWAY has been seen.
        if (draining_ && !final_goaway_)
            session().ping(drain_ping);
        break;
    case http2::event_kind::ping_ack:
        if (draining_ && e.opaque == drain_ping)
            say_final_goaway();
        break;
    case http2::event_kind::ping:
        if (pings_.on_ping(now(), busy(), session().take_answered()))
            give_up(http2::error_code::enhance_your_calm, "too_many_pings", connection_error::too_many_pings);
        break;
    case http2::event_kind::settings: lifetime_.on_spoken(); break;
    case http2::event_kind::goaway: break;
    }
}

void server_connection::on_stream_closed(http2::event const& e, server_stream* s) {
    if (s != nullptr) {
        streams_.deactivate(*s);
        s->on_stream_closed(s->call().finished() ? status() : peer_gone(e.code)); // the text costs an allocation
        if (streams_.empty())
            idle_since_ = now();
    }
    // Those that the peer makes nghttp2 reset count as well.
    if (e.code != http2::error_code::no_error && !http2::session::reset_locally(*e.stream))
        count_reset();
}

void server_connection::on_stream_refused() {
    if (observer* const w = watcher())
        w->stream_refused(peer(), status(status_code::unavailable,
                                         "the client has opened more than max_concurrent_streams = " +
                                             std::to_string(settings().http2.max_concurrent_streams) + " streams"));
    count_reset();
}

void server_connection::count_reset() {
    if (settings().max_resets_per_second != 0 && !resets_.take(now()))
        give_up(http2::error_code::enhance_your_calm, "max_resets_per_second", connection_error::too_many_resets);
}

void server_connection::on_headers(http2::event const& e) {
    server_stream& s = streams_.acquire(*this);
    http2::session::set_user(*e.stream, &s);
    if (!s.open(*e.stream, session().fields(e), e.end_stream, e.oversized))
        return;
    stream_use const keep(s);
    // A peer that resets what it has begun can have only so many handlers at work at the same time.
    if (streams_.in_use() > settings().max_running_handlers) {
        s.finish(status(status_code::resource_exhausted,
                        "more than max_running_handlers = " + std::to_string(settings().max_running_handlers) +
                            " calls of this connection are being handled"));
        return;
    }
    acceptor_->on_call(s);
}

void server_connection::on_closed(boost::system::error_code why) {
    // Ending a call may end others: take them one by one.
    while (!streams_.empty()) {
        server_stream& s = streams_.back();
        streams_.deactivate(s);
        s.on_stream_closed(
            status(status_code::cancelled, "the connection to the client was lost", status_origin::network, why));
    }
    remove_timer(*this);
    acceptor_->on_connection_closed(*this);
}

void server_connection::on_abandoned() noexcept {
    auto const keep = shared_from_this();
    for (server_stream* const s : streams_.active())
        if (s->listener_ != nullptr)
            s->listener_->on_abandoned();
}

void server_connection::drain(std::string_view why) {
    if (draining_ || !open())
        return;
    draining_ = true;
    drain_reason_ = why;
    run([this] {
        session().announce_shutdown();
        lifetime_.on_drain(now());
        take_care();
    });
}

void server_connection::say_final_goaway() {
    if (std::exchange(final_goaway_, true))
        return;
    lifetime_.on_final_goaway();
    session().goaway(http2::error_code::no_error, drain_reason_);
}

void server_connection::refuse(std::string_view why, boost::system::error_code cause) {
    start();
    give_up(http2::error_code::enhance_your_calm, why, cause);
}

connection::time_point server_connection::on_care_time(time_point now) {
    using action = lifetime::action;
    for (;;) {
        auto const idle_since = busy() ? std::nullopt : std::optional(idle_since_);
        switch (lifetime_.on_time(now, idle_since)) {
        case action::nothing: return lifetime_.next();
        case action::preface_timeout:
            give_up(http2::error_code::settings_timeout, "preface_timeout", connection_error::preface_timeout);
            return never;
        case action::drain_idle: drain("max_connection_idle"); break;
        case action::drain_old: drain("max_connection_age"); break;
        case action::final_goaway: say_final_goaway(); break;
        case action::abort: abort(status(status_code::unavailable, "max_connection_age_grace has passed")); break;
        }
        if (!open())
            return never;
    }
}

void server_connection::abort(status const& why) {
    if (!open())
        return;
    run([&] {
        for (server_stream* const s : std::vector<server_stream*>(streams_.active()))
            if (open()) // a listener may close the connection, and the streams are gone
                s->cancel(why);
        if (!open())
            return;
        // Not terminate: nghttp2 would drop the answers.
        session().goaway(http2::error_code::no_error);
        add_timer(*this, now() + settings().close_grace);
    });
}

void server_connection::on_expired() {
    close(connection_error::shut_down);
}

} // namespace joust::net
