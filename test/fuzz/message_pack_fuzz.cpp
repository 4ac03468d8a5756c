//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The input is MessagePack of a peer. What is read is written as JSON and as MessagePack that reads back the same; what
// is refused is refused in words, and so is the same with its end cut off.

#include "joust/game/message_pack.hpp"

#include "fuzz/require.hpp"
#include "joust/game/payload.hpp"

#include <boost/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fuzzed {

struct packed {
    bool b = false;
    int i = 0;
    double d = 0;
    std::string s = "s";
    std::optional<std::vector<packed>> v = std::nullopt;
    std::map<std::string, long long> m;
};
BOOST_DESCRIBE_STRUCT(packed, (), (b, i, d, s, v, m))

} // namespace fuzzed

template <>
inline constexpr auto joust::json::optional_fields<fuzzed::packed> = joust::json::fields<&fuzzed::packed::m>;

namespace {

using joust::fuzz::require;

/// The payload as JSON, written as MessagePack, reads as the same JSON.
void round_trip(joust::game::payload_codec const& codec, std::string_view payload) {
    joust::json::decode_options const how;
    joust::buffer text;
    joust::status const failed = joust::game::detail::payload_to_json(codec, payload, text, how);
    if (!failed.ok()) {
        require(failed.code() == joust::status_code::invalid_argument);
        require(failed.message().starts_with("invalid MessagePack at offset "));
        require(joust::json::encode_to_string(failed.message()).has_value());
        return;
    }
    joust::buffer packed;
    require(joust::game::detail::encode_payload_with(codec, text.view(), packed).ok());
    joust::buffer again;
    require(joust::game::detail::payload_to_json(codec, packed.view(), again, how).ok());
    require(again.view() == text.view());
    for (std::size_t size = 0; size < packed.size() && size < 64; ++size)
        require(!joust::game::detail::payload_to_json(codec, packed.view().substr(0, size), again, how).ok());
}

/// Reading it as a struct is what reading the JSON is.
void as_struct(joust::game::payload_codec const& codec, std::string_view payload) {
    fuzzed::packed direct;
    joust::status const failed = joust::game::payload<fuzzed::packed>::decode(direct, payload, &codec, {});
    joust::buffer text;
    if (payload.empty() || !joust::game::detail::payload_to_json(codec, payload, text, {}).ok())
        return require(!failed.ok());
    fuzzed::packed by_text;
    require(joust::json::decode_into(by_text, text.view()).to_string() == failed.to_string());
    if (failed.ok())
        require(*joust::json::encode_to_string(direct) == *joust::json::encode_to_string(by_text));
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static joust::game::any_codec const codec = joust::game::message_pack();
    std::string_view const payload = joust::fuzz::as_text(data, size);
    round_trip(*codec, payload);
    as_struct(*codec, payload);
    return 0;
}
