//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/status.hpp"
#include "rpc/completion.hpp"

#include <string>
#include <string_view>

namespace joust::rpc {

/// Of some operations of a call only one may be under way: another one fails, and the first goes on. True if so.
template <class Result>
bool refuse_beside(completion<Result> const& under_way, completion<Result>& another, std::string_view what) {
    if (!under_way)
        return false;
    another.post(
        status(status_code::failed_precondition, "another " + std::string(what) + " of this call is under way"));
    return true;
}

} // namespace joust::rpc
