//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/client_stream.hpp"

#include "joust/core/connection_error.hpp"
#include "net/client_connection.hpp"

#include <utility>

namespace joust::net {

client_stream::client_stream(client_connection& owner) noexcept : stream_base(owner), connection_(owner) {}

bool client_stream::open(call::request_start const& start, call::limits const& l,
                         std::optional<call::client_call::time_point> deadline, client_stream_listener& listener) {
    listener_ = &listener;
    awaiting_ = false;
    done_reported_ = false;
    never_sent_ = false;
    headers_by_.reset();
    uses_ = 1;
    started_ = connection_.now();
    path_.assign(start.path);
    call_.open(l, deadline);
    stream_ = connection_.session().submit_request(call_.request_headers(start), this);
    if (stream_ == nullptr)
        return false;
    call_.attach(*this);
    connection_.schedule_write();
    if (deadline)
        connection_.add_timer(*this, *deadline);
    if (observer* const o = connection_.watcher())
        o->call_started(role::client, path_, connection_.peer());
    return true;
}

call::read_state client_stream::read(buffer& into) {
    auto const s = call_.read(into);
    if (s == call::read_state::failed)
        notify();
    return s;
}

void client_stream::await_message() {
    awaiting_ = true;
    call_.want_message(true);
}

void client_stream::stop_awaiting() noexcept {
    awaiting_ = false;
    call_.want_message(false);
}

void client_stream::abort(status why) {
    call_.abort(std::move(why));
    notify();
}

void client_stream::notify() {
    stream_use const keep(*this);
    if (awaiting_ && listener_ != nullptr && call_.readable()) {
        stop_awaiting();
        listener_->on_readable(*this);
    }
    if (call_.done() && !done_reported_) {
        done_reported_ = true;
        connection_.remove_timer(*this);
        if (observer* const o = connection_.watcher())
            o->call_finished({role::client, path_, connection_.peer(), call_.outcome(), connection_.now() - started_});
        if (auto* const listener = std::exchange(listener_, nullptr))
            listener->on_done(*this);
    }
}

void client_stream::on_headers(std::span<header_field const> fields, bool end_stream, bool oversized) {
    stream_use const keep(*this);
    bool const first = !call_.headers_received();
    call_.on_headers(fields, end_stream, oversized);
    if (first && call_.headers_received() && !call_.done() && listener_ != nullptr)
        listener_->on_headers(*this);
    notify();
}

void client_stream::on_data(std::string_view bytes, bool end_stream) {
    call_.on_data(bytes, end_stream);
    notify();
}

void client_stream::on_drained() {
    stream_use const keep(*this);
    if (listener_ != nullptr && !call_.done())
        listener_->on_writable(*this);
}

void client_stream::on_stream_closed(http2::error_code code) {
    stream_ = nullptr;
    call_.on_closed(code, connection_.now());
    notify();
    drop_use();
}

void client_stream::on_connection_lost(status const& why) {
    never_sent_ = stream_ != nullptr && !connection_.session().request_pulled(*stream_);
    stream_ = nullptr;
    call_.abort(why);
    call_.on_closed(http2::error_code::no_error, connection_.now());
    notify();
    drop_use();
}

void client_stream::expect_headers_by(call::client_call::time_point when) {
    auto const deadline = call_.deadline();
    if (call_.done() || (deadline && *deadline <= when))
        return;
    headers_by_ = when;
    connection_.add_timer(*this, when);
}

void client_stream::on_expired() {
    if (std::exchange(headers_by_, std::nullopt)) {
        if (!call_.headers_received())
            abort(status(status_code::unavailable, "the attempt was not answered in time", status_origin::network,
                         connection_error::attempt_timeout));
        else if (auto const deadline = call_.deadline())
            connection_.add_timer(*this, *deadline);
        return;
    }
    abort(status(status_code::deadline_exceeded, "the deadline passed"));
}

void client_stream::recycle() {
    listener_ = nullptr;
    connection_.recycle(*this);
}

} // namespace joust::net
