//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#include "game/middleware/auth_token.hpp"

#include "game/middleware/refusal.hpp"

#include <algorithm>
#include <string>

namespace joust::game {

namespace {

char lowered(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i != a.size(); ++i)
        if (lowered(a[i]) != lowered(b[i]))
            return false;
    return true;
}

} // namespace

std::optional<std::string_view> token_of(std::string_view value, std::string_view scheme) noexcept {
    if (!scheme.empty()) {
        if (value.size() <= scheme.size() || value[scheme.size()] != ' ' ||
            !same_word(value.substr(0, scheme.size()), scheme))
            return std::nullopt;
        value.remove_prefix(scheme.size());
        value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    }
    if (value.empty())
        return std::nullopt;
    return value;
}

shown_token find_token(call const& c, auth_options const& options) {
    auto value = c.context().request_metadata().get(options.key);
    if (!value)
        value = c.find_metadata(options.key);
    if (!value) {
        if (options.optional)
            return {std::nullopt, {}};
        return {std::nullopt, refusal(c, status_code::unauthenticated, "no metadata '" + options.key + "'")};
    }
    if (auto const token = token_of(*value, options.scheme))
        return {token, {}};
    std::string const form = options.scheme.empty() ? "TOKEN" : options.scheme + " TOKEN";
    return {std::nullopt,
            refusal(c, status_code::unauthenticated, "the metadata '" + options.key + "' are not '" + form + "'")};
}

} // namespace joust::game
