//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/payload_codec.hpp"

#include "game/json/thread_lease.hpp"
#include "joust/game/json/dynamic.hpp"
#include "joust/game/json/encode.hpp"
#include "joust/game/json/error_trace.hpp"
#include "joust/game/json/parser.hpp"
#include "joust/game/message_pack.hpp"

#include <algorithm>
#include <utility>

namespace joust::game {

namespace {

// What a thread keeps between two payloads.
constexpr std::size_t longest_text_kept = 256 * 1024;
constexpr std::size_t largest_value_kept = 4 * 1024 * 1024;

struct reading;
struct writing;
struct checking;
using builder_lease = json::thread_lease<json::tape_builder, reading, largest_value_kept>;
template <class Use>
using parser_lease = json::thread_lease<json::parser, Use, longest_text_kept>; // each use has its depth

thread_local buffer kept_bytes;

bool is_token(std::string_view name) noexcept {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.' || c == '+';
    });
}

result<json::value_view> build(payload_codec const& codec, std::string_view payload, json::tape_builder& builder,
                               std::size_t max_depth) {
    builder.restart(max_depth);
    if (status failed = codec.decode(payload, builder); !failed.ok())
        return failed;
    return builder.finish();
}

} // namespace

std::vector<any_codec> default_codecs() {
    return {message_pack()};
}

status codec_refused(std::string_view name, std::string_view why) {
    std::string text(codec_key);
    text += " " + json::quoted(name) + " ";
    text += why;
    status refused(status_code::unimplemented, std::move(text));
    refused.set_application_code(unsupported_codec);
    return refused;
}

bool is_codec_refusal(status const& s) noexcept {
    constexpr std::string_view head = "joust-codec \"";
    return s.application_code() == unsupported_codec && s.message().find(head) != std::string::npos;
}

std::optional<std::string> validate(std::vector<any_codec> const& codecs) {
    for (auto at = codecs.begin(); at != codecs.end(); ++at) {
        if (*at == nullptr)
            return "a codec is null";
        std::string const name((*at)->name());
        if (!is_token(name) || name == json_codec_name)
            return "no codec can be called '" + name + "'";
        if (std::any_of(codecs.begin(), at, [&](any_codec const& other) { return other->name() == name; }))
            return "two codecs are called '" + name + "'";
    }
    return std::nullopt;
}

payload_codec const* find_codec(std::vector<any_codec> const& codecs, std::string_view name) noexcept {
    for (any_codec const& each : codecs)
        if (each->name() == name)
            return each.get();
    return nullptr;
}

namespace detail {

scratch::scratch() noexcept : bytes(std::move(kept_bytes)) {
    bytes.clear();
}

scratch::~scratch() {
    if (bytes.capacity() <= longest_text_kept && bytes.capacity() > kept_bytes.capacity())
        kept_bytes.swap(bytes);
}

status decode_payload_with(payload_codec const& codec, std::string_view payload, void* to,
                           json::detail::decode_function decode, json::decode_options const& how) {
    builder_lease lease;
    result<json::value_view> const value = build(codec, payload, lease.get(), how.max_depth);
    if (value.has_error())
        return value.error();
    json::decode_state state(how);
    if (!decode(*value, to, state))
        return status(status_code::invalid_argument, state.trace.text());
    return {};
}

status encode_payload_with(payload_codec const& codec, std::string_view json, buffer& out) {
    parser_lease<writing> lease;
    json::decode_options how;
    how.max_depth = json::decode_options::deepest;
    status failed;
    std::size_t const before = out.size();
    if (result<json::value_view> const value = lease.get().parse(json, how); value.has_value())
        failed = codec.encode(*value, out);
    else
        failed = value.error();
    if (failed.ok())
        return failed;
    out.truncate(before);
    // Not what the peer sent is wrong.
    return is_codec_refusal(failed) ? failed : status(status_code::internal, failed.message());
}

status payload_to_json(payload_codec const& codec, std::string_view payload, buffer& out,
                       json::decode_options const& how) {
    builder_lease lease;
    result<json::value_view> const value = build(codec, payload, lease.get(), how.max_depth);
    if (value.has_error())
        return value.error();
    return json::encode(out, *value);
}

status payload_to_text(std::string& out, std::string_view payload, payload_codec const* codec,
                       json::decode_options const& how) {
    if (codec == nullptr) {
        out = payload;
        return {};
    }
    buffer text;
    status failed = payload_to_json(*codec, payload, text, how);
    if (failed.ok())
        out = text.view();
    return failed;
}

status join_payloads(payload_codec const& codec, std::vector<buffer> const& payloads, buffer& out) {
    builder_lease lease;
    json::tape_builder& builder = lease.get();
    builder.restart(json::decode_options::deepest);
    builder.begin_array();
    for (buffer const& each : payloads)
        if (status failed = codec.decode(each.view(), builder); !failed.ok())
            return failed;
    builder.end_array();
    result<json::value_view> const all = builder.finish();
    return all.has_error() ? all.error() : codec.encode(*all, out);
}

status unwritable(status why) {
    return status(status_code::internal, why.message());
}

status check_json(std::string_view text, json::decode_options const& how) {
    parser_lease<checking> lease;
    result<json::value_view> const value = lease.get().parse(text, how);
    return value.has_error() ? value.error() : status();
}

} // namespace detail

} // namespace joust::game
