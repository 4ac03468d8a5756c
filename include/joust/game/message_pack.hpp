//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/game/payload_codec.hpp"

namespace joust::game {

/// MessagePack, `msgpack`: the values of JSON, in fewer bytes.
///
/// Written as short as possible, but for doubles: a number with a fraction mark is a float 64, so that it keeps it.
/// Read are all forms, the longer ones too, and float 32. NaN and infinities are null. Keys must be strings, strings
/// UTF-8.
///
/// *Errors*: `"invalid MessagePack at offset 17: ..."`, also for binary data and extensions (timestamps), which JSON
/// has not.
any_codec message_pack();

} // namespace joust::game
