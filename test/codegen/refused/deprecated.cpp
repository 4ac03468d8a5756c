//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

// What is deprecated in a proto is in C++: its users are told, once for each use.

#pragma GCC diagnostic error "-Wdeprecated-declarations"

#include "deprecated.joust.hpp"

// error: 'old::mixed::former' is deprecated
auto const former = old::mixed::former.path;

auto const current = old::mixed::current.path;

// error: 'old::gone' is deprecated
auto const anything = old::gone::anything.path;
