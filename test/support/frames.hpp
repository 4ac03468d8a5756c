//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace joust::test {

// HTTP/2 by hand (RFC 9113, 7541), so that a test can say what no honest library says. Shares nothing with src/http2.

enum class frame_type : std::uint8_t {
    data,
    headers,
    priority,
    rst_stream,
    settings,
    push_promise,
    ping,
    goaway,
    window_update,
    continuation,
};

inline constexpr std::uint8_t flag_none = 0x0;
inline constexpr std::uint8_t flag_end_stream = 0x1;
inline constexpr std::uint8_t flag_ack = 0x1;
inline constexpr std::uint8_t flag_end_headers = 0x4;
inline constexpr std::uint8_t flag_padded = 0x8;

inline constexpr std::uint16_t settings_max_concurrent_streams = 0x3;
inline constexpr std::uint16_t settings_initial_window_size = 0x4;
inline constexpr std::uint16_t settings_max_frame_size = 0x5;
inline constexpr std::uint16_t settings_max_header_list_size = 0x6;

inline constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

using field_list = std::vector<std::pair<std::string, std::string>>;

/// The low `bytes` bytes of a number, big-endian.
inline std::string big_endian(std::uint64_t number, int bytes) {
    std::string out;
    for (int i = bytes - 1; i >= 0; --i)
        out.push_back(static_cast<char>(number >> (8 * i)));
    return out;
}

inline std::uint32_t parse_big_endian(std::string_view bytes) {
    std::uint32_t number = 0;
    for (char const c : bytes)
        number = number << 8 | static_cast<std::uint8_t>(c);
    return number;
}

inline std::string frame(frame_type type, std::uint8_t flags, std::int32_t id, std::string_view payload) {
    std::string out = big_endian(payload.size(), 3);
    out.push_back(static_cast<char>(type));
    out.push_back(static_cast<char>(flags));
    out.append(big_endian(static_cast<std::uint32_t>(id), 4)).append(payload);
    return out;
}

inline std::string settings_frame(std::initializer_list<std::pair<std::uint16_t, std::uint32_t>> entries = {}) {
    std::string payload;
    for (auto const& [name, value] : entries)
        payload.append(big_endian(name, 2)).append(big_endian(value, 4));
    return frame(frame_type::settings, flag_none, 0, payload);
}

inline std::string settings_ack() {
    return frame(frame_type::settings, flag_ack, 0, {});
}

inline std::string data_frame(std::int32_t id, std::string_view bytes, std::uint8_t flags = flag_none) {
    return frame(frame_type::data, flags, id, bytes);
}

inline std::string rst_frame(std::int32_t id, std::uint32_t code) {
    return frame(frame_type::rst_stream, flag_none, id, big_endian(code, 4));
}

inline std::string window_frame(std::int32_t id, std::uint32_t increment) {
    return frame(frame_type::window_update, flag_none, id, big_endian(increment, 4));
}

inline std::string ping_frame(std::string_view eight_bytes, std::uint8_t flags = flag_none) {
    return frame(frame_type::ping, flags, 0, eight_bytes);
}

inline std::string goaway_frame(std::uint32_t last_stream, std::uint32_t code, std::string_view debug = {}) {
    std::string payload = big_endian(last_stream, 4) + big_endian(code, 4);
    return frame(frame_type::goaway, flag_none, 0, payload.append(debug));
}

/// An integer of RFC 7541, 5.1, behind the bits of `first`.
inline std::string hpack_integer(std::uint8_t first, int prefix_bits, std::size_t number) {
    std::size_t const most = (std::size_t{1} << prefix_bits) - 1;
    if (number < most)
        return std::string(1, static_cast<char>(first | number));
    std::string out(1, static_cast<char>(first | most));
    for (number -= most; number >= 128; number >>= 7)
        out.push_back(static_cast<char>(0x80 | (number & 0x7f)));
    out.push_back(static_cast<char>(number));
    return out;
}

/// A header block of literal fields that are not indexed (RFC 7541, 6.2.2), without Huffman coding.
inline std::string hpack(field_list const& fields) {
    std::string out;
    for (auto const& [name, value] : fields) {
        out.push_back('\0');
        out.append(hpack_integer(0, 7, name.size())).append(name);
        out.append(hpack_integer(0, 7, value.size())).append(value);
    }
    return out;
}

inline std::string headers_frame(std::int32_t id, field_list const& fields, std::uint8_t flags = flag_none) {
    return frame(frame_type::headers, flags | flag_end_headers, id, hpack(fields));
}

/// The same block in one HEADERS frame and CONTINUATION frames of at most `piece` bytes.
inline std::string continued_headers(std::int32_t id, field_list const& fields, std::size_t piece,
                                     std::uint8_t flags = flag_none) {
    std::string const block = hpack(fields);
    std::string out;
    for (std::size_t at = 0; at == 0 || at < block.size(); at += piece) {
        std::uint8_t const end = at + piece >= block.size() ? flag_end_headers : flag_none;
        out.append(at == 0 ? frame(frame_type::headers, flags | end, id, block.substr(0, piece))
                           : frame(frame_type::continuation, end, id, block.substr(at, piece)));
    }
    return out;
}

/// The header block of a good request, and `more`.
inline field_list request_fields(std::string_view path = "/test.Echo/Unary", field_list const& more = {}) {
    field_list fields = {{":method", "POST"},    {":scheme", "http"}, {":path", std::string(path)},
                         {":authority", "test"}, {"te", "trailers"},  {"content-type", "application/grpc"}};
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
}

inline field_list response_fields(field_list const& more = {}) {
    field_list fields = {{":status", "200"}, {"content-type", "application/grpc"}};
    fields.insert(fields.end(), more.begin(), more.end());
    return fields;
}

/// A message of gRPC: flag, length, bytes.
inline std::string grpc_message(std::string_view bytes, std::uint8_t flag = 0) {
    return std::string(1, static_cast<char>(flag)) + big_endian(bytes.size(), 4) + std::string(bytes);
}

/// What a client says first, with empty SETTINGS.
inline std::string client_hello() {
    return std::string(preface) + settings_frame();
}

struct parsed_frame {
    frame_type type{};
    std::uint8_t flags = 0;
    std::int32_t id = 0;
    std::string payload;

    bool has(std::uint8_t flag) const noexcept { return (flags & flag) != 0; }
    /// The number at this place of the payload.
    std::uint32_t number(std::size_t at) const { return parse_big_endian(std::string_view(payload).substr(at, 4)); }
};

/// Cuts what a session wrote (a client's preface is skipped) into frames. Throws when the last one is incomplete.
inline std::vector<parsed_frame> parse_frames(std::string_view bytes) {
    constexpr std::size_t header_size = 9;
    if (bytes.starts_with(preface))
        bytes.remove_prefix(preface.size());
    std::vector<parsed_frame> frames;
    while (!bytes.empty()) {
        std::size_t const length = parse_big_endian(bytes.substr(0, 3));
        if (bytes.size() < header_size + length)
            throw std::runtime_error("the last frame is incomplete");
        frames.push_back({static_cast<frame_type>(bytes[3]), static_cast<std::uint8_t>(bytes[4]),
                          static_cast<std::int32_t>(parse_big_endian(bytes.substr(5, 4))),
                          std::string(bytes.substr(header_size, length))});
        bytes.remove_prefix(header_size + length);
    }
    return frames;
}

/// Those of one type, of one stream unless `id` is negative.
inline std::vector<parsed_frame> frames_of(std::string_view bytes, frame_type type, std::int32_t id = -1) {
    std::vector<parsed_frame> frames = parse_frames(bytes);
    std::erase_if(frames, [&](parsed_frame const& f) { return f.type != type || (id >= 0 && f.id != id); });
    return frames;
}

} // namespace joust::test
