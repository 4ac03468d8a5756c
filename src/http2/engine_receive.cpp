//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/engine.hpp"

#include <memory>
#include <new>

namespace joust::http2 {

namespace {

// RFC 9113, 6.5.2: a field counts its name, its value and 32 bytes.
constexpr std::size_t field_overhead = 32;
// Past this multiple of the limit nobody listens any more: the stream is reset instead of answered.
constexpr std::size_t hard_limit_factor = 16;
// What may wait to be written, beyond a few frames for each stream there ever was at one time.
constexpr std::size_t max_waiting_frames = 2000;
constexpr std::size_t frames_per_stream = 8;
constexpr std::size_t max_kept_events = 1024;

// NGHTTP2_ERR_TOO_MANY_CONTINUATIONS, which not every 1.52 has.
constexpr int too_many_continuations = -905;

boost::system::error_code to_error(int nghttp2_code) {
    switch (nghttp2_code) {
    case NGHTTP2_ERR_BAD_CLIENT_MAGIC: return connection_error::bad_preface;
    case too_many_continuations:
    case NGHTTP2_ERR_FLOODED: return connection_error::enhance_your_calm;
    case NGHTTP2_ERR_HEADER_COMP: return connection_error::compression_error;
    case NGHTTP2_ERR_FLOW_CONTROL: return connection_error::flow_control_error;
    case NGHTTP2_ERR_NOMEM: throw std::bad_alloc();
    default: return connection_error::protocol_error;
    }
}

} // namespace

nghttp2_session_callbacks const* session::engine::callbacks() {
    struct deleter {
        void operator()(nghttp2_session_callbacks* p) const noexcept { nghttp2_session_callbacks_del(p); }
    };
    static std::unique_ptr<nghttp2_session_callbacks, deleter> const table = [] {
        nghttp2_session_callbacks* c = nullptr;
        if (nghttp2_session_callbacks_new(&c) != 0)
            throw std::bad_alloc();
        nghttp2_session_callbacks_set_on_begin_headers_callback(
            c, [](nghttp2_session*, nghttp2_frame const* f, void* u) { return self(u).on_begin_headers(*f); });
        nghttp2_session_callbacks_set_on_header_callback(
            c, [](nghttp2_session*, nghttp2_frame const*, std::uint8_t const* name, std::size_t name_size,
                  std::uint8_t const* value, std::size_t value_size, std::uint8_t, void* u) {
                return self(u).on_header({reinterpret_cast<char const*>(name), name_size},
                                         {reinterpret_cast<char const*>(value), value_size});
            });
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
            c, [](nghttp2_session*, std::uint8_t, std::int32_t id, std::uint8_t const* p, std::size_t n, void* u) {
                return self(u).on_data_chunk(id, {reinterpret_cast<char const*>(p), n});
            });
        nghttp2_session_callbacks_set_on_frame_recv_callback(
            c, [](nghttp2_session*, nghttp2_frame const* f, void* u) { return self(u).on_frame(*f); });
        nghttp2_session_callbacks_set_on_stream_close_callback(
            c,
            [](nghttp2_session*, std::int32_t id, std::uint32_t code, void* u) { return self(u).on_close(id, code); });
        nghttp2_session_callbacks_set_on_frame_not_send_callback(
            c, [](nghttp2_session*, nghttp2_frame const* f, int why, void* u) { return self(u).on_not_sent(*f, why); });
        nghttp2_session_callbacks_set_send_data_callback(
            c,
            [](nghttp2_session*, nghttp2_frame*, std::uint8_t const* header, std::size_t n, nghttp2_data_source* source,
               void* u) { return self(u).write_referenced(*static_cast<stream*>(source->ptr), header, n); });
        return std::unique_ptr<nghttp2_session_callbacks, deleter>(c);
    }();
    return table.get();
}

boost::system::error_code session::engine::feed(std::string_view in) {
    received_data_ = 0;
    error_code const bad_frame = side_ == role::server ? frames_.feed(in) : error_code::no_error;
    auto const n = nghttp2_session_mem_recv(session_, reinterpret_cast<std::uint8_t const*>(in.data()), in.size());
    if (n < 0) {
        failure_ = to_error(static_cast<int>(n));
        // nghttp2 says nothing to those who drown it.
        if (failure_ == connection_error::enhance_your_calm)
            say_goaway(error_code::enhance_your_calm,
                       n == too_many_continuations ? "max_header_list_size" : "too many frames to acknowledge");
        return failure_;
    }
    if (bad_frame != error_code::no_error)
        nghttp2_session_terminate_session(session_, static_cast<std::uint32_t>(bad_frame));
    if (received_data_ != 0)
        nghttp2_session_consume_connection(session_, received_data_);
    // Every refusal and RST_STREAM waits to be written; a peer that provokes them without reading would fill the
    // memory.
    if (side_ == role::server &&
        nghttp2_session_get_outbound_queue_size(session_) > max_waiting_frames + frames_per_stream * streams_.size()) {
        failure_ = connection_error::enhance_your_calm;
        nghttp2_session_terminate_session(session_, NGHTTP2_ENHANCE_YOUR_CALM);
        return failure_;
    }
    return {};
}

int session::engine::on_begin_headers(nghttp2_frame const& frame) {
    block_stream_ = nullptr;
    if (frame.hd.type != NGHTTP2_HEADERS)
        return 0;
    if (side_ == role::server && frame.headers.cat == NGHTTP2_HCAT_REQUEST) {
        if (frame.hd.stream_id > last_accepted_)
            return refuse(frame.hd.stream_id);
        if (peer_streams_ >= max_concurrent_streams_) {
            record(event_kind::stream_refused, nullptr);
            return refuse(frame.hd.stream_id);
        }
        ++peer_streams_;
        block_stream_ = acquire_stream();
        block_stream_->id = frame.hd.stream_id;
        nghttp2_session_set_stream_user_data(session_, frame.hd.stream_id, block_stream_);
    } else {
        block_stream_ = find(frame.hd.stream_id);
    }
    block_first_ = static_cast<std::uint32_t>(field_places_.size());
    block_size_ = 0;
    block_oversized_ = false;
    block_check_ = field_check();
    return 0;
}

// What more comes on the stream, nghttp2 drops; no stream of ours is spent on it. Of RST_STREAM submitted here and the
// one that the failure asks for, it sends the first.
int session::engine::refuse(std::int32_t id) {
    if (nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM) == NGHTTP2_ERR_NOMEM)
        throw std::bad_alloc();
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

int session::engine::on_header(std::string_view name, std::string_view value) {
    if (block_stream_ == nullptr)
        return 0;
    if (any_authority_ && !block_check_.accept(name, value))
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    block_size_ += name.size() + value.size() + field_overhead;
    if (block_size_ > max_header_list_size_) {
        block_oversized_ = true;
        return block_size_ / hard_limit_factor > max_header_list_size_ ? NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE : 0;
    }
    field_places_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                             static_cast<std::uint32_t>(value.size())});
    text_.append(name).append(value);
    return 0;
}

int session::engine::on_data_chunk(std::int32_t id, std::string_view bytes) {
    received_data_ += bytes.size();
    if (stream* const s = find(id))
        record(event_kind::data, s).bytes = bytes;
    return 0;
}

void session::engine::end_of_stream(stream& s, event_kind kind) {
    s.remote_ended = true;
    if (kind == event_kind::data && !events_.empty() && events_.back().kind == kind && events_.back().stream == &s) {
        events_.back().end_stream = true;
        return;
    }
    record(kind, &s).end_stream = true;
}

int session::engine::on_frame(nghttp2_frame const& frame) {
    bool const end_stream = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    switch (frame.hd.type) {
    case NGHTTP2_DATA:
        if (end_stream)
            if (stream* const s = find(frame.hd.stream_id))
                end_of_stream(*s, event_kind::data);
        break;
    case NGHTTP2_HEADERS:
        if (block_stream_ != nullptr) {
            event& e = record(event_kind::headers, block_stream_);
            e.end_stream = end_stream;
            e.oversized = block_oversized_;
            e.first_field = block_first_;
            e.field_count = static_cast<std::uint32_t>(field_places_.size()) - block_first_;
            block_stream_->remote_ended = end_stream;
            block_stream_ = nullptr;
        }
        break;
    case NGHTTP2_SETTINGS:
        // A thousand in a row say no more than one.
        if ((frame.hd.flags & NGHTTP2_FLAG_ACK) == 0 &&
            (events_.empty() || events_.back().kind != event_kind::settings))
            record(event_kind::settings, nullptr);
        break;
    case NGHTTP2_PING: {
        bool const ack = (frame.hd.flags & NGHTTP2_FLAG_ACK) != 0;
        event& e = record(ack ? event_kind::ping_ack : event_kind::ping, nullptr);
        for (std::size_t i = 0; i < sizeof(frame.ping.opaque_data); ++i)
            e.opaque |= std::uint64_t{frame.ping.opaque_data[i]} << (8 * i);
        break;
    }
    case NGHTTP2_GOAWAY: {
        event& e = record(event_kind::goaway, nullptr);
        e.code = static_cast<error_code>(frame.goaway.error_code);
        e.last_stream = frame.goaway.last_stream_id;
        e.first_field = static_cast<std::uint32_t>(text_.size());
        e.field_count = static_cast<std::uint32_t>(frame.goaway.opaque_data_len);
        text_.append(reinterpret_cast<char const*>(frame.goaway.opaque_data), frame.goaway.opaque_data_len);
        break;
    }
    default: break;
    }
    return 0;
}

int session::engine::on_close(std::int32_t id, std::uint32_t code) {
    stream* const s = find(id);
    if (s == nullptr)
        return 0;
    if (block_stream_ == s)
        block_stream_ = nullptr;
    if (last_ == s)
        last_ = nullptr;
    if (side_ == role::server)
        --peer_streams_;
    s->closed = true;
    record(event_kind::stream_closed, s).code =
        s->unsendable ? error_code::internal_error : static_cast<error_code>(code);
    return 0;
}

std::span<header_field const> session::engine::fields(event const& e) {
    scratch_fields_.clear();
    std::string_view const text = text_;
    for (std::uint32_t i = e.first_field; i != e.first_field + e.field_count; ++i) {
        field_place const& f = field_places_[i];
        scratch_fields_.push_back(
            {text.substr(f.name, f.name_size), text.substr(f.name + f.name_size, f.value_size), false});
    }
    return scratch_fields_;
}

std::string_view session::engine::debug_text(event const& e) const noexcept {
    return std::string_view(text_).substr(e.first_field, e.field_count);
}

void session::engine::clear_events() noexcept {
    for (event const& e : events_)
        if (e.kind == event_kind::stream_closed)
            release_stream(*e.stream);
    if (events_.capacity() > max_kept_events && events_.size() < events_.capacity() / 8)
        std::vector<event>().swap(events_); // after a flood of tiny frames
    events_.clear();
    // A header block that is still being received (CONTINUATION) keeps its fields.
    if (block_stream_ == nullptr) {
        field_places_.clear();
        text_.clear();
    }
}

} // namespace joust::http2
