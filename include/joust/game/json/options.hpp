//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace joust::json {

/// How a JSON text is read.
struct decode_options {
    /// Members that the described struct does not have: refused by name, or skipped.
    bool ignore_unknown_fields = false;

    /// How deep arrays and objects that hold something may lie in each other; 1 to `deepest`.
    std::size_t max_depth = 64;

    static constexpr std::size_t deepest = 1000;
};

/// How a JSON text is written.
struct encode_options {
    /// Fields that are empty optionals: written as `null`, or left out.
    bool omit_empty = false;
};

/// What is wrong with the options, naming the field, or nothing.
std::optional<std::string> validate(decode_options const& options);

} // namespace joust::json
