//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/code.hpp"

namespace joust::game {

status_code from_application_code(int code) noexcept {
    switch (code) {
    case 0: return status_code::ok;
    case 400: return status_code::invalid_argument;
    case 401: return status_code::unauthenticated;
    case 403: return status_code::permission_denied;
    case 404: return status_code::not_found;
    case 409: return status_code::aborted;
    case 429: return status_code::resource_exhausted;
    case 499: return status_code::cancelled;
    case 500: return status_code::internal;
    case 501: return status_code::unimplemented;
    case 503: return status_code::unavailable;
    case 504: return status_code::deadline_exceeded;
    default: return status_code::unknown;
    }
}

int to_application_code(status_code code) noexcept {
    switch (code) {
    case status_code::ok: return 0;
    case status_code::invalid_argument:
    case status_code::failed_precondition:
    case status_code::out_of_range: return 400;
    case status_code::unauthenticated: return 401;
    case status_code::permission_denied: return 403;
    case status_code::not_found: return 404;
    case status_code::already_exists:
    case status_code::aborted: return 409;
    case status_code::resource_exhausted: return 429;
    case status_code::cancelled: return 499;
    case status_code::unimplemented: return 501;
    case status_code::unavailable: return 503;
    case status_code::deadline_exceeded: return 504;
    case status_code::internal:
    case status_code::unknown:
    case status_code::data_loss: break;
    }
    return 500;
}

int to_application_code(status const& s) noexcept {
    return !s.ok() && s.application_code() != 0 ? s.application_code() : to_application_code(s.code());
}

} // namespace joust::game
