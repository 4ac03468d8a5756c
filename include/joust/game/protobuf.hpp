//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/payload.hpp"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <concepts>
#include <limits>
#include <string>
#include <string_view>

/// @file
/// Protobuf messages as arguments and answers of JSON services. Include it before the services and the calls that have
/// some; joust::game itself needs no protobuf.

namespace joust::game {

namespace detail {

/// Names the codec. What goes through it does so in `payload<Message>`; anything else is refused.
class protobuf_payload_codec final : public payload_codec {
public:
    static constexpr std::string_view codec_name = "protobuf";

    std::string_view name() const noexcept override { return codec_name; }
    status decode(std::string_view, json::tape_builder&) const override { return only_messages(); }
    status encode(json::value_view, buffer&) const override { return only_messages(); }

private:
    static status only_messages() { return codec_refused(codec_name, "carries protobuf messages only"); }
};

inline bool is_protobuf(payload_codec const* codec) noexcept {
    return codec != nullptr && codec->name() == protobuf_payload_codec::codec_name;
}

inline status message_from_json(google::protobuf::Message& to, std::string_view text, json::decode_options const& how) {
    // Protobuf's reader takes more than JSON.
    if (status failed = check_json(text, how); !failed.ok())
        return failed;
    google::protobuf::util::JsonParseOptions options;
    options.ignore_unknown_fields = how.ignore_unknown_fields;
    auto const read = google::protobuf::util::JsonStringToMessage({text.data(), text.size()}, &to, options);
    if (read.ok())
        return {};
    auto const why = read.message();
    return status(status_code::invalid_argument, to.GetTypeName() + ": " + std::string(why.data(), why.size()));
}

inline status message_to_json(google::protobuf::Message const& from, std::string& text) {
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    options.always_print_primitive_fields = true;
    auto const written = google::protobuf::util::MessageToJsonString(from, &text, options);
    if (written.ok())
        return {};
    auto const why = written.message();
    return status(status_code::internal, from.GetTypeName() + ": " + std::string(why.data(), why.size()));
}

inline status decode_message(google::protobuf::Message& to, std::string_view bytes, payload_codec const* codec,
                             json::decode_options const& how) {
    if (is_protobuf(codec)) {
        if (bytes.size() <= std::numeric_limits<int>::max() &&
            to.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
            return {};
        return status(status_code::invalid_argument, "this is no " + to.GetTypeName());
    }
    if (bytes.empty())
        return status(status_code::invalid_argument, to.GetTypeName() + ": wanted an object, found null");
    if (codec == nullptr)
        return message_from_json(to, bytes, how);
    std::string text;
    status failed = payload_to_text(text, bytes, codec, how);
    return failed.ok() ? message_from_json(to, text, how) : failed;
}

inline status encode_message(buffer& out, google::protobuf::Message const& from, payload_codec const* codec) {
    if (is_protobuf(codec)) {
        std::size_t const size = from.ByteSizeLong();
        if (size > static_cast<std::size_t>(std::numeric_limits<int>::max()))
            return status(status_code::internal, from.GetTypeName() + " is larger than 2 GiB");
        from.SerializeWithCachedSizesToArray(out.grow(size));
        return {};
    }
    std::string text;
    status failed = message_to_json(from, text);
    if (failed.ok() && codec != nullptr)
        return encode_payload_with(*codec, text, out);
    if (failed.ok())
        out.append(text);
    return failed;
}

} // namespace detail

/// Protobuf messages in their own format, `protobuf`. Nothing else goes through it: calls whose arguments are no
/// message are refused with 415, answers that are none fail.
inline any_codec protobuf_codec() {
    return std::make_shared<detail::protobuf_payload_codec const>();
}

/// A protobuf message: in the codec `protobuf` its own bytes; in JSON, and in all codecs of the same values, protobuf's
/// JSON mapping with the field names of the .proto (64-bit integers are strings there; both names are read).
template <std::derived_from<google::protobuf::Message> T>
struct payload<T> {
    static constexpr bool is_arguments = true;

    static status decode(T& to, std::string_view bytes, payload_codec const* codec, json::decode_options const& how) {
        return detail::decode_message(to, bytes, codec, how);
    }
    static status encode(buffer& out, T const& from, payload_codec const* codec, json::encode_options const&) {
        return detail::encode_message(out, from, codec);
    }
    static status to_json(buffer& out, std::string_view bytes, payload_codec const& codec) {
        T message;
        status failed = decode(message, bytes, &codec, {.max_depth = json::decode_options::deepest});
        return failed.ok() ? detail::encode_message(out, message, nullptr) : failed;
    }
};

} // namespace joust::game
