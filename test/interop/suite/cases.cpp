//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "suite/cases.hpp"

#include <algorithm>

namespace joust::test::interop {

test_case const* find_case(std::string_view name) {
    for (auto const& family : {unary_cases(), stream_cases(), status_cases(), soak_cases(), http2_cases()}) {
        auto const found = std::ranges::find(family, name, &test_case::name);
        if (found != family.end())
            return &*found;
    }
    return nullptr;
}

} // namespace joust::test::interop
