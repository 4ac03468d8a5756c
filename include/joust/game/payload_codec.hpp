//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"
#include "joust/game/json/decode.hpp"
#include "joust/game/json/tape_builder.hpp"
#include "joust/game/json/value_view.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace joust::game {

/// Another format for arguments and answers than JSON, with the same values in it.
///
/// A client asks for one by name, in its options; servers know those of `services_options::codecs`. It neither knows
/// nor names the types that are carried: it turns bytes into the events of a value, and values into bytes. Whatever
/// `joust::json` can read and write is then read and written.
///
/// An empty payload stands for no arguments, or for nothing as an answer, and is never shown to a codec: it is not what
/// `encode` makes of any value.
///
/// *Thread safety*: called concurrently.
class payload_codec {
public:
    virtual ~payload_codec() = default;

    /// What calls name it by: letters, digits, `-`, `_`, `.`, `+`; not `json`. Lives as long as the codec.
    virtual std::string_view name() const noexcept = 0;

    /// Says to `value` what the payload holds: one value, all of it, and nothing behind. The builder may be within an
    /// array already.
    ///
    /// *Errors*: INVALID_ARGUMENT; `value.error()` if that is not empty.
    virtual status decode(std::string_view payload, json::tape_builder& value) const = 0;

    /// Appends the value. The 16 bytes from the beginning of any string are readable. What was appended before an error
    /// is taken back by the caller.
    virtual status encode(json::value_view value, buffer& out) const = 0;
};

using any_codec = std::shared_ptr<payload_codec const>;

/// What every server knows unless told otherwise: `message_pack()`.
std::vector<any_codec> default_codecs();

/// The metadata of a request that names the codec of its payload and of its answer.
inline constexpr std::string_view codec_key = "joust-codec";
/// What a call without it is made in.
inline constexpr std::string_view json_codec_name = "json";

/// What a server answers to a codec that it does not know, or that the method's types cannot go through.
inline constexpr int unsupported_codec = 415;

/// The refusal of a call because of its codec: UNIMPLEMENTED with the number 415, `joust-codec "protobuf" carries
/// protobuf messages only`. A client that may fall back knows it by both, so a method's own 415 is not one.
status codec_refused(std::string_view name, std::string_view why);

/// Whether an answer is such a refusal: the method was not asked.
bool is_codec_refusal(status const& s) noexcept;

/// Says which codec has a name that cannot be one, or that another one has, or is null; or nothing.
std::optional<std::string> validate(std::vector<any_codec> const& codecs);

/// The codec of this name, or null.
payload_codec const* find_codec(std::vector<any_codec> const& codecs, std::string_view name) noexcept;

namespace detail {

/// A buffer with storage that this thread keeps.
class scratch {
public:
    scratch() noexcept;
    scratch(scratch const&) = delete;
    scratch& operator=(scratch const&) = delete;
    ~scratch();

    buffer bytes;
};

/// Reads a payload that is not empty by a codec that is not null.
status decode_payload_with(payload_codec const& codec, std::string_view payload, void* to,
                           json::detail::decode_function decode, json::decode_options const& how);

/// Appends a JSON text as a codec writes it. *Errors*: INTERNAL: it is this side's value.
status encode_payload_with(payload_codec const& codec, std::string_view json, buffer& out);

/// Appends a payload of a codec as a JSON text.
status payload_to_json(payload_codec const& codec, std::string_view payload, buffer& out,
                       json::decode_options const& how);

/// The same as a string; as it is when that is what it is.
status payload_to_text(std::string& out, std::string_view payload, payload_codec const* codec,
                       json::decode_options const& how);

/// Appends an array of payloads.
status join_payloads(payload_codec const& codec, std::vector<buffer> const& payloads, buffer& out);

/// What is said of an answer that cannot be written: INTERNAL. It is no refusal of the call, whose method has run.
status unwritable(status why);

/// Whether this is a JSON text. *Errors*: those of `json::parser`.
status check_json(std::string_view text, json::decode_options const& how);

} // namespace detail

} // namespace joust::game
