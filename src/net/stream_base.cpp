//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/stream_base.hpp"

#include "net/connection.hpp"

namespace joust::net {

bool stream_base::send_queue_full() {
    std::size_t const most = owner_.settings().send_queue;
    if (stream_ == nullptr || http2::session::queued(*stream_) < most)
        return false;
    owner_.session().watch_drain(*stream_, most / 2);
    return true;
}

void stream_base::drop_use() {
    if (--uses_ == 0)
        recycle();
}

void stream_base::send_headers(std::span<header_field const> fields, bool end_stream) {
    if (stream_ == nullptr)
        return;
    owner_.session().submit_response(*stream_, fields, end_stream);
    owner_.schedule_write();
}

void stream_base::send_data(buffer& framed) {
    if (stream_ == nullptr) {
        framed.clear();
        return;
    }
    owner_.session().send(*stream_, framed);
    owner_.schedule_write();
}

void stream_base::send_end() {
    if (stream_ == nullptr)
        return;
    owner_.session().finish(*stream_);
    owner_.schedule_write();
}

void stream_base::send_trailers(std::span<header_field const> fields) {
    if (stream_ == nullptr)
        return;
    owner_.session().finish(*stream_, fields);
    owner_.schedule_write();
}

void stream_base::reset(http2::error_code code) {
    if (stream_ == nullptr)
        return;
    owner_.session().reset(*stream_, code);
    owner_.schedule_write();
}

void stream_base::consume(std::size_t n) {
    if (stream_ == nullptr)
        return;
    owner_.session().consume(*stream_, n);
    owner_.schedule_write();
}

} // namespace joust::net
