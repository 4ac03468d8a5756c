//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/health_message.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace joust::client {

namespace {

constexpr std::uint64_t serving = 1; // HealthCheckResponse.ServingStatus
constexpr std::uint8_t service_tag = 1 << 3 | 2;
constexpr std::uint64_t status_tag = 1 << 3 | 0;

void append_varint(buffer& out, std::uint64_t n) {
    for (; n >= 0x80; n >>= 7)
        out.push_back(static_cast<char>(n | 0x80));
    out.push_back(static_cast<char>(n));
}

std::optional<std::uint64_t> take_varint(std::string_view& in) noexcept {
    std::uint64_t n = 0;
    for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
        auto const byte = static_cast<std::uint8_t>(in.front());
        in.remove_prefix(1);
        n |= std::uint64_t(byte & 0x7f) << shift;
        if (byte < 0x80)
            return n;
    }
    return std::nullopt;
}

/// Fields that later versions may add.
bool skip_field(std::string_view& in, std::uint64_t tag) noexcept {
    std::size_t n = 0;
    switch (tag & 7) {
    case 0: return take_varint(in).has_value();
    case 1: n = 8; break;
    case 5: n = 4; break;
    case 2:
        if (auto const length = take_varint(in); length && *length <= in.size()) {
            in.remove_prefix(static_cast<std::size_t>(*length));
            return true;
        }
        return false;
    default: return false;
    }
    if (in.size() < n)
        return false;
    in.remove_prefix(n);
    return true;
}

} // namespace

void encode_health_request(buffer& out, std::string_view service) {
    if (service.empty())
        return;
    out.push_back(static_cast<char>(service_tag));
    append_varint(out, service.size());
    out.append(service);
}

bool says_serving(std::string_view response) noexcept {
    std::uint64_t last = 0;
    while (!response.empty()) {
        auto const tag = take_varint(response);
        if (!tag)
            return false;
        if (*tag != status_tag) {
            if (!skip_field(response, *tag))
                return false;
            continue;
        }
        auto const value = take_varint(response);
        if (!value)
            return false;
        last = *value;
    }
    return last == serving;
}

} // namespace joust::client
