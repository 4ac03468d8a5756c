//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/payload.hpp"

namespace joust::game::detail {

status unknown_codec(call const& c) {
    return c.named(status(status_code::internal, "middleware reads no payloads but JSON"));
}

} // namespace joust::game::detail
