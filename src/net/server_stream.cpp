//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/server_stream.hpp"

#include "net/server_connection.hpp"

namespace joust::net {

server_stream::server_stream(server_connection& owner) noexcept : stream_base(owner), connection_(owner) {}

bool server_stream::open(http2::stream& s, std::span<header_field const> fields, bool end_stream, bool oversized) {
    stream_ = &s;
    id_ = http2::session::id(s);
    listener_ = nullptr;
    awaited_ = awaited::nothing;
    uses_ = 1;
    started_ = connection_.now();
    call_.open(*this, connection_.settings().call, connection_.settings().compressors.get());
    if (!call_.on_headers(fields, end_stream, oversized, started_))
        return false;
    if (auto const deadline = call_.deadline())
        connection_.add_timer(*this, *deadline);
    if (observer* const o = connection_.watcher())
        o->call_started(role::server, call_.path(), connection_.peer());
    return true;
}

void server_stream::await_message() {
    awaited_ = awaited::message;
    call_.want_message(true);
}

void server_stream::await_request() {
    awaited_ = awaited::request;
    call_.want_message(true);
    notify_if_there();
}

void server_stream::notify_if_there() {
    if (awaited_ == awaited::nothing || listener_ == nullptr)
        return;
    if (awaited_ == awaited::request ? !call_.request_complete() : !call_.readable())
        return;
    stream_use const keep(*this);
    awaited_ = awaited::nothing;
    call_.want_message(false);
    listener_->on_readable(*this);
}

void server_stream::on_data(std::string_view bytes, bool end_stream) {
    call_.on_data(bytes, end_stream);
    notify_if_there();
}

bool server_stream::finish(status const& outcome, metadata const& trailing) {
    if (!call_.finish(outcome, trailing))
        return false;
    on_finished();
    return true;
}

void server_stream::on_finished() {
    awaited_ = awaited::nothing;
    listener_ = nullptr; // it need not outlive its call
    connection_.remove_timer(*this);
    if (observer* const o = connection_.watcher())
        o->call_finished(
            {role::server, call_.path(), connection_.peer(), call_.outcome(), connection_.now() - started_});
}

void server_stream::on_drained() {
    stream_use const keep(*this);
    if (listener_ != nullptr && !call_.finished())
        listener_->on_writable(*this);
}

void server_stream::cancel(status const& why) {
    if (call_.finished())
        return;
    call_.abort(why);
    on_ended_by_force();
}

void server_stream::on_ended_by_force() {
    stream_use const keep(*this);
    auto* const listener = listener_;
    on_finished();
    if (listener != nullptr)
        listener->on_cancelled(*this);
}

void server_stream::on_expired() {
    cancel(status(status_code::deadline_exceeded, "the deadline passed"));
}

void server_stream::on_stream_closed(status const& why) {
    stream_ = nullptr;
    if (!call_.finished()) {
        call_.on_closed(why, connection_.now());
        on_ended_by_force();
    }
    drop_use();
}

void server_stream::recycle() {
    constexpr std::size_t max_kept = 16 * 1024;
    for (buffer* const b : {&request_, &response_}) {
        b->clear();
        if (b->capacity() > max_kept)
            *b = buffer();
    }
    listener_ = nullptr;
    connection_.recycle(*this);
}

} // namespace joust::net
