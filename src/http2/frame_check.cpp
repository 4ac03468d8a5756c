//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/frame_check.hpp"

#include <algorithm>
#include <cstring>

namespace joust::http2 {

namespace {

enum frame_type : std::uint8_t { data = 0, headers = 1, priority = 2, rst_stream = 3 };
constexpr std::uint8_t end_stream_flag = 1;

std::uint32_t number(std::uint8_t const* p, std::size_t bytes) noexcept {
    std::uint32_t n = 0;
    for (std::size_t i = 0; i != bytes; ++i)
        n = n << 8 | p[i];
    return n;
}

std::int32_t stream_id(std::uint8_t const* p) noexcept {
    return static_cast<std::int32_t>(number(p, 4) & 0x7fffffff);
}

} // namespace

error_code frame_check::feed(std::string_view in) {
    while (!in.empty()) {
        if (skip_ != 0) {
            std::size_t const n = std::min(skip_, in.size());
            skip_ -= n;
            in.remove_prefix(n);
            continue;
        }
        std::size_t const wanted = have_ < header_size ? header_size : header_size + payload_size;
        std::size_t const n = std::min(wanted - have_, in.size());
        std::memcpy(frame_.data() + have_, in.data(), n);
        have_ += n;
        in.remove_prefix(n);
        if (have_ != wanted)
            break;
        if (wanted == header_size) {
            on_header(number(frame_.data(), 3));
        } else {
            have_ = 0;
            std::int32_t const id = stream_id(frame_.data() + 5);
            if (id == 0 || id == stream_id(frame_.data() + header_size))
                fail(error_code::protocol_error);
        }
    }
    return failure_;
}

void frame_check::on_header(std::size_t length) {
    std::uint8_t const type = frame_[3];
    if (type == priority && length == payload_size)
        return; // the payload is wanted; another length is found by nghttp2
    if (type <= rst_stream)
        on_stream_frame(type, (frame_[4] & end_stream_flag) != 0, stream_id(frame_.data() + 5));
    skip_ = length;
    have_ = 0;
}

void frame_check::on_stream_frame(std::uint8_t type, bool end_stream, std::int32_t id) {
    if (type == rst_stream) {
        on_end(id);
        return;
    }
    if (type == priority || id == 0)
        return;
    if (id > last_) {
        if (type != headers)
            return; // an idle stream: nghttp2 says so
        on_new_stream(id);
    } else if (id != current_) {
        if (std::find(ended_.begin(), ended_.end(), id) != ended_.end())
            fail(error_code::stream_closed);
        else if (std::any_of(skipped_.begin(), skipped_.end(),
                             [&](id_range const& r) { return r.first <= id && id <= r.last; }))
            fail(error_code::protocol_error);
    }
    if (end_stream)
        on_end(id);
}

void frame_check::on_new_stream(std::int32_t id) {
    if (id > last_ + 2) {
        if (skipped_.size() == remembered)
            skipped_.erase(skipped_.begin());
        skipped_.push_back({last_ + 2, id - 2});
    }
    last_ = current_ = id;
}

void frame_check::on_end(std::int32_t id) noexcept {
    ended_[ended_count_++ % remembered] = id;
    if (current_ == id)
        current_ = 0;
}

void frame_check::fail(error_code why) noexcept {
    if (failure_ == error_code::no_error)
        failure_ = why;
}

} // namespace joust::http2
