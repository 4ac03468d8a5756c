//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

/// @file
/// All of joust but `joust/rpc/protobuf.hpp`, which needs protobuf.

#include "joust/client/channel.hpp"
#include "joust/core/buffer.hpp"
#include "joust/core/connection_error.hpp"
#include "joust/core/header_field.hpp"
#include "joust/core/metadata.hpp"
#include "joust/core/observer.hpp"
#include "joust/core/result.hpp"
#include "joust/core/status.hpp"
#include "joust/core/status_code.hpp"
#include "joust/core/version.hpp"
#include "joust/game/answer.hpp"
#include "joust/game/arguments.hpp"
#include "joust/game/bound_method.hpp"
#include "joust/game/client.hpp"
#include "joust/game/client_options.hpp"
#include "joust/game/client_stream.hpp"
#include "joust/game/code.hpp"
#include "joust/game/envelope.hpp"
#include "joust/game/json.hpp"
#include "joust/game/method.hpp"
#include "joust/game/name.hpp"
#include "joust/game/raw_json.hpp"
#include "joust/game/responses.hpp"
#include "joust/game/services.hpp"
#include "joust/rpc/any_channel.hpp"
#include "joust/rpc/binder.hpp"
#include "joust/rpc/call_context.hpp"
#include "joust/rpc/channel_base.hpp"
#include "joust/rpc/client_call.hpp"
#include "joust/rpc/client_interceptor.hpp"
#include "joust/rpc/codec.hpp"
#include "joust/rpc/converting_handler.hpp"
#include "joust/rpc/framing.hpp"
#include "joust/rpc/handler.hpp"
#include "joust/rpc/method.hpp"
#include "joust/rpc/router.hpp"
#include "joust/rpc/server.hpp"
#include "joust/rpc/server_interceptor.hpp"
#include "joust/rpc/server_stream.hpp"
#include "joust/rpc/service_info.hpp"
#include "joust/rpc/typed_handler.hpp"
#include "joust/wire/encoding.hpp"
#include "joust/wire/head.hpp"
#include "joust/wire/header_list.hpp"
#include "joust/wire/message.hpp"
#include "joust/wire/timeout.hpp"
