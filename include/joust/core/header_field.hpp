//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstdint>
#include <string_view>

namespace joust {

/// One HTTP/2 header field, seen but not owned.
struct header_field {
    std::string_view name;
    std::string_view value;
    /// Both texts outlive the connection (literals), so that nobody need copy them.
    bool is_static = false;
    /// Another value each time: it would only push others out of HPACK's table, on both sides.
    bool never_indexed = false;
};

} // namespace joust
