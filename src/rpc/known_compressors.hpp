//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include "joust/wire/compressors.hpp"

#include <memory>
#include <utility>

namespace joust::rpc {

/// What an option that may be null stands for: the standard encodings.
inline std::shared_ptr<compressors const> known_compressors(std::shared_ptr<compressors const> chosen) {
    if (chosen)
        return chosen;
    return std::make_shared<compressors const>(compressors::standard());
}

} // namespace joust::rpc
