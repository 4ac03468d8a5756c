//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The input is a choice and a compressed message of a peer. It unfolds to no more than the limit, the same each time
// and within a call, or is refused with INTERNAL or RESOURCE_EXHAUSTED that names the encoding; and what is compressed
// comes back.

#include "joust/wire/compressors.hpp"
#include "joust/wire/message.hpp"

#include "call/inbound.hpp"
#include "fuzz/require.hpp"
#include "wire/compression.hpp"

#include <array>
#include <string>
#include <string_view>

namespace {

using joust::buffer;
using joust::compressor;
using joust::status;
using joust::status_code;
using joust::fuzz::require;

joust::compressors const& known() {
    static joust::compressors const all = joust::compressors::standard();
    return all;
}

void check_refusal(status const& s, std::string_view name, std::size_t limit) {
    require(s.code() == status_code::internal || s.code() == status_code::resource_exhausted);
    require(s.message().find("compressed with " + std::string(name)) != std::string::npos);
    if (s.code() == status_code::resource_exhausted)
        require(s.message().find("max_receive_message_size of " + std::to_string(limit) + " bytes") !=
                std::string::npos);
}

/// The message as a call reads it, with the same limit.
void check_call(compressor const& c, std::string_view bytes, std::size_t limit, status const& s, buffer const& out) {
    buffer framed;
    std::size_t const at = joust::wire::begin_message(framed);
    framed.append(bytes);
    joust::wire::end_message(framed, at, true);
    joust::call::inbound in;
    in.reset(limit);
    in.set_encoding(&c);
    in.on_data(framed.view());
    in.on_end();
    buffer message;
    auto const read = in.read(message);
    if (bytes.size() > limit) {
        require(read == joust::call::read_state::failed);
        return;
    }
    require((read == joust::call::read_state::message) == s.ok());
    require(s.ok() ? message.view() == out.view() : in.error() == s);
}

void check_round_trip(compressor const& c, std::string_view message) {
    buffer packed;
    require(c.compress(message, packed).ok());
    buffer out;
    require(joust::wire::decompress(c, packed.view(), message.size(), out).ok());
    require(out.view() == message);
    if (!message.empty()) {
        status const s = joust::wire::decompress(c, packed.view(), message.size() - 1, out);
        require(s.code() == status_code::resource_exhausted);
    }
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0)
        return 0;
    constexpr std::array<std::string_view, 3> names = {"gzip", "deflate", "zstd"};
    std::string_view const name = names[data[0] % names.size()];
    std::size_t const limit = std::size_t{1} << data[0] / names.size() % 21;
    std::string_view const bytes = joust::fuzz::as_text(data + 1, size - 1);

    compressor const& c = *known().find(name);
    buffer out;
    status const s = joust::wire::decompress(c, bytes, limit, out);
    require(out.size() <= limit && out.capacity() <= limit + 1);
    if (s.ok())
        check_round_trip(c, out.view());
    else
        check_refusal(s, name, limit);
    check_call(c, bytes, limit, s, out);
    check_round_trip(c, bytes);
    return 0;
}
