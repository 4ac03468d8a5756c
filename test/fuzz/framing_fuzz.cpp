//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The first byte of the input chooses limit and cuts, the rest is what a peer sends: however it is cut, the decoder
// gives the same messages and the same end, and the messages framed again are the bytes that it took.

#include "joust/wire/message.hpp"

#include "fuzz/require.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace {

using joust::buffer;
using joust::fuzz::require;
using joust::wire::message_decoder;
using state = message_decoder::state;

struct outcome {
    std::vector<std::string> messages;
    std::string framed;
    bool failed = false;
    bool mid_message = false;
    std::string error;

    friend bool operator==(outcome const&, outcome const&) = default;
};

void collect(message_decoder& decoder, std::size_t limit, outcome& result) {
    buffer message("overwritten");
    bool const compressed = decoder.compressed();
    decoder.take(message);
    require(!decoder.mid_message());
    require(message.size() <= limit);
    result.messages.emplace_back(message.view());
    buffer framed;
    std::size_t const at = joust::wire::begin_message(framed);
    framed.append(message.view());
    joust::wire::end_message(framed, at, compressed);
    result.framed.append(framed.view());
}

// Feeds pieces of `cut()` bytes each.
template <class Cut>
outcome decode(message_decoder& decoder, std::string_view bytes, std::size_t limit, Cut cut) {
    outcome result;
    decoder.reset(limit);
    while (!bytes.empty() && !result.failed) {
        std::string_view piece = bytes.substr(0, std::clamp<std::size_t>(cut(), 1, bytes.size()));
        bytes.remove_prefix(piece.size());
        state now = decoder.feed(piece);
        for (; now == state::message; now = decoder.feed(piece))
            collect(decoder, limit, result);
        result.failed = now == state::failed;
        require(result.failed || piece.empty());
    }
    require(result.failed == !decoder.error().ok());
    result.mid_message = decoder.mid_message();
    result.error = decoder.error().to_string();
    return result;
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    std::uint32_t const seed = data[0];
    std::size_t const limit = std::size_t{1} << seed % 26;
    std::string_view const bytes = joust::fuzz::as_text(data + 1, size - 1);

    message_decoder decoder;
    outcome const whole = decode(decoder, bytes, limit, [&] { return bytes.size(); });
    require(bytes.starts_with(whole.framed));
    require(whole.failed || whole.mid_message == (whole.framed.size() != bytes.size()));

    require(decode(decoder, bytes, limit, [] { return 1u; }) == whole);
    std::uint32_t random = seed + 1;
    auto const some = [&] { return (random = random * 1664525 + 1013904223) >> 28; };
    require(decode(decoder, bytes, limit, some) == whole);
    return 0;
}
