//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"

namespace joust::game {

/// The status code that a GameService client makes of the `code` of a response: 0 OK, 400 INVALID_ARGUMENT,
/// 401 UNAUTHENTICATED, 403 PERMISSION_DENIED, 404 NOT_FOUND, 409 ABORTED, 429 RESOURCE_EXHAUSTED, 499 CANCELLED,
/// 500 INTERNAL, 501 UNIMPLEMENTED, 503 UNAVAILABLE, 504 DEADLINE_EXCEEDED, any other UNKNOWN.
status_code from_application_code(int code) noexcept;

/// The `code` that a GameService server answers for a status code. The codes above go back to their numbers; of the
/// rest ALREADY_EXISTS is 409, FAILED_PRECONDITION and OUT_OF_RANGE are 400, UNKNOWN and DATA_LOSS are 500.
int to_application_code(status_code code) noexcept;

/// The `code` to answer for a status: the number that it carries, else that of its status code.
int to_application_code(status const& s) noexcept;

} // namespace joust::game
