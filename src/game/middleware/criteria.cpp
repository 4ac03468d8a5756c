//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "joust/game/middleware/criteria.hpp"

#include "game/middleware/refusal.hpp"

namespace joust::game::detail {

std::string limit_text(long long number) {
    return std::to_string(number);
}

std::string limit_text(unsigned long long number) {
    return std::to_string(number);
}

std::string limit_text(double number) {
    return number_text(number);
}

} // namespace joust::game::detail
