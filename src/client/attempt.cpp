//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "client/attempt.hpp"

#include <charconv>

namespace joust::client {

std::optional<std::chrono::steady_clock::duration> parse_pushback(std::string_view text) noexcept {
    // gRFC A6 gives it an int32's range; what does not fit is as good as garbage.
    std::int32_t milliseconds = 0;
    char const* const end = text.data() + text.size();
    auto const [stopped, error] = std::from_chars(text.data(), end, milliseconds);
    if (error != std::errc() || stopped != end || milliseconds < 0)
        return std::nullopt;
    return std::chrono::milliseconds(milliseconds);
}

} // namespace joust::client
