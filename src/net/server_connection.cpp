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

} // namespace

server_connection::server_connection(std::unique_ptr<transport> t, connection_settings const& settings,
                                     std::shared_ptr<observer> watcher, std::shared_ptr<call_acceptor> acceptor)
    : connection(role::server, std::move(t), settings, std::move(watcher)), acceptor_(std::move(acceptor)),
      id_(static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count())) {}

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
    case http2::event_kind::stream_closed:
        if (s != nullptr) {
            streams_.deactivate(*s);
            s->on_stream_closed(s->call().finished() ? status() : peer_gone(e.code)); // the text costs an allocation
        }
        break;
    case http2::event_kind::goaway_sent:
        // Only now: nghttp2 sends a PING before what waits, and its answer is to show that the GOAWAY has been seen.
        if (draining_ && !final_goaway_)
            session().ping(0);
        break;
    case http2::event_kind::ping_ack:
        if (draining_ && !final_goaway_) {
            final_goaway_ = true;
            session().goaway(http2::error_code::no_error);
        }
        break;
    case http2::event_kind::settings:
    case http2::event_kind::goaway:
    case http2::event_kind::ping: break;
    }
}

void server_connection::on_headers(http2::event const& e) {
    server_stream& s = streams_.acquire(*this);
    http2::session::set_user(*e.stream, &s);
    if (!s.open(*e.stream, session().fields(e), e.end_stream, e.oversized))
        return;
    stream_use const keep(s);
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

void server_connection::drain() {
    if (draining_ || !open())
        return;
    draining_ = true;
    run([this] { session().announce_shutdown(); });
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
