//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/client_connection.hpp"

#include "joust/core/connection_error.hpp"

#include <utility>

namespace joust::net {

client_connection::client_connection(std::unique_ptr<transport> t, connection_settings const& settings,
                                     std::shared_ptr<observer> watcher, std::shared_ptr<client_connection_owner> owner)
    : connection(role::client, std::move(t), settings, std::move(watcher)), user_(std::move(owner)) {}

bool client_connection::can_open() const noexcept {
    return writable() && ready_ && !going_away_ && streams_.size() < peer_max_concurrent_streams_;
}

client_stream* client_connection::open_call(call::request_start const& start, call::limits const& l,
                                            std::optional<time_point> deadline, client_stream_listener& listener) {
    if (!can_open())
        return nullptr;
    bool const first = streams_.empty();
    client_stream& s = streams_.acquire(*this);
    if (s.open(start, l, deadline, listener)) {
        if (first)
            wake_keepalive();
        return &s;
    }
    // No stream identifiers are left: as good as a GOAWAY.
    going_away_ = true;
    streams_.deactivate(s);
    s.drop_use();
    tell(&client_connection_owner::on_going_away);
    return nullptr;
}

void client_connection::tell(void (client_connection_owner::*what)()) {
    if (auto const user = user_)
        ((*user).*what)();
}

void client_connection::on_abandoned() noexcept {
    auto const keep = shared_from_this();
    // A listener that goes may take others along.
    for (std::size_t i = streams_.size(); i-- != 0;)
        if (auto* const l = streams_.active()[i]->listener_)
            l->on_abandoned();
    if (auto const user = std::exchange(user_, nullptr))
        user->on_abandoned();
}

void client_connection::shut_down() {
    if (!open())
        return;
    going_away_ = true;
    run([this] { session().goaway(http2::error_code::no_error); });
}

void client_connection::on_event(http2::event const& e) {
    auto* const s = e.stream != nullptr ? static_cast<client_stream*>(http2::session::user(*e.stream)) : nullptr;
    switch (e.kind) {
    case http2::event_kind::headers:
        if (s != nullptr)
            s->on_headers(session().fields(e), e.end_stream, e.oversized);
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
            if (e.code == http2::error_code::refused_stream && !goaway_text_.empty())
                s->abort(status(status_code::unavailable, "the stream was refused after " + goaway_text_,
                                status_origin::peer, connection_error::refused_stream));
            s->on_stream_closed(e.code);
            tell(&client_connection_owner::on_capacity);
        }
        break;
    case http2::event_kind::settings:
        peer_max_concurrent_streams_ = session().peer_max_concurrent_streams();
        if (!std::exchange(ready_, true))
            tell(&client_connection_owner::on_ready);
        else
            tell(&client_connection_owner::on_capacity);
        break;
    case http2::event_kind::goaway: on_goaway(e); break;
    case http2::event_kind::goaway_sent:
    case http2::event_kind::stream_refused:
    case http2::event_kind::ping:
    case http2::event_kind::ping_ack: break;
    }
}

void client_connection::on_goaway(http2::event const& e) {
    goaway_text_ = "GOAWAY " + std::string(http2::to_string(e.code));
    auto const debug = session().debug_text(e);
    if (!debug.empty())
        goaway_text_.append(" '").append(debug).append("'");
    if (e.code == http2::error_code::enhance_your_calm && debug == "too_many_pings") {
        keepalive().slow_down();
        tell(&client_connection_owner::on_too_many_pings);
    }
    if (!std::exchange(going_away_, true))
        tell(&client_connection_owner::on_going_away);
}

void client_connection::on_closed(boost::system::error_code why) {
    if (!goaway_text_.empty() && why == connection_error::shut_down)
        why = connection_error::goaway;
    std::string text = "the connection to " + peer() + " was lost: " + why.message();
    if (!goaway_text_.empty())
        text.append(" after ").append(goaway_text_);
    status const lost(status_code::unavailable, std::move(text), status_origin::network, why);
    // Ending a call may end others: take them one by one.
    while (!streams_.empty()) {
        client_stream& s = streams_.back();
        streams_.deactivate(s);
        s.on_connection_lost(lost);
    }
    if (auto const user = std::exchange(user_, nullptr))
        user->on_lost(lost);
}

} // namespace joust::net
