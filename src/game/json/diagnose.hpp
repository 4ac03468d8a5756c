//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace joust::json {

/// Where a text stops being JSON and why: `"at offset 17: ..."`, or an empty string if it is JSON.
///
/// simdjson tells only the sort of error. This slow and simple reader of the same language runs after it has refused a
/// text, to find the place. `max_depth` as in `decode_options`.
std::string diagnose(std::string_view text, std::size_t max_depth);

} // namespace joust::json
