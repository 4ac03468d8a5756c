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

namespace joust::wire {

/// Appends a status message percent-encoded: bytes outside 0x20..0x7e and `%` become `%XX`. So does a blank at either
/// end, which no field value may have there (RFC 9113, 8.2.1).
void percent_encode(std::string_view text, std::string& out);

/// The reverse; an incomplete or wrong escape is kept as it stands, as gRPC demands. The result need not be UTF-8.
std::string percent_decode(std::string_view text);

/// Appends base64 without padding.
void base64_encode(std::string_view bytes, std::string& out);

/// Appends the decoded bytes; accepts padded and unpadded text. False (and `out` unchanged) when it is neither. Bits
/// behind the last whole byte are ignored.
bool base64_decode(std::string_view text, std::string& out);

} // namespace joust::wire
