//
// Copyright (c) 2026 the joust authors
//
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
//

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace joust::cli {

/// Why a text is not JSON (RFC 8259), or nothing. Unlike `joust::json` this takes numbers of any size: what they mean
/// is between the user and the server.
std::optional<std::string> complaint_about_json(std::string_view text);

/// A JSON text without the spaces and line breaks between its tokens; the tokens are kept as they are.
std::string compact_json(std::string_view text);

} // namespace joust::cli
