//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <algorithm>
#include <cstddef>

namespace joust::client {

/// The index that a number from [0, 1) means among `count`, which is not 0; safe with numbers outside, too.
inline std::size_t random_index(double random01, std::size_t count) noexcept {
    if (!(random01 > 0))
        return 0;
    return random01 < 1 ? std::min(static_cast<std::size_t>(random01 * static_cast<double>(count)), count - 1)
                        : count - 1;
}

} // namespace joust::client
