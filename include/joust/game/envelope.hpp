//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/buffer.hpp"
#include "joust/core/status.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// The two messages of `game.grpc.GameService` (protos/game_service.proto), read and written without protobuf.

namespace joust::game {

/// `game.grpc.RpcRequest`, seen but not owned.
///
/// *Lifetime*: what the views look at outlives this. *Thread safety*: distinct objects safe, shared objects unsafe.
struct request_view {
    std::string_view service_name;
    std::string_view method_name;
    /// A JSON object of named arguments; empty for none.
    std::string_view payload;
    /// Written in this order. Keys should be different; read ones are, in no particular order.
    std::vector<std::pair<std::string_view, std::string_view>> metadata;

    /// The metadata of this key, or nothing.
    std::optional<std::string_view> find_metadata(std::string_view key) const noexcept;

    /// Forgets the content, keeps the storage.
    void clear() noexcept;
};

/// `game.grpc.RpcResponse`, seen but not owned. *Lifetime* and *thread safety* as above.
struct response_view {
    /// 0 for success; see code.hpp.
    std::int32_t code = 0;
    std::string_view message;
    /// A JSON value; empty for nothing.
    std::string_view payload;
};

/// Reads a message as libprotobuf does: unknown fields are skipped, also known numbers with another wire type; of
/// fields and keys that repeat the last one counts.
///
/// *Errors*: INTERNAL, `"game.grpc.RpcRequest: ..."`: bytes that end within a field, tags that protobuf does not know,
/// unbalanced groups, texts that are not UTF-8 (payloads may be any bytes). `out` then holds something or other.
/// *Lifetime*: `out` looks into `bytes`.
[[nodiscard]] status decode_request(std::string_view bytes, request_view& out);
[[nodiscard]] status decode_response(std::string_view bytes, response_view& out);

/// Appends a message, byte for byte as libprotobuf writes it (its map in the order given): fields that are empty or
/// zero are left out.
///
/// *Errors*: INTERNAL, `"game.grpc.RpcResponse: message is not UTF-8"`; the buffer is then unchanged.
[[nodiscard]] status encode_request(buffer& out, request_view const& request);
[[nodiscard]] status encode_response(buffer& out, response_view const& response);

} // namespace joust::game
