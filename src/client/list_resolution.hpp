//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/client/resolver.hpp"

#include <string>
#include <string_view>

namespace joust::client {

/// What is found in the text of a list (see `parse_address_list`). `source` is named in the problem of a list that is
/// wrong, too long, or empty, which is UNAVAILABLE.
resolution resolve_list(std::string const& source, std::string_view text);

} // namespace joust::client
