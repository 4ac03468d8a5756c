//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// The input is an RpcRequest or an RpcResponse of a peer, and the address in a user's configuration: whatever can be
// read is written as bytes that read back the same, and all views stay within the input.

#include "joust/game/envelope.hpp"
#include "joust/game/name.hpp"

#include "fuzz/require.hpp"

#include <algorithm>

namespace {

using joust::fuzz::require;
using joust::game::request_view;
using joust::game::response_view;

bool within(std::string_view part, std::string_view whole) {
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void request(std::string_view bytes) {
    request_view first;
    if (!joust::game::decode_request(bytes, first).ok())
        return;
    require(within(first.service_name, bytes) && within(first.method_name, bytes) && within(first.payload, bytes));
    for (auto const& [key, value] : first.metadata) {
        require(within(key, bytes) && within(value, bytes));
        require(first.find_metadata(key) == value);
    }

    joust::buffer written;
    require(joust::game::encode_request(written, first).ok());
    request_view second;
    require(joust::game::decode_request(written.view(), second).ok());
    require(first.service_name == second.service_name && first.method_name == second.method_name);
    require(first.payload == second.payload);
    require(first.metadata == second.metadata);
}

void response(std::string_view bytes) {
    response_view first;
    if (!joust::game::decode_response(bytes, first).ok())
        return;
    joust::buffer written;
    require(joust::game::encode_response(written, first).ok());
    response_view second;
    require(joust::game::decode_response(written.view(), second).ok());
    require(first.code == second.code && first.message == second.message && first.payload == second.payload);
}

void name(std::string_view text) {
    std::size_t const space = text.find(' ');
    std::string_view const call = text.substr(0, space);
    std::string_view const address = text.substr(std::min(call.size() + 1, text.size()));
    require(within(joust::game::host_of(address), address));
    if (auto const resolved = joust::game::resolve_name(call, address, "")) {
        require(!resolved->service.empty() && !resolved->method.empty());
        require(within(resolved->service, text) && within(resolved->method, call));
    }
    joust::game::method_name const received = joust::game::received_name("", call);
    require(within(received.service, call) && within(received.method, call));
}

} // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes = joust::fuzz::as_text(data, size);
    request(bytes);
    response(bytes);
    name(bytes);
    return 0;
}
