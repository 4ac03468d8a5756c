//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/rpc/method.hpp"

#include <string>

namespace joust::bench {

/// Answers with what it was sent. Strings of up to 15 bytes live without the heap, so the codec costs next to nothing.
inline constexpr unary_method<std::string, std::string> echo{"/bench.Echo/Unary"};

inline constexpr char const* payload = "hello, joust"; // 12 bytes

} // namespace joust::bench
