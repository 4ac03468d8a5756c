//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/core/result.hpp"

#include <sstream>
#include <stdexcept>
#include <string>

namespace joust::test {

// What a program's cases expect: each of these ends its case by an exception.

inline void require(bool holds, std::string const& why) {
    if (!holds)
        throw std::runtime_error(why);
}

template <class T, class U>
void require_equal(T const& got, U const& wanted) {
    if (got == wanted)
        return;
    std::ostringstream why;
    why << "got " << got << ", wanted " << wanted;
    throw std::runtime_error(why.str());
}

/// The status of a call that has to fail like this.
template <class T>
status require_failure(result<T> const& r, status_code code) {
    require(r.has_error(), "OK instead of " + std::string(to_string(code)));
    require(r.error().code() == code, r.error().to_string() + ", wanted " + std::string(to_string(code)));
    return r.error();
}

} // namespace joust::test
