//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "http2/frame_check.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace joust::http2 {

namespace {

enum frame_type : std::uint8_t { data = 0, headers = 1, priority = 2, rst_stream = 3 };
constexpr std::uint8_t end_stream_flag = 1;

std::uint32_t number(std::uint8_t const* p) noexcept {
    return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

std::int32_t stream_id(std::uint8_t const* p) noexcept {
    return static_cast<std::int32_t>(number(p) & 0x7fffffff);
}

} // namespace

error_code frame_check::feed(std::string_view in) {
    auto const* at = reinterpret_cast<std::uint8_t const*>(in.data());
    auto const* const end = at + in.size();
    for (;;) {
        auto const left = static_cast<std::size_t>(end - at);
        if (skip_ >= left) {
            skip_ -= left;
            return failure_;
        }
        at += std::exchange(skip_, 0);
        if (have_ == 0 && static_cast<std::size_t>(end - at) >= header_size && on_header(at)) {
            at += header_size;
            continue;
        }
        // A frame header that is cut, or PRIORITY, of which the payload is wanted.
        std::size_t const wanted = have_ < header_size ? header_size : header_size + payload_size;
        std::size_t const n = std::min(wanted - have_, static_cast<std::size_t>(end - at));
        std::memcpy(frame_.data() + have_, at, n);
        have_ += n;
        at += n;
        if (have_ != wanted)
            return failure_;
        if (wanted != header_size) {
            on_priority(frame_.data());
            have_ = 0;
        } else if (on_header(frame_.data())) {
            have_ = 0;
        }
    }
}

/// False when the payload is wanted, too.
bool frame_check::on_header(std::uint8_t const* head) {
    std::uint32_t const length = number(head) >> 8;
    std::uint8_t const type = head[3];
    if (type == priority && length == payload_size)
        return false; // another length is found by nghttp2
    if (type <= rst_stream && type != priority)
        on_stream_frame(type, (head[4] & end_stream_flag) != 0, stream_id(head + 5));
    skip_ = length;
    return true;
}

void frame_check::on_priority(std::uint8_t const* frame) noexcept {
    std::int32_t const id = stream_id(frame + 5);
    if (id == 0 || id == stream_id(frame + header_size))
        fail(error_code::protocol_error);
}

void frame_check::on_stream_frame(std::uint8_t type, bool end_stream, std::int32_t id) noexcept {
    if (id % 2 == 0)
        return; // the connection, or what nghttp2 refuses
    if (id > last_) {
        if (type != headers)
            return; // an idle stream: nghttp2 says so
        on_new_stream(id);
    }
    std::uint32_t const n = age(id);
    if (n >= remembered)
        return;
    std::uint64_t const bit = std::uint64_t{1} << n;
    if (type != rst_stream && ((ended_ | skipped_) & bit) != 0)
        fail((ended_ & bit) != 0 ? error_code::stream_closed : error_code::protocol_error);
    if (end_stream || type == rst_stream)
        ended_ |= bit;
}

void frame_check::on_new_stream(std::int32_t id) noexcept {
    auto const n = static_cast<std::uint32_t>(id - last_) / 2;
    ended_ = n < remembered ? ended_ << n : 0;
    skipped_ = n < remembered ? skipped_ << n : 0;
    for (std::uint32_t i = 1; i < std::min(n, remembered); ++i)
        skipped_ |= std::uint64_t{1} << i;
    last_ = id;
}

void frame_check::fail(error_code why) noexcept {
    if (failure_ == error_code::no_error)
        failure_ = why;
}

} // namespace joust::http2
