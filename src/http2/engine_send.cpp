//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/engine.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

namespace joust::http2 {

namespace {

// From here on a message is referred to by the write instead of being copied into it.
constexpr std::size_t reference_threshold = 4096;
constexpr std::size_t frame_type_at = 3;

nghttp2_nv to_native(header_field const& f) noexcept {
    // nghttp2's interface predates const; it only reads.
    auto* const name = reinterpret_cast<std::uint8_t*>(const_cast<char*>(f.name.data()));
    auto* const value = reinterpret_cast<std::uint8_t*>(const_cast<char*>(f.value.data()));
    unsigned flags = f.is_static ? NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE : 0;
    if (f.never_indexed)
        flags |= NGHTTP2_NV_FLAG_NO_INDEX;
    return {name, value, f.name.size(), f.value.size(), static_cast<std::uint8_t>(flags)};
}

} // namespace

std::span<nghttp2_nv const> session::engine::to_native(std::span<header_field const> fields) {
    scratch_nv_.clear();
    for (header_field const& f : fields)
        scratch_nv_.push_back(http2::to_native(f));
    return scratch_nv_;
}

stream* session::engine::submit_request(std::span<header_field const> fields, void* user) {
    stream* const s = acquire_stream();
    s->user = user;
    auto const nv = to_native(fields);
    nghttp2_data_provider provider = data_provider(*s);
    std::int32_t const id = nghttp2_submit_request(session_, nullptr, nv.data(), nv.size(), &provider, s);
    if (id < 0) {
        release_stream(*s);
        if (id == NGHTTP2_ERR_NOMEM)
            throw std::bad_alloc();
        return nullptr;
    }
    s->id = id;
    return s;
}

void session::engine::submit_response(stream& s, std::span<header_field const> fields, bool end_stream) {
    if (s.closed || s.reset_locally)
        return;
    auto const nv = to_native(fields);
    nghttp2_data_provider const provider = data_provider(s);
    nghttp2_submit_response(session_, s.id, nv.data(), nv.size(), end_stream ? nullptr : &provider);
    if (end_stream) {
        s.ended = true;
        note_answered(s);
    }
}

nghttp2_data_provider session::engine::data_provider(stream& s) noexcept {
    nghttp2_data_provider provider{};
    provider.source.ptr = &s;
    provider.read_callback = [](nghttp2_session*, std::int32_t, std::uint8_t* into, std::size_t space,
                                std::uint32_t* flags, nghttp2_data_source* source, void* u) {
        return self(u).read_data(*static_cast<stream*>(source->ptr), into, space, *flags);
    };
    return provider;
}

void session::engine::send(stream& s, buffer& data) {
    if (s.closed || s.reset_locally || data.empty()) {
        data.clear();
        return;
    }
    outgoing* const node = outgoing_.acquire();
    node->data.swap(data);
    s.queued += node->data.size();
    (s.back != nullptr ? s.back->next : s.front) = node;
    s.back = node;
    resume(s);
}

void session::engine::end(stream& s) {
    s.ended = true;
    resume(s);
}

void session::engine::end_by_data(stream& s) {
    end(s);
    note_answered(s);
}

void session::engine::resume(stream& s) {
    if (!s.deferred || s.closed)
        return;
    s.deferred = false;
    nghttp2_session_resume_data(session_, s.id);
}

void session::engine::reset(stream& s, error_code code) {
    if (s.closed || s.reset_locally)
        return;
    s.reset_locally = true;
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, s.id, static_cast<std::uint32_t>(code));
}

void session::engine::say_goaway(error_code code, std::string_view debug) {
    // nghttp2 takes streams until the frame is written, which may be later, but the frame does not count them.
    last_accepted_ = std::min(last_accepted_, nghttp2_session_get_last_proc_stream_id(session_));
    nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, last_accepted_, static_cast<std::uint32_t>(code),
                          reinterpret_cast<std::uint8_t const*>(debug.data()), debug.size());
}

void session::engine::pop_front(stream& s) noexcept {
    outgoing* const node = s.front;
    s.front = node->next;
    if (s.front == nullptr)
        s.back = nullptr;
    node->next = nullptr;
    outgoing_.release(node);
}

void session::engine::note_sent(stream& s, std::size_t n) {
    s.queued -= n;
    if (s.low_water != stream::no_watch && s.queued <= s.low_water) {
        s.low_water = stream::no_watch;
        record(event_kind::drained, &s);
    }
}

ssize_t session::engine::read_data(stream& s, std::uint8_t* into, std::size_t space, std::uint32_t& flags) {
    std::size_t n = 0;
    if (s.front != nullptr && s.front->data.size() - s.front->offset >= reference_threshold) {
        n = std::min(space, s.front->data.size() - s.front->offset);
        flags |= NGHTTP2_DATA_FLAG_NO_COPY;
        if (n == s.queued && s.ended)
            flags |= NGHTTP2_DATA_FLAG_EOF;
    } else {
        while (s.front != nullptr && n != space) {
            outgoing& node = *s.front;
            std::size_t const left = node.data.size() - node.offset;
            if (left >= reference_threshold)
                break;
            std::size_t const part = std::min(left, space - n);
            std::memcpy(into + n, node.data.data() + node.offset, part);
            node.offset += part;
            n += part;
            if (part == left)
                pop_front(s);
        }
        if (n != 0)
            note_sent(s, n);
        if (s.front == nullptr && s.ended)
            flags |= NGHTTP2_DATA_FLAG_EOF;
        else if (n == 0) {
            s.deferred = true;
            return NGHTTP2_ERR_DEFERRED;
        }
    }
    if ((flags & NGHTTP2_DATA_FLAG_EOF) != 0 && !s.trailers.empty()) {
        flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        submit_trailers(s);
    }
    return static_cast<ssize_t>(n);
}

int session::engine::write_referenced(stream& s, std::uint8_t const* frame_header, std::size_t n) {
    if (out_->size() >= out_limit_)
        return NGHTTP2_ERR_WOULDBLOCK;
    constexpr std::size_t frame_header_size = 9;
    out_->copy(frame_header, frame_header_size);
    outgoing& node = *s.front;
    out_->refer(node, node.offset, n);
    answered_since_ = true;
    node.offset += n;
    if (node.offset == node.data.size())
        pop_front(s);
    note_sent(s, n);
    return 0;
}

// A header block that is too large to be sent. The peer must not wait for an answer, and a request that nghttp2 gives
// up as refused must not look as if it were worth another attempt.
int session::engine::on_not_sent(nghttp2_frame const& frame, int why) {
    if (frame.hd.type != NGHTTP2_HEADERS || why != NGHTTP2_ERR_FRAME_SIZE_ERROR)
        return 0;
    if (frame.headers.cat != NGHTTP2_HCAT_REQUEST)
        nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, frame.hd.stream_id, NGHTTP2_INTERNAL_ERROR);
    else if (stream* const s = find(frame.hd.stream_id))
        s->unsendable = true;
    return 0;
}

void session::engine::set_trailers(stream& s, std::span<header_field const> fields) {
    for (header_field const& f : fields) {
        s.trailers.push_back({f, s.trailer_text.size()});
        if (!f.is_static)
            s.trailer_text.append(f.name).append(f.value);
    }
}

void session::engine::submit_trailers(stream& s) {
    scratch_fields_.clear();
    std::string_view const text = s.trailer_text;
    for (auto const& [f, at] : s.trailers) {
        header_field& sent = scratch_fields_.emplace_back(f);
        if (f.is_static)
            continue;
        sent.name = text.substr(at, f.name.size());
        sent.value = text.substr(at + f.name.size(), f.value.size());
    }
    auto const nv = to_native(scratch_fields_);
    nghttp2_submit_trailer(session_, s.id, nv.data(), nv.size());
    note_answered(s);
}

void session::engine::note_answered(stream& s) {
    if (side_ == role::server && !s.remote_ended)
        answered_.push_back(s.id);
}

// RFC 9113, 8.1: a server that has answered in full asks a client that still sends to stop. Not before the answer is
// written, as nghttp2 sends nothing more on a stream with an RST_STREAM in its queue.
bool session::engine::stop_requests() {
    return std::erase_if(answered_, [this](std::int32_t id) {
               int const ended = nghttp2_session_get_stream_local_close(session_, id);
               if (ended == 1)
                   nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_NO_ERROR);
               return ended != 0; // -1: the stream is closed
           }) != 0;
}

// So that calls of a lost connection can be told from those that never left. Only requests: a client sends no trailers.
void session::engine::note_headers(std::uint8_t const* frame, std::size_t n) noexcept {
    constexpr std::size_t stream_at = 5;
    if (frame[frame_type_at] != NGHTTP2_HEADERS || n < stream_at + 4 || side_ != role::client)
        return;
    std::uint32_t id = 0;
    for (std::size_t i = stream_at; i != stream_at + 4; ++i)
        id = id << 8 | frame[i];
    last_headers_ = static_cast<std::int32_t>(id & 0x7fffffff);
}

// Looks at what is written, as a callback for every frame would cost more. nghttp2 answers what breaks the protocol
// with GOAWAY by itself; its code says what it was.
void session::engine::note_goaway(std::uint8_t const* frame, std::size_t n) {
    constexpr std::size_t code_at = 13, shortest = 17;
    if (frame[frame_type_at] != NGHTTP2_GOAWAY || n < shortest)
        return;
    record(event_kind::goaway_sent, nullptr);
    if (failure_)
        return;
    std::uint32_t code = 0;
    for (std::size_t i = code_at; i != shortest; ++i)
        code = code << 8 | frame[i];
    switch (code) {
    case NGHTTP2_NO_ERROR: break;
    case NGHTTP2_COMPRESSION_ERROR: failure_ = connection_error::compression_error; break;
    case NGHTTP2_FLOW_CONTROL_ERROR: failure_ = connection_error::flow_control_error; break;
    case NGHTTP2_ENHANCE_YOUR_CALM: failure_ = connection_error::enhance_your_calm; break;
    default: failure_ = connection_error::protocol_error;
    }
}

// nghttp2 ends the connection of a client that opens more streams than the SETTINGS it has acknowledged allow, where
// RFC 9113, 5.1.2 asks for an error of the stream. So nghttp2 knows no limit, `refuse` keeps it, and it is put into the
// SETTINGS here, which are the first frame of all.
void session::engine::write_settings(std::uint8_t const* frame, std::size_t n) {
    constexpr std::size_t head_size = 9, length_at = 2, entry_size = 6; // the low byte: there are few entries
    std::array<std::uint8_t, head_size> head{};
    std::copy_n(frame, head_size, head.data());
    head[length_at] = static_cast<std::uint8_t>(head[length_at] + entry_size);
    std::uint32_t const limit = max_concurrent_streams_;
    std::array<std::uint8_t, entry_size> const entry = {
        0,
        NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS,
        static_cast<std::uint8_t>(limit >> 24),
        static_cast<std::uint8_t>(limit >> 16),
        static_cast<std::uint8_t>(limit >> 8),
        static_cast<std::uint8_t>(limit),
    };
    out_->copy(head.data(), head_size);
    out_->copy(frame + head_size, n - head_size);
    out_->copy(entry.data(), entry_size);
}

void session::engine::pull(output& out, std::size_t limit) {
    out_ = &out;
    out_limit_ = limit;
    while (out.size() < limit) {
        std::uint8_t const* bytes = nullptr;
        auto const n = nghttp2_session_mem_send(session_, &bytes);
        if (n == NGHTTP2_ERR_NOMEM)
            throw std::bad_alloc();
        if (n > 0) {
            answered_since_ |= bytes[frame_type_at] <= NGHTTP2_HEADERS; // DATA is 0
            note_headers(bytes, static_cast<std::size_t>(n));
            note_goaway(bytes, static_cast<std::size_t>(n));
            if (side_ == role::server && !std::exchange(settings_sent_, true))
                write_settings(bytes, static_cast<std::size_t>(n));
            else
                out.copy(bytes, static_cast<std::size_t>(n));
        } else if (n < 0 || answered_.empty() || !stop_requests()) {
            break;
        }
    }
    out_ = nullptr;
}

} // namespace joust::http2
