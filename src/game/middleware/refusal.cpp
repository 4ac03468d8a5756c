//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/middleware/refusal.hpp"

#include "joust/game/code.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace joust::game {

status refusal(call const& c, status_code code, std::string_view what) {
    status s = c.named(status(code, std::string(what)));
    s.set_application_code(to_application_code(code));
    return s;
}

status limited(call& c, std::string_view what, std::chrono::steady_clock::duration retry_after) {
    auto const ms = std::max(std::chrono::ceil<std::chrono::milliseconds>(retry_after), std::chrono::milliseconds(1));
    c.context().trailing_metadata().set("retry-after-ms", std::to_string(ms.count()));
    return refusal(c, status_code::resource_exhausted, std::string(what) + "; retry after " + seconds_text(ms));
}

std::string number_text(double number) {
    std::array<char, 32> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
}

std::string seconds_text(std::chrono::milliseconds time) {
    return number_text(std::chrono::duration<double>(time).count()) + " s";
}

void refuse_options(std::string_view middleware, std::optional<std::string> const& complaint) {
    if (complaint)
        throw std::invalid_argument(std::string(middleware) + ": " + *complaint);
}

} // namespace joust::game
