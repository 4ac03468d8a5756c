//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message_lite.h>

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// Rich errors: messages that travel with a status, in a `google.rpc.Status` (`grpc-status-details-bin`).
///
///     google::rpc::RetryInfo retry;
///     retry.mutable_retry_delay()->set_seconds(30);
///     return joust::make_status(joust::status_code::unavailable, "too many players", retry);
///
///     if (auto const retry = joust::find_detail<google::rpc::RetryInfo>(answer.error()))
///         wait(retry->retry_delay());
///
/// Needs protobuf and the messages of the details (protos/google/rpc/error_details.proto has the usual ones), but not a
/// generated `google.rpc.Status`: a program may hold only one of each name, and it may have its own.

namespace joust {

namespace detail {

/// protos/google/rpc/status.proto by hand. The tags of its three fields:
enum class rpc_status_tag : std::uint32_t { code = 1 << 3 | 0, message = 2 << 3 | 2, details = 3 << 3 | 2 };

using coded_input = google::protobuf::io::CodedInputStream;

inline bool skip_field(coded_input& in, std::uint32_t tag) {
    std::uint64_t number = 0;
    std::uint32_t size = 0;
    switch (tag & 7) {
    case 0: return in.ReadVarint64(&number);
    case 1: return in.Skip(8);
    case 2: return in.ReadVarint32(&size) && size <= std::numeric_limits<int>::max() && in.Skip(static_cast<int>(size));
    case 5: return in.Skip(4);
    default: return false; // groups
    }
}

inline bool read_any(coded_input& in, google::protobuf::Any& any) {
    std::uint32_t size = 0;
    std::string bytes;
    return in.ReadVarint32(&size) && size <= std::numeric_limits<int>::max() &&
           in.ReadString(&bytes, static_cast<int>(size)) && any.ParseFromString(bytes);
}

/// The name of the message in an `Any`: what follows the last slash of its type URL.
inline std::string_view type_name(google::protobuf::Any const& any) noexcept {
    std::string_view const url = any.type_url();
    return url.substr(url.rfind('/') + 1);
}

template <class T>
google::protobuf::Any pack_any(T const& message) {
    google::protobuf::Any any;
    any.set_type_url("type.googleapis.com/" + message.GetTypeName());
    any.set_value(message.SerializeAsString());
    return any;
}

} // namespace detail

/// The details of a status, packed, in order. Nothing when it has none, when they are no `google.rpc.Status`, or when
/// that has another code: then they are another error's.
inline std::optional<std::vector<google::protobuf::Any>> get_details(status const& s) {
    std::string const& bytes = s.details();
    if (bytes.empty() || bytes.size() > std::numeric_limits<int>::max())
        return std::nullopt;
    detail::coded_input in(reinterpret_cast<std::uint8_t const*>(bytes.data()), static_cast<int>(bytes.size()));
    std::vector<google::protobuf::Any> details;
    std::uint64_t code = 0;
    while (std::uint32_t const tag = in.ReadTag()) {
        bool good = false;
        switch (detail::rpc_status_tag(tag)) {
        case detail::rpc_status_tag::code: good = in.ReadVarint64(&code); break;
        case detail::rpc_status_tag::details: good = detail::read_any(in, details.emplace_back()); break;
        default: good = detail::skip_field(in, tag); break;
        }
        if (!good)
            return std::nullopt;
    }
    if (!in.ConsumedEntireMessage() || code != static_cast<std::uint64_t>(s.code()))
        return std::nullopt;
    return details;
}

/// Gives the status these details, packed with its code and message, in place of those it had. Set its message before;
/// that must be UTF-8.
inline void set_details(status& s, std::vector<google::protobuf::Any> const& details) {
    std::string bytes;
    {
        using tag = detail::rpc_status_tag;
        google::protobuf::io::StringOutputStream stream(&bytes);
        google::protobuf::io::CodedOutputStream out(&stream);
        out.SetSerializationDeterministic(true);
        out.WriteTag(static_cast<std::uint32_t>(tag::code));
        out.WriteVarint32(static_cast<std::uint32_t>(s.code()));
        if (!s.message().empty()) {
            out.WriteTag(static_cast<std::uint32_t>(tag::message));
            out.WriteVarint32(static_cast<std::uint32_t>(s.message().size()));
            out.WriteString(s.message());
        }
        for (google::protobuf::Any const& any : details) {
            out.WriteTag(static_cast<std::uint32_t>(tag::details));
            out.WriteVarint32(static_cast<std::uint32_t>(any.ByteSizeLong()));
            any.SerializeWithCachedSizes(&out);
        }
    }
    s.set_details(std::move(bytes));
}

/// Adds a detail behind those that the status has; those that cannot be read are dropped. Set its message before.
template <std::derived_from<google::protobuf::MessageLite> T>
void add_detail(status& s, T const& message) {
    auto details = get_details(s).value_or(std::vector<google::protobuf::Any>());
    details.push_back(detail::pack_any(message));
    set_details(s, details);
}

/// The first detail of type `T`, or nothing: there is none, or what there is cannot be read.
template <std::derived_from<google::protobuf::MessageLite> T>
std::optional<T> find_detail(status const& s) {
    auto const details = get_details(s);
    if (!details)
        return std::nullopt;
    T message;
    std::string const wanted = message.GetTypeName();
    for (google::protobuf::Any const& any : *details)
        if (detail::type_name(any) == wanted)
            return message.ParseFromString(any.value()) ? std::optional<T>(std::move(message)) : std::nullopt;
    return std::nullopt;
}

/// A status with these details.
template <std::derived_from<google::protobuf::MessageLite>... Details>
status make_status(status_code code, std::string message, Details const&... details) {
    status s(code, std::move(message));
    set_details(s, {detail::pack_any(details)...});
    return s;
}

} // namespace joust
