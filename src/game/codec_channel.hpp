//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/client_codec.hpp"
#include "joust/rpc/channel_base.hpp"

#include <memory>

namespace joust::game {

/// A channel whose calls are in a codec, though whoever makes them knows JSON only: what is done around calls. A unary
/// call falls back to JSON as `call_with_codec` does; of streams, the next is in JSON.
std::shared_ptr<channel_base> with_codec(std::shared_ptr<channel_base> inner, any_codec codec,
                                         std::shared_ptr<detail::codec_memory> memory);

} // namespace joust::game
