//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/wire/head.hpp"

#include "joust/wire/encoding.hpp"
#include "joust/wire/timeout.hpp"
#include "wire/raw_encoding.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

namespace joust::wire {

namespace {

/// What a field means to gRPC.
enum class meaning : std::uint8_t {
    custom, ///< metadata
    unused, ///< not for the user, and not needed here
    method,
    path,
    authority,
    host,
    http_status,
    te,
    content_type,
    timeout,
    encoding,
    accept_encoding,
    grpc_status,
    grpc_message,
    grpc_details,
};

/// Compares with a literal of the same length; the compiler makes it one or two loads.
template <std::size_t N>
bool is(std::string_view name, char const (&literal)[N]) noexcept {
    return std::memcmp(name.data(), literal, N - 1) == 0;
}

template <std::size_t N>
bool equal(std::string_view text, char const (&literal)[N]) noexcept {
    return text.size() == N - 1 && is(text, literal);
}

/// The meaning of a name that is not known.
meaning by_prefix(std::string_view name) noexcept {
    return name.starts_with(':') || (name.size() >= 5 && is(name, "grpc-")) ? meaning::unused : meaning::custom;
}

/// Runs for every field of every call, hence by length and not by a chain of comparisons.
[[gnu::always_inline]] inline meaning classify(std::string_view name) noexcept {
    using enum meaning;
    switch (name.size()) {
    case 2: return is(name, "te") ? te : by_prefix(name);
    case 4: return is(name, "host") ? host : by_prefix(name);
    case 5: return is(name, ":path") ? path : by_prefix(name);
    case 7: return is(name, ":method") ? method : is(name, ":status") ? http_status : by_prefix(name);
    case 10: return is(name, ":authority") ? authority : by_prefix(name);
    case 11: return is(name, "grpc-status") ? grpc_status : by_prefix(name);
    case 12:
        if (is(name, "content-type"))
            return content_type;
        if (is(name, "grpc-timeout"))
            return timeout;
        return is(name, "grpc-message") ? grpc_message : by_prefix(name);
    case 13:
        if (is(name, "grpc-encoding"))
            return encoding;
        return is(name, "grpc-tags-bin") ? custom : by_prefix(name);
    case 14:
        if (is(name, "content-length"))
            return unused;
        return is(name, "grpc-trace-bin") ? custom : by_prefix(name);
    case 20: return is(name, "grpc-accept-encoding") ? accept_encoding : by_prefix(name);
    case 22: return is(name, "grpc-retry-pushback-ms") ? custom : by_prefix(name);
    case 23: return is(name, "grpc-status-details-bin") ? grpc_details : by_prefix(name);
    case 26: return is(name, "grpc-previous-rpc-attempts") ? custom : by_prefix(name);
    default: return by_prefix(name);
    }
}

/// A peer's text for a message: cut, so that no one can make us echo much.
std::string quoted(std::string_view text) {
    constexpr std::size_t most = 64;
    std::string out = "'";
    return out.append(text.substr(0, most)).append(text.size() > most ? "...'" : "'");
}

std::string_view trim(std::string_view text) noexcept {
    constexpr std::string_view blank = " \t";
    text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
    return text.substr(0, text.find_last_not_of(blank) + 1);
}

/// What follows `application/grpc+` (maybe nothing), or nullopt when the content-type is not gRPC's.
std::optional<std::string_view> grpc_subtype(std::string_view content_type) noexcept {
    constexpr char const base[] = "application/grpc";
    if (content_type.size() < sizeof base - 1 || !is(content_type, base))
        return std::nullopt;
    content_type.remove_prefix(sizeof base - 1);
    if (content_type.empty() || content_type.front() == ';')
        return std::string_view{};
    if (content_type.front() != '+')
        return std::nullopt;
    content_type.remove_prefix(1);
    return trim(content_type.substr(0, content_type.find(';')));
}

/// The number of a `:status` or `grpc-status`.
std::optional<int> parse_number(std::string_view text) noexcept {
    constexpr std::size_t most_digits = 3;
    if (text.empty() || text.size() > most_digits)
        return std::nullopt;
    int number = 0;
    for (char const c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

bool add_decoded(std::string_view key, std::string_view text, metadata& custom) {
    std::array<char, 256> small; // trace contexts and the like, without an allocation
    std::string large;
    char* to = small.data();
    if (std::size_t const bound = base64_decoded_bound(text.size()); bound > small.size()) {
        large.resize(bound);
        to = large.data();
    }
    char const* const end = base64_decode_to(text, to);
    if (end != nullptr)
        custom.add(key, {to, static_cast<std::size_t>(end - to)});
    return end != nullptr;
}

/// Appends the field's values that are well-formed; false when one was not.
bool add_custom(header_field const& field, metadata& custom) {
    if (!is_binary_key(field.name)) {
        custom.add(field.name, field.value);
        return true;
    }
    // A peer or proxy may join the values of one key by commas, which base64 cannot contain.
    bool good = true;
    std::string_view rest = field.value;
    for (;;) {
        std::size_t const comma = rest.find(',');
        good &= add_decoded(field.name, trim(rest.substr(0, comma)), custom);
        if (comma == std::string_view::npos)
            return good;
        rest.remove_prefix(comma + 1);
    }
}

head_verdict refuse(int http_status, std::string why) {
    return {http_status, status(status_code::internal, std::move(why))};
}

status peer_status(std::string_view number, std::string_view message_text, std::string_view details_text) {
    std::string message = percent_decode(message_text);
    std::optional<status_code> const code = to_status_code(parse_number(number).value_or(-1));
    if (!code)
        message.insert(0, "invalid grpc-status " + quoted(number) + (message.empty() ? "" : ": "));
    status s(code.value_or(status_code::unknown), std::move(message), status_origin::peer);
    if (std::string details; !details_text.empty() && base64_decode(details_text, details))
        s.set_details(std::move(details));
    return s;
}

} // namespace

head_verdict parse_request_head(std::span<header_field const> fields, request_head& head, metadata& custom) {
    head = {};
    std::string_view method, te, content_type, host;
    header_field const* malformed = nullptr;
    for (header_field const& field : fields) {
        switch (classify(field.name)) {
        case meaning::method: method = field.value; break;
        case meaning::path: head.path = field.value; break;
        case meaning::authority: head.authority = field.value; break;
        case meaning::host: host = field.value; break;
        case meaning::te: te = field.value; break;
        case meaning::content_type: content_type = field.value; break;
        case meaning::encoding: head.encoding = field.value; break;
        case meaning::accept_encoding: head.accept_encoding = field.value; break;
        case meaning::timeout:
            head.timeout = parse_timeout(field.value);
            if (!head.timeout)
                malformed = &field;
            break;
        case meaning::custom:
            if (!add_custom(field, custom))
                malformed = &field;
            break;
        default: break;
        }
    }
    if (head.authority.empty())
        head.authority = host; // RFC 9113, 8.3.1: from a gateway that speaks HTTP/1.1
    if (!equal(method, "POST"))
        return refuse(405, "method " + quoted(method) + " is not POST");
    auto const subtype = grpc_subtype(content_type);
    if (!subtype)
        return refuse(415, "content-type " + quoted(content_type) + " is not application/grpc");
    head.content_subtype = *subtype;
    if (!equal(te, "trailers"))
        return refuse(200, "missing header te: trailers");
    if (malformed != nullptr)
        return refuse(200, "malformed value of header " + quoted(malformed->name) + ": " + quoted(malformed->value));
    return {};
}

void parse_response_head(std::span<header_field const> fields, response_head& head, metadata& custom) {
    head = {};
    std::string_view number, message, details;
    for (header_field const& field : fields) {
        switch (classify(field.name)) {
        case meaning::http_status: head.http_status = parse_number(field.value).value_or(0); break;
        case meaning::content_type:
            head.content_type = field.value;
            head.is_grpc = grpc_subtype(field.value).has_value();
            break;
        case meaning::encoding: head.encoding = field.value; break;
        case meaning::grpc_status:
            head.has_status = true;
            number = field.value;
            break;
        case meaning::grpc_message: message = field.value; break;
        case meaning::grpc_details: details = field.value; break;
        case meaning::custom: add_custom(field, custom); break;
        default: break;
        }
    }
    if (head.has_status)
        head.status = peer_status(number, message, details);
}

status_code status_from_http(int http_status) noexcept {
    switch (http_status) {
    case 400: return status_code::internal;
    case 401: return status_code::unauthenticated;
    case 403: return status_code::permission_denied;
    case 404: return status_code::unimplemented;
    case 429:
    case 502:
    case 503:
    case 504: return status_code::unavailable;
    default: return status_code::unknown;
    }
}

status_code status_from_reset(std::uint32_t http2_error) noexcept {
    // RFC 9113, 7 names the numbers; the mapping is gRPC's.
    switch (http2_error) {
    case 7: return status_code::unavailable;         // REFUSED_STREAM
    case 8: return status_code::cancelled;           // CANCEL
    case 11: return status_code::resource_exhausted; // ENHANCE_YOUR_CALM
    case 12: return status_code::permission_denied;  // INADEQUATE_SECURITY
    default: return status_code::internal;
    }
}

} // namespace joust::wire
