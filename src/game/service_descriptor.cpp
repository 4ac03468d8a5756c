//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/service_descriptor.hpp"

namespace joust::game {

using namespace std::string_view_literals;

// protos/game_service.proto as protoc serializes it: a line for the file, each message, field, service and method. The
// file never changes, and a unit test compares.
constinit service_info const game_service_info{
    "game.grpc.GameService", "game_service.proto",
    "\n\022game_service.proto\022\tgame.grpc"
    "\"\350\001\n\nRpcRequest"
    "\022!\n\014service_name\030\001 \001(\tR\013serviceName"
    "\022\037\n\013method_name\030\002 \001(\tR\nmethodName"
    "\022\030\n\007payload\030\003 \001(\014R\007payload"
    "\022?\n\010metadata\030\004 \003(\0132#.game.grpc.RpcRequest.MetadataEntryR\010metadata"
    "\032;\n\015MetadataEntry"
    "\022\020\n\003key\030\001 \001(\tR\003key"
    "\022\024\n\005value\030\002 \001(\tR\005value:\0028\001"
    "\"U\n\013RpcResponse"
    "\022\022\n\004code\030\001 \001(\005R\004code"
    "\022\030\n\007message\030\002 \001(\tR\007message"
    "\022\030\n\007payload\030\003 \001(\014R\007payload"
    "2\205\001\n\013GameService"
    "\0225\n\004Call\022\025.game.grpc.RpcRequest\032\026.game.grpc.RpcResponse"
    "\022?\n\nStreamCall\022\025.game.grpc.RpcRequest\032\026.game.grpc.RpcResponse(\0010\001"
    "b\006proto3"sv};

} // namespace joust::game
