//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/payload.hpp"

#include <string>

namespace joust::game::detail {

status named_payload(call const& c, status s) {
    s.set_message(std::string(c.name()) + ": " + s.message());
    return s;
}

status unknown_codec(call const& c) {
    return status(status_code::internal, std::string(c.name()) + ": middleware cannot read payloads that are not JSON");
}

} // namespace joust::game::detail
