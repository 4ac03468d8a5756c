//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace joust::json {

/// What went wrong and where, collected while the functions that were under way return.
///
/// The innermost sets the text, each caller adds the step that it was in: nothing is recorded while all goes well.
/// All functions that note something return false, so that a codec can `return trace.set(...)`.
class error_trace {
public:
    bool set(std::string what);
    bool in_field(std::string_view name);
    bool in_element(std::size_t index);
    bool in_key(std::string_view key);

    /// `"players[3].level: wanted an integer, found a string"`; without a path only the text.
    std::string text() const;

private:
    std::string path_;
    std::string what_;
};

/// The text in double quotes, cut when long, with control characters escaped, for use in a message.
std::string quoted(std::string_view text);

} // namespace joust::json
