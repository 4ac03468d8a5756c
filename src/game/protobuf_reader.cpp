//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/protobuf_reader.hpp"

#include "game/json/utf8.hpp"

namespace joust::game {

namespace {

enum wire_type : std::uint32_t { varint, fixed64, length_delimited, start_group, end_group, fixed32 };

} // namespace

bool protobuf_reader::take_tag(std::uint32_t& tag) noexcept {
    tag = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
        if (at_end())
            return fail("the bytes end within a tag");
        auto const byte = static_cast<unsigned char>(*at_++);
        tag |= static_cast<std::uint32_t>(byte & 0x7f) << shift; // libprotobuf too lets the bits past 32 go
        if (byte < 0x80)
            return tag >> 3 != 0 || fail("a field has the number 0");
    }
    return fail("a tag is longer than 5 bytes");
}

bool protobuf_reader::take_varint(std::uint64_t& value) noexcept {
    value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        if (at_end())
            return fail("the bytes end within a varint");
        auto const byte = static_cast<unsigned char>(*at_++);
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return fail("a varint is longer than 10 bytes");
}

bool protobuf_reader::take_bytes(std::string_view& bytes) noexcept {
    std::uint64_t size = 0;
    char const* const start = at_;
    if (!take_varint(size))
        return false;
    if (at_ - start > 5)
        return fail("a length is longer than 5 bytes");
    if (size > left())
        return fail("a field is longer than the bytes that are left");
    bytes = {at_, static_cast<std::size_t>(size)};
    at_ += size;
    return true;
}

bool protobuf_reader::take_text(std::string_view& text, char const* complaint) noexcept {
    return take_bytes(text) && (json::is_utf8(text) || fail(complaint));
}

bool protobuf_reader::skip(std::uint32_t tag, int depth) noexcept {
    std::uint64_t number;
    std::string_view bytes;
    switch (tag & 7) {
    case varint: return take_varint(number);
    case fixed64: return skip_fixed(8);
    case length_delimited: return take_bytes(bytes);
    case start_group: return skip_group(tag >> 3, depth - 1);
    case end_group: return fail("a group ends that did not begin");
    case fixed32: return skip_fixed(4);
    default: return fail("a field has an unknown wire type");
    }
}

bool protobuf_reader::skip_group(std::uint32_t number, int depth) noexcept {
    if (depth < 0)
        return fail("groups are nested deeper than 100 levels");
    std::uint32_t tag;
    while (take_tag(tag)) {
        if (tag == (number << 3 | end_group))
            return true;
        if (!skip(tag, depth))
            return false;
    }
    return false;
}

bool protobuf_reader::skip_fixed(std::size_t size) noexcept {
    if (left() < size)
        return fail("the bytes end within a fixed-size number");
    at_ += size;
    return true;
}

} // namespace joust::game
