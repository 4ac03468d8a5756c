//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "net/admission.hpp"

namespace joust::net {

std::shared_ptr<admission::place const> admission::enter() {
    std::size_t const before = taken_.fetch_add(1, std::memory_order_relaxed);
    if (before < most_)
        return std::make_shared<place const>(shared_from_this(), before >= limit_);
    taken_.fetch_sub(1, std::memory_order_relaxed);
    return nullptr;
}

} // namespace joust::net
