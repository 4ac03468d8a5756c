//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/message.hpp"

#include <boost/assert.hpp>
#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>

namespace joust::wire {

namespace {

// What may be reserved on a peer's word alone: a frame of HTTP/2's default size, in which small messages come whole.
constexpr std::size_t trusted_length = 16 * 1024;

} // namespace

std::size_t begin_message(buffer& out) {
    out.grow(prefix_size);
    return out.size();
}

void end_message(buffer& out, std::size_t at, bool compressed) noexcept {
    std::size_t const length = out.size() - at;
    BOOST_ASSERT(at >= prefix_size && at <= out.size());
    BOOST_ASSERT(length <= std::numeric_limits<std::uint32_t>::max());
    std::uint8_t* const prefix = out.data() + at - prefix_size;
    prefix[0] = compressed ? 1 : 0;
    boost::endian::store_big_u32(prefix + 1, static_cast<std::uint32_t>(length));
}

message_decoder::state message_decoder::feed(std::string_view& in) {
    if (prefix_have_ < prefix_size && !read_prefix(in))
        return state::need_more;
    if (failed_)
        return state::failed;
    std::size_t const n = std::min(length_ - message_.size(), in.size());
    if (message_.capacity() < length_)
        make_room(n);
    message_.append(in.data(), n);
    in.remove_prefix(n);
    return message_.size() == length_ ? state::message : state::need_more;
}

void message_decoder::take(buffer& into) noexcept {
    into.swap(message_);
    message_.clear();
    prefix_have_ = 0;
}

void message_decoder::reset(std::size_t max_message_size) noexcept {
    limit_ = max_message_size;
    prefix_have_ = 0;
    message_.clear();
    if (failed_) {
        failed_ = false;
        error_ = {};
    }
}

bool message_decoder::read_prefix(std::string_view& in) {
    std::size_t const n = std::min(prefix_size - prefix_have_, in.size());
    if (n == prefix_size)
        std::memcpy(prefix_, in.data(), prefix_size); // nearly always, and then without a call
    else if (n != 0)
        std::memcpy(prefix_ + prefix_have_, in.data(), n);
    in.remove_prefix(n);
    prefix_have_ = static_cast<std::uint8_t>(prefix_have_ + n);
    if (prefix_have_ < prefix_size)
        return false;
    compressed_ = prefix_[0] == 1;
    length_ = boost::endian::load_big_u32(prefix_ + 1);
    failed_ = prefix_[0] > 1 || length_ > limit_;
    if (failed_)
        error_ = refusal();
    return true;
}

status message_decoder::refusal() const {
    if (prefix_[0] > 1)
        return status(status_code::internal, "invalid compressed flag " + std::to_string(prefix_[0]));
    return status(status_code::resource_exhausted, "message of " + std::to_string(length_) +
                                                       " bytes exceeds max_receive_message_size of " +
                                                       std::to_string(limit_) + " bytes");
}

void message_decoder::make_room(std::size_t n) {
    std::size_t const needed = message_.size() + n;
    if (length_ - needed <= trusted_length)
        message_.reserve(length_);
    else if (needed > message_.capacity())
        message_.reserve(std::min<std::size_t>(length_, std::max(needed, 2 * message_.capacity())));
}

} // namespace joust::wire
